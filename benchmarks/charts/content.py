"""What a document says, in parts that a house can set in its own way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from benchmarks.charts.houses import House
from benchmarks.charts.kinds import Order
from benchmarks.charts.narrative import read_narrative
from benchmarks.forms.grammar import Speaker
from benchmarks.forms.paper import Case, Identity
from benchmarks.forms.sections import sample_items
from benchmarks.forms.templates import Section, Template
from benchmarks.forms.writing import (
    LEXICON,
    TEMPLATES,
    arranged,
    facts,
    print_identity,
)

SHEETS = frozenset({
    "anesthesia_record", "immunization_record", "medication_administration",
    "medication_list", "physician_orders", "prescription", "vital_signs",
    "insurance_card", "triage_note", "telephone_encounter", "referral",
})  # fmt: skip
"""Types of which a long document is several filled sheets of one form."""
ENTRIES = frozenset({
    "progress_note", "nursing_note", "therapy_note", "psychiatric_note",
    "substance_use_record", "laboratory_report",
})  # fmt: skip
"""Types of which a long document is one entry below another."""
TWICE = frozenset({
    "consent_treatment", "consent_procedure", "advance_directive", "face_sheet",
    "power_of_attorney", "release_authorization", "privacy_acknowledgement",
    "ecg_report",
})  # fmt: skip
"""Types of one sheet, of which a long document has a second one, renewed later."""
_NOBODY = {
    "natural": "the patient", "patient": "", "surname": "patient", "title": "the",
    "address": "on file", "town": "on file", "phone": "on file", "ssn": "0000",
}  # fmt: skip
"""What a paper says of a patient whose name it does not print."""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands below it, in one of the shapes of forms/sections.

    Cells of an item are parted already: (label, value) of a field, the columns of a
    table row, (text, "X" or "") of a tick box. ``shape`` "sheet" begins a new page.
    """

    heading: str
    shape: str
    items: tuple[tuple[str, ...], ...] = field(repr=False)
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """One document before it is set."""

    kind: str
    title: str
    letter: bool
    shows: Identity = field(repr=False)
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    parts: tuple[Part, ...] = field(repr=False)


def say(order: Order, house: House, rng: Random) -> Content:
    """The content of an ordered document, worded in the house's way."""
    template = TEMPLATES[order.kind]
    habits = Random(f"{house.key}/{order.kind}/{order.variant}")
    case = replace(order.case, facility=house.facility)
    shows = order.shows or print_identity(case)
    title = habits.choice(template.titles)
    labels = [habits.choice(one.labels) for one in template.fields]
    said = _Telling(template, case, shows, labels, habits, rng)
    if order.narrative is not None:
        parts = list(_narrated(order.narrative, said))
    else:
        parts = list(_templated(order, said))
    fields = said.fields(0)
    return Content(order.kind, title, template.letter, shows, fields, tuple(parts))


@dataclass(slots=True)
class _Telling:
    """One document being worded; ``state`` is its habits before any section."""

    template: Template
    case: Case
    shows: Identity
    labels: list[str]
    habits: Random
    rng: Random
    sections: list[Section] = field(init=False)
    _state: tuple[Any, ...] = field(init=False)
    _days: dict[int, Speaker] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sections = arranged(self.template.sections, self.habits)
        self._state = self.habits.getstate()

    def speaker(self, day: int) -> Speaker:
        """Who speaks of that day, counted from the day of service."""
        if day not in self._days:
            later = self.case.service + dt.timedelta(days=day)
            case = replace(self.case, service=later)
            told = facts(case, self.shows, self.rng)
            if not self.shows.name:
                told |= _NOBODY
            self._days[day] = Speaker(LEXICON, told, self.rng)
        return self._days[day]

    def fields(self, day: int) -> tuple[tuple[str, str], ...]:
        """The document's own fields, as they are on that day."""
        said = self.speaker(day)
        return tuple(
            (label, said.say(one.value))
            for label, one in zip(self.labels, self.template.fields, strict=True)
        )

    def parts(self, day: int, length: int, *shapes: str) -> Iterator[Part]:
        """All sections in the house's words, or those of some shapes."""
        self.habits.setstate(self._state)
        for one in self.sections:
            part = _part(one, self.speaker(day), self.habits, length)
            if not shapes or one.shape in shapes:
                yield part


def _narrated(narrative: str, said: _Telling) -> Iterator[Part]:
    for heading, shape, items in read_narrative(narrative):
        yield Part(heading, shape, tuple((item,) for item in items))
    yield from said.parts(0, 1, "sign")


def _templated(order: Order, said: _Telling) -> Iterator[Part]:
    if order.kind in SHEETS | ENTRIES | TWICE:
        shape = "fields" if order.kind in ENTRIES else "sheet"
        for day in range(min(order.length, 2 if order.kind in TWICE else 8)):
            if day:
                yield Part("", shape, said.fields(day))
            yield from said.parts(day, 1)
        return
    yield from said.parts(0, min(order.length, 3))
    for day in range(1, 0 if order.kind == "letter" else order.length - 1):
        yield Part(f"ADDENDUM {said.speaker(day).say('{service}')}", "lines", ())
        yield from said.parts(day, 2, "para", "list", "table", "sign")


def _part(section: Section, said: Speaker, habits: Random, length: int) -> Part:
    heading = habits.choice(section.headings)
    columns: tuple[str, ...] = ()
    items: list[tuple[str, ...]]
    match section.shape:
        case "fields":
            items = [_labelled(item, said, habits) for item in section.items]
        case "table":
            columns = section.columns if section.columns != ("",) else ()
            rows = sample_items(section, said, length)
            items = _clocked([tuple(row.split(" | ")) for row in rows], columns, said)
        case "ticks":
            rows = sample_items(section, said, 1)
            items = [(row, "X" if said.rng.random() < 0.4 else "") for row in rows]
        case "sign":
            items = [tuple(said.say(item).split(" | ")) for item in section.items]
        case "lines" | "tracing":
            items = [(said.say(item),) for item in section.items]
        case _:
            items = [(text,) for text in sample_items(section, said, length)]
    return Part(heading, section.shape, tuple(items), columns)


def _clocked(
    rows: list[tuple[str, ...]], columns: tuple[str, ...], said: Speaker
) -> list[tuple[str, ...]]:
    """Rows by time; those of a record under anesthesia every five minutes."""
    if columns[:1] != ("Time",):
        return rows
    if "Agent %" in columns:
        start = said.rng.randint(7, 14) * 60 + said.rng.randint(0, 11) * 5
        times = [start + 5 * i for i in range(len(rows))]
        return [
            (f"{time // 60:02d}:{time % 60:02d}", *row[1:])
            for time, row in zip(times, rows, strict=True)
        ]
    distinct = len({row[0] for row in rows}) == len(rows)
    return sorted(rows) if distinct else rows


def _labelled(item: str, said: Speaker, habits: Random) -> tuple[str, str]:
    labels, _, value = item.partition(" = ")
    return habits.choice(labels.split(" | ")), said.say(value)
