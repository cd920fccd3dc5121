"""Rows of accounts. Every change is a line of the audit trail, without its secrets."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, exists, insert, select, update

from pipeline.store.account_schema import account, session
from pipeline.store.books import chain
from pipeline.store.database import Database, utc_now
from pipeline.store.schema import AnyRow
from pipeline.users import User


class SqlUsers:
    """The accounts over the catalogue's database. Raises StoreUnavailable."""

    def __init__(
        self, database: Database, clock: Callable[[], dt.datetime] = utc_now
    ) -> None:
        self.database = database
        self._now = clock

    def any(self) -> bool:
        """Whether there is an account: from the first one on the desk asks who."""
        with self.database.reading() as rows:
            return bool(rows.scalar(select(exists().where(account.c.name != ""))))

    def get(self, name: str) -> User | None:
        with self.database.reading() as rows:
            return _get(rows, name)

    def all(self) -> tuple[User, ...]:
        """By name, disabled ones too."""
        with self.database.reading() as rows:
            found = rows.execute(select(account).order_by(account.c.name)).all()
        return tuple(_user(row) for row in found)

    def of_subject(self, subject: str) -> User | None:
        """The account of this person of the house's directory."""
        found = (user for user in self.all() if user.subject == subject != "")
        return next(found, None)

    def add(self, new: User, by: str) -> None:
        """Raises KeyError when the name is taken."""
        with self.database.writing() as rows:
            if _get(rows, new.name):
                raise KeyError(new.name)
            values = {"name": new.name, "made": self._now(), **_values(new)}
            rows.execute(insert(account).values(values))
            chain(rows, (by, "added user", _told(new)), self._now())

    def change(self, name: str, by: str, did: str, **what: Any) -> User:  # noqa: ANN401 - fields of User
        """Change some fields of an account; ``did`` is what the audit trail says.

        Raises KeyError for an unknown name.
        """
        with self.database.writing() as rows:
            old = _get(rows, name)
            if old is None:
                raise KeyError(name)
            new: User = replace(old, **what)
            mine = account.c.name == name
            rows.execute(update(account).where(mine).values(_values(new)))
            chain(rows, (by, did, _told(new)), self._now())
            return new

    def disable(self, name: str, by: str) -> None:
        """It opens nothing from now on, its sessions neither. Raises KeyError."""
        self.change(name, by, "disabled user", disabled=self._now())
        self.sign_out(name, by)

    def sign_out(self, name: str, by: str) -> int:
        """End every session of this account: how many there were."""
        with self.database.writing() as rows:
            mine = (session.c.account == name) & session.c.ended.is_(None)
            ended = rows.execute(
                update(session).where(mine).values(ended=self._now())
            ).rowcount
            if ended:
                chain(rows, (by, "ended sessions", name), self._now())
            return ended


def _get(connection: Connection, name: str) -> User | None:
    row = connection.execute(select(account).where(account.c.name == name)).first()
    return _user(row) if row else None


def _user(row: AnyRow) -> User:
    facts = json.loads(row.facts)
    return User(
        name=row.name,
        roles=tuple(facts["roles"]),
        facilities=tuple(facts["facilities"]),
        restricted=tuple(facts["restricted"]),
        emergency=facts["emergency"],
        subject=facts["subject"],
        one_time=_moment(facts.get("one_time")),
        password=row.password,
        second=row.second,
        disabled=row.disabled,
    )


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _values(user: User) -> dict[str, Any]:
    facts = {
        "roles": user.roles,
        "facilities": user.facilities,
        "restricted": user.restricted,
        "emergency": user.emergency,
        "subject": user.subject,
        "one_time": user.one_time.isoformat() if user.one_time else None,
    }
    return {
        "facts": json.dumps(facts),
        "password": user.password,
        "second": user.second,
        "disabled": user.disabled,
    }


def _told(user: User) -> str:
    """What the audit trail says of an account."""
    parts = (user.roles, user.facilities, user.restricted)
    roles, facilities, restricted = (",".join(part) or "none" for part in parts)
    return f"{user.name} roles {roles} facilities {facilities} restricted {restricted}"
