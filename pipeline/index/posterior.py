"""Whose paper it is, over everybody whom it could be.

A pairwise match score is not the probability of the right patient: the mass is shared
with the other candidates, with people who are not in the index, and with those whom an
index does not show: the unregistered twin, the father of the same name, the label on
the wrong sheet. These shadows of a candidate share only some of its fields.
Source: docs/SCIENCE.md, section 1.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.finding import Evidence
from pipeline.index.matchrules import MatchRules

_PLACE = frozenset({"custody", "cover"})  # where a paper lies, whosever it is


@dataclass(frozen=True, slots=True)
class Shadow:
    """People beside a candidate who share these sources of evidence with it."""

    name: str
    share: float  # how many of them there are for one registered person
    sources: frozenset[str]
    elsewhere: bool = True  # their papers have a folder of their own, and may stray


def _shadow(name: str, share: float, *sources: str, elsewhere: bool = True) -> Shadow:
    place = {"stray", *_PLACE} if elsewhere else {"stray", "custody"}
    return Shadow(name, share, frozenset({*sources, *place}), elsewhere)


# Shares fitted by python -m benchmarks.traps.fit --seed 111 --people 20000 --pages 8000
# (2026-11-26; twin, Jr or Sr, namesake). It gives fewer of the others, 1.3e-4 in a
# household, 7e-4 wrong labels, 1.3e-4 of one day; these keep what SCIENCE.md, section
# 1.5, supposes: too few made-up pages show them to file more for it.
SHADOWS = (
    _shadow("unregistered twin", 6.2e-3, "name", "address", "phone", "birth date"),
    _shadow(
        "Jr or Sr",
        9.2e-3,
        "name",
        "address",
        "phone",
        "given name",
        "middle name",
        "sex",
    ),
    _shadow("household", 1e-2, "name", "address", "phone"),
    _shadow("wrong label", 2e-3, "mrn", "account", elsewhere=False),  # filed by it
    _shadow("namesake", 1.6e-3, "name", "given name", "sex"),
    _shadow("same day", 1e-3, "name", "birth date"),
)


@dataclass(frozen=True, slots=True)
class Posterior:
    """Probabilities 0..1 in the order of the candidates; together with absent, 1.

    ``others`` is 1 minus each, summed directly: it keeps its digits far below 1e-16.
    """

    candidates: tuple[float, ...]
    others: tuple[float, ...]
    absent: float


def posterior(
    evidence: Sequence[Sequence[Evidence]],
    size: int,
    rules: MatchRules,
    shadows: Sequence[Shadow] = SHADOWS,
) -> Posterior:
    """The patient among the candidates whose evidence this is.

    ``size`` is the number of people in the index; those who are no candidates count as
    not there, for nothing on the paper speaks for them.
    """
    people = max(size, rules.population_at_least)
    each = np.log2((1 - rules.not_in_index) / people)
    whole, restricted = _bits(evidence, shadows, rules.misfiled)
    beside = restricted + np.log2([shadow.share / people for shadow in shadows])
    log_mass = np.concatenate(
        [whole + each, beside.ravel(), [np.log2(rules.not_in_index)]]
    )
    mass = np.exp2(log_mass - log_mass.max())
    total, count = mass.sum(), len(evidence)
    before = np.concatenate([[0.0], np.cumsum(mass)[:-1]])
    behind = np.concatenate([np.cumsum(mass[::-1])[-2::-1], [0.0]])
    others = tuple(map(float, ((before + behind) / total)[:count]))
    absent = float(mass[count:].sum() / total)
    return Posterior(tuple(map(float, mass[:count] / total)), others, absent)


_Bits = NDArray[np.float64]


def _bits(
    evidence: Sequence[Sequence[Evidence]], shadows: Sequence[Shadow], misfiled: float
) -> tuple[_Bits, _Bits]:
    """Each candidate's bits, and by shadow those of the sources that it shares.

    As tables, for a hundred candidates have six shadows each.
    """
    sources = tuple({e.source: None for found in evidence for e in found})
    column = {source: at for at, source in enumerate(sources)}
    rows = [[0.0] * len(sources) for _ in evidence]
    for row, found in zip(rows, evidence, strict=True):
        for one in found:
            row[column[one.source]] += one.weight
    told = np.array(rows).reshape(len(evidence), len(sources))
    shared = np.array([[s in h.sources for h in shadows] for s in sources], bool)
    shared = shared.reshape(len(sources), len(shadows))
    beside = told @ shared
    if not _PLACE.isdisjoint(sources):
        beside += _strayed(evidence, shadows) * np.log2(misfiled / (1 - misfiled))
    return told.sum(axis=1), beside


def _strayed(
    evidence: Sequence[Sequence[Evidence]], shadows: Sequence[Shadow]
) -> NDArray[np.bool_]:
    """Whose shadows' papers lie in a place that is said to be the candidate's."""
    places = [_PLACE.intersection(e.source for e in found) for found in evidence]
    return np.array(
        [[s.elsewhere and bool(s.sources & here) for s in shadows] for here in places],
        bool,
    ).reshape(len(evidence), len(shadows))
