"""Rows of keys: answers to one question by several people, that count together.

A first key is an answer that was carried out by asking anew; its question stays open.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, func, insert, select

from pipeline.document import Decision, DocumentId, DocumentType, PatientId, Review
from pipeline.store.answers import Rejection
from pipeline.store.books import chain, note
from pipeline.store.database import Database, utc_now
from pipeline.store.desk_table import first_key
from pipeline.store.packing import ANSWER
from pipeline.store.queue_rows import carried_out, last_answers, open_question
from pipeline.store.schema import answer as answers
from pipeline.store.schema import filed, rejection
from pipeline.store.weigh_rows import put_now

LATELY = 2000  # answers, over which the share of second keys is counted
KeyWhy = Literal["risk", "new", "again"]  # again: another one, since two differed
Settling = Decision | Rejection  # an answer that settles its document


@dataclass(frozen=True, slots=True)
class Lately:
    """Of the last LATELY answers: documents, and second keys asked for by reason."""

    documents: int
    risky: int
    new: int


class SqlSecondKeys:
    """Keys over the catalogue's database. Raises StoreUnavailable."""

    def __init__(
        self, database: Database, clock: Callable[[], dt.datetime] = utc_now
    ) -> None:
        self.database = database
        self._now = clock

    def of(self, document: DocumentId) -> tuple[tuple[Settling, dt.datetime], ...]:
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
            if isinstance(said := ANSWER.of_text(row.answer), Decision | Rejection)
        )

    def keep(
        self,
        document: DocumentId,
        said: Settling,
        review: Review,
        why: KeyWhy = "risk",
    ) -> bool:
        """Keep an answer as a key and put the question anew; False if it is settled."""
        now = self._now()
        with self.database.writing() as rows:
            waiting = open_question(rows, document)
            seq = _waiting_answer(rows, document, said)
            if waiting is None or seq is None:
                return False
            carried_out(rows, document, said, now)
            facts = {"document": document, "by": said.by, "at": now, "why": why}
            rows.execute(insert(first_key).values(answer=seq, **facts))
            put_now(rows, waiting.reading, review, now)
            note(rows, "keyed", said.by, now, (None, document))
            chain(rows, (said.by, "keyed", document), now)
            return True

    def outcomes(self, by: str) -> tuple[tuple[Settling, Settling], ...]:
        """Each key of this person with what settled its document, oldest first.

        What is not settled yet is none of them. Where a site has one clerk, the second
        key is theirs too, a day later.
        """
        query = (
            select(
                answers.c.answer,
                filed.c.patient,
                filed.c.type,
                filed.c.by.label("filed_by"),
                rejection.c.reason,
                rejection.c.by.label("rejected_by"),
            )
            .join(first_key, first_key.c.answer == answers.c.seq)
            .outerjoin(
                filed,
                (filed.c.document == first_key.c.document) & (filed.c.version == 1),
            )
            .outerjoin(rejection, rejection.c.document == first_key.c.document)
            .where(first_key.c.by == by)
            .order_by(first_key.c.answer)
        )
        with self.database.reading() as rows:
            found = rows.execute(query).all()
        settled = []
        for row in found:
            said = ANSWER.of_text(row.answer)
            last: Settling | None = None
            if row.filed_by:
                whose, what = PatientId(row.patient), DocumentType(row.type)
                last = Decision(whose, what, None, None, row.filed_by)
            elif row.rejected_by:
                last = Rejection(row.reason, row.rejected_by)
            if last is not None and isinstance(said, Decision | Rejection):
                settled.append((said, last))
        return tuple(settled)

    def lately(self) -> Lately:
        """How much was answered, and how much of it was asked of a second person."""
        with self.database.reading() as rows:
            after = (rows.scalar(select(func.max(answers.c.seq))) or 0) - LATELY
            told = rows.scalar(select(func.count()).where(answers.c.seq > after))
            keys = select(first_key.c.why, func.count()).group_by(first_key.c.why)
            by_why = {
                why: count
                for why, count in rows.execute(keys.where(first_key.c.answer > after))
            }
        risky, new = by_why.get("risk", 0), by_why.get("new", 0)
        documents = (told or 0) - sum(by_why.values())  # each key is one answer more
        return Lately(max(documents, 0), risky, new)


def _waiting_answer(
    connection: Connection, document: DocumentId, said: Settling
) -> int | None:
    """The number of this answer, if it is the last one and waits."""
    for row in last_answers(connection, document):
        if ANSWER.of_text(row.answer) == said:
            return int(row.seq)
    return None
