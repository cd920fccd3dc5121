"""Rows of sessions, of failed sign-ins and of codes that were used.

A session is found by the token of its cookie, of which only the SHA-256 is kept: who
reads the database cannot sign in with it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from pipeline.store.account_schema import failed_sign_in, session, used_code
from pipeline.store.books import chain
from pipeline.store.database import Database, upsert, utc_now
from pipeline.users import Session

FORGOTTEN = dt.timedelta(days=1)  # failures, and sessions that are over, then go


class SqlSessions:
    """The sessions over the catalogue's database. Raises StoreUnavailable."""

    def __init__(
        self, database: Database, clock: Callable[[], dt.datetime] = utc_now
    ) -> None:
        self.database = database
        self.now = clock

    def get(self, token: str) -> Session | None:
        """The session of this cookie, whatever its state."""
        query = select(session).where(session.c.key == digest(token))
        with self.database.reading() as rows:
            row = rows.execute(query).first()
        if row is None:
            return None
        times = (row.began, row.seen, row.passed, row.locked, row.ended)
        return Session(row.key, row.account, row.csrf, *times)

    def begin(
        self, user: str, address: str, *, passed: bool, how: str = "signed in"
    ) -> str:
        """A new session, audited; the token for its cookie. It is told only here."""
        token, now = secrets.token_urlsafe(32), self.now()
        with self.database.writing() as rows:
            rows.execute(delete(session).where(session.c.began < now - FORGOTTEN))
            rows.execute(
                insert(session).values(
                    key=digest(token),
                    account=user,
                    csrf=secrets.token_urlsafe(32),
                    began=now,
                    seen=now,
                    passed=now if passed else None,
                )
            )
            did = how if passed else "gave password"
            chain(rows, (f"clerk {user}", did, f"from {address}"), now)
        return token

    def touch(self, one: Session, every: dt.timedelta) -> None:
        """Its person is at work: the idle time begins again.

        Written down only so often, since a write costs a full sync of the disk.
        """
        if self.now() - one.seen >= every:
            self._set(one, seen=self.now())

    def lock(self, one: Session) -> None:
        """It shows nothing until the password is given."""
        if one.locked is None:
            self._set(one, "locked", locked=self.now())

    def unlock(self, one: Session) -> None:
        self._set(one, "unlocked", locked=None, seen=self.now())

    def end(self, one: Session) -> None:
        if one.ended is None:
            self._set(one, "signed out", ended=self.now())

    def use_code(self, user: str, counter: int) -> bool:
        """Keep that the code of this step was used; False if it was before."""
        with self.database.writing() as rows:
            new = upsert(rows, used_code).values(account=user, counter=counter)
            return rows.execute(new.on_conflict_do_nothing()).rowcount == 1

    def fail(self, name: str, address: str, known: bool) -> None:  # noqa: FBT001 - the caller's only one
        """Keep that a sign-in failed; the audit trail names only users there are."""
        with self.database.writing() as rows:
            now, old = self.now(), failed_sign_in.c.at < self.now() - FORGOTTEN
            rows.execute(delete(failed_sign_in).where(old))
            values = {"name": digest(name), "address": address, "at": now}
            rows.execute(insert(failed_sign_in).values(values))
            who = f"clerk {name}" if known else "nobody"
            chain(rows, (who, "sign-in failed", f"from {address}"), now)

    def failures(
        self, name: str, address: str, since: dt.datetime
    ) -> tuple[int, int, int, dt.datetime | None]:
        """Failures since then: of both, of the address, of the name; and the last."""
        table, late = failed_sign_in.c, failed_sign_in.c.at >= since
        named, there = table.name == digest(name), table.address == address
        query = select(func.count(), func.max(table.at))
        with self.database.reading() as rows:
            [(here, _), (near, last), (of_name, latest)] = (
                rows.execute(query.where(late, *which)).one()
                for which in ((named, there), (there,), (named,))
            )
        moments = [moment for moment in (last, latest) if moment is not None]
        return here, near, of_name, max(moments, default=None)

    def forgive(self, name: str, address: str) -> None:
        """A sign-in succeeded: what this person mistyped here counts no more."""
        table = failed_sign_in.c
        mine = (table.name == digest(name)) & (table.address == address)
        with self.database.writing() as rows:
            rows.execute(delete(failed_sign_in).where(mine))

    def _set(self, one: Session, did: str = "", **what: Any) -> None:  # noqa: ANN401 - columns
        with self.database.writing() as rows:
            rows.execute(update(session).where(session.c.key == one.key).values(what))
            if did:
                chain(rows, (f"clerk {one.user}", did, "session"), self.now())


def digest(text: str) -> str:
    """SHA-256, hex: of a token, or of a name that somebody typed."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
