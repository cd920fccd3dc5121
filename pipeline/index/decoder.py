"""Where documents begin, what each is and whose, decided together over a batch.

A semi-Markov model: a batch is a row of documents, each with one type and one patient,
so a change of patient is a boundary by construction; the next document is often about
the same patient. It takes arrays only; better scores never touch it. Cost is linear in
pages: n x ``LONGEST`` x columns.
Source: Sarawagi & Cohen (2004); scores as in docs/SCIENCE.md, section 3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

LONGEST = 60  # pages; a longer one is cut somewhere, and its boundary is unsure
CERTAIN = 50.0  # natural log-odds of a boundary that is given, not inferred
NEVER = -1e9
FOLLOWING_PAGE = 0.5  # what a later page says of the type, beside the first one's 1
LEAST_TYPE = -9.2  # log 1e-4: no single page excludes a type
SAME_PATIENT = 0.9  # how often the next document of a batch has the same patient


@dataclass(frozen=True, slots=True)
class PageScores:
    """What is known of n pages, in natural logs, before they are cut.

    ``starts`` (n,): log-odds that a document begins here; the first page always does.
    ``types`` (n, T): log-probabilities. ``patients`` (n, P): log-likelihood ratios of
    the page under each patient; the last column is "none of these", usually 0.
    ``prior`` (P,): log-probability of each column before anything is read.
    ``lengths`` (longest,): log-weight of a document of 1, 2... pages.
    """

    starts: Array
    types: Array
    patients: Array
    prior: Array
    lengths: Array


@dataclass(frozen=True, slots=True)
class Segment:
    """One document of the best path: pages first..last, positions from 0.

    ``boundary`` is the posterior that both edges are right and nothing inside begins
    another document; ``types`` (T,) and ``patients`` (P,) are posteriors given these
    edges; ``type`` and ``patient`` are the best path's columns.
    """

    first: int
    last: int
    type: int
    patient: int
    boundary: float
    types: Array
    patients: Array


def length_prior(longest: int = LONGEST) -> Array:
    """Log-weight of 1..longest pages: level to 20, then falling gently."""
    pages = np.arange(1, longest + 1, dtype=np.float64)
    return -0.05 * np.maximum(pages - 20, 0)


def decode(scores: PageScores) -> tuple[Segment, ...]:
    """The most probable documents, in page order; every page is in exactly one."""
    if len(scores.starts) == 0:
        return ()
    model = _Model(scores)
    path = _best_path(model)
    forward, backward = _forward(model), _backward(model)
    total = float(log_sum(forward[-1][None, :])[0])
    found = []
    for first, last, patient in path:
        # (P,): all paths through this document, by its patient
        through = (
            _entering(forward, model, first)
            + model.mass[last - first, first]
            + model.patients[last + 1]
            - model.patients[first]
            + backward[last + 1]
        )
        types = model.types_of(np.array([first]), last - first + 1)[0]
        mass = float(log_sum(through[None, :])[0])
        found.append(
            Segment(
                first,
                last,
                int(types.argmax()),
                patient,
                min(1.0, math.exp(mass - total)),
                np.exp(types - log_sum(types[None, :])[0]),
                np.exp(through - mass),
            )
        )
    return tuple(found)


def one_segment(types: Array) -> Segment:
    """All these pages as one document, whose edges are known; ``types`` (n, T)."""
    held = np.maximum(types, LEAST_TYPE)
    sums = held[0] + FOLLOWING_PAGE * held[1:].sum(axis=0)
    shares = np.exp(sums - log_sum(sums[None, :])[0])
    nobody = np.zeros(0)
    return Segment(0, len(types) - 1, int(sums.argmax()), 0, 1.0, shares, nobody)


class _Model:
    """Scores of all segments by (length - 1, first page), patients left open.

    ``best`` takes the best type, ``mass`` the sum over types; ``patients`` (n + 1, P)
    are running sums over pages.
    """

    def __init__(self, scores: PageScores) -> None:
        self.n = len(scores.starts)
        self._types = np.maximum(scores.types, LEAST_TYPE)
        self._type_sums = _running(self._types * FOLLOWING_PAGE)
        self.patients = _running(scores.patients)
        self.prior = scores.prior
        share = np.exp(scores.prior)
        self.stays = np.log(SAME_PATIENT + (1 - SAME_PATIENT) * share)
        self.changes = math.log(1 - SAME_PATIENT) + scores.prior
        longest = min(self.n, len(scores.lengths))
        self.best = _edges(scores.starts, scores.lengths[:longest])
        self.mass = self.best.copy()
        for size in range(1, longest + 1):
            fit = self.n - size + 1
            types = self.types_of(np.arange(fit), size)
            self.best[size - 1, :fit] += types.max(axis=1)
            self.mass[size - 1, :fit] += log_sum(types)

    def types_of(self, first: Indices, size: int) -> Array:
        """(len(first), T): log-scores of the types of segments of one size."""
        types = self._type_sums[first + size] - self._type_sums[first]
        types += self._types[first] * (1 - FOLLOWING_PAGE)
        return types


def _edges(starts: Array, lengths: Array) -> Array:
    """(longest, n): log-probability of a start at s and none inside, plus length."""
    n = len(starts)
    starts = np.clip(starts, -CERTAIN, CERTAIN)
    begins = -np.logaddexp(0.0, -starts)
    begins[0] = 0.0
    goes_on = _running(-np.logaddexp(0.0, starts)[:, None])[:, 0]
    rows = np.full((len(lengths), n), NEVER)
    for size, weight in enumerate(lengths, start=1):
        first = np.arange(n - size + 1)
        inside = goes_on[first + size] - goes_on[first + 1]
        rows[size - 1, : n - size + 1] = begins[first] + inside + weight
    return rows


def _best_path(model: _Model) -> list[tuple[int, int, int]]:
    """First page, last page and patient of each document of the best path (Viterbi)."""
    n, columns = model.n, len(model.prior)
    # entered[s, c]: best way to begin a document about c at s, less the pages before
    entered = np.full((n, columns), NEVER)
    before = np.full((n + 1, columns), -1, dtype=np.intp)  # the patient before
    began = np.zeros((n + 1, columns), dtype=np.intp)
    entered[0] = model.prior - model.patients[0]
    reached = np.zeros(columns)
    for end in range(1, n + 1):
        first, score = _segments_to(model.best, end)
        ways = entered[first] + score[:, None]
        chosen = ways.argmax(axis=0)
        began[end] = first[chosen]
        reached = ways[chosen, np.arange(columns)] + model.patients[end]
        if end < n:
            other = int(reached.argmax())
            same = reached + model.stays
            changed = reached[other] + model.changes
            before[end] = np.where(same >= changed, np.arange(columns), other)
            entered[end] = np.maximum(same, changed) - model.patients[end]
    path: list[tuple[int, int, int]] = []
    end, patient = n, int(reached.argmax())
    while end > 0:
        start = int(began[end, patient])
        path.append((start, end - 1, patient))
        end, patient = start, int(before[start, patient])
    return path[::-1]


def _segments_to(scores: Array, end: int) -> tuple[Indices, Array]:
    """First pages of the segments that end before gap ``end``, and their scores."""
    sizes = np.arange(1, min(len(scores), end) + 1)
    first = end - sizes
    return first, scores[sizes - 1, first]


def _forward(model: _Model) -> Array:
    """(n + 1, P): log-mass of all ways to end a document about c at each gap."""
    ended = np.full((model.n + 1, len(model.prior)), NEVER)
    entered = np.full((model.n, len(model.prior)), NEVER)
    for end in range(1, model.n + 1):
        entered[end - 1] = _entering(ended, model, end - 1) - model.patients[end - 1]
        first, score = _segments_to(model.mass, end)
        ways = entered[first] + score[:, None]
        ended[end] = log_sum(ways.T) + model.patients[end]
    return ended


def _entering(ended: Array, model: _Model, first: int) -> Array:
    """(P,): log-mass of all ways to begin a document about c at page ``first``."""
    if first == 0:
        return model.prior
    whole = log_sum(ended[first][None, :])[0]
    entering: Array = np.logaddexp(
        ended[first] + math.log(SAME_PATIENT), whole + model.changes
    )
    return entering


def _backward(model: _Model) -> Array:
    """(n + 1, P): log-mass of all ways on from a document about c ended at each gap."""
    on = np.zeros((model.n + 1, len(model.prior)))
    for first in range(model.n - 1, 0, -1):
        sizes = np.arange(1, min(len(model.mass), model.n - first) + 1)
        ways = model.patients[first + sizes] + on[first + sizes]
        ways += model.mass[sizes - 1, first][:, None]
        begun = log_sum(ways.T) - model.patients[first]
        change = log_sum((begun + model.changes)[None, :])[0]
        on[first] = np.logaddexp(begun + math.log(SAME_PATIENT), change)
    return on


def _running(values: Array) -> Array:
    """(n + 1, columns): sums of the first 0..n rows."""
    sums = np.zeros((len(values) + 1, values.shape[1]))
    np.cumsum(values, axis=0, out=sums[1:])
    return sums


def log_sum(rows: Array) -> Array:
    """(n,): log of the sum of exponentials of each row."""
    top = rows.max(axis=1)
    sums: Array = top + np.log(np.exp(rows - top[:, None]).sum(axis=1))
    return sums
