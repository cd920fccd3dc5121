"""Every address of the desk, and what a person must be allowed to open it.

One table, looked at before any screen is: what does not stand here does not exist. A
screen that is added gets its line here; a test fails until it has one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from starlette.routing import compile_path

from pipeline.access.permissions import Permission

OPEN: Literal["open"] = "open"  # to everybody, signed in or not

# what paper is looked at for, in the audit trail
FILING, CARE, STEWARDSHIP = "filing", "record", "index"
SCANNING, REVIEWING, OVERSIGHT = "scanning", "audit", "oversight"


@dataclass(frozen=True, slots=True)
class Door:
    """One method at one address. ``did`` is written down when its paper was shown.

    A screen that writes its own line of the audit trail leaves ``did`` empty. What a
    script asks while nobody moves is ``unattended``: it keeps no session open.
    """

    method: Literal["GET", "POST"]
    path: str
    permission: Permission | Literal["open"]
    purpose: str = ""
    did: str = ""
    unattended: bool = False
    _pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_pattern", compile_path(self.path)[0])

    def names(self, path: str) -> dict[str, str] | None:
        """The named parts of an address that leads here; None: it does not."""
        found = self._pattern.fullmatch(path)
        return found.groupdict() if found else None


DOORS: tuple[Door, ...] = (
    Door("GET", "/static/{path:path}", OPEN),
    Door("GET", "/healthz", OPEN),
    # signing in: these look at the session themselves
    Door("GET", "/sign-in", OPEN),
    Door("POST", "/sign-in", OPEN),
    Door("GET", "/sign-in/code", OPEN),
    Door("POST", "/sign-in/code", OPEN),
    Door("GET", "/sign-in/directory", OPEN),
    Door("GET", "/sign-in/back", OPEN),
    Door("GET", "/unlock", OPEN),
    Door("POST", "/unlock", OPEN),
    Door("POST", "/lock", OPEN),
    Door("POST", "/sign-out", OPEN),
    Door("POST", "/alive", "own account"),
    Door("GET", "/account", "own account"),
    Door("POST", "/account/password", "own account"),
    Door("POST", "/account/second", "own account"),
    Door("POST", "/account/sign-out", "own account"),
    # the queue and its documents
    Door("GET", "/", "queue", FILING),
    Door("GET", "/next", "queue", FILING),
    Door("GET", "/queue/alarm", "queue", FILING, unattended=True),
    Door("GET", "/group", "review", FILING),
    Door("GET", "/siblings", "review", FILING),
    Door("GET", "/siblings/{document}", "review", FILING),
    Door("GET", "/work/{document}", "queue", FILING),
    Door("POST", "/work/{document}/release", "answer", FILING),
    Door("POST", "/work/{document}/escalate", "answer", FILING),
    Door("POST", "/work/{document}/assign", "supervise", FILING),
    Door("GET", "/scans", "station", SCANNING),
    Door("GET", "/station", "station", SCANNING),
    Door("GET", "/station/state", "station", SCANNING, unattended=True),
    Door("POST", "/station/{batch}/count", "station", SCANNING),
    Door("POST", "/station/{batch}/sign", "station", SCANNING),
    Door("POST", "/documents/{document}/pages/{n}/best-scan", "station", SCANNING),
    Door("GET", "/documents/{document}", "review", FILING),
    Door(
        "GET",
        "/documents/{document}/pages/{n}/{width}.png",
        "review",
        FILING,
        "viewed pages",
    ),
    Door("POST", "/documents/{document}/answer", "answer", FILING),
    Door("POST", "/documents/{document}/agree", "answer", FILING),
    Door("POST", "/documents/{document}/draft", "answer", FILING),
    Door("GET", "/documents/{document}/told", "answer", FILING),
    Door("POST", "/documents/{document}/undo", "answer", FILING),
    Door("POST", "/documents/{document}/people", "search", FILING),
    Door(
        "POST",
        "/documents/{document}/pages/{n}/words",
        "review",
        FILING,
        "viewed pages",
    ),
    Door("POST", "/documents/{document}/pages/{n}/turn", "answer", FILING),
    Door("POST", "/documents/{document}/cut", "answer", FILING),
    Door("GET", "/documents/{document}/read", "review", unattended=True),
    Door("POST", "/cuts/undo", "answer", FILING),
    Door("GET", "/referred/{to}", "queue", FILING),
    Door("POST", "/documents/{document}/return", "answer", FILING),
    # patients and their charts
    Door("GET", "/patients", "search", CARE),
    Door("POST", "/patients", "search", CARE),
    Door("GET", "/steward", "steward", STEWARDSHIP),
    Door("GET", "/charts/{name}", "chart", CARE),
    Door("GET", "/filed/{document}/{version}.pdf", "chart", CARE),
    Door("GET", "/filed/{document}", "chart", CARE),
    Door("GET", "/filed/{document}/pages/{n}", "correct", CARE),
    Door("POST", "/filed/{document}/correct", "correct", CARE),
    # data entry
    Door("GET", "/entry", "answer", STEWARDSHIP),
    Door("GET", "/entry.csv", "export", STEWARDSHIP),
    Door("GET", "/entry/next", "answer", STEWARDSHIP),
    Door("GET", "/entry/{document}", "answer", STEWARDSHIP),
    Door(
        "GET",
        "/entry/{document}/pages/{n}/{width}.png",
        "answer",
        STEWARDSHIP,
        "viewed pages",
    ),
    Door(
        "POST",
        "/entry/{document}/pages/{n}/words",
        "answer",
        STEWARDSHIP,
        "viewed pages",
    ),
    Door("POST", "/entry/{document}/key", "answer", STEWARDSHIP),
    Door("POST", "/entry/{document}/finish", "answer", STEWARDSHIP),
    Door("POST", "/entry/{document}/release", "answer", STEWARDSHIP),
    # how the work goes
    Door("GET", "/sample", "answer", OVERSIGHT),
    Door("POST", "/sample/{document}", "answer", OVERSIGHT),
    Door("GET", "/dashboard", "supervise", OVERSIGHT),
    Door("GET", "/dashboard.csv", "export", OVERSIGHT),
    # who may sit at the desk
    Door("GET", "/users", "administer"),
    Door("POST", "/users", "administer"),
    Door("GET", "/users/{account}", "administer"),
    Door("POST", "/users/{account}", "administer"),
    # who saw what
    Door("GET", "/glass", "break glass"),
    Door("POST", "/glass", "break glass"),
    Door("GET", "/glass/list", "supervise", OVERSIGHT),
    Door("GET", "/audit", "audit", REVIEWING),
    Door("POST", "/audit", "audit", REVIEWING),
)


def door_at(method: str, path: str) -> tuple[Door, dict[str, str]] | None:
    """The door of this address with the named parts; the first that fits."""
    for door in DOORS:
        if door.method == method:
            names = door.names(path)
            if names is not None:
                return door, names
    return None
