"""Rows of the work list, written in the transaction that asks, rewords or settles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import Connection, delete, select, update

from pipeline.document import BatchId, DocumentId, Review, ScannedDocument
from pipeline.store.database import upsert
from pipeline.store.packing import SIDECAR
from pipeline.store.schema import batch as batches
from pipeline.store.worklist import FAR, Place
from pipeline.store.worklist_tables import pending_answer, work_item, work_reason


def opened(
    connection: Connection,
    document: ScannedDocument,
    review: Review,
    seq: int,
    now: dt.datetime,
) -> None:
    """A question was asked: it waits, and nobody has ranked it yet."""
    connection.execute(
        upsert(connection, work_item)
        .on_conflict_do_nothing()
        .values(
            document=document.id,
            seq=seq,
            batch=document.batch,
            station=station(connection, document.batch),
            at=now,
            ranked=False,
            place=Place.AGE,
            due=FAR,
            type="",
        )
    )
    _add(connection, document.id, (doubt.reason for doubt in review.reasons))


def reworded(connection: Connection, document: DocumentId, review: Review) -> None:
    """The question is put in another way: its reasons and its rank are others."""
    connection.execute(delete(work_reason).where(work_reason.c.document == document))
    connection.execute(
        update(work_item).where(work_item.c.document == document).values(ranked=False)
    )
    _add(connection, document, (doubt.reason for doubt in review.reasons))


def another_reason(connection: Connection, document: DocumentId, reason: str) -> None:
    """One more reason of an open question; of a settled one nothing is kept."""
    _add(connection, document, (reason,))


def closed(connection: Connection, document: DocumentId) -> None:
    """The document is settled: nothing waits any more."""
    connection.execute(delete(work_item).where(work_item.c.document == document))


def answered(connection: Connection, document: DocumentId, answer: int) -> None:
    """A clerk's answer waits for the worker, and nobody holds the question."""
    new = upsert(connection, pending_answer).values(document=document, answer=answer)
    connection.execute(
        new.on_conflict_do_update(
            index_elements=["document"], set_={"answer": new.excluded.answer}
        )
    )
    connection.execute(
        update(work_item)
        .where(work_item.c.document == document)
        .values(holder=None, until=None, escalated=None)
    )


def carried_out(connection: Connection, answer: int) -> None:
    """The worker is done with it."""
    connection.execute(delete(pending_answer).where(pending_answer.c.answer == answer))


def unranked(connection: Connection) -> None:
    """What orders the list is another: each is ranked again, and stays till then."""
    connection.execute(update(work_item).values(ranked=False))


def station(connection: Connection, batch: BatchId) -> str:
    """Where a batch was scanned, as declared; "" for one that is not there."""
    query = select(batches.c.station, batches.c.sidecar)
    row = connection.execute(query.where(batches.c.id == batch)).first()
    return (SIDECAR.of_text(row.sidecar).station or str(row.station)) if row else ""


def _add(connection: Connection, document: DocumentId, reasons: Iterable[str]) -> None:
    order = select(work_item.c.place, work_item.c.due, work_item.c.seq)
    here = connection.execute(order.where(work_item.c.document == document)).first()
    if here is None:
        return
    values = {"document": document} | dict(here._mapping)
    rows = [values | {"reason": one} for one in dict.fromkeys(reasons)]
    new = upsert(connection, work_reason)
    connection.execute(new.on_conflict_do_nothing(), rows)
