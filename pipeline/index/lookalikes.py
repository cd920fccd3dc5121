"""Who may be taken for whom: twins, Jr and Sr, namesakes, and numbers that look alike.

The words of every name alert stand here. Two rules use them: ``alert`` is narrow, for
every two people of an index of millions, where a shared surname and birth date are
mostly chance; ``likeness`` is wide, for the few people whom a page calls to mind, where
the index has computed no alerts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from pipeline.document import Patient, PatientId
from pipeline.index.channel import digits_apart, is_swapped
from pipeline.index.keys import patient_keys, plain, subscriber
from pipeline.index.namematch import suffix
from pipeline.index.names import fold
from pipeline.index.numbers import normalise

TWIN = "twin"
JUNIOR = "Jr or Sr"
HOUSEHOLD = "same name in one household"
DOUBLE = "same name and birth date"
LIKE_MRN = "MRN that looks alike"
NAMESAKE = "namesake"  # told of a page's candidates only
KINDS = (TWIN, JUNIOR, HOUSEHOLD, DOUBLE, LIKE_MRN)

SHARE_AT_MOST = 0.02  # of patients with an alert: above it the rule is wrong for a site
RARE = 300  # bearers: two of them are born on one day by chance in 1 of 100 cases
_DATE_DIGITS = 2  # so many other digits are no slip of the pen
_LIKE_STREETS = 90.0  # rapidfuzz ratio 0..100
_NEXT_NUMBERS = 3  # MRNs so near were given out at one desk, to one family
_CROWD = 40  # alerts of one person, at most


@dataclass(frozen=True, slots=True)
class Alert:
    """One person whom the index holds beside a patient, and in which way alike."""

    kind: str
    mrn: str = field(repr=False)


def likeness(best: Patient, other: Patient) -> str:
    """In which way two of a page's candidates are alike; "" for in none.

    Somebody who shares only a surname is not, nor a far namesake: the name with another
    birth date at another address, whom the posterior tells apart.
    """
    if not surnames(best) & surnames(other):
        return ""
    same_given = bool(_givens(best) & _givens(other))
    if best.born is not None and best.born == other.born:
        return DOUBLE if same_given else TWIN
    if not same_given:
        return ""
    if suffix_of(best) != suffix_of(other):
        return JUNIOR
    if _like_streets(best, other):
        return HOUSEHOLD
    return NAMESAKE if _like_births(best, other) else ""


def alert(one: Patient, other: Patient, *, rare: bool) -> str:
    """In which way two people of the index are alike; "" for in none.

    ``rare`` says that few people bear their surname, so that one birth date is hardly
    chance; else a twin needs a household, a birth order or MRNs given out together.
    """
    family = bool(surnames(one) & surnames(other))
    given = bool(_givens(one) & _givens(other))
    born = one.born is not None and one.born == other.born
    if family and given:
        if born:
            return DOUBLE
        if _one_house(one, other):
            return JUNIOR if suffix_of(one) != suffix_of(other) else HOUSEHOLD
        if _generations(one, other):
            return JUNIOR
    elif family and born:
        ordered = one.birth_order is not None and other.birth_order is not None
        if rare or ordered or _one_house(one, other) or _given_out_together(one, other):
            return TWIN
    alike = born or (family and given)
    return LIKE_MRN if alike and one_slip(one.mrn, other.mrn) else ""


def between(
    one: Patient, other: Patient, bearers: Callable[[str], int]
) -> Iterator[tuple[PatientId, PatientId, str]]:
    """(patient, other, kind) in both directions, if there is an alert between them.

    ``bearers``: how many people of the index have a folded surname.
    """
    if kind := alert(one, other, rare=_rare(one, other, bearers)):
        yield one.id, other.id, kind
        yield other.id, one.id, kind


def alerts_of(
    person: Patient, others: Sequence[Patient], bearers: Callable[[str], int]
) -> Iterator[tuple[PatientId, PatientId, str]]:
    """The same of one person only, among those who share one of its ``known_by``."""
    found = 0
    for other in others:
        if other.id == person.id or found >= _CROWD:
            continue
        pair = tuple(between(person, other, bearers))
        found += bool(pair)
        yield from pair


def known_by(person: Patient) -> tuple[str, ...]:
    """Blocking keys that bring up everybody with whom there may be an alert."""
    return tuple(k for k in patient_keys(person) if k.startswith(("n:", "b:")))


def _rare(one: Patient, other: Patient, bearers: Callable[[str], int]) -> bool:
    """Asked of the surnames of possible twins only: counting costs a query."""
    if one.born is None or one.born != other.born:
        return False
    shared = surnames(one) & surnames(other)
    return bool(shared) and min(map(bearers, shared)) <= RARE


def one_slip(one: str, other: str) -> bool:
    """Whether two numbers of one length are one digit or one transposition apart."""
    first, second = normalise(one), normalise(other)
    return len(first) == len(second) and OSA.distance(first, second) == 1


def _given_out_together(one: Patient, other: Patient) -> bool:
    first, second = normalise(one.mrn), normalise(other.mrn)
    if not (first.isdecimal() and second.isdecimal()) or one.facility != other.facility:
        return False
    return abs(int(first) - int(second)) <= _NEXT_NUMBERS


def _generations(one: Patient, other: Patient) -> bool:
    """Both say which they are, and not the same; no middle name tells them apart."""
    first, second = suffix_of(one), suffix_of(other)
    if not first or not second or first == second:
        return False
    middles = {fold(p.names[0].middle)[:1] for p in (one, other)} - {""}
    return len(middles) < 2  # noqa: PLR2004 - two that differ


def _one_house(one: Patient, other: Patient) -> bool:
    if (digits := subscriber(one.phone)) and digits == subscriber(other.phone):
        return True
    return bool(one.address) and plain(one.address) == plain(other.address)


def _like_streets(one: Patient, other: Patient) -> bool:
    return bool(one.address and other.address) and (
        fuzz.ratio(one.address.upper(), other.address.upper()) >= _LIKE_STREETS
    )


def _like_births(one: Patient, other: Patient) -> bool:
    if one.born is None or other.born is None:
        return True
    near = digits_apart(one.born, other.born) <= _DATE_DIGITS
    return near or is_swapped(one.born, other.born)


@lru_cache(maxsize=65536)
def _folded(name: str) -> str:
    return fold(name)


def surnames(patient: Patient) -> frozenset[str]:
    """Every folded surname that a person ever had."""
    return frozenset(_folded(n.family) for n in patient.names) - {""}


def _givens(patient: Patient) -> frozenset[str]:
    return frozenset(_folded(n.given) for n in patient.names) - {""}


def full_names(patient: Patient) -> frozenset[tuple[str, str]]:
    """Every surname with every given name: an alias may have either of them."""
    return frozenset((f, g) for f in surnames(patient) for g in _givens(patient))


def suffix_of(patient: Patient) -> str:
    """Which of the generations a person is; "" where the name does not say."""
    return suffix(patient.names[0]) if patient.names else ""
