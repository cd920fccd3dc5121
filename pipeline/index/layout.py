"""The words of a page as rows of pieces: what stands right of, and below, what.

A piece is a part of a word that can be a label, a value or a sign by itself; its box is
the word's share in proportion to its characters.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.page import Box, Page, Word

_PIECE = re.compile(r"[^\W_]+(?:['’`^.\-–/](?=[^\W_])[^\W_]+)*\.?|[^\w\s]|_+")
_SAME_ROW = (
    0.5  # lines whose centres are nearer than this share of a height are one row
)
_STACKED = 0.5  # share of the narrower of two words that stand one above the other
_WIDE_BLANK = 0.7  # heights; a typewriter's blanks are wider than its letters are tall
_NARROW = 5  # one gap in so many is narrower than what a blank is taken to be
_MAX_TILT = 10.0  # degrees; a larger measured skew is not believed


@dataclass(frozen=True, slots=True)
class Piece:
    """``gap`` is the white space to its left, in row heights; inf at a row's start.

    On a typewritten page, whose blanks are wide, gaps count for less.
    """

    text: str = field(repr=False)
    box: Box
    confidence: float
    gap: float

    @property
    def is_sign(self) -> bool:
        """Whether it is punctuation only."""
        return not any(c.isalnum() for c in self.text)


@dataclass(frozen=True, slots=True)
class Row:
    """Pieces from left to right; ``top`` and ``bottom`` are px without the skew."""

    pieces: tuple[Piece, ...]
    top: float
    bottom: float

    @property
    def height(self) -> float:
        return max(self.bottom - self.top, 1.0)

    @property
    def text(self) -> str:
        """The row as printed, one blank between words."""
        return join(self.pieces)


def join(pieces: Sequence[Piece]) -> str:
    """The text of neighbouring pieces, glued where they were one word."""
    text = ""
    for piece in pieces:
        text += (" " if text and piece.gap > 0 else "") + piece.text
    return text


def rows_of(page: Page) -> tuple[Row, ...]:
    """Rows down the page; lines of neighbouring columns at one height are one row."""
    tilt = page.quality.skew if abs(page.quality.skew) < _MAX_TILT else 0.0
    slope = math.tan(math.radians(tilt))
    placed = [_level(line, slope) for line in page.lines]
    lines = [level for line in placed if line for level in _levels(line)]
    lines.sort(key=lambda line: _middle(line))
    rows: list[list[_Placed]] = []
    for line in lines:
        if rows and _beside(rows[-1], line):
            rows[-1].extend(line)
        else:
            rows.append(list(line))
    rows = [sorted(row, key=lambda p: p.word.box.left) for row in rows]
    spread = _spread(rows)
    return tuple(_row(row, spread) for row in rows)


@dataclass(frozen=True, slots=True)
class _Placed:
    word: Word
    top: float
    bottom: float


def _level(line: tuple[Word, ...], slope: float) -> list[_Placed]:
    placed = []
    for word in line:
        if word.text.strip():
            drop = (word.box.left + word.box.right) / 2 * slope
            placed.append(_Placed(word, word.box.top - drop, word.box.bottom - drop))
    return placed


def _levels(line: list[_Placed]) -> list[list[_Placed]]:
    """A line as read, in two where it holds a label and the value under it."""
    for one, two in pairwise(sorted(line, key=lambda p: p.word.box.left)):
        shared = min(one.word.box.right, two.word.box.right) - two.word.box.left
        narrow = min(one.word.box.width, two.word.box.width)
        middles = _middle([one]), _middle([two])
        drop = abs(middles[0] - middles[1])
        if shared > _STACKED * narrow and drop > _SAME_ROW * _size(line):
            cut = sum(middles) / 2
            upper = [p for p in line if _middle([p]) < cut]
            return [upper, [p for p in line if _middle([p]) >= cut]]
    return [line]


def _middle(line: list[_Placed]) -> float:
    tall = sorted((p.top + p.bottom) / 2 for p in line)
    return tall[len(tall) // 2]


def _size(line: list[_Placed]) -> float:
    tall = sorted(p.bottom - p.top for p in line)
    return max(tall[len(tall) // 2], 1.0)


def _spread(rows: list[list[_Placed]]) -> float:
    """How much wider than usual the page's blanks are, 1 or more.

    The narrow ones tell: on a typewritten page they are as wide as the others, on a
    form full of tables most gaps part columns.
    """
    gaps = sorted(
        (right.word.box.left - left.word.box.right) / _size(row)
        for row in rows
        for left, right in pairwise(row)
    )
    return max(gaps[len(gaps) // _NARROW] / _WIDE_BLANK, 1.0) if gaps else 1.0


def _beside(row: list[_Placed], line: list[_Placed]) -> bool:
    drop = abs(_middle(row) - _middle(line))
    if drop >= _SAME_ROW * min(_size(row), _size(line)):
        return False
    left = min(p.word.box.left for p in line)
    right = max(p.word.box.right for p in line)
    return not any(
        p.word.box.left < right and left < p.word.box.right
        and _inside(p.word.box, line) for p in row
    )  # fmt: skip


def _inside(box: Box, line: list[_Placed]) -> bool:
    return any(
        box.left < other.word.box.right and other.word.box.left < box.right
        for other in line
    )


def _row(words: list[_Placed], spread: float) -> Row:
    height = _size(words)
    unit = height * spread
    pieces: list[Piece] = []
    end: float | None = None
    for placed in words:
        word = placed.word
        gap = math.inf if end is None else max((word.box.left - end) / unit, 0.01)
        pieces.extend(_split(word, gap))
        end = word.box.right
    middles = _middle(words)
    return Row(tuple(pieces), middles - height / 2, middles + height / 2)


def _split(word: Word, gap: float) -> list[Piece]:
    width = word.box.width / max(len(word.text), 1)
    pieces: list[Piece] = []
    for part, start in _parts(word.text):
        left = word.box.left + start * width
        box = Box(left, word.box.top, left + len(part) * width, word.box.bottom)
        pieces.append(Piece(part, box, word.confidence, gap if not pieces else 0.0))
    return pieces


def _parts(text: str) -> list[tuple[str, int]]:
    parts: list[tuple[str, int]] = []
    for match in _PIECE.finditer(text):
        part, start = match.group(), match.start()
        if "/" in part and not any(c.isdigit() for c in part):
            cut = re.finditer(r"[^/]+|/", part)
            parts.extend((sub.group(), start + sub.start()) for sub in cut)
        else:
            parts.append((part, start))
    return parts
