"""How old an index may be: each limit from both sides."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from pipeline.review.freshness import (
    ANY_AGE,
    FreshnessRules,
    IndexTime,
    stale,
)
from tests.review.readings import CERTAIN, found

LIMITS = FreshnessRules(as_of_within_hours=24.0, days_at_most=31.0)
AS_OF = dt.datetime(2026, 11, 25, 6, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
FRESH = IndexTime(AS_OF, AS_OF + 24 * HOUR, AS_OF + 25 * HOUR)


def dated(day):
    return replace(CERTAIN, dates=(found(day, 0.9),))


def reasons(time, reading=CERTAIN, rules=LIMITS):
    return [doubt.reason for doubt in stale(reading, time, rules)]


def test_a_fresh_index_holds_nothing_back():
    assert reasons(FRESH) == []
    assert reasons(FRESH, dated(AS_OF.date())) == []
    assert reasons(FRESH, replace(CERTAIN, dates=())) == []


@pytest.mark.parametrize(
    ("time", "reading", "reason"),
    [
        (replace(FRESH, received=AS_OF + 24 * HOUR + dt.timedelta(seconds=1)), CERTAIN,
         "received after the patient index was true; import the patient list: it is 25"
         " hours old"),
        (FRESH, dated(AS_OF.date() + DAY),
         "its date is after the patient index was true; import the patient list: it is"
         " 25 hours old"),
        (replace(FRESH, now=AS_OF + 31 * DAY + HOUR), CERTAIN,
         "import the patient list: it is 31 days old"),
    ],
)  # fmt: skip
def test_one_thing_too_late_holds_it_back_and_names_the_next_move(
    time, reading, reason
):
    assert reasons(time, reading) == [reason]
    assert reasons(time, reading, ANY_AGE) == ([reason] if "its date" in reason else [])


def test_without_a_list_there_is_nothing_to_be_older_than():
    assert reasons(replace(FRESH, as_of=None), dated(AS_OF.date() + 99 * DAY)) == []


def test_the_day_is_the_sites():
    late = IndexTime(AS_OF, AS_OF, AS_OF, ZoneInfo("America/Los_Angeles"))
    assert reasons(late, dated(dt.date(2026, 11, 24))) == []
    assert reasons(late, dated(dt.date(2026, 11, 25)))  # it is still the 24th there
