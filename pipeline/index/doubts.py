"""What the batch itself gives a clerk to see, whatever the numbers say."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.document import Batch, Doubt
from pipeline.page import Page


def page_doubts(pages: Sequence[Page]) -> tuple[Doubt, ...]:
    """One for every trouble of a page that could not be read."""
    return tuple(
        Doubt(f"page {page.number} could not be read: {trouble}")
        for page in pages
        for trouble in page.troubles
    )


def batch_doubts(
    batch: Batch, pages: Sequence[Page], document: Sequence[int]
) -> tuple[Doubt, ...]:
    """Of a late batch, of listed files that nobody received, of sheets without pages.

    Which sheet gave no page nobody knows; the first and last document stand for all.
    """
    doubts = []
    if batch.late_for is not None:
        doubts.append(Doubt("arrived after its batch was closed"))
    if _beside_a_gap(batch, pages, document):
        doubts.append(Doubt("a file that the station listed beside it is missing"))
    ends = {page.number for page in (*pages[:1], *pages[-1:])}
    if (short := short_batch(batch, pages)) and not ends.isdisjoint(document):
        doubts.append(Doubt(short[0]))
    return tuple(doubts)


def short_batch(batch: Batch, pages: Sequence[Page]) -> tuple[str, ...]:
    """A note where fewer pages came than the station fed sheets."""
    fed = batch.sidecar.sheets
    if fed is None or len(pages) >= fed:
        return ()
    return (f"the station fed {fed} sheets, {len(pages)} pages came",)


def second_scans(pages: Sequence[Page], document: Sequence[int]) -> tuple[str, ...]:
    """A note for each page of the document whose pixels were scanned before."""
    first: dict[str, int] = {}
    notes = []
    for page in pages:
        if not page.fingerprint:
            continue
        earlier = first.setdefault(page.fingerprint, page.number)
        if earlier != page.number and page.number in document:
            notes.append(f"page {page.number} is a second scan of page {earlier}")
    return tuple(notes)


def _beside_a_gap(batch: Batch, pages: Sequence[Page], document: Sequence[int]) -> bool:
    """Whether a listed file is missing next to these pages.

    Anywhere in the batch, if its files are not one page each.
    """
    received = {_bare(file.name) for file in batch.files}
    listed = [_bare(name) for name in batch.sidecar.order]
    missing = [at for at, name in enumerate(listed) if name not in received]
    if not missing:
        return False
    if len(pages) != len(batch.files):
        return True
    # pages before the gap: so many listed files that did come
    gaps = {sum(name in received for name in listed[:at]) for at in missing}
    return any(number in (gap, gap + 1) for gap in gaps for number in document)


def _bare(name: str) -> str:
    """Stations disagree with themselves about the case of a name."""
    return name.rsplit("/", 1)[-1].casefold()
