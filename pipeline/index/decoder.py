"""Where documents begin, what each is and whose, decided together over a batch.

A semi-Markov model: a batch is a row of documents, each with one type and one
patient, so a change of patient is a boundary by construction. It takes arrays only;
better scores never touch it. Cost is linear in pages: n x ``LONGEST`` x columns.
Source: Sarawagi & Cohen (2004); scores as in docs/SCIENCE.md, section 3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LONGEST = 60  # pages; a longer document is cut here and says so
CERTAIN = 50.0  # natural log-odds of a boundary that is given, not inferred
NEVER = -1e9
FOLLOWING_PAGE = 0.5  # what a later page says of the type, beside the first one's 1
LEAST_TYPE = -9.2  # log 1e-4: no single page excludes a type


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
    edges = _best_path(model.best)
    log_mass, total = _edge_posteriors(model.mass)
    return tuple(model.segment(a, b, log_mass[b - a, a] - total) for a, b in edges)


class _Model:
    """Scores of all segments by (length - 1, first page): their best and their sum."""

    def __init__(self, scores: PageScores) -> None:
        n = len(scores.starts)
        self.types = np.maximum(scores.types, LEAST_TYPE)
        self.type_sums = _running(self.types * FOLLOWING_PAGE)
        self.patient_sums = _running(scores.patients)
        self.prior = scores.prior
        longest = min(n, len(scores.lengths))
        edges = _edges(scores.starts, scores.lengths[:longest])
        self.best = np.full((longest, n), NEVER)
        self.mass = np.full((longest, n), NEVER)
        for size in range(1, longest + 1):
            types, patients = self._windows(np.arange(n - size + 1), size)
            row = edges[size - 1, : n - size + 1]
            self.best[size - 1, : n - size + 1] = (
                row + types.max(axis=1) + patients.max(axis=1)
            )
            self.mass[size - 1, : n - size + 1] = (
                row + log_sum(types) + log_sum(patients)
            )

    def _windows(self, first: NDArray[np.intp], size: int) -> tuple[Array, Array]:
        """Log-scores (len(first), T) and (len(first), P) of segments of one size."""
        types = self.type_sums[first + size] - self.type_sums[first]
        types += self.types[first] * (1 - FOLLOWING_PAGE)
        patients = self.patient_sums[first + size] - self.patient_sums[first]
        return types, patients + self.prior

    def segment(self, first: int, last: int, log_boundary: float) -> Segment:
        types, patients = self._windows(np.array([first]), last - first + 1)
        return Segment(
            first,
            last,
            int(types[0].argmax()),
            int(patients[0].argmax()),
            float(min(1.0, np.exp(log_boundary))),
            np.exp(types[0] - log_sum(types)[0]),
            np.exp(patients[0] - log_sum(patients)[0]),
        )


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


def _best_path(best: Array) -> list[tuple[int, int]]:
    """First and last page of each document of the best path (Viterbi)."""
    longest, n = best.shape
    reached = np.full(n + 1, NEVER)
    reached[0] = 0.0
    came_from = np.zeros(n + 1, dtype=np.intp)
    for end in range(1, n + 1):
        sizes = np.arange(1, min(longest, end) + 1)
        total = reached[end - sizes] + best[sizes - 1, end - sizes]
        chosen = int(total.argmax())
        reached[end], came_from[end] = total[chosen], end - sizes[chosen]
    edges: list[tuple[int, int]] = []
    end = n
    while end > 0:
        edges.append((int(came_from[end]), end - 1))
        end = int(came_from[end])
    return edges[::-1]


def _edge_posteriors(mass: Array) -> tuple[Array, float]:
    """Unnormalised log-posterior of every segment, and the log of their common sum.

    Forward-backward over page gaps 0..n.
    """
    longest, n = mass.shape
    forward = np.full(n + 1, NEVER)
    forward[0] = 0.0
    for end in range(1, n + 1):
        sizes = np.arange(1, min(longest, end) + 1)
        ways = forward[end - sizes] + mass[sizes - 1, end - sizes]
        forward[end] = log_sum(ways[None, :])[0]
    backward = np.full(n + 1, NEVER)
    backward[n] = 0.0
    for first in range(n - 1, -1, -1):
        sizes = np.arange(1, min(longest, n - first) + 1)
        ways = mass[sizes - 1, first] + backward[first + sizes]
        backward[first] = log_sum(ways[None, :])[0]
    ends = np.minimum(np.arange(n)[None, :] + np.arange(1, longest + 1)[:, None], n)
    return forward[:n][None, :] + mass + backward[ends], float(forward[n])


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
