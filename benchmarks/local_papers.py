"""Papers of 300 local types: houses split the shipped types by form and by service.

Two thirds are forms: one house's layout of a shipped type, up to three of them a house.
The others are services: one layout of a house, told apart by the department alone that
the first page prints in small letters. Each is like one shipped type, and several share
it, so that its LOINC code does not tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from random import Random

from benchmarks.forms.facilities import FACILITIES, Facility
from benchmarks.forms.paper import Paper, Showing
from benchmarks.forms.people import make_name, make_person
from benchmarks.forms.writing import TEMPLATES, VARIANTS, Order, make_case, write
from pipeline.classify.corpus import TrainingPage
from pipeline.classify.features import spread
from pipeline.document import DocumentType

TYPES, FORMS = 300, 200
_SERVED = (
    "consultation", "progress_note", "operative_note", "procedure_note", "referral",
    "letter", "therapy_note", "nursing_note", "history_and_physical",
)  # fmt: skip
_SERVICES = (
    "Cardiology", "Neurology", "Oncology", "Orthopedics", "Pediatrics", "Urology",
    "General Surgery", "Infectious Diseases", "Internal Medicine", "Family Practice",
)  # fmt: skip
_SHOWING: tuple[Showing, ...] = ("full", "full", "name", "page", "none")
_PAGE_ROWS = 54


@dataclass(frozen=True, slots=True)
class LocalType:
    """One local type; ``like`` is the shipped type that it specialises."""

    key: DocumentType
    like: DocumentType
    house: Facility
    variant: int
    service: str = ""


def local_types(seed: int, count: int = TYPES) -> list[LocalType]:
    """So many local types, two thirds forms and one third services."""
    rng = Random(f"{seed}/local types")
    forms = list(product(TEMPLATES, FACILITIES, range(VARIANTS)))
    services = list(product(_SERVED, FACILITIES, _SERVICES))
    few = round(count * FORMS / TYPES)
    return [
        *(_form(*one) for one in rng.sample(forms, few)),
        *(_service(*one) for one in rng.sample(services, count - few)),
    ]


def _form(kind: str, house: Facility, variant: int) -> LocalType:
    key = DocumentType(f"{kind}_{house.key}_{variant}")
    return LocalType(key, DocumentType(kind), house, variant)


def _service(kind: str, house: Facility, service: str) -> LocalType:
    key = DocumentType(f"{kind}_{house.key}_{service.lower().replace(' ', '_')}")
    return LocalType(key, DocumentType(kind), house, 0, service)


def papers(local: LocalType, first: int, count: int, seed: int) -> Iterator[Paper]:
    """Papers number ``first``... of the type's endless row, each of another person."""
    for number in range(first, first + count):
        rng = Random(f"{seed}/{local.key}/{number}")
        born = 1 if local.like == "immunization_record" else 19
        case = make_case(rng, make_person(rng, born), local.house)
        case = replace(case, doctor=make_name(rng))
        banner = (f"Department of {local.service}",) if local.service else ()
        order = Order(
            local.like,
            case,
            local.variant,
            continuation=rng.choice(_SHOWING),
            banner=banner,
        )
        yield write(order, rng)


def pages_of(paper: Paper, local: LocalType, document: str) -> list[TrainingPage]:
    """The paper's pages, as training sees them."""
    person = paper.case.patient
    sheets = [[(r.text, r.height) for r in rows if r.text] for rows in paper.pages]
    return [
        TrainingPage(
            type=local.key,
            lines=tuple(spread(rows, filled=min(1.0, len(rows) / _PAGE_ROWS))),
            source="site",
            group=document,
            person=f"{person.last_name} {person.first_name} {person.mrn}",
            document=document,
            page=number,
        )
        for number, rows in enumerate(sheets, 1)
    ]
