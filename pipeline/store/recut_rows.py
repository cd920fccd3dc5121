"""Rows of documents that a clerk cut anew: one transaction from the old to the new.

An old document keeps its rows and is closed by a rejection that says why; its places
are retired, so that no page lies in two documents. An undoing is one more new cut.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, exists, func, insert, select, update

from pipeline.document import BatchId, DocumentId, Reading, Recut, Review
from pipeline.store.answers import Rejection
from pipeline.store.books import chain, note
from pipeline.store.database import Database, upsert, utc_now
from pipeline.store.desk_table import draft, recut, recut_read
from pipeline.store.packing import NUMBERS, READING, Packing
from pipeline.store.queue_rows import OPEN, ask, last_answers, open_question, reject
from pipeline.store.schema import asked, place
from pipeline.store.schema import document as documents
from pipeline.store.weigh_rows import put_anew

BY_CORRECTION = "corrected what is filed"  # what such a new cut did: it is no cut alone
CLOSED = "cut anew: its pages lie in other documents now"
_Asked = tuple[Reading, Review]


@dataclass(frozen=True, slots=True)
class Kept:
    """A new cut as it was kept: the questions before it, and the documents it made."""

    nth: int
    recut: Recut
    before: tuple[_Asked, ...]
    made: tuple[DocumentId, ...]


_FACTS = Packing(TypeAdapter(tuple[Kept], config=NUMBERS))


class Superseded(Exception):
    """One of the documents was answered, filed or cut by somebody else meanwhile."""


class SqlRecuts:
    """New cuts over the catalogue's database. Raises StoreUnavailable."""

    def __init__(
        self, database: Database, clock: Callable[[], dt.datetime] = utc_now
    ) -> None:
        self.database = database
        self._now = clock

    def keep(self, new: Recut) -> tuple[DocumentId, ...]:
        """The new documents' ids. Raises Superseded, or ValueError for a lost page."""
        with self.database.writing() as rows:
            return keep_recut(rows, new, self._now())

    def last(self, by: str) -> Kept | None:
        """This clerk's last new cut, if it may still be taken back."""
        later = recut.alias("later")
        undone = exists().where(later.c.undoes == recut.c.seq)
        query = (
            select(recut.c.facts)
            .where(recut.c.by == by, recut.c.undoes.is_(None), ~undone)
            .where(recut.c.did != BY_CORRECTION)
            .order_by(recut.c.seq.desc())
            .limit(1)
        )
        with self.database.reading() as rows:
            facts = rows.scalar(query)
            kept = _FACTS.of_text(facts) if facts else None
            if kept is None or not all(_is_free(rows, one) for one in kept.made):
                return None
        return kept

    def by_hand(self) -> frozenset[DocumentId]:
        """The documents that clerks made by cutting; none that an undoing made."""
        query = select(recut.c.facts).where(recut.c.undoes.is_(None))
        with self.database.reading() as rows:
            kept = [_FACTS.of_text(facts) for facts in rows.scalars(query)]
        return frozenset(document for one in kept for document in one.made)

    def unread(self) -> tuple[Kept, ...]:
        """New cuts whose documents the machine has not read, oldest first."""
        read = exists().where(recut_read.c.recut == recut.c.seq)
        query = select(recut.c.facts).where(~read).order_by(recut.c.seq)
        with self.database.reading() as rows:
            return tuple(_FACTS.of_text(facts) for facts in rows.scalars(query))

    def is_read(self, document: DocumentId) -> bool:
        """Whether no new cut waits to be read that made this document."""
        return all(document not in one.made for one in self.unread())

    def keep_read(self, nth: int, asked_now: Sequence[_Asked]) -> None:
        """What the machine makes of its documents; an answered one is left alone."""
        now = self._now()
        with self.database.writing() as rows:
            for reading, review in asked_now:
                put_anew(rows, reading, review, now)
            new = upsert(rows, recut_read).values(recut=nth, at=now)
            rows.execute(new.on_conflict_do_nothing())

    def waiting_of(self, batch: BatchId) -> tuple[tuple[DocumentId, int], ...]:
        """Open documents of a batch with their first pages, in page order."""
        first = func.min(place.c.number).label("first")
        query = (
            select(place.c.document, first)
            .join(asked, asked.c.document == place.c.document)
            .where(place.c.batch == batch, place.c.retired.is_(None), OPEN)
            .group_by(place.c.document)
            .order_by(first)
        )
        with self.database.reading() as rows:
            return tuple(
                (DocumentId(row.document), row.first) for row in rows.execute(query)
            )


def keep_recut(
    rows: Connection, new: Recut, now: dt.datetime
) -> tuple[DocumentId, ...]:
    """The new documents' ids. Raises Superseded, or ValueError for a lost page."""
    before = []
    for document in new.replaced:
        waiting = open_question(rows, document)
        if waiting is None or not _is_free(rows, document):
            raise Superseded(document)
        before.append((waiting.reading, waiting.review))
    _check(rows, new)
    _retire(rows, new, now)
    nth = (rows.scalar(select(func.max(recut.c.seq))) or 0) + 1
    made = tuple(_make(rows, one, (new, nth), now) for one in _in_page_order(new.asked))
    _set_aside(rows, new)
    values = {"seq": nth, "batch": new.batch, "did": new.did, "undoes": new.undoes}
    told = _FACTS.text(Kept(nth, new, tuple(before), made))
    rows.execute(insert(recut).values(**values, facts=told, by=new.by, at=now))
    if new.undoes is not None:  # as the machine, or a clerk, had read them before
        rows.execute(insert(recut_read).values(recut=nth, at=now))
    note(rows, f"cut anew: {new.did}", new.by, now, (new.batch, None))
    chain(rows, (new.by, f"cut anew: {new.did}", f"{new.batch} {nth}"), now)
    return made


def _in_page_order(questions: Sequence[_Asked]) -> list[_Asked]:
    return sorted(questions, key=lambda one: one[0].document.pages[0])


def _is_free(rows: Connection, document: DocumentId) -> bool:
    """Open, and no answer waits for the worker; a referral does not count as one."""
    waits = exists().where(asked.c.document == document, OPEN)
    if not rows.scalar(select(waits)):
        return False
    return all(row.referred for row in last_answers(rows, document))


def _check(rows: Connection, new: Recut) -> None:
    """Raises ValueError unless each page that lay there lies somewhere, once."""
    query = select(place.c.number).where(
        place.c.batch == new.batch, place.c.retired.is_(None)
    )
    there = [*rows.scalars(query.where(place.c.document.in_(new.replaced)))]
    aside = query.where(place.c.removed_as.is_not(None))
    there += rows.scalars(aside.where(place.c.number.in_(new.restored)))
    pages = [n for reading, _ in new.asked for n in reading.document.pages]
    if sorted([*pages, *(number for number, _ in new.removed)]) != sorted(there):
        raise ValueError(f"a new cut of batch {new.batch} must place each page once")


def _retire(rows: Connection, new: Recut, now: dt.datetime) -> None:
    """Take the pages out of where they lay, and close the documents they were."""
    live = (place.c.batch == new.batch) & place.c.retired.is_(None)
    of_these = place.c.document.in_(new.replaced) | place.c.number.in_(new.restored)
    rows.execute(update(place).where(live, of_these).values(retired=now))
    for document in new.replaced:
        reject(rows, document, Rejection(CLOSED, new.by), now)
        rows.execute(delete(draft).where(draft.c.document == document))


def _make(
    rows: Connection, one: _Asked, of: tuple[Recut, int], now: dt.datetime
) -> DocumentId:
    """A new document with its places and its question."""
    (reading, review), (new, nth) = one, of
    pages = reading.document.pages
    id_ = DocumentId(f"{new.batch}-{pages[0]:04d}-c{nth}")
    reading = replace(reading, document=replace(reading.document, id=id_))
    position = rows.scalar(
        select(func.min(documents.c.position)).where(documents.c.id.in_(new.replaced))
    )
    rows.execute(
        insert(documents).values(
            id=id_,
            batch=new.batch,
            position=position if position is not None else pages[0],
            reading=READING.blob(reading),
        )
    )
    places = [
        {"batch": new.batch, "number": n, "document": id_, "ordinal": nth_page}
        for nth_page, n in enumerate(pages, start=1)
    ]
    rows.execute(insert(place), places)
    ask(rows, reading, review, now)
    return id_


def _set_aside(rows: Connection, new: Recut) -> None:
    if new.removed:
        rows.execute(
            insert(place),
            [
                {"batch": new.batch, "number": number, "removed_as": as_}
                for number, as_ in new.removed
            ],
        )
