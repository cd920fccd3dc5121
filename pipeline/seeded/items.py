"""One seeded item: what the paper says, what the machine claims, and which is right.

Three looks, as a clerk meets them: a twin who may be meant, an unsure type, an unsure
patient. Under each the suggestion is right as often as it is wrong, so that the look
of an item gives nothing away.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from pipeline.document import (
    BatchId,
    DocumentId,
    DocumentType,
    Patient,
    Reading,
    ScannedDocument,
    TypeFacts,
)
from pipeline.finding import Evidence, Finding
from pipeline.page import Page
from pipeline.seeded.paper import Sheet, page_of, where
from pipeline.seeded.people import Numbers, namesake_of, somebody, twin_of
from pipeline.seeded.writing import Told, day_of, name_of, written
from pipeline.vigilance import Trap

Look = Literal["twin", "type", "patient"]
LOOKS: tuple[Look, ...] = ("twin", "type", "patient")
_TRAP: dict[Look, Trap] = {"twin": "twin", "type": "number", "patient": "type"}
BY = "rules 2"  # as any other suggestion
_ALERT = "name alert"  # as index names it, with the kind and the other one's number
_TWIN = "twin: MRN "
_BITS = {"mrn": 26.2, "birth date": 13.1, "name": 8.4, "given name": 5.3}
_SURE, _LIKELY, _TORN = 0.99996, 0.982, 0.61


@dataclass(frozen=True, slots=True)
class Item:
    """``right`` is whose it is and what; ``people`` may be taken for each other."""

    reading: Reading
    page: Page
    sheet: Sheet
    trap: Trap
    right: tuple[Patient, DocumentType]
    people: tuple[Patient, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item pretends to lie, and whose paper of which types it may be."""

    document: DocumentId
    batch: BatchId
    page: int
    numbers: Numbers
    types: Sequence[TypeFacts]
    facility: str = ""
    suggested: DocumentType | None = None  # the type to suggest, where one is asked for
    today: dt.date = field(default_factory=lambda: dt.datetime.now(dt.UTC).date())


@dataclass(frozen=True, slots=True)
class _Plan:
    """``held`` are the suggested people, best first, ``kinds`` the suggested types."""

    patient: Patient
    kind: TypeFacts
    held: tuple[Patient, ...]
    kinds: tuple[TypeFacts, ...]
    day: dt.date


def item(look: Look, place: Place, chance: Random, *, wrong: bool) -> Item:
    """One item of this look, whose suggestion is wrong or right."""
    plan = _plan(look, place, chance, wrong=wrong)
    first, kind = plan.held[0], plan.kinds[0]
    title = "" if look != "patient" or not wrong else kind.title
    read = {"type": title}
    if look == "type" and wrong:
        read |= {"mrn": first.mrn, "birth date": day_of(first.born)}
    told = Told(plan.patient, plan.kind.title, plan.day, look == "type", read)
    sheet = written(told, chance)
    reading = Reading(
        ScannedDocument(place.document, place.batch, (place.page,)),
        types=_types(look, plan, sheet, place.page),
        patients=_patients(look, plan, sheet, place.page),
        dates=(_date(plan.day, sheet, place.page),),
    )
    people = {one.id: one for one in (plan.patient, *plan.held)}
    return Item(
        reading,
        page_of(sheet, place.page),
        sheet,
        _TRAP[look] if wrong else "none",
        (plan.patient, plan.kind.key),
        tuple(people.values()),
    )


def _plan(look: Look, place: Place, chance: Random, *, wrong: bool) -> _Plan:
    one = somebody(chance, place.numbers, place.facility)
    kinds = chance.sample(list(place.types), 2)
    if place.suggested is not None:
        asked = [facts for facts in place.types if facts.key == place.suggested]
        kinds = [*asked, *(facts for facts in kinds if facts not in asked)][:2]
    held: tuple[Patient, ...]
    if look == "patient":
        held = (one, somebody(chance, place.numbers, place.facility))
    else:
        near = namesake_of if look == "type" else twin_of
        held = (near(one, chance, place.numbers), one)
        held = held if wrong else held[::-1]
    kind = kinds[1] if look == "patient" and wrong else kinds[0]
    day = place.today - dt.timedelta(days=chance.randrange(20, 2000))
    return _Plan(one, kind, held, tuple(kinds), day)


def _types(
    look: Look, plan: _Plan, sheet: Sheet, page: int
) -> tuple[Finding[DocumentType], ...]:
    share = _TORN if look == "type" else 0.96
    first, second = plan.kinds
    seen = first.title.upper()
    title = Evidence("title", 6.0, seen, page, where(sheet, "type"))
    return (
        Finding(first.key, share, (title,), BY),
        Finding(second.key, 0.9 - 0.9 * share, (), BY),
    )


def _patients(
    look: Look, plan: _Plan, sheet: Sheet, page: int
) -> tuple[Finding[Patient], ...]:
    first, second = plan.held
    torn = look == "twin"
    share = _TORN if torn else _SURE if look == "type" else _LIKELY
    fields = ["birth date", "name"]
    fields += [] if torn else ["given name"]
    fields += ["mrn"] if look == "type" else []
    best = _evidence(first, fields, sheet, page)
    rest: tuple[Evidence, ...] = ()
    if torn:
        best += (Evidence(_ALERT, 0.0, f"{_TWIN}{second.mrn}"),)
        rest = _evidence(second, fields, sheet, page)
    left = (1 - share) * 0.95
    return (Finding(first, share, best, BY), Finding(second, left, rest, BY))


def _evidence(
    patient: Patient, fields: Sequence[str], sheet: Sheet, page: int
) -> tuple[Evidence, ...]:
    seen = {
        "mrn": patient.mrn,
        "birth date": day_of(patient.born),
        "name": name_of(patient).partition(",")[0],
        "given name": patient.names[0].given,
    }
    spoken = tuple(
        Evidence(
            source,
            _BITS[source],
            seen[source],
            page,
            where(sheet, "name" if source == "given name" else source),
            exact=True,
        )
        for source in fields
    )
    return (*spoken, Evidence("prior", -15.6, "people of the index"))


def _date(day: dt.date, sheet: Sheet, page: int) -> Finding[dt.date]:
    seen = Evidence("service date", 8.0, day_of(day), page, where(sheet, "date"))
    return Finding(day, 0.97, (seen,), BY)
