"""Questions that may be answered side by side: what, when and where it ends, not whose.

A clerk sees more in twenty papers with the same doubt than in each by itself, but whose
a paper is cannot be seen at a glance: where the patient is in any doubt, it is opened.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal, get_args

from pipeline.document import DocumentType, Patient, Reading, Review
from pipeline.review.rules import (
    UNCERTIFIED,
    UNSURE_BOUNDARY,
    UNSURE_TYPE,
    FilingRules,
    of_encounter,
    of_patient,
    stays_of,
)

Glanced = Literal["type", "date", "boundary"]
GLANCED: tuple[Glanced, ...] = get_args(Glanced)
_ABOUT: dict[str, Glanced] = {
    UNSURE_TYPE: "type",
    UNCERTIFIED: "type",
    UNSURE_BOUNDARY: "boundary",
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is filed when its clerk agrees; ``doubted`` are the fields to look at."""

    patient: Patient
    type: DocumentType
    date: dt.date | None = field(repr=False)
    encounter: str | None = field(repr=False)
    doubted: tuple[Glanced, ...]


def suggestion(
    reading: Reading, review: Review, rules: FilingRules
) -> Suggestion | None:
    """What a clerk may agree to at a glance; None where the paper must be opened.

    Every reason must be one of those above, and whose it is, and of which stay, beyond
    doubt by today's rules. A date below its threshold is one more field to look at.
    """
    fields = {_ABOUT.get(doubt.reason) for doubt in review.reasons}
    if None in fields or not reading.types:
        return None
    if of_patient(reading, rules) or of_encounter(reading, rules):
        return None
    best = reading.dates[0] if reading.dates else None
    if best and best.confidence < rules.date_at_least:
        fields.add("date")
    stays = stays_of(reading, rules.encounter)
    return Suggestion(
        reading.patients[0].value,
        reading.types[0].value,
        best.value if best else None,
        stays[0].number if stays else None,
        tuple(one for one in GLANCED if one in fields),
    )
