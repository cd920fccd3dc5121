"""From a template and a case to a written paper in one house's layout.

A layout is one house's settled way of printing a type: its wordings, the order of its
sections, its bullets. It depends on its id alone; what is said depends on the case.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from benchmarks.forms.facilities import FACILITIES, Facility, print_date, print_name
from benchmarks.forms.grammar import Speaker, read_lexicon
from benchmarks.forms.paging import Edges, cut_pages
from benchmarks.forms.paper import GAP, Case, Identity, Paper, Row, Showing, line
from benchmarks.forms.people import Person, make_name, make_relative
from benchmarks.forms.sections import House, field_rows, section_rows
from benchmarks.forms.templates import Section, Template, read_templates

_TEXTS = Path(__file__).parent / "texts"
LEXICON = read_lexicon(_TEXTS / "words.lexicon")
TEMPLATES = read_templates(_TEXTS)
VARIANTS = 3


@dataclass(frozen=True, slots=True)
class Order:
    """What to write: type, house, variant of its layouts 0..2, and what pages show.

    ``said`` are facts that the writer would else invent, such as a witness's name.
    """

    kind: str
    case: Case
    variant: int = 0
    shows: Identity | None = None
    continuation: Showing = "full"
    length: int = 0
    banner: tuple[str, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)


def make_case(rng: Random, patient: Person, facility: Facility | None = None) -> Case:
    """A stay or visit of the patient between 1998 and 2013, after birth."""
    earliest = max(dt.date(1998, 1, 5), patient.birth_date + dt.timedelta(days=3))
    span = max((dt.date(2013, 12, 1) - earliest).days, 1)
    admit = earliest + dt.timedelta(days=rng.randrange(span))
    discharge = admit + dt.timedelta(days=rng.randint(1, 11))
    return Case(
        patient=patient,
        facility=facility or rng.choice(FACILITIES),
        service=discharge,
        admit=admit,
        discharge=discharge,
        visit=f"{rng.choice('VAH')}{rng.randint(100000, 9999999):07d}",
        doctor=make_name(rng),
        other_doctor=make_name(rng),
    )


def write(order: Order, rng: Random) -> Paper:
    """The paper, cut into pages."""
    case, template = order.case, TEMPLATES[order.kind]
    layout = f"{case.facility.key}/{order.kind}/{order.variant}"
    habits = Random(layout)
    typed = case.facility.font in {"typewriter", "mono"}
    house = House(
        facility=case.facility,
        rng=habits,
        bullet=habits.choice(("1.", "-", "", "1)", "*")),
        tick=habits.choice(("[ ]", "[ ]", "( )", "__")),
        width=habits.choice((70, 74, 78) if typed else (78, 84, 90, 96)),
        columns=habits.choice((1, 2, 2, 3)),
        capacity=habits.choice((40, 46, 52, 58)),
        flowing=habits.random() < 0.75,
    )
    shows = order.shows or print_identity(case)
    told = facts(case, shows, rng) | dict(order.said)
    speaker = Speaker(LEXICON, told, rng)
    length = order.length or rng.randint(1, template.longest)
    head = _head(template, house, shows, order.banner)
    body = _body(template, house, speaker, length)
    number, year = habits.randint(100, 989), habits.randint(90, 97)
    form = f"{layout[:3].upper()}-{number} (Rev. {year})"
    edges = Edges(case.facility, shows, order.continuation, form, house.capacity)
    pages = cut_pages(head, body, edges)
    return Paper(order.kind, layout, case, pages)


def print_identity(case: Case) -> Identity:
    """The patient as the case's house prints a full identity."""
    house = case.facility
    return Identity(
        name=print_name(case.patient, house.name_style),
        number=case.patient.mrn,
        born=print_date(case.patient.birth_date, house.date_style),
        visit=case.visit,
    )


def facts(case: Case, shows: Identity, rng: Random) -> dict[str, str]:
    """What the phrases of a template may ask about the case, printed house style."""
    person, style = case.patient, case.facility.date_style
    male = person.sex == "M"
    age = (case.service - person.birth_date).days // 365
    day = dt.timedelta(days=1)
    received = case.service + day * rng.randint(1, 40)
    moments = {
        "admit": case.admit,
        "discharge": case.discharge,
        "service": case.service,
        "received": received,
        "printed": received + day * rng.randint(0, 300),
        "before": case.service - day * rng.randint(20, 700),
        "soon": case.service + day * rng.randint(7, 45),
        "next": case.service + day,
    }
    return {name: print_date(value, style) for name, value in moments.items()} | {
        "patient": shows.name,
        "natural": print_name(person, "natural"),
        "surname": person.last_name,
        "title": "Mr." if male else "Ms.",
        "he": "he" if male else "she",
        "He": "He" if male else "She",
        "his": "his" if male else "her",
        "His": "His" if male else "Her",
        "him": "him" if male else "her",
        "man": _man(age, male=male),
        "sex": "Male" if male else "Female",
        "sexletter": person.sex,
        "age": str(age) if age >= 2 else "1",
        "born": shows.born or "",
        "number": shows.number or "",
        "visit": shows.visit or case.visit,
        "address": person.address,
        "town": f"{person.city}, {person.state} {person.postal_code}",
        "phone": person.phone,
        "ssn": person.ssn_last4,
        "doctor": case.doctor,
        "other": case.other_doctor,
        "nurse": make_name(rng),
        "witness": make_name(rng),
        "relative": make_relative(rng, person),
        "house": case.facility.name,
        "housetown": case.facility.address[-1 if len(case.facility.address) < 3 else 1],
        "year": str(case.service.year),
    }  # fmt: skip


def _man(age: int, *, male: bool) -> str:
    if age < 18:
        return "boy" if male else "girl"
    return "man" if male else "woman"


def _head(
    template: Template, house: House, shows: Identity, banner: tuple[str, ...]
) -> tuple[Row, ...]:
    facility, habits = house.facility, house.rng
    title = habits.choice(template.titles)
    rows = [line("small", text) for text in banner]
    rows.append(line("letterhead", facility.name))
    rows.extend(line("small", text) for text in facility.address)
    rows.append(GAP)
    identity = () if template.letter else _identity(facility, shows)
    titled = (line("title", title), GAP) if title else ()
    if habits.random() < 0.3:
        rows.extend((*identity, *titled))
    else:
        rows.extend((*titled, *identity))
    return tuple(rows)


def _identity(facility: Facility, shows: Identity) -> tuple[Row, ...]:
    pairs = [
        (facility.name_label, shows.name),
        (facility.number_label, shows.number),
        (facility.birth_label, shows.born),
        (facility.visit_label, shows.visit),
    ]
    printed = [f"{label}: {value}" for label, value in pairs if value]
    if facility.identity == "line":
        return (*(line("identity", text) for text in _pack(printed)), GAP)
    return (*field_rows(printed, 2, "identity"), GAP)


def _pack(printed: list[str]) -> list[str]:
    """Fields in as few lines of 80 letters as they need, none of them broken."""
    lines: list[str] = []
    for text in printed:
        if lines and len(lines[-1]) + len(text) < 78:
            lines[-1] += f"   {text}"
        else:
            lines.append(text)
    return lines


def _body(template: Template, house: House, speaker: Speaker, length: int) -> list[Row]:
    rows: list[Row] = []
    labelled = [
        f"{house.rng.choice(field.labels)}: {speaker.say(field.value)}"
        for field in template.fields
    ]
    if labelled:
        rows.extend((*field_rows(labelled, min(house.columns, 2), "fields"), GAP))
    for section in arranged(template.sections, house.rng):
        rows.extend((*section_rows(section, house, speaker, length), GAP))
    return rows


def arranged(sections: tuple[Section, ...], habits: Random) -> list[Section]:
    """The house's choice and order: now and then two neighbours change places."""
    kept = [part for part in sections if not part.optional or habits.random() < 0.6]
    for i in range(len(kept) - 1):
        movable = not (kept[i].fixed or kept[i + 1].fixed)
        if movable and habits.random() < 0.35:
            kept[i], kept[i + 1] = kept[i + 1], kept[i]
    return kept
