"""To which stay or visit of its patient a document belongs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.document import Encounter
from pipeline.finding import Clue, Evidence, Finding
from pipeline.index.keys import ACCOUNTS
from pipeline.index.numbers import normalise

_BY_NUMBER = 0.999
_BY_DATE = 0.9  # shared between the stays that the date falls into


def encounters_of(
    stays: Sequence[Encounter],
    clues: Sequence[Clue],
    dates: Sequence[Finding[dt.date]],
    by: str,
) -> tuple[Finding[Encounter], ...]:
    """Stays by their number on the paper, else around the first date that meets one."""
    numbered = tuple(_numbered(stays, clues, by))
    for date in () if numbered else dates:
        fitting = [stay for stay in stays if _during(stay, date.value)]
        if fitting:
            sure = _BY_DATE * date.confidence / len(fitting)
            return tuple(Finding(stay, sure, date.evidence[:1], by) for stay in fitting)
    return numbered


def _numbered(
    stays: Sequence[Encounter], clues: Sequence[Clue], by: str
) -> list[Finding[Encounter]]:
    seen = {
        normalise(c.value): c
        for c in clues
        if c.role == "subject" and c.field in ACCOUNTS
    }
    return [
        Finding(stay, _BY_NUMBER, (_evidence(seen[normalise(stay.number)]),), by)
        for stay in stays
        if normalise(stay.number) in seen
    ]


def _evidence(clue: Clue) -> Evidence:
    return Evidence("account", 0.0, clue.text, clue.page, clue.box, exact=True)


def _during(stay: Encounter, day: dt.date) -> bool:
    """A visit without a discharge lasts its day."""
    if stay.admit is None:
        return False
    return stay.admit <= day <= (stay.discharge or stay.admit)
