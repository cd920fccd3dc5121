"""Which candidates are worth weighing: most share no more with a page than a birthday.

A birth date brings up some thirty people of a million, a common name hundreds. Where
somebody agrees in full, one who agrees in a single field only cannot be the patient:
it has some 30 bits less. Nobody is left out where no one agrees in full.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz.distance import OSA

from pipeline.document import Name, Patient
from pipeline.finding import Clue
from pipeline.index.channel import is_swapped
from pipeline.index.keys import ACCOUNTS, NUMBERS, iso_day, plain, subscriber
from pipeline.index.names import fold, name_from_value, nicknames
from pipeline.index.numbers import normalise

_FEW = 8  # candidates of whom all are weighed
_ENOUGH = 2  # fields in which one must be near
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
    return tuple(one for one in people if _near(printed, one) >= _ENOUGH)


def _in_full(printed: _Printed, one: Patient) -> bool:
    """Whether the number and another field agree, or birth date and whole name."""
    held = _folded(one.names)
    family = not printed.families.isdisjoint(held[0])
    born = one.born in printed.days
    if normalise(one.mrn) in printed.numbers:
        return family or born
    return born and family and not printed.givens.isdisjoint(held[1])


def _near(printed: _Printed, one: Patient) -> int:
    """In how many fields the person agrees, or nearly; names of relatives are one."""
    if any(
        OSA.distance(held, seen, score_cutoff=1) <= 1
        for held in _numbers(one)
        for seen in printed.numbers
    ):
        return _ENOUGH  # a number alone is worth a look, whatever else is printed
    same = one.born in printed.days
    born = same or (one.born and any(_like(day, one.born) for day in printed.days))
    place = bool(printed.places) and not printed.places.isdisjoint(
        {subscriber(one.phone), plain(one.address)} - {""}
    )
    if not born and not place:
        return _ENOUGH - 1
    families, givens, heads = _folded(one.names)
    alike = (
        not printed.families.isdisjoint(families)
        or not printed.givens.isdisjoint(givens)
        or (same and not printed.heads.isdisjoint(heads))
    )
    return bool(born) + alike + place


def _numbers(one: Patient) -> Iterator[str]:
    """The record number, and those of records that were merged into it."""
    yield normalise(one.mrn)
    yield from (normalise(i.value) for i in one.identifiers if i.type in ("MR", "PI"))


def _like(seen: dt.date, held: dt.date) -> bool:
    same = (
        (seen.year == held.year) + (seen.month == held.month) + (seen.day == held.day)
    )
    return same >= _PARTS or is_swapped(seen, held)


def _givens(name: Name) -> frozenset[str]:
    whole = fold(f"{name.given} {name.middle}")
    return (nicknames(name.given) | {fold(name.given), whole}) - {""}


@lru_cache(maxsize=65536)
def _folded(
    names: tuple[Name, ...],
) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Surnames, given names, and the first letters of all their words."""
    families = frozenset(fold(n.family) for n in names) - {""}
    givens = frozenset(fold(n.given) for n in names) - {""}
    words = {w for text in families | givens for w in text.split()}
    return families, givens, frozenset(word[:_HEAD] for word in words)


def _places(said: Iterable[Clue]) -> Iterable[str]:
    for clue in said:
        if clue.field == "phone" and (digits := subscriber(clue.value)):
            yield digits
        elif clue.field == "address":
            yield plain(clue.value)
