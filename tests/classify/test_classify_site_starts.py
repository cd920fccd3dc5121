"""A site's weights of gaps: held to the shipped ones, and only moved for a gain."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.classify.site_starts import (
    HELD_FAST,
    CutsJudged,
    SiteGaps,
    fit_starts,
    summed,
)
from pipeline.classify.text_model import StartWeights

SHIPPED = StartWeights(np.array([2.0, -1.0, 0.0]), -0.5, {"discharge": 1.0})


def gaps(true: list[float], count: int = 400, seed: int = 1, wrong: float = 0.0):
    """Rows of three features whose starts follow these weights, some turned round."""
    dice = np.random.default_rng(seed)
    rows = dice.normal(size=(count, 3))
    begins = rows @ np.array(true) > 0
    begins ^= dice.random(count) < wrong
    return SiteGaps(rows, begins, np.arange(count) // 10)


def right(weights: StartWeights, of: SiteGaps) -> float:
    said = of.rows @ weights.weights + weights.intercept > 0
    return float((said == of.begins).mean())


def test_a_house_that_cuts_otherwise_is_learned():
    own = [-1.0, -1.0, 3.0]
    made, held = fit_starts(gaps(own), SHIPPED)
    assert held < HELD_FAST
    assert right(made, gaps(own, seed=2)) > 0.95 > right(SHIPPED, gaps(own, seed=2))
    assert made.openings == SHIPPED.openings


@pytest.mark.parametrize("wrong", [0.0, 0.05, 0.1])
@pytest.mark.parametrize("count", [60, 400])
def test_odd_corrections_do_not_ruin_a_house_that_cuts_as_shipped(count, wrong):
    usual = [2.0, -1.0, 0.0]
    made, _ = fit_starts(gaps([*usual], count, wrong=wrong), SHIPPED)
    fresh = gaps(usual, seed=2)
    assert right(made, fresh) >= right(SHIPPED, fresh) - 0.03


@pytest.mark.parametrize("spoiled", ["few", "one kind", "one batch", "none"])
def test_too_little_moves_nothing(spoiled):
    some = gaps([-1.0, -1.0, 3.0])
    if spoiled == "few":
        some = some.some(np.arange(400) < 15)
    if spoiled == "one kind":
        some = some.some(some.begins)
    if spoiled == "one batch":
        some = SiteGaps(some.rows, some.begins, np.zeros(400, int))
    if spoiled == "none":
        some = some.some(np.zeros(400, bool))
    assert fit_starts(some, SHIPPED) == (SHIPPED, HELD_FAST)


def test_counts_of_batches_are_summed():
    one, other = CutsJudged(1, 2, 1, 4, 5, 3), CutsJudged(1, 1, 1, 2, 2, 2)
    assert summed([one, other]) == CutsJudged(2, 3, 2, 6, 7, 5)
    assert summed([]).as_row()["boundary_f1"] == 1
