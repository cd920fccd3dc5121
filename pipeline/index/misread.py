"""Which days a printed date may have been, where recognition took a digit for another.

A typewriter's slashed zero is read as 6 or 8, a thin 1 as 7: 04-22-2006 comes back as
64-22-2006. What was read stands first; every digit exchanged costs a step.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.index.dates import DateOrder, find_dates, shaped

# What was read -> what may have been printed, the likeliest first.
_LOOKS = {
    "0": "869", "1": "740", "2": "7", "3": "895", "4": "190", "5": "63", "6": "058",
    "7": "12", "8": "0369", "9": "048",
}  # fmt: skip
_MOST_STEPS = 2
_SOON = dt.timedelta(days=10_000)
_OTHER_CENTURY = 1  # steps that it costs, of a year with two digits
_OTHER_ORDER = (
    2  # steps that day and month exchanged cost, in a house that has its order
)


@dataclass(frozen=True, slots=True)
class Possible:
    """A day, and how many digits must have been misread for it to be the one."""

    day: dt.date
    steps: int  # 0: as read


@lru_cache(maxsize=4096)
def possible_days(
    text: str, latest: dt.date, order: DateOrder = "mdy"
) -> tuple[Possible, ...]:
    """Days up to ``latest`` that the printed date may mean, those as read first.

    Two digits are exchanged only where neither none nor one makes a day of it. Nothing
    for text that is not made like a date.
    """
    span = next(shaped(text), None)
    if span is None:
        return ()
    said = text[slice(*span)]
    found: dict[dt.date, int] = {}
    senses = _days(said, latest, order)
    for day in senses:
        same = (day.month, day.day) == (senses[0].month, senses[0].day)
        found[day] = (
            (_OTHER_CENTURY if same else _OTHER_ORDER) if day != senses[0] else 0
        )
    forms = [said]
    for steps in range(1, _MOST_STEPS + 1):
        forms = list(dict.fromkeys(one for form in forms for one in _one_off(form)))
        for form in forms:
            for day in _days(form, latest, order)[:1]:
                found.setdefault(day, steps)
        if found:
            break
    ranked = sorted(
        found, key=lambda day: found[day]
    )  # sorted keeps the order of looks
    return tuple(Possible(day, found[day]) for day in ranked)


def is_day(text: str, latest: dt.date, order: DateOrder = "mdy") -> bool:
    """Whether the date as it was read is a day, be it some years after ``latest``."""
    return any(True for _ in find_dates(text, latest + _SOON, order))


def mended(text: str, latest: dt.date, order: DateOrder = "mdy") -> dt.date | None:
    """The likeliest day of a date that is impossible as it was read."""
    return next((one.day for one in possible_days(text, latest, order)), None)


def _days(text: str, latest: dt.date, order: DateOrder) -> tuple[dt.date, ...]:
    for found in find_dates(text, latest, order):
        if found.start == 0 and found.end == len(text):
            return found.days
    return ()


def _one_off(text: str) -> Iterator[str]:
    for at, read in enumerate(text):
        for other in _LOOKS.get(read, ""):
            yield text[:at] + other + text[at + 1 :]
