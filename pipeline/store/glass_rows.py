"""Rows of broken glasses: who saw, with which reason, what was closed to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import insert, select

from pipeline.store.account_schema import glass
from pipeline.store.books import chain
from pipeline.store.database import Database, utc_now
from pipeline.store.schema import AnyRow
from pipeline.users import Glass


class SqlGlasses:
    """The broken glasses over the catalogue's database. Raises StoreUnavailable."""

    def __init__(
        self, database: Database, clock: Callable[[], dt.datetime] = utc_now
    ) -> None:
        self.database = database
        self._now = clock

    def smash(self, user: str, opened: str, reason: str, last: dt.timedelta) -> Glass:
        """Open a document's or a patient's id to this person for a time, audited."""
        now = self._now()
        with self.database.writing() as rows:
            values = {"account": user, "opened": opened, "reason": reason}
            made = rows.execute(
                insert(glass).values(**values, at=now, until=now + last)
            ).inserted_primary_key
            number = int(made[0]) if made else 0
            chain(
                rows,
                (f"clerk {user}", "broke glass", opened),
                now,
                ("", purpose(number)),
            )
        return Glass(number, user, opened, reason, now, now + last)

    def open_for(self, user: str) -> tuple[Glass, ...]:
        """Those of this person that are open now."""
        mine = (glass.c.account == user) & (glass.c.until > self._now())
        with self.database.reading() as rows:
            found = rows.execute(select(glass).where(mine).order_by(glass.c.seq)).all()
        return tuple(_glass(row) for row in found)

    def newest(self, limit: int) -> tuple[Glass, ...]:
        """Of everybody, the newest first."""
        query = select(glass).order_by(glass.c.seq.desc()).limit(limit)
        with self.database.reading() as rows:
            return tuple(_glass(row) for row in rows.execute(query))


def purpose(number: int) -> str:
    """What the audit trail says of a look through a broken glass."""
    return f"emergency, glass {number}"


def _glass(row: AnyRow) -> Glass:
    return Glass(row.seq, row.account, row.opened, row.reason, row.at, row.until)
