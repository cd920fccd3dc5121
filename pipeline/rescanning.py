"""A better scan of one page of what is filed: which one it may be, and its place.

The sheet was scanned again into the inbox, as any other paper; so its scan waits as a
document, or as a page of one, until somebody says which page it replaces.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.correcting import FILED
from pipeline.document import BatchId, DocumentId, Reading, ScannedDocument
from pipeline.index.gaps import likeness
from pipeline.page import Page
from pipeline.review.recutting import NoSuchCut
from pipeline.store.catalogue import Catalogue
from pipeline.store.relaid_rows import SqlRelaid

NO_SCAN = "Say which page is the better scan: its document's id, a colon, its number."
LOOKED_AT = 100  # pages that came in later, the newest first
Sees = Callable[[Reading], bool]


@dataclass(frozen=True, slots=True)
class BetterScan:
    """A page that may be one: the ``nth`` of a document, and how like (0..1) it is."""

    reading: Reading
    nth: int
    alike: float


def better_scans(
    of: Page,
    paper: ScannedDocument,
    catalogue: Catalogue,
    relaid: SqlRelaid,
    sees: Sees,
) -> list[BetterScan]:
    """Pages that wait and came in after this one's batch, the likest first."""
    found = []
    readings: dict[DocumentId, Reading | None] = {}
    for scan in relaid.scans_after(paper.batch, LOOKED_AT):
        if scan.document not in readings:
            waiting = catalogue.asked(scan.document)
            seen = waiting is not None and sees(waiting.reading)
            readings[scan.document] = waiting.reading if waiting and seen else None
        reading = readings[scan.document]
        read = catalogue.pages(scan.batch, (scan.number,))
        if reading is not None and read:
            found.append(BetterScan(reading, scan.nth, likeness(of, read[0])))
    return sorted(found, key=lambda one: -one.alike)


def scan_of(
    said: str, catalogue: Catalogue, sees: Sees = lambda _reading: True
) -> tuple[Reading, int]:
    """The document and page of ``DOCUMENT`` or ``DOCUMENT:2``, free to be taken.

    Raises NoSuchCut; of what is not seen as of what is not there.
    """
    document, _, nth = said.strip().partition(":")
    try:
        reading = catalogue.reading(DocumentId(document))
        its = int(nth or 1)
    except (KeyError, ValueError):
        raise NoSuchCut(NO_SCAN) from None
    if not 1 <= its <= len(reading.document.pages) or not sees(reading):
        raise NoSuchCut(NO_SCAN)
    if catalogue.filed(reading.document.id) is not None:
        raise NoSuchCut(f"It cannot be taken: {FILED.format(document)}.")
    return reading, its


def with_scan(
    paper: ScannedDocument,
    nth: int,
    scan: tuple[ScannedDocument, int],
    lend: Callable[[tuple[BatchId, int], BatchId], int],
) -> tuple[int, ...]:
    """Its pages with a page of another document as its ``nth``. Raises NoSuchCut.

    ``lend`` gives a page of another batch its number in this one.
    """
    other, its = scan
    if not 1 <= nth <= len(paper.pages):
        raise NoSuchCut("The document has no such page.")
    if other.id == paper.id:
        raise NoSuchCut("The better scan is a page of another document.")
    try:
        number = lend((other.batch, other.pages[its - 1]), paper.batch)
    except KeyError:
        raise NoSuchCut("The better scan is not read yet: try again soon.") from None
    if number in paper.pages:
        raise NoSuchCut("That scan is a page of this document already.")
    return (*paper.pages[: nth - 1], number, *paper.pages[nth:])
