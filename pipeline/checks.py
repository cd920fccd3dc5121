"""What the machine answered, what people found, and what follows for a lane.

The facts under a certificate: rooms, stores and commands all speak of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Literal

from pipeline.document import BatchId, DocumentId, DocumentType, PatientId

Mode = Literal["shadow", "supervised", "automatic"]
Why = Literal["shadow", "qa", "double key", "report"]
# what identifies a document's patient
Grounds = Literal["cover", "printed", "folder", "none"]
Did = Literal["paused", "closed", "opened"]


@dataclass(frozen=True, slots=True)
class Versions:
    """What the machine was when it answered; another one voids a certificate."""

    rules: str  # with the hash of their gates
    models: str
    engine: str

    def changed(self, now: Versions) -> tuple[str, ...]:
        """Which of the three are others now: "rules", "models", "engine"."""
        names = [one.name for one in fields(self)]
        return tuple(n for n in names if getattr(self, n) != getattr(now, n))


@dataclass(frozen=True, slots=True)
class Lane:
    """Papers that share their faults: of one station, of one form (a type's key).

    Both empty: every lane.
    """

    station: str
    form: str

    def __str__(self) -> str:
        return f"{self.station}/{self.form}" if self != EVERY_LANE else "all"


EVERY_LANE = Lane("", "")


@dataclass(frozen=True, slots=True)
class MachineAnswer:
    """What the machine alone would have done with a document, before anybody looked.

    ``rung`` is the place, from 0, of the strictest thresholds of ``plan`` that would
    file it; None: none would. ``confidence`` is the patient's, 0..1.
    ``own_pages`` carry evidence of their own, the others inherit it.
    ``certificate`` covers its filing; None: filed ``uncertified``, or not filed.
    ``blind``: a clerk answers without seeing this. ``replayed``: given anew by a later
    machine over stored words.
    """

    document: DocumentId
    batch: BatchId
    pages: tuple[int, ...]
    own_pages: tuple[int, ...]
    patient: PatientId | None
    type: DocumentType | None
    encounter: str | None = field(repr=False)
    confidence: float
    rung: int | None
    grounds: Grounds
    lane: Lane
    mode: Mode
    plan: str
    versions: Versions
    filed: bool
    blind: bool
    certificate: str | None
    at: dt.datetime  # UTC
    replayed: bool = False


def answered_last(answers: Sequence[MachineAnswer]) -> MachineAnswer | None:
    """What was done with a document last, of its answers oldest first; no replay."""
    own = [answer for answer in answers if not answer.replayed]
    return own[-1] if own else None


@dataclass(frozen=True, slots=True)
class Check:
    """What a person says of a document; ``patient`` None: nobody of the index."""

    document: DocumentId
    patient: PatientId | None
    type: DocumentType | None
    encounter: str | None = field(repr=False)
    by: str
    why: Why
    at: dt.datetime  # UTC


@dataclass(frozen=True, slots=True)
class LaneEvent:
    """A change of a lane: ``reason`` is ours, ``said`` a person's own words."""

    lane: Lane
    did: Did
    reason: str
    by: str
    at: dt.datetime  # UTC
    document: DocumentId | None = None
    said: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was shown of the wrong-patient rate, and for which machine and papers.

    ``rungs`` are (patient_at_least, patient_margin, rate): the certified bound 0..1
    on wrong patients per page that is filed under these thresholds.
    """

    hash: str
    plan: str
    versions: Versions
    rungs: tuple[tuple[float, float, float], ...]
    stations: tuple[str, ...]
    forms: tuple[str, ...]
    by: str
    at: dt.datetime  # UTC
    report: str = ""  # JSON of all figures

    def rate_at(self, patient_at_least: float, patient_margin: float) -> float:
        """The certified rate under these thresholds; 1 if they are no rung of it."""
        found = {(sure, margin): rate for sure, margin, rate in self.rungs}
        return found.get((patient_at_least, patient_margin), 1.0)
