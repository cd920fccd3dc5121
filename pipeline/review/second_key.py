"""Which answers need a second key: another person's, who does not see the first.

Where a slip would hurt most, one tired look is not enough: somebody who looks like the
patient, a number of someone else on the page, a restricted type. And who is new here
is looked after, until enough of their answers in a row were right.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from pipeline.document import Decision, DocumentType, Reading, TypeFacts
from pipeline.review.identifiers import alerts_in
from pipeline.review.modes import SECOND

DIFFER = "two people keyed it differently: a third one decides"
SAME_PERSON_AFTER = dt.timedelta(days=1)  # where a site has one clerk


class Risk(IntEnum):
    """What speaks for a second key, the worst last."""

    NONE = 0
    RESTRICTED = 1
    ALIKE = 2
    CONTRADICTION = 3


# of the room for second keys, how much each may fill: the rest is for what is worse
_ROOM = {
    Risk.NONE: 0.0,
    Risk.RESTRICTED: 0.5,
    Risk.ALIKE: 0.75,
    Risk.CONTRADICTION: 1.0,
}


# what hurts when it is wrong: whose, and what; (None, None): it is no record
Gist = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """Second keys asked for because of a risk, of so many documents answered lately."""

    keys: int
    documents: int

    @property
    def share(self) -> float:
        return self.keys / self.documents if self.documents else 0.0


@dataclass(frozen=True, slots=True)
class Trial:
    """How a person's answers stood against another's: the run now, and the longest."""

    run: int = 0
    longest: int = 0
    wrong: int = 0

    def passed(self, answers: int) -> bool:
        """Whether so many in a row were right at some time: who is trusted stays so."""
        return self.longest >= answers


def trial(right: Iterable[bool]) -> Trial:
    """Of a person's answers whose right one is known by now, oldest first."""
    run = longest = wrong = 0
    for one in right:
        run = run + 1 if one else 0
        longest, wrong = max(longest, run), wrong + (not one)
    return Trial(run, longest, wrong)


def risk(
    reading: Reading, said: Decision, types: Mapping[DocumentType, TypeFacts]
) -> Risk:
    """Whether a wrong answer is likelier, or worse, than elsewhere."""
    facts = types.get(said.type)
    if reading.contradictions:
        return Risk.CONTRADICTION
    if reading.patients and alerts_in(reading.patients[0].evidence):
        return Risk.ALIKE
    return Risk.RESTRICTED if facts and facts.flags else Risk.NONE


def within(risk: Risk, asked: Asked, share: float) -> bool:
    """Whether one more second key is within its ``share`` 0..1 of the documents."""
    room = share * _ROOM[risk] * (asked.documents + 1)
    return asked.keys < math.ceil(round(room, 9))


def standing(keys: Sequence[Gist], said: Gist) -> str:
    """What is asked after this answer: SECOND, DIFFER, or "": it stands.

    ``keys`` are those before it, oldest first. A third person's word is the last.
    """
    if not keys:
        return SECOND
    return DIFFER if len(keys) == 1 and keys[0] != said else ""


def may_key(keys: Sequence[tuple[str, dt.datetime]], by: str, now: dt.datetime) -> bool:
    """Whether this person may answer now: not twice, or only after a day.

    ``keys``: who gave one, and when (UTC).
    """
    return all(who != by or now - at >= SAME_PERSON_AFTER for who, at in keys)
