"""A written paper: rows of text on pages, before anybody has drawn it."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from benchmarks.forms.facilities import Facility
from benchmarks.forms.people import Person

Style = Literal[
    "letterhead", "small", "title", "identity", "heading", "body", "fields", "head",
    "row", "tick", "sign", "gap", "runner", "footer", "tracing",
]  # fmt: skip
Showing = Literal["full", "name", "page", "none"]

HEIGHTS: dict[Style, float] = {
    "letterhead": 1.4, "small": 0.8, "title": 1.6, "heading": 1.1, "runner": 0.9,
    "footer": 0.8, "tracing": 5.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of a row; `left` is its start as a share of the text's width, 0..1."""

    left: float
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of print; cells from left to right, none for white space."""

    style: Style
    cells: tuple[Cell, ...]

    @property
    def text(self) -> str:
        """The line as read from left to right, columns three blanks apart."""
        return "   ".join(cell.text for cell in self.cells if cell.text)

    @property
    def height(self) -> float:
        """Height of the letters relative to body text."""
        return HEIGHTS.get(self.style, 1.0)


@dataclass(frozen=True, slots=True)
class Case:
    """What happened: whose paper, where, when. Moments are days on paper."""

    patient: Person
    facility: Facility
    service: dt.date
    admit: dt.date
    discharge: dt.date
    visit: str
    doctor: str
    other_doctor: str


@dataclass(frozen=True, slots=True)
class Identity:
    """How the patient is printed on a first page; None leaves the field out."""

    name: str
    number: str | None
    born: str | None
    visit: str | None


@dataclass(frozen=True, slots=True)
class Paper:
    """One document: its type key, its layout's id and the rows of each page."""

    kind: str
    layout: str
    case: Case
    pages: tuple[tuple[Row, ...], ...]


def line(style: Style, text: str, left: float = 0.0) -> Row:
    """A row of one cell."""
    return Row(style, (Cell(left, text),))


GAP = Row("gap", ())
