"""Whether a paper prints a day, in any of the ways in which offices write one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

_TIGHT = re.compile(r"[\s,.]+")


def prints_day(day: str | None, text: str) -> bool:
    """Whether an ISO day stands in the text; two-digit years and month names count."""
    if not day:
        return False
    said = _tight(text)
    return any(_stands(_tight(way), said) for way in _ways(dt.date.fromisoformat(day)))


def _tight(text: str) -> str:
    return _TIGHT.sub(" ", text.lower())


def _stands(way: str, said: str) -> bool:
    return re.search(rf"(?<!\d){re.escape(way)}(?!\d)", said) is not None


def _ways(day: dt.date) -> Iterator[str]:
    months, days = {f"{day:%m}", str(day.month)}, {f"{day:%d}", str(day.day)}
    names = {f"{day:%B}", f"{day:%b}"}
    years = {f"{day:%Y}", f"{day:%y}"}
    yield f"{day:%Y-%m-%d}"
    for year in years:
        for d in days:
            for mark in "/-.":
                yield from (mark.join((m, d, year)) for m in months)
            for name in names:
                yield from (f"{name} {d}, {year}", f"{d} {name} {year}")
                yield f"{d}-{name}-{year}"
