"""Which day a document is about, from the dates on it and the roles they have.

The birth date, fax and print dates, arrivals in an archive and next visits never count;
a date without a role (the first one in the text) never becomes a clue at all.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

from pipeline.finding import Clue, Evidence, Finding

BY = "service date rules 1"
# Bits for a date by its role, judged by how directly the role names the day of care.
_WEIGHTS = {
    "service date": 8.0,
    "admitted": 5.0,
    "discharged": 4.0,
    "dated": 5.5,
    "unknown date": 3.5,
    "dictated": 3.0,
    "signed": 2.0,
    "received": 1.0,
    "transcribed": 0.5,
}
_AT_DISCHARGE = frozenset({"discharge_summary", "patient_instructions"})
_DISCHARGE_FIRST = 10.0  # bits: the day a discharge summary is about
_FIRST_OF_ITS_ROLE = 1.5  # the head of a paper comes before its tables of older events
_AGAIN = 0.5  # a further mention of the same day
_MOST_AGAIN = 2.0
_NONE = 2.0  # bits for "no date here is the day", against which all must hold
_OLDEST_CARE = dt.date(1900, 1, 1)


def service_dates(
    clues: Sequence[Clue], received: dt.date, kind: str = ""
) -> tuple[Finding[dt.date], ...]:
    """Days that the document may be about, best first; empty when no date has a role.

    ``kind`` is the document type's key: a discharge summary is about the discharge,
    any other paper of a stay about its own date, else the admission. Days after
    ``received`` and before the subject's birth are refused.
    """
    births = _days(clues, "born")
    weighed: dict[dt.date, list[Evidence]] = {}
    firsts: set[str] = set()
    for clue in clues:
        day = _day(clue)
        if day is None or clue.field not in _WEIGHTS or clue.role != "subject":
            continue
        if day in births or not _possible(day, births, received):
            continue
        weight = _weight(clue.field, kind)
        if clue.field not in firsts:
            weight += _FIRST_OF_ITS_ROLE
            firsts.add(clue.field)
        seen = Evidence(clue.field, weight, clue.text, clue.page, clue.box)
        weighed.setdefault(day, []).append(seen)
    return _ranked(weighed)


def _weight(field: str, kind: str) -> float:
    if field == "discharged" and kind in _AT_DISCHARGE:
        return _DISCHARGE_FIRST
    return _WEIGHTS[field]


def _days(clues: Sequence[Clue], field: str) -> frozenset[dt.date]:
    found = (
        _day(c)
        for c in clues
        if c.field == field and c.role in {"subject", "unlabelled"}
    )
    return frozenset(day for day in found if day is not None)


def _day(clue: Clue) -> dt.date | None:
    try:
        return dt.date.fromisoformat(clue.value)
    except ValueError:
        return None


def _possible(day: dt.date, births: frozenset[dt.date], received: dt.date) -> bool:
    earliest = min(births, default=_OLDEST_CARE)
    return max(earliest, _OLDEST_CARE) <= day <= received


def _ranked(
    weighed: dict[dt.date, list[Evidence]],
) -> tuple[Finding[dt.date], ...]:
    total = {day: _bits(found) for day, found in weighed.items()}
    mass = math.exp2(_NONE) + sum(math.exp2(bits) for bits in total.values())
    order = sorted(total, key=lambda day: (-total[day], day))
    return tuple(
        Finding(day, math.exp2(total[day]) / mass, tuple(weighed[day]), BY)
        for day in order
    )


def _bits(found: Sequence[Evidence]) -> float:
    """The strongest mention, and a little for each further one."""
    best = max(e.weight for e in found)
    return best + min(_AGAIN * (len(found) - 1), _MOST_AGAIN)
