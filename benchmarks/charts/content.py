"""What a document says, in parts that a house can set in its own way."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

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
    case = replace(order.case, facility=house.facility)
    shows = order.shows or print_identity(case)
    template = TEMPLATES[order.kind]
    habits = Random(f"{house.key}/{order.kind}/{order.variant}")
    said = _speaker(case, shows, rng)
    title = habits.choice(template.titles)
    fields = tuple(
        (habits.choice(one.labels), said.say(one.value)) for one in template.fields
    )
    parts = tuple(_parts(order, template, said, habits))
    return Content(order.kind, title, template.letter, shows, fields, parts)


def _speaker(case: Case, shows: Identity, rng: Random) -> Speaker:
    return Speaker(LEXICON, facts(case, shows, rng), rng)


def _parts(
    order: Order, template: Template, said: Speaker, habits: Random
) -> Iterator[Part]:
    sections = arranged(template.sections, habits)
    if order.narrative is not None:
        for heading, shape, items in read_narrative(order.narrative):
            yield Part(heading, shape, tuple((item,) for item in items))
        sections = [part for part in sections if part.shape == "sign"]
    state = habits.getstate()
    sheets = order.length if order.kind in SHEETS and order.narrative is None else 1
    for sheet in range(sheets):
        if sheet:
            later = order.case.service + dt.timedelta(days=sheet)
            yield Part("", "sheet", ((f"{later:%m/%d/%Y}",),))
        habits.setstate(state)
        for section in sections:
            yield _part(section, said, habits, 1 if sheets > 1 else order.length)


def _part(section: Section, said: Speaker, habits: Random, length: int) -> Part:
    heading = habits.choice(section.headings)
    columns: tuple[str, ...] = ()
    items: list[tuple[str, ...]]
    match section.shape:
        case "fields":
            items = [_labelled(item, said, habits) for item in section.items]
        case "table":
            columns = section.columns if section.columns != ("",) else ()
            items = [
                tuple(row.split(" | ")) for row in sample_items(section, said, length)
            ]
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


def _labelled(item: str, said: Speaker, habits: Random) -> tuple[str, str]:
    labels, _, value = item.partition(" = ")
    return habits.choice(labels.split(" | ")), said.say(value)


def tidy(text: str) -> str:
    """The text with single blanks."""
    return re.sub(r"\s+", " ", text).strip()
