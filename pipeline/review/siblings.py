"""Which other documents may be wrong for the reason that one was.

A mistake seldom comes alone: the label stuck on the wrong sheet was printed in a sheet
of thirty, the cover covered a whole batch, the twin has other papers, the form that was
taken for another type comes every day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar, get_args

from pipeline.document import BatchId, Correction, Decision, DocumentId, Reading
from pipeline.finding import Evidence, Finding

SetRight = Literal["patient", "type", "date", "pages"]  # pages: it was two documents
SET_RIGHT: tuple[SetRight, ...] = get_args(SetRight)
PATIENT: tuple[SetRight, ...] = ("patient",)
ANSWERED: tuple[SetRight, ...] = ("patient", "type", "date")  # what any answer tells
BATCH, LABEL, ALERT, CAUSE = (
    "same batch, same patient",
    "same number or barcode",
    "same name alert",
    "same kind of evidence, same patient",
)
TYPE_FORM, TYPE_BATCH, TYPE_SOURCE = (
    "same form, same type suggested",
    "same batch, same type suggested",
    "same source, same type suggested",
)
DATE_BATCH, DATE_LABEL = (
    "same batch, same date",
    "same kind of date, same type suggested",
)
PAGES_BATCH, PAGES_SOURCE = (
    "same batch, same type, more than one page",
    "same source, same type, more than one page",
)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sibling:
    """A document that shares something with the wrong one, and what."""

    document: DocumentId
    shares: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Cause:
    """What filed a document: its patient, its numbers, its alerts, its evidence."""

    patient: str
    numbers: frozenset[str] = field(repr=False)
    alerts: frozenset[str] = field(repr=False)
    sources: frozenset[str]


def set_right(
    reading: Reading, said: Decision, shown: dt.date | None
) -> tuple[SetRight, ...]:
    """In which fields a clerk said otherwise than was suggested.

    ``shown`` is the date that stood in the form: one that was only offered, and left
    out, was not said to be wrong.
    """
    otherwise = {
        "patient": _other([f.value.id for f in reading.patients], said.patient),
        "type": _other([f.value for f in reading.types], said.type),
        "date": (said.date or shown)
        and _other([f.value for f in reading.dates], said.date),
    }
    return tuple(one for one in ANSWERED if otherwise[one])


def changed_by(
    said: Correction, before: Decision, pages: Sequence[int] = ()
) -> tuple[SetRight, ...]:
    """Which fields a correction set right of what was filed, with these pages."""
    now = said.decision
    if now is None:
        return ("patient",) if said.misfiled else ()
    changed = {
        "patient": now.patient != before.patient,
        "type": now.type != before.type,
        "date": now.date != before.date,
        "pages": bool(said.pages) and set(said.pages) < set(pages),
    }
    return tuple(one for one in SET_RIGHT if changed[one])


def as_suggested(reading: Reading, filed: Decision, fields: Collection[str]) -> bool:
    """Whether it lies as the machine suggested in one of these fields."""
    wrong = set_right(reading, filed, filed.date)
    return any(_suggested(reading, one) and one not in wrong for one in fields)


def siblings(
    wrong: Reading,
    others: Iterable[Reading],
    fields: Collection[SetRight] = PATIENT,
    station_of: Callable[[BatchId], str] = lambda _: "",
) -> Iterator[Sibling]:
    """Those of ``others`` that share what may have led to the wrong ``fields``.

    For the patient a batch, label, alert or cause; for the type a form, a batch or a
    source (``station_of``); for the date the day itself, or the words before it; for
    what was two documents a batch or a source, of that type.
    """
    for other in others:
        if other.document.id == wrong.document.id:
            continue
        shares: list[tuple[str, bool]] = []
        if "patient" in fields:
            shares += _of_patient(wrong, other)
        if "type" in fields:
            shares += _of_type(wrong, other, station_of)
        if "date" in fields:
            shares += _of_date(wrong, other)
        if "pages" in fields:
            shares += _of_pages(wrong, other, station_of)
        if told := tuple(name for name, holds in shares if holds):
            yield Sibling(other.document.id, told)


def _of_patient(wrong: Reading, other: Reading) -> list[tuple[str, bool]]:
    ours, theirs = _cause(wrong), _cause(other)
    same = bool(ours.patient) and ours.patient == theirs.patient
    return [
        (BATCH, same and _one_batch(wrong, other)),
        (LABEL, not ours.numbers.isdisjoint(theirs.numbers)),
        (ALERT, not ours.alerts.isdisjoint(theirs.alerts)),
        (CAUSE, same and ours.sources == theirs.sources),
    ]


def _of_type(
    wrong: Reading, other: Reading, station_of: Callable[[BatchId], str]
) -> list[tuple[str, bool]]:
    if not _same_best(wrong.types, other.types):
        return []
    station = station_of(wrong.document.batch)
    printed = _printed(wrong.types)
    return [
        (TYPE_FORM, not printed.isdisjoint(_printed(other.types))),
        (TYPE_BATCH, _one_batch(wrong, other)),
        (TYPE_SOURCE, bool(station) and station == station_of(other.document.batch)),
    ]


def _of_date(wrong: Reading, other: Reading) -> list[tuple[str, bool]]:
    sources = {source for source, _ in _printed(wrong.dates)}
    same = {source for source, _ in _printed(other.dates)} == sources
    return [
        (
            DATE_BATCH,
            _one_batch(wrong, other) and _same_best(wrong.dates, other.dates),
        ),
        (
            DATE_LABEL,
            bool(sources) and same and _same_best(wrong.types, other.types),
        ),
    ]


def _of_pages(
    wrong: Reading, other: Reading, station_of: Callable[[BatchId], str]
) -> list[tuple[str, bool]]:
    if len(other.document.pages) == 1 or not _same_best(wrong.types, other.types):
        return []
    station = station_of(wrong.document.batch)
    return [
        (PAGES_BATCH, _one_batch(wrong, other)),
        (PAGES_SOURCE, bool(station) and station == station_of(other.document.batch)),
    ]


def _one_batch(one: Reading, other: Reading) -> bool:
    return one.document.batch == other.document.batch


def _same_best(one: Sequence[Finding[T]], other: Sequence[Finding[T]]) -> bool:
    return bool(one and other) and one[0].value == other[0].value


def _printed(found: Sequence[Finding[T]]) -> frozenset[tuple[str, str]]:
    """Of what speaks for the best, what stands at one place of the paper."""
    return frozenset(
        (e.source, _letters(e)) for one in found[:1] for e in one.evidence if e.box
    )


def _suggested(reading: Reading, field_: str) -> bool:
    found = {
        "patient": reading.patients,
        "type": reading.types,
        "date": reading.dates,
        "pages": reading.document.pages[1:],
    }
    return bool(found[field_])


def _other(suggested: Sequence[T], said: T | None) -> bool:
    """Whether something was suggested, and another thing said."""
    return bool(suggested) and suggested[0] != said


def _cause(reading: Reading) -> _Cause:
    evidence: tuple[Evidence, ...] = ()
    patient = ""
    if reading.patients:
        patient = reading.patients[0].value.id
        evidence = reading.patients[0].evidence
    return _Cause(
        patient,
        frozenset(_letters(e) for e in evidence if e.source in ("mrn", "cover")),
        frozenset(e.seen for e in evidence if e.source == "name alert"),
        frozenset(e.source for e in evidence if e.weight > 0),
    )


def _letters(evidence: Evidence) -> str:
    return "".join(letter for letter in evidence.seen if letter.isalnum()).upper()
