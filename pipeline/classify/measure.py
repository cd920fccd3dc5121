"""How right, and how honest, probabilities of types are on pages not learned from."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.classify.model import Scores

_BINS = 15


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares 0..1 over ``pages`` held-out pages.

    ``macro_f1`` averages over the types that occur; ``ece`` is the expected calibration
    error over 15 equal bins; ``coverage_1`` is the largest share of pages that can be
    accepted, surest first, with at most 1 % of them wrong.
    """

    pages: int
    accuracy: float
    macro_f1: float
    ece: float
    coverage_1: float

    def as_row(self) -> dict[str, float]:
        return {name: round(value, 4) for name, value in asdict(self).items()}


def measure(scores: Scores, truth: NDArray[np.int_]) -> Measured:
    """Figures for natural log probabilities (pages, types) and the true columns."""
    guess, sure = scores.argmax(axis=1), np.exp(scores.max(axis=1))
    right = guess == truth
    return Measured(
        pages=len(truth),
        accuracy=float(right.mean()),
        macro_f1=_macro_f1(guess, truth),
        ece=_ece(sure, right),
        coverage_1=coverage(sure, right, 0.01),
    )


def _macro_f1(guess: NDArray[np.int_], truth: NDArray[np.int_]) -> float:
    each = []
    for kind in np.unique(truth):
        hits = int(((guess == kind) & (truth == kind)).sum())
        each.append(2 * hits / int((guess == kind).sum() + (truth == kind).sum()))
    return float(np.mean(each))


def _ece(sure: Scores, right: NDArray[np.bool_]) -> float:
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    gaps = [
        abs(float(sure[bins == b].mean() - right[bins == b].mean()))
        * (bins == b).mean()
        for b in np.unique(bins)
    ]
    return float(sum(gaps))


def coverage(sure: Scores, right: NDArray[np.bool_], wrong: float) -> float:
    """The largest share, surest first, with at most a share ``wrong`` of it wrong.

    Ties count together: a threshold cannot part equal probabilities.
    """
    order = np.argsort(-sure, kind="stable")
    errors = np.cumsum(~right[order])
    accepted = np.arange(1, len(order) + 1)
    last_of_tie = np.append(np.diff(sure[order]) != 0, [True])
    fits = (errors <= wrong * accepted) & last_of_tie
    return float(accepted[fits].max(initial=0) / len(order))
