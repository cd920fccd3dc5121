"""The printed forms of the trap set: where a page says whose it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from pipeline.document import Name


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says of its subject; "" or None for what it leaves out."""

    name: Name | None = field(repr=False)
    mrn: str = field(repr=False)
    born: dt.date | None = field(repr=False)
    sex: str
    address: str = field(repr=False)
    phone: str = field(repr=False)
    physician: str = field(repr=False)


_TITLES = (
    "PROGRESS NOTE",
    "DISCHARGE SUMMARY",
    "LABORATORY REPORT",
    "CONSULTATION",
    "NURSING NOTE",
    "OPERATIVE REPORT",
    "HISTORY AND PHYSICAL",
    "RADIOLOGY REPORT",
    "PHYSICIAN ORDERS",
)
_HOUSES = ("RIVERBEND MEDICAL CENTER", "SAINT CLARE HOSPITAL", "MERCY VALLEY HOSPITAL")
_BODY = (
    "The wound is dry and clean and the dressing was changed this morning.",
    "Vital signs were stable overnight and the appetite is good.",
    "Continue the present medication and repeat the blood count tomorrow.",
    "No complaints today and walking in the hallway without help.",
)


def lines_of(said: Said, rng: Random) -> list[str]:
    """Lines of the page down to the first of its text; two blanks are a wide gap."""
    head = rng.choice(_FORMS)(said, rng)
    if said.physician:
        head.append(f"{rng.choice(_PHYSICIANS)}: {said.physician}, MD")
    return [
        rng.choice(_HOUSES),
        rng.choice(_TITLES),
        *(line for line in head if line),
        *rng.sample(_BODY, 2),
    ]


_PHYSICIANS = ("Attending Physician", "Ordered by", "Attending")


def _last_first(name: Name) -> str:
    rest = " ".join(filter(None, (name.given, name.middle)))
    family = " ".join(filter(None, (name.family, name.suffix)))
    return f"{family}, {rest}"


def _first_last(name: Name) -> str:
    parts = (name.given, name.middle, name.family, name.suffix)
    return " ".join(filter(None, parts))


def _labelled(label: str, value: str) -> str:
    return f"{label} {value}" if value else ""


def _row(*cells: str) -> str:
    return "  ".join(filter(None, cells))


def _day(born: dt.date | None, form: str) -> str:
    return "" if born is None else born.strftime(form)


def _banner(said: Said, _rng: Random) -> list[str]:
    """Two rows over the text, capital letters."""
    name = _last_first(said.name).upper() if said.name else ""
    return [
        _row(_labelled("Patient Name:", name), _labelled("MRN:", said.mrn)),
        _row(
            _labelled("DOB:", _day(said.born, "%m/%d/%Y")), _labelled("Sex:", said.sex)
        ),
        _row(_labelled("Address:", said.address), _labelled("Phone:", said.phone)),
    ]


def _listed(said: Said, _rng: Random) -> list[str]:
    """A line each."""
    name = _last_first(said.name) if said.name else ""
    sex = {"F": "Female", "M": "Male"}.get(said.sex, "")
    return [
        _labelled("Medical Record Number:", said.mrn),
        _labelled("Name:", name),
        _labelled("Date of Birth:", _day(said.born, "%m/%d/%Y")),
        _labelled("Gender:", sex),
        _labelled("Address:", said.address),
        _labelled("Phone:", said.phone),
    ]


def _typed(said: Said, _rng: Random) -> list[str]:
    """A typist's head: given name first, the month in letters."""
    name = _first_last(said.name) if said.name else ""
    return [
        _row(_labelled("PATIENT NAME:", name), _labelled("MR#:", said.mrn)),
        _row(
            _labelled("BIRTH DATE:", _day(said.born, "%b %d, %Y")),
            _labelled("SEX:", said.sex),
        ),
        _row(_labelled("ADDRESS:", said.address), _labelled("PHONE:", said.phone)),
    ]


def _boxes(said: Said, _rng: Random) -> list[str]:
    """A form with a cell for each part of the name."""
    name = said.name
    parts = []
    if name:
        family = " ".join(filter(None, (name.family, name.suffix)))
        parts = [f"Last Name: {family}", f"First Name: {name.given}"]
        parts += [f"Middle Initial: {name.middle}"] if name.middle else []
    return [
        _row(*parts),
        _row(
            _labelled("Date of Birth:", _day(said.born, "%m-%d-%Y")),
            _labelled("Sex:", said.sex),
            _labelled("MRN:", said.mrn),
        ),
        _row(_labelled("Address:", said.address), _labelled("Phone:", said.phone)),
    ]


_FORMS: tuple[Callable[[Said, Random], list[str]], ...] = (
    _banner,
    _banner,
    _listed,
    _typed,
    _boxes,
)
