"""Which files of a charts folder are measured, and which pages the peer gets."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.charts.kinds import PageTruth
from benchmarks.reading.figures import PageFigures

_AT_ONCE = 40  # pages of one file that the peer gets at most


@dataclass(frozen=True, slots=True)
class Run:
    """Pages that follow one another in one source file, 1-based."""

    source: str
    pages: tuple[int, ...] = field(repr=False)


def unit_of(source: str) -> str:
    """What came in together: the folder at the top, or the file itself."""
    return source.split("/", 1)[0]


def units(truths: Sequence[PageTruth], pages: int | None, seed: int) -> set[str]:
    """Whole units of about ``pages`` pages, levels shared evenly; all for None."""
    by_unit: dict[str, list[PageTruth]] = defaultdict(list)
    for truth in truths:
        by_unit[unit_of(truth.source)].append(truth)
    if pages is None:
        return set(by_unit)
    names = sorted(by_unit)
    random.Random(f"units {seed}").shuffle(names)
    level_of = {name: _usual_level(by_unit[name]) for name in names}
    levels = sorted(set(level_of.values()))
    left = dict.fromkeys(levels, pages / len(levels))
    chosen: set[str] = set()
    for name in names:
        size, level = len(by_unit[name]), level_of[name]
        if size <= left[level] * 1.25:
            chosen.add(name)
            left[level] -= size
    for level in levels:  # where every file is too large, the smallest is taken
        own = [n for n in names if level_of[n] == level]
        if not chosen.intersection(own):
            chosen.add(min(own, key=lambda n: len(by_unit[n])))
    return chosen


def _usual_level(truths: Sequence[PageTruth]) -> str:
    return Counter(truth.level for truth in truths).most_common(1)[0][0]


def runs(pages: Sequence[PageFigures], most: int | None, seed: int) -> list[Run]:
    """What the peer gets: of each level about as many, at most 40 of a file."""
    by_source: dict[str, list[PageFigures]] = defaultdict(list)
    for page in pages:
        by_source[page.source].append(page)
    names = sorted(by_source)
    if most is None:
        return [Run(n, tuple(sorted(p.page for p in by_source[n]))) for n in names]
    chance = random.Random(f"runs {seed}")
    chance.shuffle(names)
    levels = {page.level for page in pages}
    left = dict.fromkeys(levels, round(most / len(levels)))
    chosen = []
    for name in names:
        own = sorted(by_source[name], key=lambda page: page.page)
        size = min(len(own), _AT_ONCE, left[own[0].level])
        if size > 0:
            first = chance.randint(0, len(own) - size)
            taken = own[first : first + size]
            for page in taken:
                left[page.level] -= 1
            chosen.append(Run(name, tuple(page.page for page in taken)))
    return chosen
