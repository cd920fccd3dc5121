"""Verified pages of a small site: two cardiology letters and one shipped type."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pipeline.classify.corpus import TrainingPage
from pipeline.classify.features import Line, spread
from pipeline.classify.site_fit import SitePages
from pipeline.document import DocumentType

LETTER, REFERRAL = DocumentType("letter"), DocumentType("referral")
NORTH, SOUTH = DocumentType("letter_north"), DocumentType("letter_south")
SHIPPED = (LETTER, REFERRAL, DocumentType("operative_note"))
_SAID = {
    NORTH: "North clinic cardiology letter|Dear colleague|Thank you for this patient"
    "|The echocardiogram shows a normal ventricle|With kind regards",
    SOUTH: "South house heart letter|Dear colleague|We saw this patient"
    "|The catheter study shows no stenosis|Sincerely yours",
    REFERRAL: "Referral form|Requested service|Reason for referral|Urgent or routine",
}


def lines(kind: DocumentType, *more: str) -> tuple[Line, ...]:
    rows = [*_SAID[kind].split("|"), *more]
    return tuple(spread([(row, 1.4 if i == 0 else 1.0) for i, row in enumerate(rows)]))


def papers(
    kind: DocumentType, count: int, *more: str, people: int = 0
) -> Iterator[TrainingPage]:
    """So many one-page documents, each of another batch, of so many people."""
    for n in range(count):
        yield TrainingPage(
            type=kind,
            lines=lines(kind, *more),
            source="site",
            group=f"{kind} batch {n}",
            person=f"person {n % people if people else n}",
            document=f"{kind} {n}",
            page=1,
        )


def site(*pages: TrainingPage, likes: bool = True) -> SitePages:
    """The pages, with a shipped model that calls every letter a letter."""
    sure = {LETTER: (0.90, 0.05, 0.05), REFERRAL: (0.05, 0.90, 0.05)}
    like = {NORTH: LETTER, SOUTH: LETTER}
    rows = [sure[like.get(page.type, page.type)] for page in pages]
    return SitePages(pages, np.log(rows), SHIPPED, like if likes else {})
