"""Lines that are no writing, taken out of the copy that is recognised.

Rules of forms and tables, and the streaks that dust leaves on a scanner's glass, run
through words and between them: an engine takes a streak for the edge of a column, and
reads only one side of it. Ink that crosses a line stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import cv2
import numpy as np

from pipeline.ocr.grey import Grey, grey, halved, ink_of, of_pieces, pieces_of

Along = Literal["down", "across"]

_INK = 160  # grey of an even page
_HALF_INK = 208  # the same, of two by two pixels of which one is ink
_EMPTY = 116  # of 255 along a line that may be no ink, however broken it is
_GAP = 0.03  # inches that a worn line may leave out
_THICK = 0.03  # inches
_SHORTEST: dict[Along, float] = {"down": 0.5, "across": 1.0}  # inches; letters end
_STREAK, _STREAK_THICK, _STREAK_GAP = 0.6, 0.012, 0.02  # inches
_STROKE = (0.3, 0.04)  # inches: a loose upright so long and so slim is no letter
_DASH = (0.3, 0.03)  # the same, lying
_FRAME = (1.2, 3.0, 0.1)  # inches high or wide, and the share of it that is ink
_SOFT = 4  # px of a line's soft edges, and to spare
_LETTER = 0.04  # inches high
_SPECK, _SPECKLED = 2, 400  # px of the halved page, and from how many on it is dirt


def without_streaks(even: Grey, dpi: int) -> Grey:
    """Thin lines straight down the scan, before it is set straight, made white."""
    return _without(even, "down", _STREAK, (_STREAK_THICK, _STREAK_GAP), dpi)


def without_rules(even: Grey, dpi: int) -> Grey:
    """Rules down and across a page that lies straight made white."""
    for along, shortest in _SHORTEST.items():
        even = _without(even, along, shortest, (_THICK, _GAP), dpi)
    return even


def without_dirt(even: Grey, dpi: int) -> Grey:
    """Frames, loose strokes and dashes made white; specks where there are many."""
    half = ink_of(halved(even), _HALF_INK)
    labels, stats = pieces_of(half)
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    share = stats[:, cv2.CC_STAT_AREA] / np.maximum(wide * high, 1)
    specks = (wide <= _SPECK) & (high <= _SPECK)
    across, down = 2 * wide / dpi, 2 * high / dpi
    dirt = (down >= _STROKE[0]) & (across <= _STROKE[1])
    dirt |= (across >= _DASH[0]) & (down <= _DASH[1])
    dirt |= ((down > _FRAME[0]) | (across > _FRAME[1])) & (share < _FRAME[2])
    letters = np.count_nonzero(down >= _LETTER)  # a clean page has dots and points, too
    if np.count_nonzero(specks) > max(_SPECKLED, letters / 2):
        dirt |= specks
    dirt[0] = False
    if not dirt.any():
        return even
    ink = ink_of(even, _INK)
    gone = _doubled(of_pieces(labels, dirt), even)
    return _painted(even, grey(cv2.bitwise_and(gone, ink)), ink)


def _doubled(mask: Grey, even: Grey) -> Grey:
    size = (even.shape[1], even.shape[0])
    return grey(cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST))


def _without(
    even: Grey, along: Along, shortest: float, shape: tuple[float, float], dpi: int
) -> Grey:
    """Lines at least ``shortest`` inches long; ``shape`` is (thickest, gap)."""
    thick = max(round(shape[0] * dpi), 3)
    lines = _lines(even, along, round(shortest * dpi), (thick, round(shape[1] * dpi)))
    if lines is None:
        return even
    clear = even.copy()
    # beside a line no ink is looked at, and most of a page is beside
    for part, line in _strips(lines, even, along, 2 * thick + _SOFT):
        ink = ink_of(even[part], _INK)
        gone = cv2.bitwise_and(line, _thin(ink, along, thick))
        clear[part] = _painted(even[part], grey(gone), ink)
    return clear


def _strips(
    mask: Grey, even: Grey, along: Along, beside: int
) -> Iterator[tuple[tuple[slice, slice], Grey]]:
    """Strips of the page along which anything of a halved mask lies, and that of it.

    They go on for ``beside`` pixels to each side.
    """
    axis = 0 if along == "down" else 1
    near = np.ones(beside + 1, np.uint8)  # halved pixels: to both sides so many whole
    any_ = cv2.dilate(grey(mask.any(axis=axis)), near).ravel()
    edges = np.flatnonzero(np.diff(any_.astype(np.int8), prepend=0, append=0))
    rows, columns = (
        np.arange(full) * half // full
        for full, half in zip(even.shape, mask.shape, strict=True)
    )
    for first, last in edges.reshape(-1, 2):
        part = slice(*np.searchsorted(columns if axis == 0 else rows, (first, last)))
        here = (slice(None), part) if axis == 0 else (part, slice(None))
        yield here, mask[np.ix_(rows[here[0]], columns[here[1]])]


def _lines(
    even: Grey, along: Along, shortest: int, shape: tuple[int, int]
) -> Grey | None:
    """Where long thin lines run, at half the resolution; None for none."""
    ink = ink_of(halved(even), _HALF_INK)
    thin = _thin(ink, along, shape[0] // 2 + 1)
    # letters beside a line down make it thick; those in a row would pass for a line
    inked = ink if along == "down" else thin
    gap = _bar(along, max(shape[1] // 2, 2))
    joined = cv2.morphologyEx(inked, cv2.MORPH_CLOSE, gap)
    long = grey(cv2.morphologyEx(joined, cv2.MORPH_OPEN, _bar(along, shortest // 2)))
    if not long.any():
        return None
    bar = _bar(along, shortest // 2).shape[::-1]
    filled = cv2.boxFilter(np.negative(thin), -1, bar)  # 1 becomes 255
    line = cv2.bitwise_and(long, ink_of(grey(cv2.bitwise_not(filled)), _EMPTY))
    return grey(cv2.dilate(line, _bar(along, 3, across=True)))


def _thin(ink: Grey, along: Along, thick: int) -> Grey:
    """Ink no thicker than ``thick`` px across the line."""
    across = _bar(along, thick + 1, across=True)
    return grey(cv2.subtract(ink, cv2.morphologyEx(ink, cv2.MORPH_OPEN, across)))


def _bar(along: Along, length: int, *, across: bool = False) -> Grey:
    """A structuring element one pixel thick, along the line or across it."""
    down = (along == "down") != across
    return np.ones((length, 1) if down else (1, length), np.uint8)


def _painted(even: Grey, gone: Grey, ink: Grey) -> Grey:
    """``gone`` ink white, with its soft edges but not those of the ink that stays."""
    square = np.ones((3, 3), np.uint8)
    stays = cv2.dilate(cv2.subtract(ink, gone), square)
    around = cv2.subtract(cv2.dilate(gone, square), stays)
    white = cv2.max(gone, around)
    return grey(cv2.max(even, np.negative(white)))
