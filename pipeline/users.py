"""Who may sit at the desk: accounts, their sessions, and a glass that was broken."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal, get_args

Role = Literal[
    "station",
    "clerk",
    "senior_clerk",
    "release",
    "supervisor",
    "auditor",
    "administrator",
]
ROLES: tuple[Role, ...] = get_args(Role)
CLERK = "clerk "  # before a name, as the books name a person
EVERY = "*"  # in a list: each facility, or each restricted class, also later ones


@dataclass(frozen=True, slots=True)
class User:
    """One account. ``facilities`` and ``restricted`` (flags of types) may be EVERY.

    ``emergency`` is the one local account that still opens when the house signs its
    people in elsewhere. ``second`` is the secret of the one-time codes, "" for none;
    ``subject`` who this is in the house's directory, "" for a local account. A password
    with ``one_time`` is known to who made it: it opens only the page to exchange it.
    """

    name: str
    roles: tuple[Role, ...]
    facilities: tuple[str, ...] = (EVERY,)
    restricted: tuple[str, ...] = ()
    emergency: bool = False
    subject: str = ""
    password: str = field(default="", repr=False)  # argon2id, "" opens nothing
    second: str = field(default="", repr=False)
    disabled: dt.datetime | None = None  # UTC, since when
    one_time: dt.datetime | None = None  # UTC: until then the password opens, once

    @property
    def by(self) -> str:
        """How the books name this person."""
        return f"{CLERK}{self.name}"


@dataclass(frozen=True, slots=True)
class Session:
    """One browser of one user. The cookie's token is known by its SHA-256 alone.

    ``passed`` is when the second step was taken; None: it is still to come. All UTC.
    """

    key: str = field(repr=False)
    user: str
    csrf: str = field(repr=False)
    began: dt.datetime
    seen: dt.datetime
    passed: dt.datetime | None = None
    locked: dt.datetime | None = None
    ended: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Glass:
    """A glass that was broken: for a time one person sees what was closed to them.

    ``opened`` is a document's or a patient's id. The reason may name a patient.
    """

    number: int
    user: str
    opened: str
    reason: str = field(repr=False)
    at: dt.datetime  # UTC
    until: dt.datetime


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line of the audit trail: who did what to which paper, whose, and what for."""

    seq: int
    at: str  # UTC, ISO
    who: str
    did: str
    what: str
    patient: str = ""
    purpose: str = ""
