"""Whom a clerk means who types parts of names, a number or a birth date.

What is typed is held against the words of names, then the people are fetched by the
keys of the words that fit, and each is asked whether all of it fits. First as typed,
then as the beginning of a word, then by sound and with one slip of the finger.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations, product
from string import ascii_uppercase
from typing import Protocol

from rapidfuzz.distance import OSA

from pipeline.document import NameWord, Patient
from pipeline.index.keys import ENDING, LETTERS, iso_day
from pipeline.index.namewords import FAMILY, bare, patient_words
from pipeline.index.numbers import normalise
from pipeline.index.sounds import phonetic

_LOOKED_AT = 100  # people held against what was typed, at most
_WORDS = 15  # that begin as typed, or sound so
_ENOUGH = 3  # letters, before a slip or a sound says anything
_BEGINS, _SOUNDS, _NOT = 1, 3, 9  # how loosely a word fits; a slip is 2
_ROUNDS = ("as typed", "begins so", "alike")


class SearchedRows(Protocol):
    """The index as the search box asks it; store's SqlPatients."""

    def with_keys(
        self, keys: Sequence[str], most: int | None = None
    ) -> tuple[Patient, ...]: ...

    def mrn_begins(self, head: str, most: int) -> tuple[Patient, ...]: ...

    def words_that_begin(self, head: str, most: int) -> tuple[NameWord, ...]: ...

    def words_that_sound(self, sound: str, most: int) -> tuple[NameWord, ...]: ...

    def words_among(self, words: Sequence[str]) -> tuple[NameWord, ...]: ...


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the search box, told apart."""

    names: tuple[str, ...] = field(repr=False)
    numbers: tuple[str, ...] = field(repr=False)
    days: tuple[dt.date, ...] = field(repr=False)


def find(text: str, rows: SearchedRows, limit: int) -> tuple[Patient, ...]:
    """At most so many survivors whom all of the words fit, the best first."""
    for typed in _meant(text):
        if best := _found(typed, rows, limit):
            return best
    return ()


def joined(
    text: str, found: Sequence[Patient], others: Sequence[Patient], limit: int
) -> tuple[Patient, ...]:
    """What ``find`` would tell if these others were in the index as well."""
    for typed in _meant(text):
        near = _loosest(typed, _ROUNDS[1])
        close = [one for one in found if _misfit(typed, one, near) is not None]
        most = near if close else _SOUNDS
        fit = [one for one in others if _misfit(typed, one, most) is not None]
        if fit:
            return _best(typed, (*fit, *found), limit)
    return tuple(found[:limit])


def _meant(text: str) -> Iterator[Typed]:
    """Digits alone are a number; where it is nobody's they may be a day: 19610304."""
    typed = told_apart(text)
    yield typed
    if days := tuple(filter(None, map(iso_day, typed.numbers))):
        numbers = tuple(one for one in typed.numbers if not iso_day(one))
        yield Typed(typed.names, numbers, typed.days + days)


def _best(typed: Typed, people: Iterable[Patient], limit: int) -> tuple[Patient, ...]:
    def place(one: Patient) -> tuple[int, tuple[str, str, str]]:
        off = _misfit(typed, one, _SOUNDS)
        return _NOT if off is None else off, _shown(one)

    return tuple(sorted(people, key=place)[:limit])


def _found(typed: Typed, rows: SearchedRows, limit: int) -> tuple[Patient, ...]:
    found: dict[str, tuple[int, Patient]] = {}
    for round_ in _ROUNDS:
        most = _loosest(typed, round_)
        for person in _fetched(typed, rows, round_):
            if person.id in found:
                continue
            if (off := _misfit(typed, person, most)) is not None:
                found[person.id] = (off, person)
        if len(found) >= limit or (found and round_ != _ROUNDS[0]):
            break
    best = sorted(found.values(), key=lambda one: (one[0], *_shown(one[1])))
    return tuple(person for _, person in best[:limit])


def _loosest(typed: Typed, round_: str) -> int:
    """How loosely a word may fit: a slip counts in its own round.

    Whom it fits by chance must not end the search; beside a date or number few fit.
    """
    sure = typed.numbers or typed.days
    return _SOUNDS if sure or round_ == _ROUNDS[-1] else _BEGINS


def told_apart(text: str) -> Typed:
    """A word with a digit is a number, unless it is a date: 1961-03-04, 3/4/1961."""
    names, numbers, days = [], [], []
    for word in text.replace(",", " ").split():
        day = None if word.isdigit() else iso_day(word) or _american_day(word)
        if day:
            days.append(day)
        elif any(c.isdigit() for c in word):
            numbers.append(normalise(word))
        elif plain := bare(word):
            names.append(plain)
    return Typed(tuple(names), tuple(numbers), tuple(days))


def _american_day(word: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(word, "%m/%d/%Y").replace(tzinfo=dt.UTC).date()
    except ValueError:
        return None


# --- who is looked at


def _fetched(typed: Typed, rows: SearchedRows, round_: str) -> Iterator[Patient]:
    if typed.numbers:
        if round_ == _ROUNDS[0]:
            yield from _numbered(typed.numbers[0], rows)
        return
    words = [_fitting(name, rows, round_) for name in typed.names]
    keys = tuple(dict.fromkeys(_keys(typed, words, round_)))
    if keys:
        yield from rows.with_keys(keys, _LOOKED_AT)


def _numbered(number: str, rows: SearchedRows) -> Iterator[Patient]:
    yield from rows.mrn_begins(number, _LOOKED_AT)
    ends: list[str] = []
    if len(number) >= ENDING:
        ends = [number[-ENDING:]]
    elif len(number) == ENDING - 1:
        ends = [f"{digit}{number}" for digit in "0123456789"]
    keys = [f"m:{number}", *(f"e:{end}" for end in ends)]
    yield from rows.with_keys(keys, _LOOKED_AT)


def _fitting(name: str, rows: SearchedRows, round_: str) -> tuple[NameWord, ...]:
    """The words of the index that a typed one may be."""
    if round_ == _ROUNDS[0]:
        return rows.words_among([name])
    begun = rows.words_that_begin(name, _WORDS)
    if round_ == _ROUNDS[1] or len(name) < _ENOUGH:
        return begun
    slips = rows.words_among(tuple(_one_slip(name)))[:_WORDS]
    sounding = rows.words_that_sound(phonetic(name), _WORDS) if phonetic(name) else ()
    return tuple(dict.fromkeys((*begun, *slips, *sounding)))


def _keys(
    typed: Typed, words: Sequence[Sequence[NameWord]], round_: str
) -> Iterator[str]:
    if typed.days:
        heads = {one.word[:LETTERS] for some in words for one in some}
        yield from (f"bf:{d}|{head}" for d, head in product(typed.days, sorted(heads)))
        yield from (f"b:{day}" for day in typed.days)
        return
    if len(words) == 1:
        yield from (one.key for one in words[0])
        return
    for ones, others in permutations(words, 2):
        families = [one.word for one in ones if one.part == FAMILY]
        givens = dict.fromkeys(one.word for one in others if one.part != FAMILY)
        yield from (f"n:{f}|{given}" for f, given in product(families, givens))
    if round_ == _ROUNDS[1]:  # a middle name stands in no key of two
        yield from (one.key for some in words for one in some)


def _one_slip(word: str) -> Iterator[str]:
    """Every word with one letter left out, added, changed, or exchanged with the next.

    Some four hundred, of which the index knows a few (Norvig, 2007).
    """
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        for letter in ascii_uppercase:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


# --- whom it fits


def _misfit(typed: Typed, person: Patient, most: int) -> int | None:
    """0 where all was typed in full, more the looser it fits; None: not this one.

    ``most``: how loosely one word may fit.
    """
    if any(person.born != day for day in typed.days):
        return None
    numbers = (person.mrn, *(i.value for i in person.identifiers))
    known = tuple(map(normalise, numbers))
    words = tuple(one.word for one in patient_words(person))
    initials = {bare(name.middle)[:1] for name in person.names}
    off = 0
    for number in typed.numbers:
        if not any(k.startswith(number) or k.endswith(number) for k in known):
            return None
        off += number not in known
    for name in typed.names:
        if name in initials:
            continue
        loose = min((_loose(name, one) for one in words), default=_NOT)
        if loose > most:
            return None
        off += loose
    return off


def _loose(typed: str, word: str) -> int:
    if typed == word:
        return 0
    if word.startswith(typed):
        return _BEGINS
    if len(typed) < _ENOUGH:
        return _NOT
    if OSA.distance(typed, word, score_cutoff=1) <= 1:
        return 2
    return _SOUNDS if phonetic(typed) and phonetic(typed) == phonetic(word) else _NOT


def _shown(one: Patient) -> tuple[str, str, str]:
    return bare(one.names[0].family), bare(one.names[0].given), one.mrn
