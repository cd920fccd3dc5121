"""What a clerk's form holds beforehand: only what passes its own threshold.

A suggestion that stands in the form is accepted by whoever is tired; one that is only
offered has to be chosen, and choosing it costs as much as choosing another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from pipeline.document import DocumentType, Patient, Reading
from pipeline.finding import Finding
from pipeline.review.rules import FilingRules, alerts_left

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Prefilled:
    """The values that stand in the form; None: the clerk chooses."""

    patient: Patient | None = None
    type: DocumentType | None = None
    date: dt.date | None = None


def prefilled(reading: Reading, rules: FilingRules | None) -> Prefilled:
    """The best of each field, if it would pass for filing; without rules: the best.

    No patient where an identifier belongs to someone else, or somebody who looks like
    the best one is not ruled out by the page.
    """
    if rules is None:
        return Prefilled(
            _best(reading.patients, 0.0),
            _best(reading.types, 0.0),
            _best(reading.dates, 0.0),
        )
    patient = _best(reading.patients, rules.patient_at_least)
    if reading.contradictions or (patient and alerts_left(reading.patients[0])):
        patient = None
    return Prefilled(
        patient,
        _best(reading.types, rules.type_at_least),
        _best(reading.dates, rules.date_at_least),
    )


def _best(found: Sequence[Finding[T]], at_least: float) -> T | None:
    return found[0].value if found and found[0].confidence >= at_least else None
