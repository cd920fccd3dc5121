"""What each page says for each patient of the batch: the decoder's patient columns."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.document import Patient, PatientId
from pipeline.finding import Clue
from pipeline.index.decoder import LONGEST
from pipeline.index.evidence import compare
from pipeline.index.matchrules import MatchRules
from pipeline.index.sheets import CluesByPage
from pipeline.index.shortlist import worth_weighing
from pipeline.index.subject import IDENTITY, Matcher
from pipeline.page import Page

# Nats by which a page must speak for a patient, and may lag behind its best one; who
# has no such page gets no column.
_LEAST_FOR = 5.0
_BEHIND = 25.0
_TOO_FAR = -50.0  # nats: the page names someone, and no document reaches this far

Array = NDArray[np.float64]


def page_bits(
    pages: Sequence[Page],
    clues: CluesByPage,
    matcher: Matcher,
    rules: MatchRules,
    size: int,
) -> tuple[Array, Array]:
    """(pages, columns) natural log-likelihood ratios, and (columns,) log-priors.

    The columns are the best patients of every page, then "none of these". A page
    without clues of its subject says the same, 0, of everybody.
    """
    spoken = [_speaking(clues.get(page.number, ())) for page in pages]
    best = [_best(said, matcher, rules.patients_shown) for said in spoken]
    people = {p.id: p for found in best for p in found}
    rows = {key: column for column, key in enumerate(people)}
    bits = np.zeros((len(pages), len(people) + 1))
    for row, said in enumerate(spoken):
        if said:
            bits[row, :-1] = _TOO_FAR
            near = _near(best, row)
            for key, weight in _weights(said, near, matcher).items():
                bits[row, rows[key]] = weight
    each = (1 - rules.not_in_index) / max(size, rules.population_at_least)
    prior = np.full(len(people) + 1, math.log(each))
    prior[-1] = math.log(rules.not_in_index)
    return bits, prior


def _speaking(clues: Sequence[Clue]) -> tuple[Clue, ...]:
    fields = IDENTITY | {"sex"}
    found = tuple(c for c in clues if c.role == "subject" and c.field in fields)
    return found if any(c.field in IDENTITY for c in found) else ()


def _best(said: tuple[Clue, ...], matcher: Matcher, most: int) -> tuple[Patient, ...]:
    people = {p.id: p for p in matcher.candidates(said)}
    near = {p.id: p for p in worth_weighing(said, tuple(people.values()))}
    weights = _weights(said, near, matcher)
    order = sorted(weights, key=lambda key: -weights[key])[:most]
    least = max(_LEAST_FOR, max(weights.values(), default=0.0) - _BEHIND)
    return tuple(people[key] for key in order if weights[key] > least)


def _near(best: Sequence[tuple[Patient, ...]], row: int) -> dict[PatientId, Patient]:
    """Patients of pages that can be in one document with this one."""
    window = best[max(row - LONGEST + 1, 0) : row + LONGEST]
    return {p.id: p for found in window for p in found}


def _weights(
    said: tuple[Clue, ...], people: Mapping[PatientId, Patient], matcher: Matcher
) -> dict[PatientId, float]:
    """Natural log-likelihood ratios of one page's clues."""
    known = matcher.known(tuple(people.values()), said)
    return {
        key: math.log(2) * sum(e.weight for e in compare(said, patient, known))
        for key, patient in people.items()
    }
