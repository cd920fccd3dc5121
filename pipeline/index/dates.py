"""Dates as they are printed and misread: what days the characters may stand for.

What a date is for (birth, service, fax) is not known here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

DateOrder = Literal["mdy", "dmy"]
OLDEST = dt.date(1880, 1, 1)  # nobody whose chart is scanned was born before

_CALENDAR = """
january february march april may june
july august september october november december
"""
_FULL = _CALENDAR.split()
_MONTHS = [month[:3] for month in _FULL]
# Letters that a recogniser reads for digits, and where a slash may have gone.
_SLIPS = str.maketrans("OoQDIl|!iZzSsBGgqA", "000011111225586994")
_D = r"[0-9OoQDIl|!iZzSsBGgq]"
_M = r"[A-Za-z01]{3,9}"  # 0ct, 0CTOBER, Ju1y
_GAP = r"\s{0,2}"
_SEP = rf"{_GAP}[/\-–—.]{_GAP}"
_EDGE = r"(?<![\w/\-])"
_CLOCK = r"[0-2]\d[0-5]\d(?!\w)"  # 03/04/19611430: the blank before the time was lost
_END = rf"(?:(?![\w/]|-\d)|(?<=\d\d\d\d)(?={_CLOCK}))"
_D12 = rf"({_D}{{1,2}})"
_TORN = (
    rf"({_D}{{1,2}}|{_D} {_D})"  # 03/1 6/05: a blank between two slashes parts nothing
)
_YEAR = rf"(?:{_D}{{4}}|['’]?{_D}{{2}})"
_NO_RANGE = r"(?!\d+\.\d+[\-–—]|\d+[\-–—]\d+\.\d)"  # 12.6-16.0, a normal value
_SHAPES = tuple(
    (name, re.compile(_EDGE + shape + _END))
    for name, shape in (
        ("ymd", rf"([12l|I]{_D}{{3}}){_SEP}{_D12}{_SEP}{_D12}"),
        ("num", rf"{_NO_RANGE}{_D12}{_SEP}{_TORN}{_SEP}({_YEAR})"),
        ("dmy", rf"{_D12}(?:(?<=\d)|(?![A-Za-z]))(?:st|nd|rd|th)?"
                rf"{_GAP}[\-/. ,]?{_GAP}({_M})\.?"
                rf"{_GAP}[\-/. ,]?{_GAP}({_YEAR})"),
        ("mdy", rf"({_M})\.?{_GAP}[\-/ ]?{_GAP}{_D12}(?:st|nd|rd|th)?"
                rf"{_GAP}[,.\-/ ](?:{_GAP}[,.])?{_GAP}({_YEAR})"),
    )
)  # fmt: skip
_FEW = 2  # digits that no date has less of, be it read ever so badly
_BARE = re.compile(_EDGE + rf"({_D}{{2}})[ ]?({_D}{{2}})[ ]?({_D}{{4}})" + _END)


@dataclass(frozen=True, slots=True)
class DateReading:
    """A stretch of text and the days it may mean, best first; never empty."""

    start: int  # characters, within the text searched
    end: int
    days: tuple[dt.date, ...]


def read_date(
    text: str, latest: dt.date, order: DateOrder = "mdy", *, bare: bool = True
) -> tuple[dt.date, ...]:
    """The days that the text may mean, best first; nothing if it holds no date.

    ``latest`` is the last possible day (receipt): later days are refused and two-digit
    years fall before it. ``bare`` also takes eight digits in a row (a date field's).
    """
    for found in find_dates(text, latest, order):
        return found.days
    match = _BARE.search(text) if bare else None
    if match is None:
        return ()
    first, second, year = (part.translate(_SLIPS) for part in match.groups())
    return _numeric(first, second, year, latest, order)


def find_dates(
    text: str, latest: dt.date, order: DateOrder = "mdy"
) -> Iterator[DateReading]:
    """Every date in a line of text, left to right; impossible ones are passed over."""
    taken = 0
    for start, end, shape, groups in _matches(text):
        if start < taken:
            continue
        days = _days(shape, groups, latest, order)
        if days:
            taken = end
            yield DateReading(start, end, days)


def shaped(text: str) -> Iterator[tuple[int, int]]:
    """Where something stands that is made like a date, be it possible or not."""
    taken = 0
    for start, end, _, groups in _matches(text):
        if start >= taken and sum(c.isdigit() for c in "".join(groups)) > _FEW:
            taken = end
            yield start, end


def _matches(text: str) -> list[tuple[int, int, str, tuple[str, ...]]]:
    found = [
        (m.start(), m.end(), shape, m.groups())
        for shape, pattern in _SHAPES
        for m in pattern.finditer(text)
    ]
    return sorted(found, key=lambda hit: (hit[0], -hit[1]))


def _days(
    shape: str, groups: tuple[str, ...], latest: dt.date, order: DateOrder
) -> tuple[dt.date, ...]:
    a, b, c = groups
    if sum(ch.isdigit() for ch in a + b + c) < 2:  # noqa: PLR2004 - "is so is" is no date
        return ()
    match shape:
        case "ymd":
            return _possible([(_num(a), _num(b), _num(c))], latest)
        case "num":
            return _numeric(_digits(a), _digits(b), _digits(c), latest, order)
        case "dmy":
            return _named(_digits(a), b, _digits(c), latest)
        case _:
            return _named(_digits(b), a, _digits(c), latest)


def _digits(text: str) -> str:
    return text.strip("'’").replace(" ", "").translate(_SLIPS)


def _num(text: str) -> int:
    return int(_digits(text))


def _numeric(
    first: str, second: str, year: str, latest: dt.date, order: DateOrder
) -> tuple[dt.date, ...]:
    one, two = int(first), int(second)
    pairs = [(one, two), (two, one)]  # (month, day)
    if order == "dmy":
        pairs.reverse()
    return _possible([(y, m, d) for m, d in pairs for y in _years(year)], latest)


def _named(day: str, month: str, year: str, latest: dt.date) -> tuple[dt.date, ...]:
    number = _month(month)
    if number is None:
        return ()
    return _possible([(y, number, int(day)) for y in _years(year)], latest)


def _month(text: str) -> int | None:
    word = text.lower().replace("0", "o").replace("1", "l")
    if word in ("sept", "dee"):
        return 9 if word == "sept" else 12
    for table in (_FULL, _MONTHS):
        if word in table:
            return table.index(word) + 1
    near = [at for at, full in enumerate(_FULL, 1) if _one_off(word, full)]
    if len(near) == 1:
        return near[0]
    short = [at for at, name in enumerate(_MONTHS, 1) if _looks_like(word, name)]
    return short[0] if len(short) == 1 else None


def _one_off(word: str, full: str) -> bool:
    if len(full) < 5 or abs(len(word) - len(full)) > 1:  # noqa: PLR2004 - too short
        return False
    if len(word) == len(full):
        return sum(a != b for a, b in zip(word, full, strict=True)) == 1
    short, long = sorted((word, full), key=len)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def _looks_like(word: str, name: str) -> bool:
    # "Jul" read as "Jui", "Oct" as "Oet": the pairs that print makes alike
    alike = {frozenset("li"), frozenset("ce"), frozenset("vy"), frozenset("rn")}
    pairs = [(a, b) for a, b in zip(word, name, strict=False) if a != b]
    return len(word) == len(name) and all(frozenset(p) in alike for p in pairs)


def _years(year: str) -> tuple[int, ...]:
    if len(year) == 4:  # noqa: PLR2004 - digits of a whole year
        return (int(year),)
    return (2000 + int(year), 1900 + int(year))


def _possible(
    triples: list[tuple[int, int, int]], latest: dt.date
) -> tuple[dt.date, ...]:
    days: dict[dt.date, None] = {}
    for year, month, day in triples:
        try:
            found = dt.date(year, month, day)
        except ValueError:
            continue
        if OLDEST <= found <= latest:
            days[found] = None
    return tuple(days)
