"""From verified pages to a site's weights: few examples, many types, in minutes.

A ridge regression of "is of this type" on the page's terms: its normal equations are
built once, so that cost grows with pages and hardly with types, and each fold is one
more solution. Folds hold out whole batches; on them the two voices are weighed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize, sparse
from sklearn.feature_selection import chi2

from pipeline.classify.corpus import TrainingPage
from pipeline.classify.features import Vector, Vocabulary
from pipeline.classify.fit import Column, Counted, count
from pipeline.classify.model import Scores
from pipeline.classify.site_model import SiteWeights, Voices, Weights, mixed
from pipeline.classify.site_terms import site_terms
from pipeline.document import DocumentType

FEWEST_PEOPLE = 3  # patients that share a term, or a type, before it is learned
FEWEST_PAGES = 4  # that share a term
FEWEST_DOCUMENTS = 5  # of a type: seven in ten of some ten examples are learned from
KEPT = {"w": 2_500, "c": 1_500, "t": 1_000, "h": 1_000}  # terms of a kind, at most
FOLDS = 3
_RIDGE = 1.0
_PRIOR_PAGES = 2.0  # so many pages' weight on the shipped type that a type is like
_AT_ONCE = 1_000  # pages, or terms, held as a full matrix
_MEASURED_ON = 4_000  # held-out pages are enough to weigh two voices
_VOICES: Voices = (0.5, 15.0)  # where too little is held out to weigh them
_FEWEST_HELD = 30  # pages
Tick = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class SitePages:
    """Verified pages to learn from, names gone, with the shipped model's word on each.

    ``base`` (pages, shipped types) are its natural log probabilities; ``likes`` names
    the shipped type that a local one specialises, where it has one.
    """

    pages: Sequence[TrainingPage] = field(repr=False)
    base: Scores = field(repr=False)
    base_types: tuple[DocumentType, ...]
    likes: Mapping[DocumentType, DocumentType] = field(default_factory=dict)


def learnable(pages: Sequence[TrainingPage]) -> frozenset[DocumentType]:
    """Types with enough verified documents of enough patients."""
    documents: dict[DocumentType, set[str]] = {}
    people: dict[DocumentType, set[str]] = {}
    for page in pages:
        documents.setdefault(page.type, set()).add(page.document)
        people.setdefault(page.type, set()).add(page.person)
    return frozenset(
        kind
        for kind, own in documents.items()
        if len(own) >= FEWEST_DOCUMENTS and len(people[kind]) >= FEWEST_PEOPLE
    )


def fit_site(given: SitePages, tick: Tick = lambda _done, _of: None) -> SiteWeights:
    """Weights of all types that the pages show often enough.

    ``tick`` is told how many pages of how many have been counted. Raises ValueError
    where no term is shared by enough patients.
    """
    known = learnable(given.pages)
    at = [i for i, page in enumerate(given.pages) if page.type in known]
    pages = [given.pages[i] for i in at]
    types = (*given.base_types, *sorted(known - set(given.base_types)))
    rows = _Rows(
        columns=np.array([types.index(page.type) for page in pages], np.int_),
        folds=np.array([_fold(page.group) for page in pages], np.int_),
        base=given.base[at],
        likeness=_likeness(types, given),
    )
    counted = count(_counts(pages, tick))
    vocabulary, kept = _vocabulary(counted, rows.columns, _people(pages))
    vectors = [*_vectors(counted, vocabulary, kept)]
    ridge = _Ridge(_matrix(vectors, len(kept)), rows, len(types))
    every = np.ones(len(pages), np.bool_)
    site = SiteWeights(
        types=types,
        vocabulary=vocabulary,
        weights=ridge.solve(every),
        learned=np.zeros(len(types), np.bool_),
        said=rows.said(every),
    )
    site = replace(site, learned=_learned(rows.columns, site))
    trust, pull = _weigh_voices(rows, ridge, vectors, site)
    return replace(site, trust=trust, pull=pull)


def _fold(group: str) -> int:
    """Which fold holds a batch out; other figures of its hash than its split's."""
    return hashlib.sha256(f"fold {group}".encode()).digest()[0] % FOLDS


def _people(pages: Sequence[TrainingPage]) -> Column:
    number = {p: i for i, p in enumerate(dict.fromkeys(page.person for page in pages))}
    return np.array([number[page.person] for page in pages], np.int_)


def _counts(pages: Sequence[TrainingPage], tick: Tick) -> Iterator[Mapping[str, int]]:
    """One page's terms at a time: those of all would take gigabytes."""
    for done, page in enumerate(pages, 1):
        yield site_terms(page.lines)
        tick(done, len(pages))


def _likeness(types: Sequence[DocumentType], given: SitePages) -> Scores:
    """(types, shipped types): which shipped type each is like, before any example."""
    found = np.full((len(types), len(given.base_types)), 1 / len(given.base_types))
    for row, kind in enumerate(types):
        like = given.likes.get(kind, kind)
        if like in given.base_types:
            found[row] = np.array(given.base_types) == like
    return found


@dataclass(frozen=True, slots=True)
class _Rows:
    """Of each page: its type's column, its fold, what the shipped model says."""

    columns: Column = field(repr=False)
    folds: Column = field(repr=False)
    base: Scores = field(repr=False)
    likeness: Scores = field(repr=False)

    def said(self, some: NDArray[np.bool_]) -> Weights:
        """(types, shipped types): the mean word on a type's pages, with a prior."""
        total = self.likeness * _PRIOR_PAGES
        np.add.at(total, self.columns[some], np.exp(self.base[some]))
        smooth = 0.99 * total / total.sum(axis=1, keepdims=True) + 0.01 / total.shape[1]
        found: Weights = smooth.astype(np.float32)
        return found


# --- terms ---------------------------------------------------------------------------


def _vocabulary(
    counted: Counted, types: Column, people: Column
) -> tuple[Vocabulary, Column]:
    """The terms that several patients share and that tell most, and their columns."""
    present = (counted.matrix > 0).astype(np.float32)
    shape = int(people.max(initial=0)) + 1, len(people)
    ones = np.ones(len(people), np.float32), (people, np.arange(len(people)))
    of_person = sparse.csr_matrix(ones, shape=shape)
    having = np.asarray(((of_person @ present) > 0).sum(axis=0)).ravel()
    pages = np.asarray(present.sum(axis=0)).ravel()
    common = np.flatnonzero((having >= FEWEST_PEOPLE) & (pages >= FEWEST_PAGES))
    if not len(common):
        raise ValueError("no term is shared by enough patients")
    kept = _telling(counted.terms, common, present, types)
    known = {counted.terms[column]: i for i, column in enumerate(kept)}
    idf = 1 + np.log((1 + len(people)) / (1 + pages[kept]))
    return Vocabulary(known, idf.astype(np.float32)), kept


def _telling(
    names: Sequence[str], common: Column, present: sparse.csr_matrix, types: Column
) -> Column:
    """Of the common terms of each kind, those that depend most on the type."""
    parts = [common[i : i + _AT_ONCE] for i in range(0, len(common), _AT_ONCE)]
    if len(np.unique(types)) > 1:
        told = np.concatenate([chi2(present[:, part], types)[0] for part in parts])
    else:
        told = np.zeros(len(common))
    kinds = np.array([names[column][0] for column in common])
    kept = [
        common[kinds == kind][np.argsort(-told[kinds == kind], kind="stable")[:most]]
        for kind, most in KEPT.items()
    ]
    found: Column = np.sort(np.concatenate(kept))
    return found


def _vectors(counted: Counted, known: Vocabulary, kept: Column) -> Iterator[Vector]:
    """Each page weighed as the model will weigh it."""
    names = [counted.terms[column] for column in kept]
    matrix = counted.matrix[:, kept].tocsr()
    for start, end in zip(matrix.indptr, matrix.indptr[1:], strict=False):
        times = matrix.data[start:end].astype(int).tolist()
        own = [names[i] for i in matrix.indices[start:end]]
        yield known.weigh(dict(zip(own, times, strict=True)))


def _matrix(vectors: Sequence[Vector], width: int) -> sparse.csr_matrix:
    ends = np.cumsum([0, *(len(vector.columns) for vector in vectors)])
    columns = np.concatenate([vector.columns for vector in vectors])
    values = np.concatenate([vector.values for vector in vectors])
    return sparse.csr_matrix((values, columns, ends), shape=(len(vectors), width))


# --- weights -------------------------------------------------------------------------


class _Ridge:
    """The normal equations over all pages; a fold's pages are taken out of them.

    A type's pages count together as the root of their number, so that the types that
    are met every day do not drown the others.
    """

    def __init__(self, matrix: sparse.csr_matrix, rows: _Rows, types: int) -> None:
        self._matrix, self._rows, self._types = matrix, rows, types
        pages = np.bincount(rows.columns, minlength=types)
        root = np.sqrt(np.maximum(pages, 1))[rows.columns]
        self._weight = (np.mean(root) / root).astype(np.float32)
        self._whole = self._gram(np.ones(len(rows.columns), np.bool_))

    def solve(self, some: NDArray[np.bool_]) -> Weights:
        """(terms, types): weights from some of the pages."""
        gram = self._whole - self._gram(~some) if not some.all() else self._whole.copy()
        gram[np.diag_indices_from(gram)] += _RIDGE
        at = np.flatnonzero(some)
        shape = self._matrix.shape[0], self._types
        target = sparse.csr_matrix(
            (self._weight[at], (at, self._rows.columns[at])), shape=shape
        )
        right = (self._matrix.T @ target).toarray()
        found: Weights = linalg.solve(
            gram, right, assume_a="pos", overwrite_a=True, overwrite_b=True
        ).astype(np.float32)
        return found

    def _gram(self, some: NDArray[np.bool_]) -> Weights:
        """Sums of products of terms, a full matrix built a thousand pages at a time."""
        width = self._matrix.shape[1]
        total = np.zeros((width, width), np.float32)
        at = np.flatnonzero(some)
        for start in range(0, len(at), _AT_ONCE):
            rows = at[start : start + _AT_ONCE]
            part = self._matrix[rows].toarray()
            total += (part * self._weight[rows, None]).T @ part
        return total


@dataclass(frozen=True, slots=True)
class _Held:
    """Pages of batches held out, as a model without them sees them."""

    base: Scores = field(repr=False)
    said: Weights = field(repr=False)
    near: Scores = field(repr=False)
    truth: Column = field(repr=False)

    def loss(self, voices: Voices) -> float:
        """Natural log loss, summed over the pages."""
        scores = mixed(self.base, self.said, self.near, voices)
        return -float(scores[np.arange(len(self.truth)), self.truth].sum())


def _weigh_voices(
    rows: _Rows, ridge: _Ridge, vectors: Sequence[Vector], site: SiteWeights
) -> Voices:
    """Trust and pull under which pages of batches held out are likeliest."""
    held = [
        _held_out(rows, ridge, vectors, site, rows.folds == fold)
        for fold in range(FOLDS)
        if 0 < (rows.folds == fold).sum() < len(rows.folds)
    ]
    pages = sum(len(one.truth) for one in held)
    if pages < _FEWEST_HELD:
        return _VOICES

    def loss(logs: NDArray[np.float64]) -> float:
        trust, pull = np.exp(logs)
        return sum(one.loss((trust, pull)) for one in held) / pages

    found = optimize.minimize(
        loss, np.log(_VOICES), method="Nelder-Mead", options={"maxfev": 60}
    )
    trust, pull = np.exp(found.x).tolist()
    return trust, pull


def _held_out(
    rows: _Rows,
    ridge: _Ridge,
    vectors: Sequence[Vector],
    site: SiteWeights,
    out: NDArray[np.bool_],
) -> _Held:
    model = replace(
        site, weights=ridge.solve(~out), learned=_learned(rows.columns[~out], site)
    )
    at = np.flatnonzero(out)[: _MEASURED_ON // FOLDS]
    near = np.array([model.near(vectors[i]) for i in at])
    return _Held(rows.base[at], rows.said(~out), near, rows.columns[at])


def _learned(columns: Column, site: SiteWeights) -> NDArray[np.bool_]:
    return np.isin(np.arange(len(site.types)), columns)
