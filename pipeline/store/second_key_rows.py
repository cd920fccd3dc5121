"""Rows of keys: answers to one question by several people, that count together.

A first key is an answer that was carried out by asking anew; its question stays open.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import Connection, insert, select

from pipeline.document import Decision, DocumentId, Review
from pipeline.store.books import chain, note
from pipeline.store.database import Database, utc_now
from pipeline.store.desk_table import first_key
from pipeline.store.packing import ANSWER
from pipeline.store.queue_rows import carried_out, last_answers, open_question
from pipeline.store.schema import answer as answers
from pipeline.store.weigh_rows import put_now


class SqlSecondKeys:
    """Keys over the catalogue's database. Raises StoreUnavailable."""

    def __init__(
        self, database: Database, clock: Callable[[], dt.datetime] = utc_now
    ) -> None:
        self.database = database
        self._now = clock

    def of(self, document: DocumentId) -> tuple[tuple[Decision, dt.datetime], ...]:
        """The keys given so far, oldest first, with their moments (UTC)."""
        query = (
            select(answers.c.answer, first_key.c.at)
            .join(answers, answers.c.seq == first_key.c.answer)
            .where(first_key.c.document == document)
            .order_by(first_key.c.answer)
        )
        with self.database.reading() as rows:
            found = rows.execute(query).all()
        return tuple(
            (said, row.at)
            for row in found
            if isinstance(said := ANSWER.of_text(row.answer), Decision)
        )

    def keep(self, document: DocumentId, said: Decision, review: Review) -> bool:
        """Keep an answer as a key and put the question anew; False if it is settled."""
        now = self._now()
        with self.database.writing() as rows:
            waiting = open_question(rows, document)
            seq = _waiting_answer(rows, document, said)
            if waiting is None or seq is None:
                return False
            carried_out(rows, document, said, now)
            rows.execute(
                insert(first_key).values(
                    answer=seq, document=document, by=said.by, at=now
                )
            )
            put_now(rows, waiting.reading, review, now)
            note(rows, "keyed", said.by, now, (None, document))
            chain(rows, (said.by, "keyed", document), now)
            return True


def _waiting_answer(
    connection: Connection, document: DocumentId, said: Decision
) -> int | None:
    """The number of this answer, if it is the last one and waits."""
    for row in last_answers(connection, document):
        if ANSWER.of_text(row.answer) == said:
            return int(row.seq)
    return None
