"""What an account may be made or changed into, at the machine and at the desk."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.access.groups import NAME
from pipeline.errors import InputError
from pipeline.users import EVERY, ROLES, User

ONE_TIME = dt.timedelta(days=3)  # so long a password that another one made opens
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none is taken for another


@dataclass(frozen=True, slots=True)
class Given:
    """What was said of a user; None: nothing."""

    roles: Sequence[str] | None
    facilities: Sequence[str] | None
    restricted: Sequence[str] | None


def fields_of(given: Given, classes: Collection[str]) -> dict[str, Any]:
    """What was said, as fields of a User; raises InputError.

    ``classes`` are the flags of all types.
    """
    said: dict[str, Any] = {}
    if given.roles:
        if wrong := [role for role in given.roles if role not in ROLES]:
            raise InputError(f"{wrong[0]} is no role; there are {', '.join(ROLES)}")
        said["roles"] = tuple(dict.fromkeys(given.roles))
    if given.facilities:
        said["facilities"] = tuple(dict.fromkeys(given.facilities))
    if given.restricted is not None:
        parts = [one for text in given.restricted for one in text.split(",") if one]
        if wrong := [one for one in parts if one not in {*classes, EVERY}]:
            flags = ", ".join(sorted(classes))
            raise InputError(f"{wrong[0]} is no restricted class; there are {flags}")
        said["restricted"] = tuple(dict.fromkeys(parts))
    return said


def new_name(said: str) -> str:
    """A user's name as it is kept; raises InputError."""
    name = said.strip().lower()
    if not NAME.fullmatch(name):
        raise InputError(
            "a user's name begins with a letter and has letters, digits, . _ @ or -"
        )
    return name


def keep_one(users: Iterable[User], user: User) -> None:
    """Raises InputError where nobody else could give anybody anything."""
    others = any(
        "administrator" in other.roles and other.disabled is None
        for other in users
        if other.name != user.name
    )
    if "administrator" in user.roles and user.disabled is None and not others:
        raise InputError(f"{user.name} is the last administrator: add another first")


def one_time_password() -> str:
    """To be read aloud or written down, and exchanged at the first sign-in; 79 bits."""
    return "-".join(
        "".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4)
    )
