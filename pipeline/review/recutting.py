"""A clerk cuts documents of a batch anew: which pages lie together from now on.

What is asked of a new document at once is what the old ones said of its very pages;
the machine reads it again after that. Nothing that was cut by hand is filed without a
clerk.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from pipeline.document import (
    Correction,
    DocumentId,
    Doubt,
    Reading,
    Recut,
    Removed,
    Review,
    ScannedDocument,
)
from pipeline.finding import Finding
from pipeline.review.modes import blindfold, is_blind

LAY_IN = 0.5  # that a page split off is of the type that it was filed as, at first
CUT = "a clerk cut it anew: look whether it is right"
BY_CLERK: tuple[Removed, ...] = ("blank", "separator", "duplicate", "no record")
Asked = tuple[Reading, Review]
T = TypeVar("T")


class NoSuchCut(ValueError):
    """These documents cannot be cut so; the message tells the clerk why."""


def split(one: Asked, before: int, by: str) -> Recut:
    """In two, the second beginning at its ``before``-th page, counted from 1."""
    pages = one[0].document.pages
    if not 1 < before <= len(pages):
        raise NoSuchCut("A document is split before its second page or a later one.")
    return _recut("split", [one], [pages[: before - 1], pages[before - 1 :]], by)


def split_off(one: Reading, pages: Sequence[int], said: Correction) -> Recut:
    """A document of pages that a filed one loses; ``one`` is what was read of that.

    It may be as restricted as what it lay in, until it is read again.
    """
    reading, review = _asked(tuple(pages), [(one, Review((Doubt(CUT),)))])
    if said.decision is not None:
        kind = Finding(said.decision.type, LAY_IN, (), said.by)
        reading = replace(reading, types=(kind,))
    asked = ((reading, review),)
    batch = one.document.batch
    return Recut(batch, "split", (), asked, said.by, restored=tuple(pages))


def merge(first: Asked, second: Asked, by: str) -> Recut:
    """The pages of both in one document, the first one's in front."""
    pages = (*first[0].document.pages, *second[0].document.pages)
    return _recut("merged", [first, second], [pages], by)


def set_aside(one: Asked, pages: Sequence[int], as_: Removed, by: str) -> Recut:
    """Without some of its pages, by number in the batch; they are kept and listed."""
    own = one[0].document.pages
    if not pages or not set(pages) <= set(own) or as_ not in BY_CLERK:
        raise NoSuchCut("Say which of its pages are set aside, and as what.")
    left = tuple(number for number in own if number not in pages)
    made = _recut("set aside", [one], [left] if left else [], by)
    return replace(made, removed=tuple((n, as_) for n in own if n in pages))


def reorder(one: Asked, order: Sequence[int], by: str) -> Recut:
    """The same pages in another order."""
    if sorted(order) != sorted(one[0].document.pages):
        raise NoSuchCut("Name each of its pages once.")
    return _recut("reordered", [one], [tuple(order)], by)


def move(pages: Sequence[int], from_: Asked, to: Asked, by: str) -> Recut:
    """Some pages of one document to the end of another one of its batch."""
    own = from_[0].document.pages
    if not pages or not set(pages) <= set(own):
        raise NoSuchCut("Say which of its pages move.")
    left = tuple(number for number in own if number not in pages)
    moved = tuple(number for number in own if number in pages)
    parts = [left] if left else []
    return _recut("moved", [from_, to], [*parts, (*to[0].document.pages, *moved)], by)


def undone(
    last: Recut,
    made: Sequence[DocumentId],
    before: Sequence[Asked],
    nth: int,
    by: str,
) -> Recut:
    """As it lay before the ``nth`` new cut: the same pages, as new documents again."""
    return Recut(
        last.batch,
        f"took back: {last.did}",
        tuple(made),
        tuple(before),
        by,
        restored=tuple(number for number, _ in last.removed),
        undoes=nth,
    )


def read_again(reading: Reading) -> Reading:
    """What the machine makes of a document cut by hand, never filed by itself."""
    if by_hand(reading):
        return reading
    return replace(reading, doubts=(*reading.doubts, Doubt(CUT)), boundary=1.0)


def by_hand(reading: Reading) -> bool:
    """Whether a clerk cut this document."""
    return any(doubt.reason == CUT for doubt in reading.doubts)


def _recut(
    did: str, before: Sequence[Asked], parts: Iterable[tuple[int, ...]], by: str
) -> Recut:
    batches = {reading.document.batch for reading, _ in before}
    ids = tuple(reading.document.id for reading, _ in before)
    if len(batches) > 1 or len(set(ids)) < len(ids):
        raise NoSuchCut("Pages stay in their batch: take two of its documents.")
    asked = tuple(_asked(part, before) for part in parts)
    return Recut(batches.pop(), did, ids, asked, by)


def _asked(pages: tuple[int, ...], before: Sequence[Asked]) -> Asked:
    """A new document with what was said of its pages until it is read again."""
    reading, review = next(
        (r, asked) for r, asked in before if pages[0] in r.document.pages
    )
    document = ScannedDocument(reading.document.id, reading.document.batch, pages)
    begins = reading.document.pages[0] == pages[0]
    new = Reading(
        document,
        types=reading.types if begins else (),
        patients=_seen_on(pages, reading.patients),
        dates=_seen_on(pages, reading.dates),
        boundary=1.0,
        contradictions=tuple(e for e in reading.contradictions if e.page in pages),
        doubts=(Doubt(CUT),),
        urgent=tuple(e for e in reading.urgent if e.page in pages),
    )
    return new, _doubted(review)


def _doubted(review: Review) -> Review:
    """Asked because it was cut; what was to be answered blind stays so."""
    blind = blindfold(review).reasons if is_blind(review) else ()
    return Review((*blind, Doubt(CUT)))


def _seen_on(
    pages: Sequence[int], found: Sequence[Finding[T]]
) -> tuple[Finding[T], ...]:
    """Findings that something on these pages speaks for, without what others say."""
    kept = []
    for one in found:
        own = tuple(e for e in one.evidence if e.page is None or e.page in pages)
        if any(e.page in pages and (e.weight > 0 or not e.weight) for e in own):
            kept.append(replace(one, evidence=own))
    return tuple(kept)
