"""The work list: what waits for a clerk, in what order, and in whose hands it is.

Nobody gets an item that another one holds. A hold is a lease: it ends by itself, so
that what a clerk left open comes back to the others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal, Protocol

from pipeline.document import DocumentId, DocumentType, PatientId, Reading
from pipeline.store.catalogue import Waiting

FAR = dt.date(9999, 12, 31)  # the day of no appointment


class Place(IntEnum):
    """Which goes first; by age within each, appointments by their day before that."""

    STAT = 0
    APPOINTMENT = 1
    AGE = 2


State = Literal["", "free", "held", "escalated"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which items; an empty field wants all. ``hours``: waiting for at least so long.

    ``state`` "free": what the next clerk may be given. ``but_keyed`` passes over what
    somebody gave a key since a moment (UTC).
    """

    reason: str = ""
    type: str = ""
    station: str = ""
    hours: float = 0.0
    state: State = ""
    batch: str = ""
    but_keyed: tuple[str, dt.datetime] | None = None


ALL = Wanted()


@dataclass(frozen=True, slots=True)
class Item:
    """One open question as the list shows it.

    ``sheets`` are (file name, page) of its pages in order. ``holder`` is "" when
    nobody holds it.
    """

    waiting: Waiting
    place: Place
    due: dt.date | None
    station: str
    box: str
    sheets: tuple[tuple[str, int], ...] = field(repr=False)
    holder: str = ""
    until: dt.datetime | None = None  # UTC
    escalated: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """In whose hands an open question is; ``holder`` "" for nobody's."""

    holder: str
    until: dt.datetime | None  # UTC
    escalated: bool


@dataclass(frozen=True, slots=True)
class Comment:
    """Why a clerk could not answer, in their own words."""

    said: str = field(repr=False)
    by: str
    at: dt.datetime  # UTC


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits. ``kept`` answers are not carried out yet, and wait no more."""

    open: int
    stat: int
    held: int
    escalated: int
    kept: int
    oldest: dt.datetime | None  # UTC
    oldest_stat: dt.datetime | None  # UTC


@dataclass(frozen=True, slots=True)
class Kinds:
    """What waits, counted by kind, the most frequent first."""

    reasons: Mapping[str, int]
    types: Mapping[str, int]
    stations: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Rank:
    """What an item's reading says of its order, and how it can be asked for."""

    stat: bool
    type: DocumentType | None
    patient: PatientId | None


class Worklist(Protocol):
    """What waits, one call a transaction. Raises StoreUnavailable."""

    def items(self, wanted: Wanted, limit: int) -> Sequence[Item]:
        """The first of what is wanted, in the order in which it is taken."""
        ...

    def counts(self) -> Counts: ...

    def kinds(self) -> Kinds:
        """Counted over every item: not for each look at the list."""
        ...

    def poor(self) -> int:
        """Pages worth another scan; likewise."""
        ...

    def count(self, wanted: Wanted) -> int: ...

    def next(
        self,
        clerk: str,
        lease: dt.timedelta,
        wanted: Wanted = ALL,
        but: DocumentId | None = None,
    ) -> DocumentId | None:
        """Give the clerk what they hold already, else what is first and free.

        ``but`` is passed over. None: nothing is free.
        """
        ...

    def mine(self, clerk: str, but: DocumentId | None = None) -> DocumentId | None:
        """What the clerk holds, the first of it."""
        ...

    def take(
        self, document: DocumentId, clerk: str, lease: dt.timedelta
    ) -> Hold | None:
        """Take this one, or hold it longer; who holds it now. None: it is not open."""
        ...

    def hold(self, document: DocumentId) -> Hold | None:
        """In whose hands it is. None: it is not open."""
        ...

    def release(self, document: DocumentId, clerk: str) -> bool:
        """Give it back; False if it was not the clerk's."""
        ...

    def assign(
        self, document: DocumentId, to: str, by: str, lease: dt.timedelta
    ) -> bool:
        """Put it into another's hands, audited; False if it is not open."""
        ...

    def escalate(self, document: DocumentId, by: str, comment: str) -> bool:
        """Put it aside for who knows more, with a comment.

        False if it is not open, or in another's hands.
        """
        ...

    def comments(self, document: DocumentId) -> tuple[Comment, ...]:
        """What was said when it was escalated, oldest first."""
        ...

    def rank(self, judge: Callable[[Reading], Rank], at_most: int) -> int:
        """Give unranked items their place in the order; how many there were."""
        ...

    def rebuild(self) -> None:
        """Make the list anew from the open questions; each is to be ranked again."""
        ...

    def appoint(self, days: Mapping[PatientId, dt.date], by: str) -> None:
        """Take this list of appointments instead of the last one, audited."""
        ...
