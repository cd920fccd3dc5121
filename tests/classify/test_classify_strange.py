"""Paper of a type that the model never saw."""

import numpy as np
import pytest

from pipeline.classify.strange import NEVER, Strangeness
from pipeline.classify.unseen import PRIOR, Known, learn_strangeness

TYPES, EACH = 12, 30


def known() -> Known:
    types = np.repeat(np.arange(TYPES), EACH)
    folds = np.tile(np.arange(3), TYPES * EACH // 3)
    return Known(types, folds, np.ones(len(types)))


def test_whole_types_are_held_out_and_their_margins_are_low() -> None:
    told = known()
    asked_types: set[int] = set()

    def margins(train: np.ndarray, asked: np.ndarray) -> np.ndarray:
        """A model that is right where it saw the type, with some noise."""
        assert set(told.folds[train]).isdisjoint(told.folds[asked])
        rng = np.random.default_rng(len(asked_types))
        found = rng.normal(-1, 0.2, (len(asked), TYPES))
        seen = set(told.types[train].tolist())
        asked_types.update(set(told.types[asked].tolist()) - seen)
        for row, kind in enumerate(told.types[asked].tolist()):
            if kind in seen:
                found[row, kind] = rng.normal(1, 0.3)
        return found

    line, auroc = learn_strangeness(told, margins)
    assert asked_types == set(range(TYPES))
    assert auroc > 0.99
    low, high = line.odds(np.array([[-1.0, -1.0], [1.0, -1.0]]))
    assert low > 0 > high


def test_with_few_types_nothing_is_strange() -> None:
    few = Known(np.array([0, 1, 2]), np.array([0, 1, 2]), np.ones(3))
    line, auroc = learn_strangeness(few, lambda *_: np.zeros((1, 3)))
    assert line is NEVER
    assert np.isnan(auroc)
    assert NEVER.odds(np.zeros((1, 3)))[0] < np.log(PRIOR)


def test_odds_fall_with_the_best_margin() -> None:
    line = Strangeness(-4.0, -2.0)
    assert line.odds(np.array([[0.5, -2.0]]))[0] == pytest.approx(-4.0)
