"""Rows of the index's changes: who made them, and since when the index is true.

Never a name: a list is told by its SHA-256 and the number of its rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import insert, select

from pipeline.store.books import chain
from pipeline.store.database import Database, utc_now
from pipeline.store.schema import index_change

PATIENTS = "imported patients"


@dataclass(frozen=True, slots=True)
class IndexChange:
    """What was done to the index; ``as_of``, UTC, is when a patient list was true."""

    did: str
    by: str
    as_of: dt.datetime | None = None
    rows: int | None = None
    file: str | None = None  # SHA-256 of the list, hex


class SqlIndexChanges:
    """The changes of the patient index, oldest first; only ever added to."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        self._database = database
        self._now = clock

    def keep(self, change: IndexChange) -> int:
        """Write it down, audited; its number. Open reviews are weighed again after."""
        now = self._now()
        with self._database.writing() as rows:
            number: int = rows.execute(
                insert(index_change)
                .values(
                    did=change.did,
                    by=change.by,
                    at=now,
                    as_of=change.as_of,
                    rows=change.rows,
                    file=change.file,
                )
                .returning(index_change.c.seq)
            ).scalar_one()
            chain(rows, (change.by, change.did, f"index change {number}"), now)
        return number

    def as_of(self) -> dt.datetime | None:
        """When the patient list that came in last was true, UTC; None without one.

        Not the newest moment: an older list after a newer one undoes what that knew.
        """
        with self._database.reading() as rows:
            last: dt.datetime | None = rows.scalar(
                select(index_change.c.as_of)
                .where(index_change.c.as_of.is_not(None))
                .order_by(index_change.c.seq.desc())
                .limit(1)
            )
        return last

    def all(self) -> tuple[IndexChange, ...]:
        """Every change, oldest first."""
        with self._database.reading() as rows:
            found = rows.execute(select(index_change).order_by(index_change.c.seq))
            return tuple(
                IndexChange(r.did, r.by, r.as_of, r.rows, r.file) for r in found
            )
