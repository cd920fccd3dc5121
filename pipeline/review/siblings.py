"""Which other documents may lie wrong for the reason that one did.

A misfile seldom comes alone: the label stuck on the wrong sheet was printed in a
sheet of thirty, the cover covered a whole batch, the twin has other papers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.document import DocumentId, Reading
from pipeline.finding import Evidence

BATCH, LABEL, ALERT, CAUSE = (
    "same batch, same patient",
    "same number or barcode",
    "same name alert",
    "same kind of evidence, same patient",
)


@dataclass(frozen=True, slots=True)
class Sibling:
    """A document that shares something with the misfiled one, and what."""

    document: DocumentId
    shares: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Cause:
    """What filed a document: its patient, its numbers, its alerts, its evidence."""

    patient: str
    numbers: frozenset[str] = field(repr=False)
    alerts: frozenset[str] = field(repr=False)
    sources: frozenset[str]


def siblings(misfiled: Reading, others: Iterable[Reading]) -> Iterator[Sibling]:
    """Those of ``others`` that share a batch, label, alert or cause with it."""
    ours = _cause(misfiled)
    for other in others:
        if other.document.id == misfiled.document.id:
            continue
        theirs = _cause(other)
        same = bool(ours.patient) and ours.patient == theirs.patient
        shares = [
            (BATCH, same and misfiled.document.batch == other.document.batch),
            (LABEL, not ours.numbers.isdisjoint(theirs.numbers)),
            (ALERT, not ours.alerts.isdisjoint(theirs.alerts)),
            (CAUSE, same and ours.sources == theirs.sources),
        ]
        if told := tuple(name for name, holds in shares if holds):
            yield Sibling(other.document.id, told)


def _cause(reading: Reading) -> _Cause:
    evidence: tuple[Evidence, ...] = ()
    patient = ""
    if reading.patients:
        patient = reading.patients[0].value.id
        evidence = reading.patients[0].evidence
    return _Cause(
        patient,
        frozenset(_number(e) for e in evidence if e.source in ("mrn", "cover")),
        frozenset(e.seen for e in evidence if e.source == "name alert"),
        frozenset(e.source for e in evidence if e.weight > 0),
    )


def _number(evidence: Evidence) -> str:
    return "".join(letter for letter in evidence.seen if letter.isalnum()).upper()
