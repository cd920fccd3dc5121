"""Rows of open reviews that are weighed again, since the patient index is another.

Which wait follows from the rows: open, never answered, and last seen by an index before
its newest change. One that nobody has weighed again was seen when its batch was opened.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    exists,
    func,
    insert,
    or_,
    select,
)

from pipeline.document import BatchId, DocumentId, FiledDocument, Reading, Review
from pipeline.store import worklist_rows
from pipeline.store.books import note
from pipeline.store.catalogue import ToWeigh
from pipeline.store.database import upsert
from pipeline.store.desk_table import referral
from pipeline.store.packing import READING, REVIEW
from pipeline.store.queue_rows import OPEN, open_question
from pipeline.store.record_rows import file as file_version
from pipeline.store.schema import AnyRow, asked, index_change, weighed, weighed_until
from pipeline.store.schema import answer as answers
from pipeline.store.schema import batch as batches
from pipeline.store.schema import document as documents

WEIGHED = "weighed again"  # an event of the history


def next_to_weigh(connection: Connection, after: int) -> ToWeigh | None:
    """The next batch, by order of arrival after ``after``, with reviews to weigh."""
    newest = _newest(connection)
    if newest is None:
        return None
    first = connection.execute(
        _waiting(newest, batches.c.seq, batches.c.id)
        .where(batches.c.seq > after)
        .order_by(batches.c.seq)
        .limit(1)
    ).first()
    if first is None:
        return None
    found = connection.scalars(
        _waiting(newest, documents.c.id)
        .where(batches.c.id == first.id)
        .order_by(documents.c.position)
    )
    due = tuple(DocumentId(document) for document in found)
    return ToWeigh(BatchId(first.id), first.seq, due, newest.seq)


def count_to_weigh(connection: Connection) -> int:
    """How many open reviews wait to be weighed again."""
    newest = _newest(connection)
    if newest is None:
        return 0
    return connection.scalar(_waiting(newest, func.count())) or 0


def _waiting(newest: AnyRow, *columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """These of the reviews of finished batches that are due."""
    return (
        select(*columns)
        .select_from(batches)
        .join(documents, documents.c.batch == batches.c.id)
        .join(asked, asked.c.document == documents.c.id)
        .outerjoin(weighed_until, weighed_until.c.document == documents.c.id)
        .where(batches.c.finished.is_not(None), _due(newest))
    )


def _newest(connection: Connection) -> AnyRow | None:
    return connection.execute(
        select(index_change.c.seq, index_change.c.at)
        .order_by(index_change.c.seq.desc())
        .limit(1)
    ).first()


def _due(newest: AnyRow) -> ColumnElement[bool]:
    """Open, not in a clerk's hands, and last seen by an index before ``newest``."""
    unseen = weighed_until.c.change.is_(None) & (batches.c.opened < newest.at)
    older = weighed_until.c.change < newest.seq
    return OPEN & ~_in_hand() & or_(unseen, older)


def _in_hand() -> ColumnElement[bool]:
    """A clerk said what it is; who referred it to others waits for a better index."""
    said = ~exists().where(referral.c.answer == answers.c.seq)
    return exists().where(answers.c.document == asked.c.document, said)


def keep_weighed(
    connection: Connection,
    reading: Reading,
    review: Review,
    change: int,
    now: dt.datetime,
) -> None:
    """Put the question anew if it is another one; else only mark that it was weighed.

    A document that was settled or answered meanwhile keeps what it has.
    """
    document = reading.document.id
    if not _untouched(connection, document):
        return
    _mark(connection, document, change)
    standing = open_question(connection, document)
    if standing and _asks(standing.reading, standing.review) == _asks(reading, review):
        return
    _keep(connection, reading, review, change, now)


def put_anew(
    connection: Connection, reading: Reading, review: Review, now: dt.datetime
) -> None:
    """Put a question in another way, whatever it was, unless a clerk came first."""
    if _untouched(connection, reading.document.id):
        put_now(connection, reading, review, now)


def put_now(
    connection: Connection, reading: Reading, review: Review, now: dt.datetime
) -> None:
    """Put a question in another way, whoever answered it before."""
    newest = _newest(connection)
    change = newest.seq if newest else 0
    _mark(connection, reading.document.id, change)
    _keep(connection, reading, review, change, now)


def file_weighed(
    connection: Connection,
    reading: Reading,
    new: FiledDocument,
    change: int,
    now: dt.datetime,
) -> bool:
    """File what waited, unless a clerk came first; whether it was filed."""
    if not _untouched(connection, new.document):
        return False
    _keep(connection, reading, None, change, now)
    file_version(connection, new, now)
    return True


def _keep(
    connection: Connection,
    reading: Reading,
    review: Review | None,
    change: int,
    now: dt.datetime,
) -> None:
    document = reading.document.id
    connection.execute(
        insert(weighed).values(
            document=document,
            change=change,
            review=REVIEW.text(review) if review else None,
            reading=READING.blob(reading),
            at=now,
        )
    )
    if review is not None:
        worklist_rows.reworded(connection, document, review)
    note(connection, WEIGHED, f"index change {change}", now, (None, document))


def _untouched(connection: Connection, document: DocumentId) -> bool:
    waits = exists().where(asked.c.document == document, OPEN, ~_in_hand())
    return bool(connection.scalar(select(waits)))


def _mark(connection: Connection, document: DocumentId, change: int) -> None:
    new = upsert(connection, weighed_until).values(document=document, change=change)
    connection.execute(
        new.on_conflict_do_update(
            index_elements=["document"], set_={"change": new.excluded.change}
        )
    )


def _asks(reading: Reading, review: Review) -> tuple[object, ...]:
    """What a clerk would see differ: not the bits, which move with every import."""
    return (
        frozenset(doubt.reason for doubt in review.reasons),
        tuple(found.value.id for found in reading.patients[:1]),
        tuple(found.value for found in reading.dates[:1]),
        tuple(found.value.number for found in reading.encounters[:1]),
        tuple((e.source, e.seen) for e in reading.contradictions),
    )
