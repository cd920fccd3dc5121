"""Birth dates with years of two digits: nobody is seen, or signed for, before birth."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.index.cluerules import ClueRules
from pipeline.index.dates import read_date
from pipeline.index.found import Found

_CARE = frozenset(
    {
        "service date",
        "admitted",
        "discharged",
        "dated",
        "dictated",
        "signed",
        "received",
    }
)
_SHORT_YEAR = re.compile(r"(?<!\d)\d\d\W*$")
_LEGIBLE = 0.72  # confidence from which a date tells when its page was written


def as_held(seen: dt.date, text: str, held: dt.date) -> dt.date:
    """The day held, where the print is that day with a year of two digits.

    '9-Nov-21' does not say of which century: on the paper of somebody born in 1921 it
    is 1921. Else the day seen.
    """
    same = (seen.month, seen.day) == (held.month, held.day)
    centuries = abs(seen.year - held.year) == 100  # noqa: PLR2004 - years
    return held if same and centuries and _SHORT_YEAR.search(text) else seen


def in_their_century(found: Sequence[Found], rules: ClueRules) -> list[Found]:
    """The same, births after a date of care on the page put a hundred years back.

    '6-Dec-25' on a note of 2012 is 1925, whatever the day of receipt allows.
    """
    written = [
        dt.date.fromisoformat(f.value.value)
        for f in found
        if f.field in _CARE and f.value.confidence >= _LEGIBLE
    ]
    if not written:
        return list(found)
    return [
        _put_back(f, min(written), rules) if f.field == "born" else f for f in found
    ]


def _put_back(born: Found, written: dt.date, rules: ClueRules) -> Found:
    day = dt.date.fromisoformat(born.value.value)
    if day <= written:
        return born
    for other in read_date(born.value.text, rules.received, rules.date_order):
        same = (other.month, other.day) == (day.month, day.day)
        if same and other.year < day.year and other <= written:
            return replace(born, value=replace(born.value, value=other.isoformat()))
    return born
