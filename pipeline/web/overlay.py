"""The evidence as a clerk sees it: boxes on the page, and bits that add up."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.document import Reading
from pipeline.finding import Evidence
from pipeline.page import Box, Page, QuarterTurn
from pipeline.review.identifiers import IdentifierRow

FULL_BAR = 30.0  # bits that fill half of the bar's field
MARGIN = 0.6  # of a box's height, around it in a strip


@dataclass(frozen=True, slots=True)
class Drawn:
    """A box to draw over a page, in px of the page; ``kind`` chooses its colour."""

    left: float
    top: float
    width: float
    height: float
    kind: str
    says: str = dataclasses.field(repr=False)

    @property
    def field(self) -> str:
        """Of the form: which one's evidence this is."""
        return {"for": "patient", "against": "patient"}.get(self.kind, self.kind)


@dataclass(frozen=True, slots=True)
class Stand:
    """How a page is shown: turned clockwise from how the machine read it.

    ``size`` is as it stands; ``transform`` is SVG's for what is drawn as it was read.
    """

    turn: QuarterTurn
    size: tuple[int, int]
    transform: str


def stand(page: Page, turn: QuarterTurn) -> Stand:
    """The page with a clerk's turn."""
    w, h = page.size
    match turn:
        case 0:
            return Stand(turn, (w, h), "")
        case 90:
            return Stand(turn, (h, w), f"translate({h} 0) rotate(90)")
        case 180:
            return Stand(turn, (w, h), f"translate({w} {h}) rotate(180)")
        case 270:
            return Stand(turn, (h, w), f"translate(0 {w}) rotate(270)")


@dataclass(frozen=True, slots=True)
class Crop:
    """A strip of the document's ``n``-th page around a box, for an SVG.

    ``view`` is of the page as it stands, ``box`` the strip on the page as it was read.
    """

    n: int
    view: str
    box: str
    size: tuple[int, int]  # of the whole page as it was read
    transform: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the evidence: an identifier, its strip of the page, and its bar.

    ``start`` and ``length`` of the bar are 0..100 of its field.
    """

    row: IdentifierRow
    crop: Crop | None
    start: float
    length: float


def boxes_on(page: Page, reading: Reading) -> tuple[Drawn, ...]:
    """Every piece of evidence that stands on this page, each box once."""
    drawn: dict[tuple[float, float, str], Drawn] = {}
    for evidence, kind in _shown(reading):
        if evidence.page == page.number and evidence.box is not None:
            box = evidence.box
            bits = f" {evidence.weight:+.1f} bits" if evidence.weight else ""
            says = f"{evidence.source}{bits}: {evidence.seen}"
            drawn.setdefault(
                (box.left, box.top, kind),
                Drawn(box.left, box.top, box.width, box.height, kind, says),
            )
    return tuple(drawn.values())


def evidence_lines(
    rows: Iterable[IdentifierRow],
    pages: Sequence[Page],
    turns: Mapping[int, QuarterTurn],
) -> tuple[Line, ...]:
    """Identifiers and all other bits, each as a bar from the middle of a field.

    ``turns`` are clerks', by the pages' numbers.
    """
    nth = {page.number: (n, page) for n, page in enumerate(pages, start=1)}
    lines = []
    for row in rows:
        length = min(abs(row.weight) / FULL_BAR, 1.0) * 50
        start = 50 - length if row.weight < 0 else 50
        crop = None
        if row.box is not None and row.page in nth:
            crop = crop_of(row.box, *nth[row.page], turns.get(row.page, 0))
        lines.append(Line(row, crop, start, length))
    return tuple(lines)


def crop_of(box: Box, n: int, page: Page, turn: QuarterTurn) -> Crop:
    """With as much around it as shows where it stands."""
    margin = max(box.height * MARGIN, 4.0)
    left, top = max(box.left - 2 * margin, 0.0), max(box.top - margin, 0.0)
    right = min(box.right + 2 * margin, page.size[0])
    bottom = min(box.bottom + margin, page.size[1])
    strip = Box(left, top, max(right, left + 1), max(bottom, top + 1))
    view = strip.turned(turn, page.size)
    transform = stand(page, turn).transform
    return Crop(n, _view(view), _view(strip), page.size, transform)


def _view(box: Box) -> str:
    return f"{box.left:.0f} {box.top:.0f} {box.width:.0f} {box.height:.0f}"


def surely(probability: float) -> str:
    """In per cent, never rounded up: what is not certain does not read as 100 %."""
    hundredths = int(probability * 10_000)
    return f"{hundredths / 100:.2f} %" if hundredths > 0 else "under 0.01 %"


def _shown(reading: Reading) -> Iterator[tuple[Evidence, str]]:
    for evidence in reading.contradictions:
        yield evidence, "against"
    for evidence in reading.urgent:
        yield evidence, "urgent"
    for patient in reading.patients[:1]:
        for evidence in patient.evidence:
            yield evidence, "for" if evidence.weight >= 0 else "against"
    dates = (*reading.dates[:1], *reading.admitted[:1], *reading.discharged[:1])
    stays = reading.encounters[:1]
    for found, kind in ((reading.types[:1], "type"), (dates, "date"), (stays, "stay")):
        for evidence in (e for one in found for e in one.evidence):
            yield evidence, kind
