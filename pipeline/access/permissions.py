"""Which role may do what: a table, and two questions that are asked of it.

A permission opens a door; whether a person sees the paper behind it, their facilities
and restricted classes say (``sees``). Both must hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from pipeline.users import EVERY, Role, User

Permission = Literal[
    "station",  # what a scanning station sees of the paper still in hand
    "queue",  # what waits
    "review",  # a waiting document and its pages
    "answer",  # say what it is and whose
    "search",  # look patients up
    "chart",  # a patient's filed paper
    "correct",  # file another version of what is filed
    "steward",  # people whom the index does not know
    "release",  # let copies leave the house
    "supervise",  # numbers of people's work, broken glasses, the queue of others
    "export",  # numbers as a file
    "audit",  # who saw whose paper
    "administer",  # accounts
    "break glass",  # see, with a reason and for a time, what is closed
    "own account",  # password and one-time codes of one's own
]
PERMISSIONS: tuple[Permission, ...] = get_args(Permission)

_EVERYBODY: frozenset[Permission] = frozenset({"own account"})
_STATION: frozenset[Permission] = _EVERYBODY | {"station"}
_CLERK: frozenset[Permission] = _EVERYBODY | {
    "station", "queue", "review", "answer", "search", "chart", "break glass",
}  # fmt: skip
_SENIOR: frozenset[Permission] = _CLERK | {"correct", "steward"}
OF_ROLE: Mapping[Role, frozenset[Permission]] = {
    "station": _STATION,
    "clerk": _CLERK,
    "senior_clerk": _SENIOR,
    "release": _EVERYBODY | {"search", "chart", "release", "break glass"},
    "supervisor": _SENIOR | {"supervise", "export"},
    "auditor": _EVERYBODY | {"audit"},
    "administrator": _EVERYBODY | {"administer", "break glass"},
}
# what a broken glass opens to someone whose roles show no paper
BEHIND_GLASS: frozenset[Permission] = frozenset({"review", "chart"})
LIKELY = 0.05  # what a paper is with this probability, it is treated as


@dataclass(frozen=True, slots=True)
class Closed:
    """What a person needs to see one paper: its facilities and its restricted flags.

    A facility that nobody knows is "": only who works for every one sees such paper.
    ``ids`` are the document's and its possible patients': a glass is broken for one.
    ``whose`` is its patient, or who it is likeliest.
    """

    facilities: frozenset[str]
    flags: frozenset[str]
    ids: frozenset[str] = frozenset()
    whose: str = ""


def may(user: User, permission: Permission) -> bool:
    """Whether one of the person's roles has this permission."""
    if user.disabled is not None:
        return False
    return any(permission in OF_ROLE[role] for role in user.roles)


def works_for(user: User, facility: str) -> bool:
    """Whether this facility's patients are this person's."""
    return EVERY in user.facilities or (facility in user.facilities and facility != "")


def sees(user: User, paper: Closed, opened: Iterable[str] = ()) -> bool:
    """Whether the person sees this paper; ``opened`` are ids behind broken glasses."""
    if paper.ids & set(opened):
        return True
    if EVERY not in user.restricted and not paper.flags <= set(user.restricted):
        return False
    return all(works_for(user, one) for one in paper.facilities or {""})
