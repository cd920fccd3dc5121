"""Figures on a few rows that a person can check by hand."""

import numpy as np
import pytest

from pipeline.classify.measure import measure

_TRUTH = np.array([0, 0, 1, 1])


def scores(*first: float) -> np.ndarray:
    return np.log(np.array([[p, 1 - p] for p in first]))


def test_all_right_and_sure() -> None:
    found = measure(scores(0.999, 0.999, 0.001, 0.001), _TRUTH)
    assert (found.accuracy, found.macro_f1, found.coverage_1) == (1, 1, 1)
    assert found.ece == pytest.approx(0.001)


def test_one_wrong_but_unsure() -> None:
    found = measure(scores(0.9, 0.9, 0.1, 0.6), _TRUTH)
    assert (found.accuracy, found.coverage_1) == (0.75, 0.75)
    assert found.macro_f1 == pytest.approx((4 / 5 + 2 / 3) / 2)


def test_the_surest_is_wrong() -> None:
    found = measure(scores(0.9, 0.9, 0.1, 0.99), _TRUTH)
    assert found.coverage_1 == 0


def test_ties_stand_or_fall_together() -> None:
    found = measure(scores(0.9, 0.9, 0.9, 0.1), _TRUTH)
    assert found.coverage_1 == 0


def test_as_a_row() -> None:
    assert measure(scores(0.9, 0.9, 0.1, 0.1), _TRUTH).as_row()["pages"] == 4
