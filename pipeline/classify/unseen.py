"""Learning what a page of an unknown type looks like: whole types are held out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from pipeline.classify.model import Scores
from pipeline.classify.strange import NEVER, Strangeness

PRIOR = 0.1  # share of paper that is of no known type: a site has hundreds, we know 41
_GROUPS = 5  # every type is held out once
_FEWEST_TYPES = 2 * _GROUPS  # with fewer, too little is known to call a page strange

Column = NDArray[np.int_]
Margins = Callable[[Column, Column], Scores]


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to learn from: the type's column, fold and weight of each page."""

    types: Column = field(repr=False)
    folds: Column = field(repr=False)
    weight: Scores = field(repr=False)


def learn_strangeness(known: Known, margins: Margins) -> tuple[Strangeness, float]:
    """The line, and the AUROC with which it parts whole types that were held out.

    ``margins(train, asked)`` fits a model on the rows ``train`` and returns the margins
    of the rows ``asked``. Both the types and the folds of what is asked were unseen.
    """
    kinds = np.unique(known.types)
    if len(kinds) < _FEWEST_TYPES:
        return NEVER, float("nan")
    best, strange, weight, ranked = [], [], [], []
    for group in range(_GROUPS):
        held = np.isin(known.types, kinds[group::_GROUPS])
        asked = known.folds == group % (known.folds.max() + 1)
        rows = np.flatnonzero(asked)
        found = margins(np.flatnonzero(~held & ~asked), rows).max(axis=1)
        best.append(found)
        strange.append(held[rows])
        weight.append(known.weight[rows])
        ranked.append(roc_auc_score(held[rows], -found, sample_weight=weight[-1]))
    model = LogisticRegression(C=10.0, class_weight="balanced")
    rows_of = np.concatenate(best)[:, None]
    model.fit(rows_of, np.concatenate(strange), np.concatenate(weight))
    shift = float(np.log(PRIOR / (1 - PRIOR)))
    line = Strangeness(float(model.coef_[0, 0]), float(model.intercept_[0]) + shift)
    return line, float(np.mean(ranked))
