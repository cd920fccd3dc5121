"""Rows of pages that a better scan would help, and of those that have none better.

A clerk's "best possible scan" is an event of its batch's history: nothing is changed
about the page, it is only no longer offered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    delete,
    exists,
    func,
    select,
)

from pipeline.document import BatchId, DocumentId
from pipeline.store.books import chain, note
from pipeline.store.catalogue import PoorScan
from pipeline.store.packing import QUALITY
from pipeline.store.page_rows import portions
from pipeline.store.schema import batch as batches
from pipeline.store.schema import history, place, rejection
from pipeline.store.schema import page as pages
from pipeline.store.worklist_tables import poor_page

_WANTED = (  # where a page must lie to be worth another scan
    place.c.retired.is_(None),
    place.c.document.is_not(None),
    ~exists().where(rejection.c.document == place.c.document),
)
BEST = "best possible scan: page "  # an event of the history, before the number


def best_scans(
    connection: Connection, some: Sequence[str]
) -> frozenset[tuple[str, int]]:
    """(batch, page number) of every page of which a clerk said so."""
    found: set[tuple[str, int]] = set()
    for portion in portions(some):
        rows = connection.execute(
            select(history.c.batch, history.c.event).where(
                history.c.batch.in_(portion), history.c.event.startswith(BEST)
            )
        )
        found |= {(row.batch, int(row.event.removeprefix(BEST))) for row in rows}
    return frozenset(found)


def keep_best_scan(
    connection: Connection, batch: BatchId, number: int, by: str, now: dt.datetime
) -> None:
    """Write it down, once. Raises KeyError for a page that was not read."""
    read = exists().where(pages.c.batch == batch, pages.c.number == number)
    if not connection.scalar(select(read)):
        raise KeyError((batch, number))
    if (batch, number) in best_scans(connection, [batch]):
        return
    here = (poor_page.c.batch == batch) & (poor_page.c.number == number)
    connection.execute(delete(poor_page).where(here))
    note(connection, f"{BEST}{number}", by, now, (batch, None))
    chain(connection, (by, "best possible scan", f"{batch} page {number}"), now)


def poor_scans(connection: Connection) -> tuple[PoorScan, ...]:
    """Pages of documents that are worth another scan, oldest first."""
    rows = connection.execute(
        _poor(pages.c.batch, pages.c.number, pages.c.quality, place)
        .join(pages, _same(pages))
        .join(batches, batches.c.id == poor_page.c.batch)
        .order_by(batches.c.seq, poor_page.c.number)
    )
    return tuple(
        PoorScan(
            BatchId(row.batch),
            row.number,
            DocumentId(row.document),
            row.ordinal,
            QUALITY.of_text(row.quality).again,
        )
        for row in rows
    )


def count_poor(connection: Connection) -> int:
    """How many pages of documents are worth another scan."""
    lies = exists().where(_same(place), *_WANTED)
    query = select(func.count()).select_from(poor_page).where(lies)
    return connection.scalar(query) or 0


def _poor(*columns: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401 - columns or tables
    return (
        select(*columns)
        .select_from(poor_page)
        .join(place, _same(place))
        .where(*_WANTED)
    )


def _same(table: Table) -> ColumnElement[bool]:
    return (table.c.batch == poor_page.c.batch) & (table.c.number == poor_page.c.number)
