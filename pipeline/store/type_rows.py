"""Rows of the type registry: what a site says of its types of paper, change by change.

What holds of a type is its last row. A row is never changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from pipeline.document import DocumentType, TypeFacts
from pipeline.store import worklist_rows
from pipeline.store.books import chain
from pipeline.store.database import Database, utc_now
from pipeline.store.packing import TYPE
from pipeline.store.schema import type_change


@dataclass(frozen=True, slots=True)
class TypeChange:
    """One change of a type: what it made of it, what was done, by whom and when."""

    facts: TypeFacts
    did: str  # "imported", "added", "mapped", "retired"
    by: str
    at: dt.datetime  # UTC


class SqlTypes:
    """The registry over the catalogue's database. Raises StoreUnavailable."""

    def __init__(
        self, database: Database, clock: Callable[[], dt.datetime] = utc_now
    ) -> None:
        self.database = database
        self._now = clock

    def keep(
        self, types: Iterable[TypeFacts], did: str, by: str
    ) -> tuple[DocumentType, ...]:
        """Write those that differ from what stands, in one transaction; their keys.

        Each is a line of the audit trail.
        """
        with self.database.writing() as rows:
            standing = {one.key: one for one in _all(rows)}
            changed = {t.key: t for t in types if standing.get(t.key) != t}
            now = self._now()
            for key, facts in changed.items():
                values = {"key": key, "facts": TYPE.text(facts), "did": did}
                rows.execute(insert(type_change).values(**values, by=by, at=now))
                chain(rows, (by, f"{did} type", key), now)
            if changed:  # a type may be STAT now, or no longer
                worklist_rows.unranked(rows)
        return tuple(changed)

    def current(self) -> tuple[TypeFacts, ...]:
        """Every type that the site ever spoke of, as it stands, by key."""
        with self.database.reading() as rows:
            return _all(rows)

    def newest(self) -> int:
        """A number that grows with every change; 0 before the first."""
        with self.database.reading() as rows:
            return rows.scalar(select(func.max(type_change.c.seq))) or 0

    def history(self, key: DocumentType) -> tuple[TypeChange, ...]:
        """Every change of one type, oldest first."""
        query = select(type_change).where(type_change.c.key == key)
        with self.database.reading() as rows:
            return tuple(
                TypeChange(TYPE.of_text(row.facts), row.did, row.by, row.at)
                for row in rows.execute(query.order_by(type_change.c.seq))
            )


def _all(connection: Connection) -> tuple[TypeFacts, ...]:
    last = select(func.max(type_change.c.seq)).group_by(type_change.c.key)
    query = select(type_change.c.facts).where(type_change.c.seq.in_(last))
    found = connection.scalars(query.order_by(type_change.c.key))
    return tuple(TYPE.of_text(facts) for facts in found)
