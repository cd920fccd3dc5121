"""Whether the patient index was true late enough to say whose a paper is.

Whom a later list would show, an earlier one cannot: the newborn, the new namesake, the
record that was merged since. Filing waits for that list; a clerk need not.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from pipeline.document import Doubt, Reading

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FreshnessRules:
    """Section [index] of config/pipeline.toml."""

    as_of_within_hours: float  # by which a receipt may be later than the index
    days_at_most: float  # age of the index when it decides


ANY_AGE = FreshnessRules(math.inf, math.inf)


@dataclass(frozen=True, slots=True)
class IndexTime:
    """When the index was true, when the paper came in, and now; UTC.

    ``as_of`` None means that no list was ever imported. Dates on paper are days of the
    site's ``zone``.
    """

    as_of: dt.datetime | None
    received: dt.datetime
    now: dt.datetime
    zone: dt.tzinfo = dt.UTC


def stale(
    reading: Reading, time: IndexTime, rules: FreshnessRules
) -> tuple[Doubt, ...]:
    """Why this index may not file this document; () if it may. One reason is enough."""
    if time.as_of is None:
        return ()
    age = time.now - time.as_of
    past = (time.received - time.as_of) / dt.timedelta(hours=1)
    move = f"import the patient list: it is {_told(age)} old"
    if age / _DAY > rules.days_at_most:
        return (Doubt(move),)
    if past > rules.as_of_within_hours:
        return (Doubt(f"received after the patient index was true; {move}"),)
    served = reading.dates[0].value if reading.dates else None
    if served and served > time.as_of.astimezone(time.zone).date():
        return (Doubt(f"its date is after the patient index was true; {move}"),)
    return ()


def _told(age: dt.timedelta) -> str:
    hours = max(age // dt.timedelta(hours=1), 0)
    if age < 2 * _DAY:
        return f"{hours} hour{'' if hours == 1 else 's'}"
    return f"{age // _DAY} days"
