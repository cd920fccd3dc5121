"""When a session is open, locked or over, and how long a guesser has to wait."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from pipeline.users import Session

WINDOW = dt.timedelta(minutes=15)  # failures that are older are forgiven
FIRST_WAIT = 10.0  # seconds, doubled with each failure more
FREE_HERE = 5  # failures: one name from one address
FREE_ADDRESS = 20  # one address, whatever the names
FREE_NAME = 50  # one name, from wherever: an attack by many machines
State = Literal["open", "second step", "locked", "over"]


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a session stays open without a move, and how long at most."""

    idle: dt.timedelta
    most: dt.timedelta


@dataclass(frozen=True, slots=True)
class Failures:
    """Sign-ins that failed within the window, and when the last one did (UTC)."""

    here: int = 0
    address: int = 0
    name: int = 0
    last: dt.datetime | None = None


def state(session: Session, now: dt.datetime, timing: Timing) -> State:
    """What this session may be used for at this moment."""
    if session.ended is not None or now - session.began >= timing.most:
        return "over"
    if session.passed is None:
        return "over" if now - session.began >= timing.idle else "second step"
    if session.locked is not None or now - session.seen >= timing.idle:
        return "locked"
    return "open"


def wait(failed: Failures, now: dt.datetime) -> float:
    """Seconds until the next try is looked at; 0.0: at once."""
    pairs = (
        (failed.here, FREE_HERE),
        (failed.address, FREE_ADDRESS),
        (failed.name, FREE_NAME),
    )
    over = max(count - free for count, free in pairs)
    if over < 0 or failed.last is None:
        return 0.0
    longest = WINDOW.total_seconds()
    pause = min(FIRST_WAIT * 2.0 ** min(over, 10), longest)
    return max(0.0, pause - (now - failed.last).total_seconds())
