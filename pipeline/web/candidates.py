"""The people among whom a clerk chooses: suggested ones, and who looks like them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.document import Patient, PatientId, Reading
from pipeline.review.identifiers import Lookalike, alerts_in, apart, lookalikes
from pipeline.web.desk import Desk

SUGGESTED = 3
MOST = 6


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person in the form's list, the ``nth`` from 1, with what tells them apart.

    ``apart``: (what, the first one's, this one's). ``why`` says how they came there: a
    kind of likeness, or "chosen" for whom the clerk looked up.
    """

    nth: int
    patient: Patient
    confidence: float | None
    why: str = ""
    apart: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)


def looking_alike(reading: Reading, desk: Desk) -> tuple[Lookalike, ...]:
    """Who may be taken for the likeliest patient, by page and by index."""
    if not reading.patients:
        return ()
    best = reading.patients[0]
    held = desk.alerts(best.value.id) or ()
    alerts = (*alerts_in(best.evidence), *held)
    return lookalikes(best.value, alerts, desk.with_mrn)


def candidates(
    reading: Reading, desk: Desk, chosen: Patient | None = None
) -> tuple[Candidate, ...]:
    """The suggested people, then who looks like the first, then whom a clerk chose."""
    found: dict[PatientId, tuple[Patient, float | None, str]] = {}
    for patient, confidence, why in _people(reading, desk, chosen):
        found.setdefault(patient.id, (patient, confidence, why))
    people = list(found.values())[:MOST]
    if chosen and all(patient.id != chosen.id for patient, *_ in people):
        people[-1] = (chosen, None, "chosen")
    first = people[0][0] if people else None
    return tuple(
        Candidate(nth, patient, confidence, why, apart(first, patient) if first else ())
        for nth, (patient, confidence, why) in enumerate(people, start=1)
    )


def _people(
    reading: Reading, desk: Desk, chosen: Patient | None
) -> Iterator[tuple[Patient, float | None, str]]:
    alike = {one.other.id: one.kind for one in looking_alike(reading, desk)}
    for found in reading.patients[:SUGGESTED]:
        yield found.value, found.confidence, alike.get(found.value.id, "")
    for one in looking_alike(reading, desk):
        yield one.other, None, one.kind
    if chosen:
        yield chosen, None, "chosen"
