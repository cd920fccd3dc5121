"""Which candidates are worth weighing: most share no more with a page than a birthday.

A birth date brings up some thirty people of a million, a common name hundreds. Where
somebody agrees in full, one who agrees in a single field only cannot be the patient:
it has some 30 bits less. Nobody is left out where no one agrees in full.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from pipeline.document import Name, Patient
from pipeline.finding import Clue
from pipeline.index.channel import is_swapped
from pipeline.index.keys import ACCOUNTS, NUMBERS, iso_day, plain, subscriber
from pipeline.index.names import fold, name_from_value, nicknames
from pipeline.index.numbers import normalise

_FEW = 8  # candidates of whom all are weighed
_HEAD = 2  # letters of a name that is perhaps misread further on
_PARTS = 2  # of year, month and day that a date misread in one place has in common


@dataclass(frozen=True, slots=True)
class _Printed:
    """What the subject's clues say, in the forms that are compared."""

    numbers: tuple[str, ...] = field(repr=False)
    days: tuple[dt.date, ...] = field(repr=False)
    families: frozenset[str] = field(repr=False)
    givens: frozenset[str] = field(repr=False)
    heads: frozenset[str] = field(repr=False)
    places: frozenset[str] = field(repr=False)

    @classmethod
    def of(cls, clues: Iterable[Clue]) -> _Printed:
        said = [c for c in clues if c.role == "subject"]
        names = [name_from_value(c.value) for c in said if c.field == "name"]
        families = frozenset(fold(n.family) for n in names) - {""}
        givens = frozenset().union(*(_givens(n) for n in names))
        words = {w for text in families | givens for w in text.split()}
        return cls(
            tuple(normalise(c.value) for c in said if c.field in NUMBERS),
            tuple(
                day
                for c in said
                if c.field == "born" and (day := iso_day(c.value)) is not None
            ),
            families,
            givens,
            frozenset(word[:_HEAD] for word in words),
            frozenset(_places(said)),
        )


def worth_weighing(
    clues: Sequence[Clue], people: Sequence[Patient]
) -> tuple[Patient, ...]:
    """Those of the candidates who may be the subject, or come near; in their order."""
    if len(people) <= _FEW or any(c.field in ACCOUNTS for c in clues):
        return tuple(people)
    printed = _Printed.of(clues)
    if not any(_in_full(printed, one) for one in people):
        return tuple(people)
    return tuple(one for one in people if _is_near(printed, one))


def _in_full(printed: _Printed, one: Patient) -> bool:
    """Whether the number and another field agree, or birth date and whole name."""
    born = one.born in printed.days
    if normalise(one.mrn) in printed.numbers:
        return born or _has_family(printed, one)
    if not born or not _has_family(printed, one):
        return False
    return any(fold(name.given) in printed.givens for name in one.names)


def _has_family(printed: _Printed, one: Patient) -> bool:
    return any(fold(name.family) in printed.families for name in one.names)


def _is_near(printed: _Printed, one: Patient) -> bool:
    """Whether two fields agree, or nearly; names of relatives are one.

    A number alone is worth a look, whatever else is printed.
    """
    same = one.born in printed.days
    born = same or _is_like(printed, one)
    place = bool(printed.places) and not printed.places.isdisjoint(
        {subscriber(one.phone), plain(one.address)} - {""}
    )
    if (born and place) or ((born or place) and _is_named(printed, one, same=same)):
        return True
    return _has_number(printed, one)


def _has_number(printed: _Printed, one: Patient) -> bool:
    """Whether a record number of the person's, a merged one too, is one slip away."""
    held = [one.mrn]
    if one.identifiers:
        held += [i.value for i in one.identifiers if i.type in ("MR", "PI")]
    for number in map(normalise, held):
        for seen in printed.numbers:
            if OSA.distance(number, seen, score_cutoff=1) <= 1:
                return True
    return False


def _is_named(printed: _Printed, one: Patient, *, same: bool) -> bool:
    """Whether a name agrees; on the same birthday two letters of it are enough."""
    for name in one.names:
        family, given = fold(name.family), fold(name.given)
        if family in printed.families or given in printed.givens:
            return True
        for word in f"{family} {given}".split() if same else ():
            if word[:_HEAD] in printed.heads:
                return True
    return False


def _is_like(printed: _Printed, one: Patient) -> bool:
    """Whether the birth date is one that was perhaps misread, or written otherwise."""
    held = one.born
    if held is None:
        return False
    for seen in printed.days:
        parts = (seen.year == held.year) + (seen.month == held.month)
        if parts + (seen.day == held.day) >= _PARTS or is_swapped(seen, held):
            return True
    return False


def _givens(name: Name) -> frozenset[str]:
    whole = fold(f"{name.given} {name.middle}")
    return (nicknames(name.given) | {fold(name.given), whole}) - {""}


def _places(said: Iterable[Clue]) -> Iterable[str]:
    for clue in said:
        if clue.field == "phone" and (digits := subscriber(clue.value)):
            yield digits
        elif clue.field == "address":
            yield plain(clue.value)
