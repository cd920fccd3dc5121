"""The evidence as a clerk sees it: boxes on the page, and bits that add up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.document import Reading
from pipeline.finding import Evidence
from pipeline.page import Page

FULL_BAR = 30.0  # bits that fill half of the bar's field


@dataclass(frozen=True, slots=True)
class Drawn:
    """A box to draw over a page, in px of the page; ``kind`` chooses its colour."""

    left: float
    top: float
    width: float
    height: float
    kind: str
    says: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of the waterfall; ``start`` and ``length`` are 0..100 of its field."""

    source: str
    bits: float
    seen: str = field(repr=False)
    page: int | None
    start: float
    length: float
    against: bool


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


def waterfall(evidence: Iterable[Evidence]) -> tuple[Step, ...]:
    """The bits in order, the prior first, each as a bar from the middle of a field."""
    steps = []
    for one in sorted(evidence, key=lambda e: e.source != "prior"):
        length = min(abs(one.weight) / FULL_BAR, 1.0) * 50
        against = one.weight < 0
        start = 50 - length if against else 50
        steps.append(
            Step(one.source, one.weight, one.seen, one.page, start, length, against)
        )
    return tuple(steps)


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
    for found, kind in ((reading.types[:1], "type"), (dates, "date")):
        for evidence in (e for one in found for e in one.evidence):
            yield evidence, kind
