"""Rows of data entry: keys, which are only added, and the work list over them.

The list holds every live filed version of the types that have a form, from when
somebody first looked for such work; in whose hands one is, is a lease.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from pipeline.document import DocumentId, DocumentType, FiledDocument
from pipeline.entries import OWN_SECOND, Keyed, Wants
from pipeline.store.books import chain
from pipeline.store.database import Database, upsert, utc_now
from pipeline.store.entry_tables import entry_key, entry_work
from pipeline.store.record_rows import LIVE, as_filed
from pipeline.store.schema import AnyRow, filed

OPEN = entry_work.c.wants != "nothing"
_WORK = tuple(entry_work.c[c] for c in ("wants", "finished", "holder", "until"))
OVERLAP = dt.timedelta(hours=1)  # by how much the clocks of two machines may differ


@dataclass(frozen=True, slots=True)
class EntryItem:
    """A filed version that waits to be keyed.

    ``finished`` tells when each person handed it on last (UTC); ``holder`` is "" for
    nobody.
    """

    filed: FiledDocument
    wants: Wants
    finished: Mapping[str, dt.datetime]
    holder: str = ""

    def is_for(self, by: str, now: dt.datetime) -> bool:
        """Whether this person may key it: a second key is another's, or a day later."""
        at = self.finished.get(by)
        return self.wants == "first" or at is None or now - at >= OWN_SECOND


class SqlEntries:
    """Data entry over the catalogue's database. Raises StoreUnavailable."""

    def __init__(
        self, database: Database, clock: Callable[[], dt.datetime] = utc_now
    ) -> None:
        self.database = database
        self.now = clock

    # --- what there is to do

    def gather(self, kinds: Collection[DocumentType]) -> None:
        """Put on the list what was filed since; a look alone where that is nothing."""
        for kind in kinds:
            with self.database.reading() as rows:
                newest = rows.scalar(
                    select(func.max(entry_work.c.filed)).where(
                        entry_work.c.type == kind
                    )
                )
                missing = _missing(kind, newest)
                if rows.scalar(missing.limit(1)) is None:
                    continue
            with self.database.writing() as rows:
                names = ["version", "type", "filed", "wants"]
                new = upsert(rows, entry_work).from_select(names, missing)
                rows.execute(new.on_conflict_do_nothing())

    def waiting(
        self, kinds: Collection[DocumentType], limit: int, after: int = 0
    ) -> list[EntryItem]:
        """Open ones of these types: second keys first, then what was filed first."""
        query = (
            select(filed, *_WORK)
            .join(entry_work, entry_work.c.version == filed.c.id)
            .where(OPEN, entry_work.c.type.in_(kinds), LIVE)
            .order_by(entry_work.c.wants == "first", entry_work.c.filed, filed.c.id)
            .offset(after)
            .limit(limit)
        )
        with self.database.reading() as rows:
            found = rows.execute(query).all()
            return [_item(row, self.now()) for row in found]

    def counts(self, kinds: Collection[DocumentType]) -> dict[DocumentType, int]:
        """How many wait, by type."""
        query = (
            select(entry_work.c.type, func.count())
            .join(filed, filed.c.id == entry_work.c.version)
            .where(OPEN, entry_work.c.type.in_(kinds), LIVE)
            .group_by(entry_work.c.type)
        )
        with self.database.reading() as rows:
            return {DocumentType(kind): many for kind, many in rows.execute(query)}

    def item(self, version: DocumentId) -> EntryItem | None:
        """The item of a live version; None: it is not on the list."""
        query = (
            select(filed, *_WORK)
            .join(entry_work, entry_work.c.version == filed.c.id)
            .where(entry_work.c.version == version, LIVE)
        )
        with self.database.reading() as rows:
            row = rows.execute(query).first()
            return _item(row, self.now()) if row else None

    # --- in whose hands it is

    def take(self, version: DocumentId, by: str, lease: dt.timedelta) -> str:
        """Take it, or hold it longer; who holds it now, "" where it is not open."""
        now = self.now()
        mine = and_(entry_work.c.version == version, OPEN, _free(by, now))
        with self.database.writing() as rows:
            rows.execute(
                update(entry_work).where(mine).values(holder=by, until=now + lease)
            )
            one = select(entry_work.c.holder).where(entry_work.c.version == version)
            return rows.scalar(one.where(OPEN)) or ""

    def release(self, version: DocumentId, by: str) -> None:
        """Give it back."""
        own = and_(entry_work.c.version == version, entry_work.c.holder == by)
        with self.database.writing() as rows:
            rows.execute(update(entry_work).where(own).values(holder=None, until=None))

    # --- what was keyed

    def keep(self, key: Keyed, about: FiledDocument) -> None:
        """Add a key; audited, without its value."""
        told = {"version": key.version, "field": key.field, "row": key.row}
        said = {"value": key.value, "page": key.page, "by": key.by, "at": key.at}
        what = f"{key.version} {key.field}" + (f" row {key.row}" if key.row else "")
        with self.database.writing() as rows:
            rows.execute(insert(entry_key).values(**told, **said))
            whose = about.decision.patient
            chain(rows, (key.by, "keyed field", what), key.at, (whose, "index"))

    def keys(self, version: DocumentId) -> tuple[Keyed, ...]:
        """All keys of a version, oldest first."""
        query = select(entry_key).where(entry_key.c.version == version)
        with self.database.reading() as rows:
            found = rows.execute(query.order_by(entry_key.c.seq)).all()
        return tuple(
            Keyed(
                DocumentId(row.version),
                row.field,
                row._mapping[entry_key.c.row],
                row.value,
                row.page,
                row.by,
                row.at,
            )
            for row in found
        )

    def close(self, version: DocumentId, wants: Wants, by: str) -> None:
        """The person has done what they could; what is wanted next, audited."""
        now = self.now()
        one = entry_work.c.version == version
        with self.database.writing() as rows:
            told = rows.scalar(select(entry_work.c.finished).where(one))
            finished = json.dumps(json.loads(told or "{}") | {by: now.isoformat()})
            values = {"wants": wants, "holder": None, "until": None}
            change = update(entry_work).where(one)
            rows.execute(change.values(finished=finished, **values))
            chain(rows, (by, "keyed", version), now)

    def keyed_since(self, since: dt.datetime) -> Iterator[FiledDocument]:
        """Live versions of which something was keyed since, the first filed first."""
        keyed = exists().where(
            entry_key.c.version == filed.c.id, entry_key.c.at >= since
        )
        query = select(filed).where(keyed, LIVE).order_by(filed.c.filed, filed.c.id)
        with self.database.reading() as rows:
            found = rows.execute(query).all()
        return (as_filed(row) for row in found)


def _missing(kind: DocumentType, newest: dt.datetime | None) -> Select[tuple[str]]:
    known = exists().where(entry_work.c.version == filed.c.id)
    query = select(filed.c.id, filed.c.type, filed.c.filed, literal("first")).where(
        filed.c.type == kind, LIVE, ~known
    )
    return query.where(filed.c.filed >= newest - OVERLAP) if newest else query


def _free(by: str, now: dt.datetime) -> ColumnElement[bool]:
    return or_(
        entry_work.c.holder.is_(None),
        entry_work.c.holder == by,
        entry_work.c.until <= now,
    )


def _item(row: AnyRow, now: dt.datetime) -> EntryItem:
    held = row.holder if row.until and row.until > now else ""
    return EntryItem(as_filed(row), row.wants, _finished(row.finished), held or "")


def _finished(text: str | None) -> dict[str, dt.datetime]:
    told: dict[str, str] = json.loads(text) if text else {}
    return {by: dt.datetime.fromisoformat(at) for by, at in told.items()}
