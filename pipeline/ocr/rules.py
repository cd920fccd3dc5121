"""Lines that are no writing, taken out of the copy that is recognised.

Rules of forms and tables, and the streaks that dust leaves on a scanner's glass, run
through words and between them: an engine takes a streak for the edge of a column, and
reads only one side of it. Ink that crosses a line stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.grey import Grey, grey, halved, ink_of, of_pieces, pieces_of

Along = Literal["down", "across"]
Span = tuple[int, int]  # first and last + 1

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
_SOFT = 2  # halved px of a line's soft edges, and to spare
_TILE = 32  # px of the halved page that are painted together
_BLOCK, _FILLED = 8, 0x0101010101010101  # pixels of ink, one a byte
_LETTER = 0.04  # inches high
_SPECK, _SPECKLED = 2, 400  # px of the halved page, and from how many on it is dirt


def without_streaks(even: Grey, dpi: int) -> tuple[Grey, Grey | None]:
    """Thin lines straight down the scan, before it is set straight, made white.

    And where they ran, 1 at half the resolution; None for nowhere.
    """
    return _without(even, "down", _STREAK, (_STREAK_THICK, _STREAK_GAP), dpi)


def without_rules(even: Grey, dpi: int, streaks: Grey | None = None) -> Grey:
    """Rules down and across a page that lies straight made white.

    ``streaks`` is where some were taken out, 1 at half the resolution: of a rule that
    leaned a little that left pieces, too short for a rule, and letters to an engine.
    """
    shape = (_THICK, _GAP)
    even, _ = _without(even, "down", _SHORTEST["down"], shape, dpi, streaks)
    return _without(even, "across", _SHORTEST["across"], shape, dpi)[0]


def without_dirt(even: Grey, dpi: int) -> Grey:
    """Frames, loose strokes and dashes made white; specks where there are many."""
    labels, stats = pieces_of(ink_of(halved(even), _HALF_INK))
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
    clear = even.copy()
    for place in _places(of_pieces(labels, dirt), even, "across", 0):
        ink = ink_of(even[place.around], _INK)
        gone = grey(cv2.bitwise_and(place.mask, ink))
        clear[place.part] = _painted(even[place.around], gone, ink)[place.inside]
    return clear


def _without(
    even: Grey,
    along: Along,
    shortest: float,
    shape: tuple[float, float],
    dpi: int,
    gone: Grey | None = None,
) -> tuple[Grey, Grey | None]:
    """Lines at least ``shortest`` inches long; ``shape`` is (thickest, gap)."""
    thick = max(round(shape[0] * dpi), 3)
    ink = ink_of(halved(even), _HALF_INK)
    if gone is not None:
        ink = grey(cv2.bitwise_or(ink, gone))
    lines = _lines(ink, along, round(shortest * dpi), (thick, round(shape[1] * dpi)))
    if lines is None:
        return even, None
    clear = even.copy()
    for place in _places(lines, even, along, thick):
        all_ink = ink_of(even[place.around], _INK)
        line = grey(cv2.bitwise_and(place.mask, _thin(all_ink, along, thick)))
        clear[place.part] = _painted(even[place.around], line, all_ink)[place.inside]
    return clear, lines


@dataclass(frozen=True, slots=True)
class _Place:
    """A ``part`` of the page that is painted, and as much ``around`` it as matters.

    ``inside`` is the part's own place in that, ``mask`` the halved mask around it.
    """

    part: tuple[slice, slice]
    around: tuple[slice, slice]
    inside: tuple[slice, slice]
    mask: Grey = field(repr=False)


def _places(mask: Grey, even: Grey, along: Along, beside: int) -> Iterator[_Place]:
    """The places where a halved mask has anything: most of a page has nothing.

    ``beside`` is how many pixels across the line matter to each of them.
    """
    across = beside // 2 + _SOFT
    margins = (_SOFT, across) if along == "down" else (across, _SOFT)
    for tile in _tiles(mask, along):
        rows, columns = (
            _reach(of, margin, half, full)
            for of, margin, half, full in zip(
                tile, margins, mask.shape, even.shape, strict=True
            )
        )
        part, around, inside, halves = zip(rows, columns, strict=True)
        size = [edge.stop - edge.start for edge in around]
        large = cv2.resize(mask[halves], size[::-1], interpolation=cv2.INTER_NEAREST)
        yield _Place(part, around, inside, grey(large))


def _reach(
    tile: Span, margin: int, half: int, full: int
) -> tuple[slice, slice, slice, slice]:
    """Of one axis: the part, what is around it, the part in that; and the same halved.

    Where the page is odd, its first pixel has no pair.
    """

    def whole(at: int) -> int:
        return min(2 * at + full % 2, full) if at else 0

    first, last = max(tile[0] - 1, 0), min(tile[1] + 1, half)  # its soft edges
    start, end = max(first - margin, 0), min(last + margin, half)
    part, around = slice(whole(first), whole(last)), slice(whole(start), whole(end))
    inside = slice(part.start - around.start, part.stop - around.start)
    return part, around, inside, slice(start, end)


def _tiles(mask: Grey, along: Along) -> Iterator[tuple[Span, Span]]:
    """Rows and columns of the tiles with anything in them, neighbours as one."""
    high, wide = mask.shape
    whole = high // _TILE * _TILE
    rows = mask[:whole].reshape(-1, _TILE, wide).max(axis=1)
    if whole < high:
        rows = np.vstack([rows, mask[whole:].max(axis=0)])
    any_ = np.maximum.reduceat(rows, np.arange(0, wide, _TILE), axis=1)
    any_ = np.pad(any_.T if along == "down" else any_, ((0, 0), (1, 1)))
    count = any_.shape[1]  # of a row of tiles, with one empty tile at each end
    edges = np.flatnonzero(np.diff(any_.ravel().view(np.int8)))
    for first, last in edges.reshape(-1, 2).tolist():
        band, start = divmod(first, count)
        short = (_TILE * band, _TILE * (band + 1))
        long = (_TILE * start, _TILE * (start + last - first))
        yield (long, short) if along == "down" else (short, long)


def _lines(
    ink: Grey, along: Along, shortest: int, shape: tuple[int, int]
) -> Grey | None:
    """Where long thin lines run in the halved page's ink; None for none."""
    thin = _thin(ink, along, shape[0] // 2 + 1)
    # letters beside a line down make it thick; those in a row would pass for a line
    inked = ink if along == "down" else thin
    gap = _bar(along, max(shape[1] // 2, 2))
    joined = grey(cv2.morphologyEx(inked, cv2.MORPH_CLOSE, gap))
    lanes = _lanes(joined, along, shortest // 2)
    if not lanes.any():
        return None
    # each row, or each column, by itself: most have no line
    here = (slice(None), lanes) if along == "down" else (lanes, slice(None))
    bar = _bar(along, shortest // 2)
    long = grey(cv2.morphologyEx(_row_major(joined[here]), cv2.MORPH_OPEN, bar))
    if not long.any():
        return None
    # 1 becomes 255
    filled = cv2.boxFilter(np.negative(_row_major(thin[here])), -1, bar.shape[::-1])
    sure = cv2.bitwise_and(long, ink_of(grey(cv2.bitwise_not(filled)), _EMPTY))
    # at its ends a line fills but half of what is asked
    to_its_ends = cv2.dilate(sure, _bar(along, 2 * (shortest // 4) + 1))
    line = np.zeros_like(ink)
    line[here] = cv2.bitwise_and(long, to_its_ends)
    return grey(cv2.dilate(line, _bar(along, 3, across=True)))


def _lanes(ink: Grey, along: Along, length: int) -> NDArray[np.bool_]:
    """Which rows, or columns, may have so long a run: it fills so many whole blocks."""
    axis = 0 if along == "down" else 1
    count = ink.shape[axis] // _BLOCK
    # beyond the page all is ink, as for the opening: half the length is enough there,
    # and has as many whole blocks less those that it is off at both ends
    half = (length // 2 - (_BLOCK - 2)) // _BLOCK
    if count == 0 or half < 1:
        return np.ones(ink.shape[1 - axis], bool)
    if along == "down":
        full = ink[: count * _BLOCK].reshape(count, _BLOCK, -1).min(axis=1)
    else:
        bytes_ = np.ascontiguousarray(ink[:, : count * _BLOCK])
        full = (bytes_.view(np.uint64) == _FILLED).astype(np.uint8)
    run = cv2.erode(full, _bar(along, 2 * half - 1))
    return np.asarray(run.any(axis=axis), bool)


def _row_major(part: Grey) -> Grey:
    """As OpenCV wants it; columns chosen one by one come out column by column."""
    return np.ascontiguousarray(part)


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
