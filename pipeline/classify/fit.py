"""From counted pages to weights: which terms stay, the linear fit, its temperature."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_selection import chi2
from sklearn.svm import LinearSVC

from pipeline.classify.features import LENGTHS, Vocabulary
from pipeline.classify.model import Scores
from pipeline.classify.text_model import calibrated

Column = NDArray[np.int_]
KEPT = {"w": 16_000, "c": 20_000, "t": 4_000}  # terms of each kind, at most
FEWEST_PAGES, FEWEST_GROUPS = 4, 3
_REGULARISATION = 0.5


@dataclass(frozen=True, slots=True)
class Counted:
    """Pages as counts of terms: ``matrix`` is (pages, terms), float32 CSR."""

    terms: tuple[str, ...] = field(repr=False)
    matrix: sparse.csr_matrix = field(repr=False)


def count(
    pages: Iterable[Mapping[str, int]], known: Sequence[str] | None = None
) -> Counted:
    """One matrix for the terms of all pages, or for the ``known`` terms of them."""
    columns = {term: i for i, term in enumerate(known or ())}
    ends, where, times = [0], array("i"), array("f")  # lists would take gigabytes
    for page in pages:
        for term, n in page.items():
            if known is None:
                columns.setdefault(term, len(columns))
            if term in columns:
                where.append(columns[term])
                times.append(n)
        ends.append(len(where))
    data = np.array(times), np.array(where), np.array(ends)
    shape = len(ends) - 1, len(columns)
    return Counted(tuple(columns), sparse.csr_matrix(data, shape=shape))


@dataclass(frozen=True, slots=True)
class Fitted:
    """A linear model: ``weights`` (terms, types), over a vocabulary."""

    vocabulary: Vocabulary = field(repr=False)
    kept: Column = field(repr=False)  # its terms' columns in the counts
    kinds: NDArray[np.str_] = field(repr=False)
    weights: Scores = field(repr=False)
    intercept: Scores = field(repr=False)

    def margins(self, matrix: sparse.csr_matrix) -> Scores:
        """(pages, types) for counted pages."""
        weighed = _weigh(matrix[:, self.kept], self.vocabulary.idf, self.kinds)
        found: Scores = weighed @ self.weights + self.intercept
        return found

    def words(self, matrix: sparse.csr_matrix) -> Column:
        """(pages,): distinct known words and pairs."""
        known = matrix[:, self.kept[self.kinds == "w"]]
        found: Column = np.diff(known.indptr)
        return found


def fit(
    counted: Counted, rows: Column, types: Column, people: Column, width: int
) -> Fitted:
    """Weights from the given rows; ``people`` tells whose page each row is.

    A term stays when several pages of several people have it, and then by chi-squared
    with the types: what one person's paper says is never learned.
    """
    matrix = counted.matrix[rows]
    kinds = np.array([term[0] for term in counted.terms])
    kept = _choose(matrix, kinds, types, people)
    idf = _idf(matrix[:, kept])
    weighed = _weigh(matrix[:, kept], idf, kinds[kept])
    model = LinearSVC(C=_REGULARISATION, class_weight="balanced", random_state=0)
    model.fit(weighed, types)
    known = {counted.terms[c]: i for i, c in enumerate(kept)}
    weights, intercept = _every_type(model, width)
    return Fitted(Vocabulary(known, idf), kept, kinds[kept], weights, intercept)


def _every_type(model: LinearSVC, types: int) -> tuple[Scores, Scores]:
    """(terms, types) and (types,); a type without pages in these rows never wins."""
    weights = np.zeros((model.coef_.shape[1], types))
    intercept = np.full(types, -2.0)
    weights[:, model.classes_] = model.coef_.T
    intercept[model.classes_] = model.intercept_
    return weights, intercept


def _choose(
    matrix: sparse.csr_matrix, kinds: NDArray[np.str_], types: Column, people: Column
) -> Column:
    present = (matrix > 0).astype(np.float32)
    of_person = sparse.csr_matrix(
        (np.ones(len(people), np.float32), (people, np.arange(len(people))))
    )
    groups = np.asarray(((of_person @ present) > 0).sum(axis=0)).ravel()
    pages = np.asarray(present.sum(axis=0)).ravel()
    common = np.flatnonzero((pages >= FEWEST_PAGES) & (groups >= FEWEST_GROUPS))
    telling = chi2(present[:, common], types)[0]
    kept = [
        of_kind[np.argsort(-telling[np.isin(common, of_kind)], kind="stable")[:most]]
        for kind, most in KEPT.items()
        if len(of_kind := common[kinds[common] == kind])
    ]
    return np.sort(np.concatenate(kept))


def _idf(matrix: sparse.csr_matrix) -> NDArray[np.float32]:
    having = np.asarray((matrix > 0).sum(axis=0)).ravel()
    found: NDArray[np.float32] = np.log((1 + matrix.shape[0]) / (1 + having)).astype(
        np.float32
    )
    return found + 1


def _weigh(
    matrix: sparse.csr_matrix, idf: NDArray[np.float32], kinds: NDArray[np.str_]
) -> sparse.csr_matrix:
    """As Vocabulary.weigh, for many pages at once."""
    found = matrix.tocsr().copy()
    found.data = (1 + np.log(found.data)) * idf[found.indices]
    rows = np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))
    for kind in np.unique(kinds):
        own = kinds[found.indices] == kind
        length = np.sqrt(np.bincount(rows[own], found.data[own] ** 2, found.shape[0]))
        found.data[own] *= LENGTHS[str(kind)] / length[rows[own]]
    return found


def choose_temperature(
    margins: Scores, words: Column, types: Column, weight: Scores
) -> float:
    """The one of 60 temperatures under which held-out pages are likeliest."""
    tried = np.geomspace(0.5, 40, 60)
    losses = [
        -float(weight @ likelihood(margins, words, t)[np.arange(len(types)), types])
        for t in tried
    ]
    return float(tried[int(np.argmin(losses))])


def likelihood(margins: Scores, words: Column, temperature: float) -> Scores:
    """(pages, types): natural log probabilities."""
    rows = zip(margins, words.tolist(), strict=True)
    return np.array([calibrated(row, n, temperature) for row, n in rows])
