"""Rows of what was read, and of how a batch was cut."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import Connection, func, insert, select

from pipeline.document import BatchId, Cut, DocumentId, Reading
from pipeline.page import Page
from pipeline.store.books import note
from pipeline.store.packing import MARKS, QUALITY, READING, TROUBLES, WORDS
from pipeline.store.schema import AnyRow, place, source_page
from pipeline.store.schema import cut as cuts
from pipeline.store.schema import document as documents
from pipeline.store.schema import page as pages
from pipeline.store.worklist_tables import poor_page

T = TypeVar("T")
AT_ONCE = 500  # values in one IN (...)


def keep_pages(connection: Connection, batch: BatchId, new: Sequence[Page]) -> None:
    """Write pages that are not there yet; the first reading of a page stands."""
    there = set(
        connection.scalars(select(pages.c.number).where(pages.c.batch == batch))
    )
    rows = [_page_row(batch, page) for page in new if page.number not in there]
    if rows:
        connection.execute(insert(pages), rows)
    poor = [
        {"batch": batch, "number": page.number}
        for page in new
        if page.number not in there and page.quality.again
    ]
    if poor:
        connection.execute(insert(poor_page), poor)


def read_numbers(connection: Connection, batch: BatchId) -> tuple[int, ...]:
    """The numbers of the pages read so far, in order."""
    return tuple(
        connection.scalars(
            select(pages.c.number)
            .where(pages.c.batch == batch)
            .order_by(pages.c.number)
        )
    )


def _page_row(batch: BatchId, page: Page) -> dict[str, object]:
    return {
        "batch": batch,
        "number": page.number,
        "width": page.size[0],
        "height": page.size[1],
        "dpi": page.dpi,
        "rotation": page.rotation,
        "engine": page.engine,
        "fingerprint": page.fingerprint,
        "quality": QUALITY.text(page.quality),
        "marks": MARKS.text(page.marks),
        "troubles": TROUBLES.text(page.troubles),
        "words": WORDS.blob(page.words),
    }


def load_pages(
    connection: Connection, batch: BatchId, numbers: Sequence[int]
) -> tuple[Page, ...]:
    """The pages read so far, by number; all when none is named."""
    query = select(pages).where(pages.c.batch == batch).order_by(pages.c.number)
    if not numbers:
        return tuple(_page(row) for row in connection.execute(query))
    return tuple(
        _page(row)
        for some in portions(sorted(set(numbers)))
        for row in connection.execute(query.where(pages.c.number.in_(some)))
    )


def _page(row: AnyRow) -> Page:
    return Page(
        number=row.number,
        size=(row.width, row.height),
        words=WORDS.of_blob(row.words),
        marks=MARKS.of_text(row.marks),
        dpi=row.dpi,
        rotation=row.rotation,
        quality=QUALITY.of_text(row.quality),
        engine=row.engine,
        fingerprint=row.fingerprint,
        troubles=TROUBLES.of_text(row.troubles),
    )


def load_cut(connection: Connection, batch: BatchId) -> Cut | None:
    """The cut as it was kept, with what clerks cut anew; None if there is none yet."""
    row = connection.execute(select(cuts).where(cuts.c.batch == batch)).first()
    if row is None:
        return None
    first = func.min(place.c.number).label("first")
    lying = (
        select(place.c.document, first)
        .where(place.c.batch == batch, place.c.retired.is_(None))
        .group_by(place.c.document)
        .subquery()
    )
    readings = connection.scalars(
        select(documents.c.reading)
        .join(lying, lying.c.document == documents.c.id)
        .order_by(documents.c.position, lying.c.first)
    ).all()
    removed = connection.execute(
        select(place.c.number, place.c.removed_as)
        .where(
            place.c.batch == batch,
            place.c.removed_as.is_not(None),
            place.c.retired.is_(None),
        )
        .order_by(place.c.number)
    )
    return Cut(
        as_lying(connection, [READING.of_blob(blob) for blob in readings]),
        tuple((row.number, row.removed_as) for row in removed),
        row.by,
    )


def keep_cut(
    connection: Connection, batch: BatchId, cut: Cut, now: dt.datetime
) -> None:
    """Write a batch's first cut; raises ValueError if a page is lost or doubled."""
    _check(connection, batch, cut)
    connection.execute(insert(cuts).values(batch=batch, by=cut.by, at=now))
    if cut.readings:
        connection.execute(
            insert(documents),
            [
                {
                    "id": reading.document.id,
                    "batch": batch,
                    "position": position,
                    "reading": READING.blob(reading),
                }
                for position, reading in enumerate(cut.readings)
            ],
        )
    if rows := [*_places(batch, cut)]:
        connection.execute(insert(place), rows)
    note(connection, "cut", cut.by, now, (batch, None))


def _places(batch: BatchId, cut: Cut) -> Iterator[dict[str, object]]:
    for reading in cut.readings:
        for ordinal, number in enumerate(reading.document.pages, start=1):
            yield {
                "batch": batch,
                "number": number,
                "document": reading.document.id,
                "ordinal": ordinal,
                "removed_as": None,
            }
    for number, removed_as in cut.removed:
        yield {
            "batch": batch,
            "number": number,
            "document": None,
            "ordinal": None,
            "removed_as": removed_as,
        }


def _check(connection: Connection, batch: BatchId, cut: Cut) -> None:
    given = sorted(n for r in cut.readings for n in r.document.pages)
    given = sorted([*given, *(number for number, _ in cut.removed)])
    held = connection.scalars(
        select(source_page.c.number)
        .where(source_page.c.batch == batch)
        .order_by(source_page.c.number)
    ).all()
    if given != list(held):
        lost = sorted(set(held) - set(given))
        raise ValueError(
            f"the cut of batch {batch} must place each page once:"
            f" {len(held)} pages, {len(given)} places, without a place {lost[:20]}"
        )
    if any(r.document.batch != batch for r in cut.readings):
        raise ValueError(f"the cut of batch {batch} has another batch's document")


def load_reading(connection: Connection, document: DocumentId) -> Reading:
    """With the pages that it has now. Raises KeyError."""
    blob = connection.scalar(
        select(documents.c.reading).where(documents.c.id == document)
    )
    if blob is None:
        raise KeyError(document)
    return as_lying(connection, [READING.of_blob(blob)])[0]


def as_lying(
    connection: Connection, readings: Sequence[Reading]
) -> tuple[Reading, ...]:
    """Readings with the pages that their documents have now.

    A filed one may have been given others; one that was cut anew keeps what it had.
    """
    found: defaultdict[str, list[int]] = defaultdict(list)
    for some in portions(reading.document.id for reading in readings):
        rows = connection.execute(
            select(place.c.document, place.c.number)
            .where(place.c.document.in_(some), place.c.retired.is_(None))
            .order_by(place.c.document, place.c.ordinal)
        )
        for row in rows:
            found[row.document].append(row.number)
    return tuple(_with_pages(one, found.get(one.document.id, ())) for one in readings)


def _with_pages(reading: Reading, pages: Sequence[int]) -> Reading:
    if not pages or tuple(pages) == reading.document.pages:
        return reading
    return replace(reading, document=replace(reading.document, pages=tuple(pages)))


def portions(values: Iterable[T], size: int = AT_ONCE) -> Iterator[list[T]]:
    """Lists short enough for one query."""
    left = iter(values)
    while some := list(itertools.islice(left, size)):
        yield some
