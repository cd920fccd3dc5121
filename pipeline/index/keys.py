"""Blocking keys: strings that a patient and a page about that patient share.

They only retrieve, so they err towards too many. The store keeps ``patient_keys`` of
every row; a page asks with ``clue_keys``. Prefixes: m a number, a an account, b a
birth date, bf birth date and surname, n full name, p sound and year, h a telephone,
e the end of an MRN, family and given and middle a word of a name.
Source: docs/SCIENCE.md, section 1.6.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product

from pipeline.document import Encounter, Patient
from pipeline.finding import Clue
from pipeline.index.names import fold, name_from_value, nicknames
from pipeline.index.namewords import patient_words
from pipeline.index.numbers import MrnFormat, check, normalise, variants
from pipeline.index.sounds import phonetic

NUMBERS = ("mrn", "cover patient")
ACCOUNTS = ("account", "encounter")
ENDING = 5  # characters of an MRN that a clerk remembers
LETTERS = 3  # of the surname, beside a birth date that was misread
_PHONE = 7  # digits of a telephone number without its area code
_NO_DIGITS = re.compile(r"\D+")


def patient_keys(
    patient: Patient, encounters: Iterable[Encounter] = ()
) -> tuple[str, ...]:
    """Every key under which the patient must be found, sorted, each once."""
    words = (one.key for one in patient_words(patient))
    return tuple(sorted({*record_keys(patient, encounters), *words}))


def record_keys(patient: Patient, encounters: Iterable[Encounter] = ()) -> set[str]:
    """The same without the words of the names, which have theirs."""
    mrn = normalise(patient.mrn)
    keys = {f"m:{mrn}", f"e:{mrn[-ENDING:]}"}
    for other in patient.identifiers:
        prefix = "m" if other.type in ("MR", "PI") else "a"
        keys.add(f"{prefix}:{normalise(other.value)}")
    keys.update(map(encounter_key, encounters))
    keys.update(_phone_keys(patient.phone))
    for name in patient.names:
        families = _surnames(name.family)
        for first in _firsts(name.given):
            keys.update([f"n:{family}|{first}" for family in families])
        if patient.born:
            keys.update(_birth_keys(families, patient.born.isoformat()))
    return keys


def old_number_key(number: str) -> str:
    """The key under which a patient is found by a number of an older house."""
    return f"m:{normalise(number)}"


def encounter_key(encounter: Encounter) -> str:
    """The key under which the patient of a stay is found by the stay's number."""
    return f"a:{normalise(encounter.number)}"


def clue_keys(clues: Iterable[Clue], form: MrnFormat) -> tuple[str, ...]:
    """Every key under which the subject of these clues may be found, each once.

    Includes what a recogniser or a typist may have made of the printed characters.
    """
    known = tuple(c for c in clues if c.role == "subject")
    keys = set(_number_keys(known, form))
    names = [name_from_value(c.value) for c in known if c.field == "name"]
    days = [d for c in known if c.field == "born" if (d := iso_day(c.value))]
    families = {f for name in names for f in _surnames(name.family)}
    families |= {fold(name.given) for name in names if name.given}  # or swapped
    for name in names:
        keys.update(_name_keys(name.family, name.given))
        keys.update(_name_keys(name.given, name.family))
        if name.middle:  # or both are one given name: THI LAN
            keys.update(_name_keys(name.family, f"{name.given} {name.middle}"))
    for day in days:
        keys.add(f"b:{day}")
        keys.update(f"p:{phonetic(f)}|{day.year}" for f in families if f)
        heads = {f[:LETTERS] for f in families if f}
        near = product(misread_days(day), heads)
        keys.update(f"bf:{other}|{head}" for other, head in near)
    return tuple(sorted(keys))


def _number_keys(clues: tuple[Clue, ...], form: MrnFormat) -> Iterator[str]:
    for clue in clues:
        if clue.field in NUMBERS:
            yield f"m:{normalise(clue.value)}"
            yield from (f"m:{v.value}" for v in variants(clue.value, form))
        elif clue.field in ACCOUNTS:
            yield f"a:{normalise(clue.value)}"
            if check(normalise(clue.value), form):  # or it is the record's
                yield f"m:{normalise(clue.value)}"
        elif clue.field == "phone":
            yield from _phone_keys(clue.value)


@lru_cache(maxsize=65536)
def _surnames(family: str) -> frozenset[str]:
    """The folded surname, run together, and each part of a double one."""
    folded = fold(family)
    parts = folded.split()
    return frozenset((folded, "".join(parts), *parts)) - {""}


@lru_cache(maxsize=65536)
def _firsts(given: str) -> frozenset[str]:
    """The folded given name, and its first part."""
    folded = fold(given)
    return frozenset((folded, folded.partition(" ")[0])) - {""}


def _name_keys(family: str, given: str) -> Iterator[str]:
    first = fold(given)
    if len(first) > 1:
        for surname, other in product(_surnames(family), nicknames(first)):
            yield f"n:{surname}|{other}"


def _birth_keys(families: Iterable[str], day: str) -> Iterator[str]:
    yield f"b:{day}"
    year = day[:4].lstrip("0")
    for family in families:
        yield f"bf:{day}|{family[:LETTERS]}"
        yield f"p:{phonetic(family)}|{year}"


def _phone_keys(phone: str) -> Iterator[str]:
    if digits := subscriber(phone):
        yield f"h:{digits}"


def subscriber(phone: str) -> str:
    """The last seven digits of a telephone number; "" for one that has fewer."""
    digits = _NO_DIGITS.sub("", phone)
    return digits[-_PHONE:] if len(digits) >= _PHONE else ""


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Its capital letters and digits, one blank between words: how streets compare."""
    return re.sub(r"[^A-Z0-9]+", " ", text.upper()).strip()


def iso_day(value: str) -> dt.date | None:
    """The day that an ISO date names, or None."""
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def misread_days(day: dt.date) -> frozenset[dt.date]:
    """Days with one other digit, or with day and month exchanged."""
    digits = day.strftime("%Y%m%d")
    if day.year < 1000:  # noqa: PLR2004 - strftime does not pad such years
        return frozenset()
    texts = {digits[:4] + digits[6:] + digits[4:6]}
    for at, digit in product(range(len(digits)), "0123456789"):
        texts.add(digits[:at] + digit + digits[at + 1 :])
    days = (iso_day(f"{t[:4]}-{t[4:6]}-{t[6:]}") for t in texts)
    return frozenset(d for d in days if d is not None and d != day)
