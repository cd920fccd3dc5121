"""Which day a document is about, from the dates on it and the roles they have.

The birth date, fax and print dates, arrivals in an archive and next visits never count.
A date is taken as it was read, unless it is impossible so, or the document's other
dates and the patient's stays agree on a day that one digit read otherwise would make.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from pipeline.document import Encounter
from pipeline.finding import Clue, Evidence, Finding
from pipeline.index.channel import error_rate
from pipeline.index.dates import DateOrder
from pipeline.index.misread import is_day, possible_days

BY = "service date rules 2"
# Bits for a date by its role, judged by how directly the role names the day of care.
_WEIGHTS = {
    "service date": 8.0,
    "dated": 5.5,
    "unknown date": 3.0,
    "admitted": 1.5,
    "signed": 3.0,
    "dictated": 3.0,
    "discharged": 2.5,
    "effective": 2.5,
    "bare date": 1.5,
    "received": 1.0,
    "transcribed": 0.5,
}
_AT_DISCHARGE = dict.fromkeys(("discharge_summary", "patient_instructions"), 10.0)
_AT_ADMISSION = {
    "face_sheet": 7.0,
    "history_and_physical": 5.0,
    "consent_treatment": 5.0,
}
_NAMELESS = frozenset({"bare date", "unknown date"})
End = Literal["admitted", "discharged"]
_KIND_OF: dict[End, str] = {"admitted": "face_sheet", "discharged": "discharge_summary"}
_LABELLED = 8.0  # bits of a date whose label says that it is the stay's
OF_A_STAY = frozenset({*_AT_DISCHARGE, *_AT_ADMISSION})  # kinds about a whole stay
# Papers that are about an end of the stay, and the bits of that end's date.
_OF_STAY = {"discharged": _AT_DISCHARGE, "admitted": _AT_ADMISSION}
# Papers that often bear no other day of their own, and its bits.
_OF_KIND = {
    **_OF_STAY,
    "effective": {"insurance_card": 6.0},
    "received": {"privacy_acknowledgement": 6.0},
    "last entry": {"immunization_record": 6.5},
    "dated": {"medication_list": 9.0},  # what it calls taken or begun are the drugs
}
_FIRST_OF_ITS_ROLE = 1.5  # the head of a paper comes before its tables of older events
_ON_LATER_PAGE = -4.0  # of the roles that name the paper's own day in its head
_IN_HEAD = frozenset(
    {"service date", "dated", "unknown date", "bare date", "effective"}
)
_FIRST_SHEET = 2.5  # a date without label, whose next days head the pages that follow
_SHEETS = frozenset({"service date", "dated"})  # roles of a daily sheet's own day
# The words of stamps: a date under one is no other label's that stands above it.
_STAMPS = frozenset({"received", "printed"})
_SEVERAL = 2  # later sheets of days of their own
_OTHER_YEAR = dt.timedelta(days=200)
_CARE = frozenset({"service date", "admitted", "discharged", "dictated", "signed"})
_NEWBORN = dt.timedelta(days=28)
_TWICE = 2
_AGAIN = 0.5  # a further mention of the same day
_MOST_AGAIN = 2.0
_AGREED = 8.5  # a mention far off as it was read becomes another's day by one digit
_BOTH_MENDED = 2.0
_SURER = 1.0  # than read right: two mentions, so far as the first one's role goes
_APART = dt.timedelta(days=10)  # within which daily sheets follow each other
_TYPED = dt.timedelta(days=14)  # nearer dates differ by themselves: written, then typed
_IN_STAY = 3.0  # the day lies in a stay of the patient
_STAYS_OWN = 6.0  # a paper about the discharge, on the stay's day of discharge
_GUESSED = 1.5  # bits lost where what was read is no day: the digits are guessed
_REFUSED = 5.0  # where it is a day on which nobody could write of the patient
_NEAR_OTHERS = 2.0  # for a guess, where another date on the paper is not far
_NEAR = dt.timedelta(days=45)
_LONG_AGO = -3.0
_NONE = 2.0  # bits for "no date here is the day", against which all must hold
_WORTH_SHOWING = 0.2  # probability of a day that nothing on the paper reads as
_CENTURY = 100  # years
_OLDEST_CARE = dt.date(1900, 1, 1)
_USUAL_CARE = dt.date(1955, 1, 1)  # paper of earlier days is hardly kept


@dataclass(frozen=True, slots=True)
class Paper:
    """What is known of a document when its date is sought.

    ``kind`` is its type's key, ``born`` the birth date of its patient and ``stays``
    their encounters, as the index has them; none where nobody is known.
    """

    received: dt.date  # the last day that it can be of
    kind: str = ""
    born: dt.date | None = field(default=None, repr=False)
    stays: tuple[Encounter, ...] = field(default=(), repr=False)
    order: DateOrder = "mdy"


@dataclass(frozen=True, slots=True)
class _Mention:
    """One date on the paper, taken for one day; ``steps``: digits read otherwise.

    ``full`` is what its role weighs when it is read right, ``bits`` what is left of it.
    """

    clue: Clue
    full: float
    bits: float
    steps: int
    read: dt.date | None  # as it stands, unless that cannot be


def service_dates(clues: Sequence[Clue], paper: Paper) -> tuple[Finding[dt.date], ...]:
    """Days that the document may be about, best first; empty when no date has a role.

    A discharge summary is about the discharge, a face sheet about the admission, any
    other paper of a stay about its own date. Days after receipt and before the
    subject's birth are refused.
    """
    own = {role: kinds[paper.kind] for role, kinds in _OF_KIND.items()
           if paper.kind in kinds}  # fmt: skip
    of_kind = _WEIGHTS | own
    return _ranked(_weighed(clues, paper, of_kind), paper)


def stay_dates(
    clues: Sequence[Clue], paper: Paper, end: End
) -> tuple[Finding[dt.date], ...]:
    """Days that the paper gives as the admission, or the discharge, best first."""
    weighed = _weighed(clues, paper, {end: _LABELLED})
    return _ranked(weighed, replace(paper, kind=_KIND_OF[end]))


def _weighed(
    clues: Sequence[Clue], paper: Paper, weights: Mapping[str, float]
) -> dict[dt.date, list[_Mention]]:
    births = _Births.of(clues, paper)
    weighed: dict[dt.date, list[_Mention]] = {}
    firsts: set[str] = set()
    start = min((clue.page for clue in clues), default=0)
    sheets = _later_sheets(clues, start)
    for clue in _not_stamped(clues):
        if clue.field not in weights or clue.role != "subject":
            continue
        taken = dict(_meant(clue, births, paper, clues))
        later = clue.page > start and clue.field in _IN_HEAD
        first = _ON_LATER_PAGE if later else _FIRST_OF_ITS_ROLE
        if taken and not later:
            first *= clue.field not in firsts
            firsts.add(clue.field)
        read = next((day for day, (_, steps) in taken.items() if not steps), None)
        turned = _of_their_year(clue, read, clues) if clue.page == start else None
        if turned is not None:
            taken[turned] = (-_GUESSED, 1)
        for day, (lost, steps) in taken.items():
            if steps and _is_near(day, clue, clues):
                lost = min(lost + _NEAR_OTHERS, 0.0)
            full = first + weights[clue.field]
            nameless = clue.page == start and clue.field in _NAMELESS
            if day == turned or (nameless and _begins(day, sheets)):
                full += _FIRST_SHEET
            mention = _Mention(clue, full, full + lost, steps, read)
            weighed.setdefault(day, []).append(mention)
    return weighed


def _not_stamped(clues: Sequence[Clue]) -> Iterator[Clue]:
    """All but second roles of a stamp's date: those of empty labels above it."""
    stamps = {(c.page, c.box, c.value) for c in clues if c.field in _STAMPS}
    for clue in clues:
        if clue.field in _STAMPS or (clue.page, clue.box, clue.value) not in stamps:
            yield clue


def _is_near(day: dt.date, clue: Clue, clues: Sequence[Clue]) -> bool:
    """Whether another date on the paper, of whatever role but a birth, is not far."""
    others = (_day(c) for c in clues if c is not clue and c.field != "born")
    return any(abs(other - day) <= _NEAR for other in others if other is not None)


def _later_sheets(clues: Sequence[Clue], start: int) -> tuple[dt.date, ...]:
    """Days that the heads of later pages give; none if the first one's has a day."""
    heads = [c for c in clues if c.field in _SHEETS]
    if any(c.page == start for c in heads):
        return ()
    return tuple(day for c in heads if (day := _day(c)) is not None)


def _of_their_year(
    clue: Clue, day: dt.date | None, clues: Sequence[Clue]
) -> dt.date | None:
    """The day in the year of the sheets that go on from it, if it is alone in its own.

    A first sheet of February 28, 2022 before those of March 1 and 2, 2021: a digit was
    misread, or somebody wrote the wrong year.
    """
    heads = {c for c in clues if c.field in _SHEETS and c.page > clue.page}
    later = {found for c in heads if (found := _day(c)) is not None}
    if day is None or clue.field not in _SHEETS or len(later) < _SEVERAL:
        return None
    if any(abs(other - day) < _OTHER_YEAR for other in later):
        return None
    if max(later) - min(later) > _NEAR:
        return None
    try:
        turned = day.replace(year=min(later).year)
    except ValueError:  # February 29
        return None
    return turned if min(later) - _APART <= turned <= min(later) else None


def _begins(day: dt.date, sheets: Sequence[dt.date]) -> bool:
    """Whether daily sheets go on from the day: a chart of vital signs over a week."""
    return bool(sheets) and day < min(sheets) <= day + _APART


@dataclass(frozen=True, slots=True)
class _Births:
    """Days on which the subject may have been born, and the first day of any care."""

    days: frozenset[dt.date] = field(repr=False)
    first: dt.date = field(repr=False)
    maybe: frozenset[dt.date] = field(repr=False)  # by their place beside a name only
    newborn: frozenset[dt.date] = field(repr=False)  # of a paper about the birth itself

    @classmethod
    def of(cls, clues: Sequence[Clue], paper: Paper) -> _Births:
        printed = [c for c in clues if c.field == "born" and c.role == "subject"]
        read = {day for c in printed for day in _as_read(c, paper)}
        known = {paper.born} if paper.born else set[dt.date]()
        first = paper.born or min(read, default=_OLDEST_CARE)
        beside = (c for c in clues if c.field == "born" and c.role == "unlabelled")
        maybe = {day for c in beside for day in _as_read(c, paper)}
        days = frozenset(read | known)
        newborn = frozenset(day for day in days if _is_of_birth(day, clues, paper))
        return cls(days, max(first, _OLDEST_CARE), frozenset(maybe), newborn)

    def bar(self, day: dt.date, clue: Clue) -> bool:
        """Whether the day is a birth, and the clue no label of a newborn's paper.

        A newborn's card is valid from the day of birth on.
        """
        own = _is_care(clue) and day in self.newborn
        return day in self.days and not (own or clue.field == "effective")


def _is_care(clue: Clue) -> bool:
    return clue.field in _CARE and clue.role == "subject"


def _is_of_birth(day: dt.date, clues: Sequence[Clue], paper: Paper) -> bool:
    """Whether two labels of care bear the day of birth, and no date is much later.

    One is enough where the patient was admitted that day, as the index has it.
    """
    care = [c for c in clues if _is_care(c)]
    later = (_day(c) for c in clues if c.field != "other date")
    grown = any(one is not None and one - day > _NEWBORN for one in later)
    needed = 1 if _stay_bits(day, paper) else _TWICE
    return not grown and sum(_day(c) == day for c in care) >= needed


def _as_read(clue: Clue, paper: Paper) -> Iterator[dt.date]:
    """The day, and the same a hundred years before where the year has two digits."""
    day = _day(clue)
    if day is None:
        return
    yield day
    for other in possible_days(clue.text, paper.received, paper.order):
        same = (other.day.month, other.day.day) == (day.month, day.day)
        if same and day.year - other.day.year == _CENTURY:
            yield other.day


def _meant(
    clue: Clue, births: _Births, paper: Paper, clues: Sequence[Clue]
) -> Iterator[tuple[dt.date, tuple[float, int]]]:
    """Days that a date may stand for, with bits (0 or less) and digits exchanged.

    What a misreading costs depends on how legible the date is. For a day on which
    nobody could write of the patient, only those near a date of the paper or in a stay.
    """
    day = _day(clue)
    if day is None or births.bar(day, clue):
        return
    if clue.field in _NAMELESS and day in births.maybe:
        return
    possible = possible_days(clue.text, paper.received, paper.order)
    steps = {one.day: one.steps for one in possible}
    fit = {
        one: cost
        for one, cost in steps.items()
        if births.first <= one <= paper.received and not births.bar(one, clue)
    }
    if day in fit and _is_repeated(clue, clues):
        fit = {day: fit[day]}
    if not fit:
        return
    step, least = math.log2(error_rate(clue) / 3), min(fit.values())
    refused = least > 0 and is_day(clue.text, paper.received, paper.order)
    spared = least * step + (_REFUSED if refused else _GUESSED) if least else 0.0
    for one, cost in fit.items():
        if refused and not (_is_near(one, clue, clues) or _stay_bits(one, paper)):
            continue
        yield one, (cost * step - spared, cost)


def _is_repeated(clue: Clue, clues: Sequence[Clue]) -> bool:
    """Whether the day stands on the paper once more: nothing is misread alike twice."""
    return any(
        other.value == clue.value
        and (other.page, other.box) != (clue.page, clue.box)
        and other.field != "born"
        for other in clues
    )


def _day(clue: Clue) -> dt.date | None:
    try:
        return dt.date.fromisoformat(clue.value)
    except ValueError:
        return None


def _ranked(
    weighed: dict[dt.date, list[_Mention]], paper: Paper
) -> tuple[Finding[dt.date], ...]:
    said = {day: tuple(_evidence(day, found, paper)) for day, found in weighed.items()}
    total = {day: sum(e.weight for e in evidence) for day, evidence in said.items()}
    mass = math.exp2(_NONE) + sum(math.exp2(bits) for bits in total.values())
    order = sorted(total, key=lambda day: (-total[day], day))
    found = (Finding(day, math.exp2(total[day]) / mass, said[day], BY) for day in order)
    stood = {m.read for mentions in weighed.values() for m in mentions}
    return tuple(f for f in found if f.value in stood or f.confidence >= _WORTH_SHOWING)


def _evidence(
    day: dt.date, found: Sequence[_Mention], paper: Paper
) -> Iterator[Evidence]:
    """The mention that says most, those that bear it out, and what the stays say."""
    told = [
        [(lead, lead.bits), *_borne_out(lead, [m for m in found if m is not lead])]
        for lead in found
    ]
    best = max(told, key=lambda some: sum(bits for _, bits in some))
    for mention, bits in best:
        clue = mention.clue
        yield Evidence(clue.field, bits, clue.text, clue.page, clue.box)
    end = _OF_STAY.get(best[0][0].clue.field)
    says_nothing = (
        end is not None and paper.kind not in end
    )  # an end of the stay itself
    if not says_nothing and (stay := _stay_bits(day, paper)):
        yield Evidence("stay", stay, "in a stay of the patient")
    if day < _USUAL_CARE:
        yield Evidence("age", _LONG_AGO, "paper so old is hardly kept")


def _borne_out(
    lead: _Mention, others: Sequence[_Mention]
) -> Iterator[tuple[_Mention, float]]:
    """Mentions that make the lead's day surer, and by how many bits."""
    left = lead.full + _SURER - lead.bits if lead.steps else _MOST_AGAIN
    for one in others:
        bits = min(_support(lead, one), left)
        if bits > 0:
            left -= bits
            yield one, bits


def _support(lead: _Mention, one: _Mention) -> float:
    if not lead.steps:
        return 0.0 if one.steps else _AGAIN
    if one.steps:
        return 0.0 if lead.read or one.read else _BOTH_MENDED
    near = lead.read and one.read and abs(lead.read - one.read) <= _TYPED
    return 0.0 if near else _AGREED


def _stay_bits(day: dt.date, paper: Paper) -> float:
    best = 0.0
    for stay in paper.stays:
        if stay.admit is None:
            continue
        ends = {"admitted": stay.admit, "discharged": stay.discharge or stay.admit}
        own = any(paper.kind in _OF_STAY[at] and ends[at] == day for at in ends)
        inside = stay.admit <= day <= ends["discharged"]
        best = max(best, _STAYS_OWN if own else _IN_STAY if inside else 0.0)
    return best
