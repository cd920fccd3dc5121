"""In which order the lines of print on a page are read.

What stands beside each other is one row, as in a form or table; but where two columns
of prose stand side by side, the left one is read to its end first.
"""

from __future__ import annotations

import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from pipeline.page import Box, Word

_SAME_ROW = 0.5  # heights between the middles of what is one row
_PROSE = (5, 2.0)  # lines of a column at least, and inches that most of them are wide

Row = list[int]  # positions of its boxes, from left to right


def words_in_order(
    words: Iterable[Word], lines: Sequence[Box], dpi: int
) -> tuple[Word, ...]:
    """The words row by row; ``word.line`` was its line's position, and is its row's."""
    row = rows_in_order(lines, dpi)
    placed = [Word(w.text, w.box, w.confidence, row[w.line]) for w in words]
    return tuple(sorted(placed, key=lambda word: (word.line, word.box.left)))


def rows_in_order(lines: Sequence[Box], dpi: int) -> tuple[int, ...]:
    """The number of the row that each box belongs to, rows in reading order from 0."""
    numbers = [0] * len(lines)
    for number, row in enumerate(_read(_rows(lines), lines, dpi)):
        for at in row:
            numbers[at] = number
    return tuple(numbers)


def _rows(lines: Sequence[Box]) -> list[Row]:
    rows: list[Row] = []
    for at in sorted(range(len(lines)), key=lambda i: _middle(lines[i])):
        if rows and _level(lines[rows[-1][-1]], lines[at], rows[-1], lines):
            rows[-1].append(at)
        else:
            rows.append([at])
    return [sorted(row, key=lambda i: lines[i].left) for row in rows]


def _level(last: Box, box: Box, row: Row, lines: Sequence[Box]) -> bool:
    drop = _middle(box) - _middle(last)
    if drop >= _SAME_ROW * min(last.height, box.height):
        return False
    return not any(lines[i].left < box.right and box.left < lines[i].right for i in row)


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2


def _read(rows: list[Row], lines: Sequence[Box], dpi: int) -> Iterator[Row]:
    """The rows, with those of columns parted."""
    best = max(_columns(rows, lines, dpi), default=None)
    if best is None:
        yield from rows
        return
    _, first, last, x = best
    yield from rows[:first]
    for left in (True, False):
        side = [[i for i in r if (lines[i].left < x) == left] for r in rows[first:last]]
        yield from _read([row for row in side if row], lines, dpi)
    yield from _read(rows[last:], lines, dpi)


def _columns(
    rows: list[Row], lines: Sequence[Box], dpi: int
) -> Iterator[tuple[int, int, int, float]]:
    """Runs of rows that white parts into two columns: (lines, first, last + 1, x)."""
    ends = sorted(lines[i].right for row in rows for i in row)
    starts = sorted(lines[i].left for row in rows for i in row)
    for x in _gutters((lines[i] for row in rows for i in row), dpi):
        sides = bisect_right(ends, x), len(starts) - bisect_left(starts, x)
        if min(sides) < _PROSE[0]:  # the left margin, and most others
            continue
        first = 0
        for at in range(len(rows) + 1):
            if at < len(rows) and not _crossed(rows[at], lines, x):
                continue
            run = [lines[i] for row in rows[first:at] for i in row]
            parts = ([b for b in run if b.right <= x], [b for b in run if b.left >= x])
            if all(_is_prose(part, dpi) for part in parts):
                yield len(run), first, at, x
            first = at + 1


def _gutters(lines: Iterable[Box], dpi: int) -> set[float]:
    """Just left of where lines begin, to a quarter of an inch."""
    return set({round(4 * box.left / dpi): box.left - 1 for box in lines}.values())


def _crossed(row: Row, lines: Sequence[Box], x: float) -> bool:
    return any(lines[i].left < x < lines[i].right for i in row)


def _is_prose(side: Sequence[Box], dpi: int) -> bool:
    fewest, wide = _PROSE
    if len(side) < fewest:
        return False
    return statistics.median(box.width for box in side) >= wide * dpi
