"""Rows of filed documents that get other pages: a split, a better scan, and back.

A page of another batch is lent first: the batch of the document lists it as one more
page of its own, with the same original and what the machine read of it. So the pages
of a document stay pages of one batch, and each listing lies in one place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Connection, exists, func, insert, select, update

from pipeline.document import BatchId, DocumentId, Relaid, Removed, ScannedDocument
from pipeline.store.books import chain, note
from pipeline.store.database import Database, utc_now
from pipeline.store.page_rows import keep_pages, load_pages, load_reading, portions
from pipeline.store.record_rows import LIVE
from pipeline.store.recut_rows import Superseded, keep_recut
from pipeline.store.relaid_tables import is_lent, lent_page, version_pages
from pipeline.store.schema import (
    AnyRow,
    batch_file,
    filed,
    place,
    rejection,
    source_page,
)
from pipeline.store.schema import batch as batches
from pipeline.store.turn_rows import turn, turns
from pipeline.store.worklist_tables import work_item

_At = tuple[BatchId, int]


@dataclass(frozen=True, slots=True)
class Scan:
    """A page that may be a better scan of another: the ``nth`` of a document."""

    document: DocumentId
    nth: int
    batch: BatchId
    number: int


class SqlRelaid:
    """Which pages older versions had, and lent pages. Raises StoreUnavailable."""

    def __init__(
        self, database: Database, clock: Callable[[], dt.datetime] = utc_now
    ) -> None:
        self.database = database
        self._now = clock

    def lend(self, page: _At, to: BatchId, by: str) -> int:
        """The page's number in that batch, once. Raises KeyError if it is not read."""
        with self.database.writing() as rows:
            return _lend(rows, page, to, (by, self._now()))

    def before(self, document: DocumentId) -> tuple[int, ...]:
        """The pages it had before they were last changed; () if they never were."""
        query = (
            select(version_pages.c.pages)
            .join(filed, filed.c.id == version_pages.c.version)
            .where(filed.c.document == document)
            .order_by(filed.c.version.desc())
            .limit(1)
        )
        with self.database.reading() as rows:
            return _numbers(rows.scalar(query))

    def counts(self, document: DocumentId) -> dict[DocumentId, int]:
        """How many pages each version has that has not those of the document now."""
        query = (
            select(version_pages)
            .join(filed, filed.c.id == version_pages.c.version)
            .where(filed.c.document == document)
        )
        with self.database.reading() as rows:
            return {
                DocumentId(row.version): len(_numbers(row.pages))
                for row in rows.execute(query)
            }

    def scans_after(self, batch: BatchId, limit: int) -> tuple[Scan, ...]:
        """Pages of documents that wait and came in later than this batch, newest first.

        One of them is the better scan, if somebody has scanned a sheet again.
        """
        since = select(batches.c.seq).where(batches.c.id == batch).scalar_subquery()
        query = (
            select(place.c.document, place.c.ordinal, place.c.batch, place.c.number)
            .join(work_item, work_item.c.document == place.c.document)
            .join(batches, batches.c.id == place.c.batch)
            .where(place.c.retired.is_(None), batches.c.seq > since)
            .order_by(batches.c.seq.desc(), place.c.number)
            .limit(limit)
        )
        with self.database.reading() as rows:
            return tuple(Scan(*row) for row in rows.execute(query))


# --- lending


def _lend(rows: Connection, page: _At, to: BatchId, at: tuple[str, dt.datetime]) -> int:
    page = _first(rows, page)
    if page[0] == to:
        return page[1]
    if there := _lent_as(rows, page, to):
        return there
    read = load_pages(rows, page[0], (page[1],))
    last = select(func.max(source_page.c.number)).where(source_page.c.batch == to)
    number = int(rows.scalar(last) or 0) + 1
    source = _source(rows, page)
    if source is None or not read:
        raise KeyError(page)
    row = {"batch": to, "number": number, "file": _file(rows, source, to)}
    rows.execute(insert(source_page).values(**row, page=source.page))
    keep_pages(rows, to, (replace(read[0], number=number),))
    by, now = at
    turn(rows, (to, number), turns(rows, page[0]).get(page[1], 0), by, now)
    _put_aside(rows, (to, number), "duplicate")
    rows.execute(
        insert(lent_page).values(
            batch=to,
            number=number,
            from_batch=page[0],
            from_number=page[1],
            by=by,
            at=now,
        )
    )
    what = f"{page[0]} page {page[1]} is {to} page {number}"
    note(rows, f"lent as page {number}", by, now, (to, None))
    chain(rows, (by, "lent a page", what), now)
    return number


def _lent_as(rows: Connection, page: _At, to: BatchId) -> int | None:
    query = select(lent_page.c.number).where(
        lent_page.c.batch == to,
        lent_page.c.from_batch == page[0],
        lent_page.c.from_number == page[1],
    )
    return rows.scalar(query)


def _source(rows: Connection, page: _At) -> AnyRow | None:
    """Its file and its place in that, by what the file's own batch says."""
    query = (
        select(source_page.c.page, batch_file)
        .join(
            batch_file,
            (batch_file.c.batch == source_page.c.batch)
            & (batch_file.c.position == source_page.c.file),
        )
        .where(source_page.c.batch == page[0], source_page.c.number == page[1])
    )
    return rows.execute(query).first()


def _file(rows: Connection, source: AnyRow, to: BatchId) -> int:
    """The file's position in the other batch: one listing for all pages of it."""
    here = exists().where(
        source_page.c.batch == batch_file.c.batch,
        source_page.c.file == batch_file.c.position,
        is_lent(source_page),
    )
    own = batch_file.c.batch == to
    there = rows.scalar(
        select(batch_file.c.position).where(own, batch_file.c.key == source.key, here)
    )
    if there is not None:
        return int(there)
    last = rows.execute(select(func.max(batch_file.c.position)).where(own)).scalar_one()
    rows.execute(
        insert(batch_file).values(
            batch=to,
            position=last + 1,
            name=source.name,
            key=source.key,
            size=source.size,
        )
    )
    return int(last) + 1


# --- laying


def homes(
    rows: Connection, batch: BatchId, numbers: Sequence[int]
) -> tuple[tuple[BatchId, int, DocumentId | None], ...]:
    """Where these pages lie, by every batch that lists them; None: set aside."""
    listings = _listings(rows, batch, numbers)
    lying: dict[_At, DocumentId] = {}
    for listing in {page[0] for page in listings}:
        for some in portions(page[1] for page in listings if page[0] == listing):
            there = rows.execute(
                select(place.c.number, place.c.document)
                .where(place.c.batch == listing, place.c.number.in_(some))
                .where(place.c.retired.is_(None), place.c.document.is_not(None))
            )
            for row in there:
                lying[listing, row.number] = DocumentId(row.document)
    return tuple((*page, lying.get(page)) for page in listings)


def lay(
    rows: Connection, document: DocumentId, relaid: Relaid, by: str, now: dt.datetime
) -> None:
    """Give a filed document its pages. Raises Superseded if others were quicker.

    What it loses is set aside, and taken from there by a new cut that wants it.
    """
    paper = load_reading(rows, document).document
    batch, before = paper.batch, paper.pages
    _keep_versions(rows, paper)
    _retire(rows, place.c.document == document, now)
    for number in before:
        if number not in relaid.pages:
            _put_aside(rows, (batch, number), "replaced")
    for recut in relaid.recuts:
        keep_recut(rows, recut, now)
    new = [number for number in relaid.pages if number not in before]
    for page in _listings(rows, batch, new):
        _set_free(rows, page, now)
    _retire(rows, (place.c.batch == batch) & place.c.number.in_(new), now)
    lying = [
        {"batch": batch, "number": number, "document": document, "ordinal": nth}
        for nth, number in enumerate(relaid.pages, 1)
    ]
    rows.execute(insert(place), lying)
    note(rows, "given other pages", by, now, (None, document))


def _listings(rows: Connection, batch: BatchId, numbers: Sequence[int]) -> list[_At]:
    """These pages, each as every batch lists it that has it."""
    here = rows.execute(select(lent_page).where(lent_page.c.batch == batch))
    came = {row.number: (BatchId(row.from_batch), row.from_number) for row in here}
    firsts = [came.get(number, (batch, number)) for number in numbers]
    lenders = {page[0] for page in firsts}
    lent = rows.execute(select(lent_page).where(lent_page.c.from_batch.in_(lenders)))
    known = set(firsts)
    return firsts + [
        (BatchId(row.batch), row.number)
        for row in lent
        if (row.from_batch, row.from_number) in known
    ]


def _first(rows: Connection, page: _At) -> _At:
    """Where a page came in: itself, unless it was lent."""
    lender = rows.execute(
        select(lent_page.c.from_batch, lent_page.c.from_number).where(
            lent_page.c.batch == page[0], lent_page.c.number == page[1]
        )
    ).first()
    return (BatchId(lender.from_batch), lender.from_number) if lender else page


def _set_free(rows: Connection, page: _At, now: dt.datetime) -> None:
    """Set a page aside that lies in what was rejected or retracted."""
    document = rows.scalar(select(place.c.document).where(_there(page)))
    if document is None:
        return
    live = exists().where(filed.c.document == document, LIVE)
    gone = exists().where(filed.c.document == document) | exists().where(
        rejection.c.document == document
    )
    if rows.scalar(select(live)) or not rows.scalar(select(gone)):
        raise Superseded(document)
    _keep_versions(rows, load_reading(rows, document).document)
    _retire(rows, _there(page), now)
    _put_aside(rows, page, "duplicate")


def _keep_versions(rows: Connection, paper: ScannedDocument) -> None:
    """Write down which pages the versions have of which that is not written yet."""
    known = exists().where(version_pages.c.version == filed.c.id)
    query = select(filed.c.id).where(filed.c.document == paper.id, ~known)
    told = " ".join(map(str, paper.pages))
    new = [{"version": version, "pages": told} for version in rows.scalars(query)]
    if new:
        rows.execute(insert(version_pages), new)


def _there(page: _At) -> ColumnElement[bool]:
    """Where this page lies now."""
    here = (place.c.batch == page[0]) & (place.c.number == page[1])
    return here & place.c.retired.is_(None)


def _retire(rows: Connection, which: ColumnElement[bool], now: dt.datetime) -> None:
    lying = update(place).where(which, place.c.retired.is_(None))
    rows.execute(lying.values(retired=now))


def _put_aside(rows: Connection, page: _At, as_: Removed) -> None:
    values = {"batch": page[0], "number": page[1], "removed_as": as_}
    rows.execute(insert(place).values(**values))


def _numbers(text: str | None) -> tuple[int, ...]:
    return tuple(map(int, (text or "").split()))
