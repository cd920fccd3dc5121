"""Where documents begin, learned at a site: the shipped weights, moved a little.

A logistic model as in training, held to the shipped weights by a penalty on each step
away from them. How hard it is held is chosen on whole batches held out, and where no
step helps them the shipped weights stay: a few odd corrections cannot ruin the cut.
Only numbers are learned; the words on top keep the shipped model's odds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from pipeline.classify.model import Scores
from pipeline.classify.text_model import StartWeights

FEWEST_OF_A_KIND = 10  # gaps where a document begins, and gaps where it goes on
FEWEST_BATCHES = 5
HOLDS = (3.0, 10.0, 30.0, 100.0)  # penalties: weakest hold first
HELD_FAST = float("inf")  # the shipped weights as they are
_FOLDS = 5
_LEAST_GAIN = 0.02  # of the log loss on batches held out, to move at all


@dataclass(frozen=True, slots=True)
class SiteGaps:
    """Rows of starts.FEATURES, whether a document begins after, and in which batch."""

    rows: Scores = field(repr=False)
    begins: NDArray[np.bool_]
    batches: NDArray[np.int_]

    def some(self, at: NDArray[np.bool_]) -> SiteGaps:
        return SiteGaps(self.rows[at], self.begins[at], self.batches[at])

    @property
    def enough(self) -> bool:
        """Whether there is anything to learn from."""
        begins = int(self.begins.sum())
        rarer = min(begins, len(self.begins) - begins)
        batches = len(np.unique(self.batches))
        return rarer >= FEWEST_OF_A_KIND and batches >= FEWEST_BATCHES


def fit_starts(gaps: SiteGaps, shipped: StartWeights) -> tuple[StartWeights, float]:
    """The site's weights, and how hard they are held to the shipped ones.

    Those themselves, HELD_FAST, where there is too little to learn from, or where
    batches held out are cut no better.
    """
    if not gaps.enough:
        return shipped, HELD_FAST
    folds = _folds(gaps.batches)
    stays = _loss(gaps, gaps.rows @ shipped.weights + shipped.intercept)
    losses = [_held_out(gaps, folds, shipped, hold) for hold in HOLDS]
    best = int(np.argmin(losses))
    if losses[best] > (1 - _LEAST_GAIN) * stays:
        return shipped, HELD_FAST
    return _fit(gaps, shipped, HOLDS[best]), HOLDS[best]


def _loss(gaps: SiteGaps, odds: Scores) -> float:
    """Natural log loss, starts and continuations weighing the same; summed."""
    wrong = np.logaddexp(0.0, np.where(gaps.begins, -odds, odds))
    return float((wrong * _even(gaps.begins)).sum())


def _even(begins: NDArray[np.bool_]) -> Scores:
    """Weights, 1 on average, under which both kinds are equally likely beforehand."""
    share = np.clip(begins.mean(), 1 / len(begins), 1 - 1 / len(begins))
    even: Scores = np.where(begins, 0.5 / share, 0.5 / (1 - share))
    return even


def _folds(batches: NDArray[np.int_]) -> NDArray[np.int_]:
    """Which fold holds each gap's batch out; batches are dealt round."""
    _, place = np.unique(batches, return_inverse=True)
    found: NDArray[np.int_] = place % _FOLDS
    return found


def _held_out(
    gaps: SiteGaps, folds: NDArray[np.int_], shipped: StartWeights, hold: float
) -> float:
    """The loss over all gaps, each weighed by what other batches taught."""
    odds = np.zeros(len(folds))
    for fold in range(_FOLDS):
        out = folds == fold
        made = _fit(gaps.some(~out), shipped, hold)
        odds[out] = gaps.rows[out] @ made.weights + made.intercept
    return _loss(gaps, odds)


def _fit(gaps: SiteGaps, shipped: StartWeights, hold: float) -> StartWeights:
    anchor = np.append(shipped.weights, shipped.intercept)
    rows = np.column_stack([gaps.rows, np.ones(len(gaps.rows))])
    sign, weight = np.where(gaps.begins, 1.0, -1.0), _even(gaps.begins)

    def cost(step: Scores) -> tuple[float, Scores]:
        margins = sign * (rows @ (anchor + step))
        total = float((weight * np.logaddexp(0.0, -margins)).sum())
        pull = -weight * sign / (1 + np.exp(np.clip(margins, -500, 500)))
        return total + hold / 2 * float(step @ step), rows.T @ pull + hold * step

    found = optimize.minimize(cost, np.zeros(len(anchor)), jac=True, method="L-BFGS-B")
    moved = anchor + found.x
    return replace(shipped, weights=moved[:-1], intercept=float(moved[-1]))


# --- how well a batch is cut ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CutsJudged:
    """A model's cut of frozen batches beside what clerks said of them; counts.

    Of the gaps that are known: where a document begins, where the model says so, and
    where both do. Of the documents: the verified ones, the model's that touch their
    pages, and those that are the same, page for page.
    """

    begins: int = 0
    told: int = 0
    right: int = 0
    documents: int = 0
    made: int = 0
    whole: int = 0

    @property
    def boundary_f1(self) -> float:
        return _f1(self.right, self.begins, self.told)

    @property
    def document_f1(self) -> float:
        return _f1(self.whole, self.documents, self.made)

    def as_row(self) -> dict[str, float]:
        return {
            "boundaries": self.begins,
            "boundary_f1": round(self.boundary_f1, 4),
            "documents": self.documents,
            "whole_document_f1": round(self.document_f1, 4),
        }


def _f1(right: int, one: int, other: int) -> float:
    return 2 * right / (one + other) if one + other else 1.0


def summed(some: Sequence[CutsJudged]) -> CutsJudged:
    """All batches in one."""
    names = CutsJudged.__slots__
    return CutsJudged(*(sum(getattr(one, name) for one in some) for name in names))
