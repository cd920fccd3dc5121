"""Rows of the clerk's queue: what was asked, what was answered, what was rejected.

A question is open while its document is neither filed nor rejected: nothing closes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, insert, select
from sqlalchemy.orm import aliased

from pipeline.document import Decision, DocumentId, Doubt, Reading, Review
from pipeline.store import worklist_rows
from pipeline.store.answers import Answer, Referral, Rejection
from pipeline.store.books import chain, note
from pipeline.store.catalogue import Waiting
from pipeline.store.desk_table import held_answer, referral
from pipeline.store.packing import ANSWER, READING, REVIEW
from pipeline.store.page_rows import load_reading
from pipeline.store.schema import (
    AnyRow,
    answered,
    asked,
    filed,
    history,
    rejection,
    weighed,
)
from pipeline.store.schema import answer as answers
from pipeline.store.schema import document as documents
from pipeline.store.worklist_tables import pending_answer

FAILED = "failed: "  # an event of the history, before its reason
AT_ONCE = 50  # questions read in one go
_later = aliased(weighed, name="later_weighed")
LAST = ~exists().where(  # of ``weighed``: how a question is put now
    _later.c.document == weighed.c.document, _later.c.seq > weighed.c.seq
)
OPEN = ~(
    exists().where(filed.c.document == asked.c.document)
    | exists().where(rejection.c.document == asked.c.document)
)


def ask(
    connection: Connection, reading: Reading, review: Review, now: dt.datetime
) -> None:
    """Put a question on the desk. Raises KeyError for a document of no cut."""
    document = reading.document.id
    same = load_reading(connection, document) == reading
    new = connection.execute(
        insert(asked).values(
            document=document,
            review=REVIEW.text(review),
            reading=None if same else READING.blob(reading),
            at=now,
        )
    )
    [seq] = new.inserted_primary_key or (0,)
    worklist_rows.opened(connection, reading.document, review, seq, now)
    note(connection, "asked", "rules", now, (None, document))


def open_questions(connection: Connection, after: int) -> list[tuple[int, Waiting]]:
    """The next questions after a position in the queue, with their positions."""
    rows = connection.execute(
        questions().where(asked.c.seq > after).order_by(asked.c.seq).limit(AT_ONCE)
    )
    return [(row.seq, as_waiting(row)) for row in rows]


def open_question(connection: Connection, document: DocumentId) -> Waiting | None:
    """The open question about this document."""
    row = connection.execute(questions().where(asked.c.document == document)).first()
    return as_waiting(row) if row else None


def questions() -> Select[Any]:
    """Every open question with its reading, reasons and last failure."""
    return (
        select(
            asked.c.seq,
            func.coalesce(weighed.c.review, asked.c.review).label("review"),
            asked.c.at,
            func.coalesce(
                weighed.c.reading, asked.c.reading, documents.c.reading
            ).label("reading"),
            _last_failure(history.c.document == asked.c.document)
            .scalar_subquery()
            .label("failed"),
        )
        .join(documents, documents.c.id == asked.c.document)
        .outerjoin(weighed, (weighed.c.document == asked.c.document) & LAST)
        .where(OPEN)
    )


def as_waiting(row: AnyRow) -> Waiting:
    """The question with its reasons, and why its last answer failed, if one did."""
    review = REVIEW.of_text(row.review)
    failed = str(row.failed or "").removeprefix(FAILED)
    if failed and failed not in [doubt.reason for doubt in review.reasons]:
        review = replace(review, reasons=(*review.reasons, Doubt(failed)))
    return Waiting(READING.of_blob(row.reading), review, row.at)


def keep_answer(
    connection: Connection, document: DocumentId, answer: Answer, now: dt.datetime
) -> None:
    """Write down a clerk's answer. Raises KeyError for an unknown document."""
    load_reading(connection, document)
    if pending(connection, document) == answer:
        return
    new = connection.execute(
        insert(answers).values(document=document, answer=ANSWER.text(answer), at=now)
    )
    [seq] = new.inserted_primary_key or (0,)
    worklist_rows.answered(connection, document, seq)
    if isinstance(answer, Referral):
        connection.execute(insert(referral).values(answer=seq, list=answer.to))
    note(connection, "answered", answer.by, now, (None, document))
    whose = answer.patient if isinstance(answer, Decision) else ""
    chain(connection, (answer.by, "answered", document), now, (whose, ""))


def waiting_answers(
    connection: Connection, *, due: bool = False
) -> tuple[tuple[DocumentId, Answer], ...]:
    """The last answer to each document, unless it was carried out; oldest first.

    ``due``: only those that the worker is to carry out, neither held nor referred.
    """
    return tuple(
        (DocumentId(row.document), ANSWER.of_text(row.answer))
        for row in last_answers(connection)
        if not (due and (row.held or row.referred))
    )


def pending(connection: Connection, document: DocumentId) -> Answer | None:
    """The answer about this document that is not carried out yet."""
    last = next(last_answers(connection, document), None)
    return ANSWER.of_text(last.answer) if last else None


def last_answers(
    connection: Connection, document: DocumentId | None = None
) -> Iterator[AnyRow]:
    """The last answer to each document, or to one, if it is not carried out yet."""
    held, referred = (
        exists().where(table.c.answer == answers.c.seq)
        for table in (held_answer, referral)
    )
    query = (
        select(
            answers.c.seq,
            answers.c.document,
            answers.c.answer,
            held.label("held"),
            referred.label("referred"),
        )
        .join(pending_answer, pending_answer.c.answer == answers.c.seq)
        .order_by(answers.c.seq)
    )
    if document is not None:
        query = query.where(pending_answer.c.document == document)
    yield from connection.execute(query).all()


def tick_off(connection: Connection, answer: int, now: dt.datetime) -> None:
    """The answer with this number waits no longer: carried out, or taken back."""
    connection.execute(insert(answered).values(answer=answer, at=now))
    worklist_rows.carried_out(connection, answer)


def carried_out(
    connection: Connection, document: DocumentId, answer: Answer, now: dt.datetime
) -> None:
    """Tick off the clerk's last answer if it is this one; a newer one still waits.

    A referral is done with whatever settles its document.
    """
    for row in last_answers(connection, document):
        if row.referred or ANSWER.of_text(row.answer) == answer:
            tick_off(connection, row.seq, now)


def put_back(
    connection: Connection,
    document: DocumentId,
    answer: Answer,
    why: tuple[str, dt.datetime],
) -> None:
    """Tick off an answer that failed; its reason is told with the question."""
    reason, now = why
    carried_out(connection, document, answer, now)
    worklist_rows.another_reason(connection, document, reason)
    note(connection, FAILED + reason, answer.by, now, (None, document))
    chain(connection, (answer.by, "answer failed", document), now)


def failure(connection: Connection, document: DocumentId) -> str:
    """Why the last answer that failed could not be carried out; "" for none."""
    said = connection.scalar(_last_failure(history.c.document == document))
    return str(said or "").removeprefix(FAILED)


def _last_failure(whose: ColumnElement[bool]) -> Select[Any]:
    return (
        select(history.c.event)
        .where(whose, history.c.event.startswith(FAILED))
        .order_by(history.c.seq.desc())
        .limit(1)
    )


def reject(
    connection: Connection,
    document: DocumentId,
    rejected: Rejection,
    now: dt.datetime,
) -> None:
    """Reject a document's pages, once; a filed one stays filed. Raises KeyError."""
    load_reading(connection, document)
    carried_out(connection, document, rejected, now)
    settled = exists().where(filed.c.document == document) | exists().where(
        rejection.c.document == document
    )
    if connection.scalar(select(settled)):
        return
    connection.execute(
        insert(rejection).values(
            document=document, reason=rejected.reason, by=rejected.by, at=now
        )
    )
    worklist_rows.closed(connection, document)
    note(connection, "rejected", rejected.by, now, (None, document))
    chain(connection, (rejected.by, "rejected", document), now)
