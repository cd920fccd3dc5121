"""Rows of what clerks set right, and of the papers that may be wrong as that one was.

That something was set right is an event of its document's history; the papers are found
by their batch, and by the patient and the type that was suggested.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Select, exists, func, select

from pipeline.document import DocumentId, FiledDocument, Reading
from pipeline.store.books import note
from pipeline.store.database import Database, utc_now
from pipeline.store.packing import READING
from pipeline.store.page_rows import as_lying, portions
from pipeline.store.queue_rows import LAST
from pipeline.store.record_rows import LIVE, as_filed
from pipeline.store.schema import (
    asked,
    filed,
    history,
    place,
    rejection,
    weighed,
)
from pipeline.store.schema import document as documents
from pipeline.store.worklist_tables import pending_answer, work_item

MOST = 200  # papers of each kind that are looked at, the newest first
FIELDS = ("patient", "type", "date", "pages")
_EVENT = "set right: "  # an event of the history, before the fields
_EVENTS: dict[str, tuple[str, ...]] = {
    _EVENT + ", ".join(some): some
    for many in range(1, len(FIELDS) + 1)
    for some in itertools.combinations(FIELDS, many)
}


@dataclass(frozen=True, slots=True)
class Righted:
    """What a clerk set right of one document, and when (UTC)."""

    document: DocumentId
    fields: tuple[str, ...]
    at: dt.datetime


class SqlSiblings:
    """What was set right, over the catalogue's database. Raises StoreUnavailable."""

    def __init__(
        self, database: Database, clock: Callable[[], dt.datetime] = utc_now
    ) -> None:
        self.database = database
        self._now = clock

    def keep(self, document: DocumentId, by: str, fields: Collection[str]) -> None:
        """A clerk said otherwise than was suggested; no fields are nothing."""
        told = _EVENT + ", ".join(one for one in FIELDS if one in fields)
        if told in _EVENTS:
            with self.database.writing() as rows:
                note(rows, told, by, self._now(), (None, document))

    def fields_of(self, document: DocumentId) -> tuple[str, ...]:
        """What was set right of this document; () for nothing."""
        query = select(history).where(
            history.c.document == document, history.c.event.in_(_EVENTS)
        )
        with self.database.reading() as rows:
            found = rows.execute(query).all()
        named = {one for row in found for one in _EVENTS[row.event]}
        return tuple(one for one in FIELDS if one in named)

    def by(self, clerk: str, within: dt.timedelta) -> tuple[Righted, ...]:
        """What this clerk set right lately, the newest first."""
        query = select(history).where(
            history.c.event.in_(_EVENTS),
            history.c.at >= self._now() - within,
            history.c.by == clerk,
        )
        with self.database.reading() as rows:
            found = rows.execute(query.order_by(history.c.seq.desc())).all()
        return tuple(
            Righted(DocumentId(row.document), _EVENTS[row.event], row.at)
            for row in found
        )

    def alike(
        self, wrong: Reading, fields: Collection[str]
    ) -> Iterator[tuple[Reading, FiledDocument | None]]:
        """Papers that may share its cause: filed, or (None) waiting without an answer.

        Of its batch, and by the patient and the type that were suggested for it.
        """
        with self.database.reading() as rows:
            ids = {one for query in _ways(wrong, fields) for one in rows.scalars(query)}
            ids.discard(wrong.document.id)
            found = [p for some in portions(sorted(ids)) for p in _papers(rows, some)]
        yield from found


def _ways(wrong: Reading, fields: Collection[str]) -> Iterator[Select[str]]:
    """How candidates are found; each by an index, and the newest of many."""
    batch = select(place.c.document).where(
        place.c.batch == wrong.document.batch,
        place.c.document.is_not(None),
        place.c.retired.is_(None),
    )
    yield batch.distinct()
    record, waits = select(filed.c.document).where(LIVE), select(work_item.c.document)
    newest = (filed.c.filed.desc(), work_item.c.seq.desc())
    if "patient" in fields and wrong.patients:
        whose = wrong.patients[0].value.id
        record_of = record.where(filed.c.patient == whose)
        yield record_of.order_by(newest[0]).limit(MOST)
        waits_of = waits.where(work_item.c.patient == whose)
        yield waits_of.order_by(newest[1]).limit(MOST)
    if not {"type", "date", "pages"}.isdisjoint(fields) and wrong.types:
        kind = wrong.types[0].value
        yield record.where(filed.c.type == kind).order_by(newest[0]).limit(MOST)
        yield waits.where(work_item.c.type == kind).order_by(newest[1]).limit(MOST)


def _papers(
    rows: Connection, some: Sequence[str]
) -> Iterator[tuple[Reading, FiledDocument | None]]:
    """Of these what lies in a record, and what waits without an answer."""
    live = {
        row.document: as_filed(row)
        for row in rows.execute(select(filed).where(filed.c.document.in_(some), LIVE))
    }
    gone = exists().where(rejection.c.document == documents.c.id)
    kept = exists().where(pending_answer.c.document == documents.c.id)
    once = exists().where(filed.c.document == documents.c.id)
    query = (
        select(
            documents.c.id,
            asked.c.seq,
            once.label("once"),
            func.coalesce(
                weighed.c.reading, asked.c.reading, documents.c.reading
            ).label("reading"),
        )
        .outerjoin(asked, asked.c.document == documents.c.id)
        .outerjoin(weighed, (weighed.c.document == documents.c.id) & LAST)
        .where(documents.c.id.in_(some), ~gone, ~kept)
        .order_by(documents.c.id)
    )
    for row in rows.execute(query).all():
        if row.id in live:
            [reading] = as_lying(rows, [READING.of_blob(row.reading)])
            yield reading, live[row.id]
        elif row.seq is not None and not row.once:
            yield READING.of_blob(row.reading), None
