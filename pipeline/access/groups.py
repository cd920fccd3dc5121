"""What the groups of a house's directory mean here: roles, facilities, classes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from pipeline.users import EVERY, ROLES, User

NAME = re.compile(r"[a-z][a-z0-9._@-]{0,63}")  # of a user, also as typed at sign-in


class NotSignedIn(Exception):
    """The directory's answer is not taken; the message is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class Told:
    """Who the directory says this is. ``subject`` stays when the name changes."""

    subject: str
    name: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupRules:
    """By the group's name. Without a line for facilities, everybody has every one."""

    roles: Mapping[str, str] = field(default_factory=dict)
    facilities: Mapping[str, str] = field(default_factory=dict)
    restricted: Mapping[str, str] = field(default_factory=dict)

    def fault(self) -> str:
        """What is wrong with them, "" when nothing is."""
        for group, role in self.roles.items():
            if role not in ROLES:
                return f"{group} is given the role {role}: there are {', '.join(ROLES)}"
        return ""

    def applied(self, groups: Iterable[str], user: User) -> User:
        """The user with the rights of whoever is in these groups, and no others."""
        mine = frozenset(groups)
        said = frozenset(role for group, role in self.roles.items() if group in mine)
        return replace(
            user,
            roles=tuple(role for role in ROLES if role in said),
            facilities=_meant(self.facilities, mine) if self.facilities else (EVERY,),
            restricted=_meant(self.restricted, mine),
        )


def _meant(table: Mapping[str, str], groups: frozenset[str]) -> tuple[str, ...]:
    """What the groups stand for, each once, in the order of the table."""
    found = (meaning for group, meaning in table.items() if group in groups)
    return tuple(dict.fromkeys(found))
