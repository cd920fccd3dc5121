"""Rows of pages that clerks turned: what the machine read of them stays as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection, exists, insert, select

from pipeline.document import BatchId
from pipeline.page import QuarterTurn, quarter
from pipeline.store.books import note
from pipeline.store.desk_table import page_turn
from pipeline.store.schema import page as pages


def turns(connection: Connection, batch: BatchId) -> dict[int, QuarterTurn]:
    """How the pages stand that a clerk turned, clockwise; those turned back are out."""
    return {number: turn for (_, number), turn in turned(connection, [batch]).items()}


def turned(
    connection: Connection, some: Sequence[str]
) -> dict[tuple[str, int], QuarterTurn]:
    """The same of several batches, by (batch, page number)."""
    query = select(page_turn).where(page_turn.c.batch.in_(some))
    rows = connection.execute(query.order_by(page_turn.c.seq))
    last = {(str(row.batch), int(row.number)): quarter(row.turn) for row in rows}
    return {page: turn for page, turn in last.items() if turn}


def turn(
    connection: Connection,
    page: tuple[BatchId, int],
    to: QuarterTurn,
    by: str,
    now: dt.datetime,
) -> None:
    """Write down how a page stands; nothing if it stands so. Raises KeyError."""
    batch, number = page
    read = exists().where(pages.c.batch == batch, pages.c.number == number)
    if not connection.scalar(select(read)):
        raise KeyError(page)
    if turns(connection, batch).get(number, 0) == to:
        return
    values = {"batch": batch, "number": number, "turn": to, "by": by, "at": now}
    connection.execute(insert(page_turn).values(**values))
    note(connection, f"turned page {number} to {to} degrees", by, now, (batch, None))
