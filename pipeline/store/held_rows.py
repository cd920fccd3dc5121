"""Rows of answers that their clerk may still take back, and of those taken back.

A held answer stands among the answers, so that nobody is asked again; the worker gets
it when its time is over, and only then does a blind one count as a check.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, delete, exists, func, select

from pipeline.document import DocumentId
from pipeline.store.answers import Answer, Held
from pipeline.store.books import chain, note
from pipeline.store.check_rows import check_by_answer
from pipeline.store.database import upsert
from pipeline.store.desk_table import draft, held_answer
from pipeline.store.packing import ANSWER
from pipeline.store.queue_rows import last_answers, tick_off
from pipeline.store.schema import answer as answers


def hold(connection: Connection, document: DocumentId, until: dt.datetime) -> None:
    """The worker does not get the last answer about this document before ``until``."""
    last = select(func.max(answers.c.seq)).where(answers.c.document == document)
    new = upsert(connection, held_answer).values(
        answer=connection.scalar(last), until=until
    )
    connection.execute(new.on_conflict_do_nothing())  # sent twice: the first one's time


def any_over(connection: Connection, now: dt.datetime) -> bool:
    """Whether the time of any held answer is over."""
    over = exists().where(held_answer.c.until <= now)
    return bool(connection.scalar(select(over)))


def release(connection: Connection, now: dt.datetime) -> None:
    """Give the worker every answer whose time is over; blind ones become checks.

    The drafts that they were written from are not needed any more.
    """
    over = connection.execute(
        select(answers.c.seq, answers.c.document, answers.c.answer)
        .join(held_answer, held_answer.c.answer == answers.c.seq)
        .where(held_answer.c.until <= now)
        .order_by(answers.c.seq)
    ).all()
    for row in over:
        answer = ANSWER.of_text(row.answer)
        check_by_answer(connection, DocumentId(row.document), answer, now)
        connection.execute(delete(draft).where(draft.c.document == row.document))
        connection.execute(delete(held_answer).where(held_answer.c.answer == row.seq))


def held_by(connection: Connection, by: str, now: dt.datetime) -> tuple[Held, ...]:
    """This clerk's answers that may still be taken back, oldest first."""
    rows = connection.execute(
        select(answers.c.document, answers.c.answer, held_answer.c.until)
        .join(held_answer, held_answer.c.answer == answers.c.seq)
        .where(held_answer.c.until > now)
        .order_by(answers.c.seq)
    )
    found = (
        Held(DocumentId(row.document), ANSWER.of_text(row.answer), row.until)
        for row in rows
    )
    return tuple(one for one in found if one.answer.by == by)


def take_back(
    connection: Connection, document: DocumentId, by: str, now: dt.datetime
) -> Answer | None:
    """End this clerk's held answer, or anybody's referral; None: the worker has it."""
    for row in last_answers(connection, document):
        answer = ANSWER.of_text(row.answer)
        if not (row.referred or (row.held and answer.by == by)):
            continue
        connection.execute(delete(held_answer).where(held_answer.c.answer == row.seq))
        tick_off(connection, row.seq, now)
        note(connection, "answer taken back", by, now, (None, document))
        chain(connection, (by, "took back an answer", document), now)
        return answer
    return None
