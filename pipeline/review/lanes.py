"""Which lanes are held back, and why: the last word on each counts.

A lane that a certificate does not cover is not held here: modes.py sees to that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.checks import EVERY_LANE, Lane, LaneEvent, MachineAnswer

REPORTED = "a clerk reported a document of this lane"
MISFILED = "a document of this lane was found in a wrong record"
_WORD = {"paused": "this lane is paused", "closed": "this lane is closed"}


def standing(events: Iterable[LaneEvent]) -> dict[Lane, LaneEvent]:
    """The event that holds of each lane that anything was ever said of.

    A report does not reopen what a misfile closed; opening every lane opens each.
    """
    last: dict[Lane, LaneEvent] = {}
    for event in events:
        before = last.get(event.lane)
        if event.did == "paused" and before and before.did == "closed":
            continue
        if event.did == "opened" and event.lane == EVERY_LANE:
            last = {}
        last[event.lane] = event
    return last


def held(lane: Lane, last: Mapping[Lane, LaneEvent]) -> str:
    """Why this lane files nothing now, as a sentence without patient text; ""."""
    for one in (EVERY_LANE, lane):
        event = last.get(one)
        if event is not None and event.did != "opened":
            return f"{_WORD[event.did]}: {event.reason}"
    return ""


def opened(lane: Lane, last: Mapping[Lane, LaneEvent]) -> LaneEvent | None:
    """Who opened it by hand, if that is the last word on it."""
    event = last.get(lane)
    return event if event is not None and event.did == "opened" else None


def openings(events: Iterable[LaneEvent]) -> dict[Lane, dt.datetime]:
    """When each lane was opened by hand last (UTC), oldest events first."""
    return {event.lane: event.at for event in events if event.did == "opened"}


def filed_since(answer: MachineAnswer, opened: Mapping[Lane, dt.datetime]) -> bool:
    """Whether this is news to who opened its lane, or all, with what they knew."""
    known = [opened[one] for one in (EVERY_LANE, answer.lane) if one in opened]
    return all(answer.at > moment for moment in known)


def watched(
    drawn: Sequence[tuple[Lane, bool]], changed: Iterable[Lane]
) -> Iterator[tuple[Lane, list[bool]]]:
    """Whose sample is to be held against the bound: of each lane that changed, and all.

    ``drawn`` are a lane and whether its page was wrong. What one lane's misfiles
    explain closes that lane only: all are watched when two have some.
    """
    for lane in changed:
        yield lane, [wrong for other, wrong in drawn if other == lane]
    if len({lane for lane, wrong in drawn if wrong}) > 1:
        yield EVERY_LANE, [wrong for _, wrong in drawn]
