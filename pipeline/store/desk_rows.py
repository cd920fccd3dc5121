"""Rows of what clerks have in hand: drafts of answers, notes, and what they referred.

A draft is all that a clerk typed and did not send: it survives a crash, a closed tab
and the lock, and goes when its document is answered. Notes stay.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import delete, exists, insert, select

from pipeline.document import DocumentId
from pipeline.store.answers import Referral
from pipeline.store.books import chain
from pipeline.store.database import Database, upsert, utc_now
from pipeline.store.desk_table import clerk_note, draft, referral
from pipeline.store.packing import ANSWER
from pipeline.store.queue_rows import OPEN
from pipeline.store.schema import answer as answers
from pipeline.store.schema import answered, asked


@dataclass(frozen=True, slots=True)
class Note:
    """What a clerk wrote about a document."""

    note: str = field(repr=False)
    by: str
    at: dt.datetime  # UTC


@dataclass(frozen=True, slots=True)
class Referred:
    """A document that waits for others than the queue's clerks."""

    document: DocumentId
    referral: Referral
    at: dt.datetime  # UTC


class SqlDesk:
    """Drafts, notes and referrals over the catalogue's database."""

    def __init__(
        self, database: Database, clock: Callable[[], dt.datetime] = utc_now
    ) -> None:
        self.database = database
        self._now = clock

    def keep_draft(
        self, document: DocumentId, by: str, fields: Mapping[str, str]
    ) -> None:
        """The clerk's draft of an answer, in place of the one before."""
        values = {"document": document, "by": by, "fields": json.dumps(dict(fields))}
        with self.database.writing() as rows:
            known = select(exists().where(asked.c.document == document, OPEN))
            if not rows.scalar(known):
                return
            new = upsert(rows, draft).values(**values, at=self._now())
            told = {name: new.excluded[name] for name in ("fields", "at")}
            rows.execute(
                new.on_conflict_do_update(index_elements=["document", "by"], set_=told)
            )

    def draft(self, document: DocumentId, by: str) -> dict[str, str]:
        """The clerk's draft; empty where there is none."""
        query = select(draft.c.fields).where(draft.c.document == document)
        with self.database.reading() as rows:
            fields = rows.scalar(query.where(draft.c.by == by))
        return {str(k): str(v) for k, v in json.loads(fields).items()} if fields else {}

    def drop_draft(self, document: DocumentId, by: str) -> None:
        """It is sent, or given up."""
        with self.database.writing() as rows:
            rows.execute(
                delete(draft).where(draft.c.document == document, draft.c.by == by)
            )

    def note(self, document: DocumentId, note: str, by: str) -> None:
        """Keep what a clerk wrote; audited, without the text."""
        now = self._now()
        values = {"document": document, "note": note, "by": by, "at": now}
        with self.database.writing() as rows:
            rows.execute(insert(clerk_note).values(**values))
            chain(rows, (by, "wrote a note", document), now)

    def notes(self, document: DocumentId) -> tuple[Note, ...]:
        """What clerks wrote about a document, oldest first."""
        query = select(clerk_note).where(clerk_note.c.document == document)
        with self.database.reading() as rows:
            found = rows.execute(query.order_by(clerk_note.c.seq)).all()
        return tuple(Note(row.note, row.by, row.at) for row in found)

    def referred(self, to: str) -> tuple[Referred, ...]:
        """What clerks referred to this list and nobody has taken back, oldest first."""
        done = exists().where(answered.c.answer == answers.c.seq)
        later = answers.alias("later_answer")
        last = ~exists().where(
            later.c.document == answers.c.document, later.c.seq > answers.c.seq
        )
        query = (
            select(answers.c.document, answers.c.answer, answers.c.at)
            .join(referral, referral.c.answer == answers.c.seq)
            .join(asked, asked.c.document == answers.c.document)
            .where(referral.c.list == to, ~done, last, OPEN)
            .order_by(answers.c.seq)
        )
        with self.database.reading() as rows:
            found = rows.execute(query).all()
        return tuple(
            Referred(DocumentId(row.document), said, row.at)
            for row in found
            if isinstance(said := ANSWER.of_text(row.answer), Referral)
        )
