"""Where bars or modules may be: a cheap look, so that few places are decoded twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from pipeline.ocr.grey import Grey, fitted, grey, pieces_of

DPI = 150  # of the pages that are looked at
_LEAST = 48  # px: of a smaller picture the search at its own size sees all
_BAND = 8  # px: rows that are taken together
_BARS = np.ones((3, 15), np.uint8)  # bands and pairs of columns: .16 by .2 inches
_ACROSS = (21, 1)  # pairs of columns: .28 inches, with some eight bars in it
_EDGE = 64  # grey levels a step counts at most: one rule must not look like eight bars
_STEEP = 9  # grey levels every other pixel: by measurement, as the next two
_STRAIGHT = 0.45  # share of the steps that hold out through a band; letters: below .4
_ONE_WAY = 1.5  # times as many steps across the bars as along them
_AROUND = np.ones((7, 61), np.uint8)  # quiet zones and worn ends, paler than the middle
_STRIPS = 10  # areas with bars of a page, the sharpest; on poor pages the code was 10th
_SYMBOL = (15, 15)  # px of 75 dpi: .2 inches, about the smallest symbol on a label
_DENSE = 16  # grey levels every other pixel both ways; symbols of poor pages: 20 to 45
_PEAKS = 8  # places with modules: of 56 symbols on poor pages 55 were among the first 8
_SPREADS = (0.4, 0.2)  # how far below its peak the density of one symbol falls
_REACH = 64  # px of 75 dpi from a peak: a symbol of 1.7 inches
_SQUARE = 1.6  # times as long as wide at most; of bold words 4 in 5 are longer
_SQUARES = 2  # that are looked at closely; of 57 symbols 56 were the first square
_QUIET = 12  # px of 75 dpi about a symbol

Look = Literal["upright bars", "lying bars", "symbol", "modules"]


@dataclass(frozen=True, slots=True)
class Area:
    """Part of a page, px, and what it looks like.

    A "symbol" is about square; "modules" are as dense but longer: mostly bold words.
    """

    left: int
    top: int
    right: int
    bottom: int
    look: Look


def suspects(page: Grey) -> list[Area]:
    """Areas of a page at 150 dpi that may hold a code, the likeliest of a look first.

    Rows of pixels are averaged in bands of a twentieth of an inch: the steps between
    bars survive that, those between letters mostly cancel out. Modules are wherever
    both ways are many steps.
    """
    if min(page.shape) < _LEAST:
        return []
    height, width = (edge // _BAND * _BAND for edge in page.shape)
    page = page[:height, :width]  # whole bands: shrinking by whole numbers is cheap
    across, along = _halved(steps_across(page)), _halved(steps_along(page))
    lasting = steps_across(fitted(page, (width, height // _BAND)))
    lying = steps_along(fitted(page, (width // _BAND, height)))
    return [
        *_strips(lasting, across, along, page.shape),
        *(_turned(a) for a in _strips(lying.T, along.T, across.T, page.T.shape)),
        *_symbols(page),
    ]


def steps_across(page: Grey) -> Grey:
    """Grey levels between the pixels left and right of each; as large as the page."""
    row = np.ascontiguousarray(page).reshape(1, -1)  # as one row: an eighth of the time
    flat = np.empty_like(row)
    _steps(row[:, 2:], row[:, :-2], flat[:, 1:-1])
    steps = flat.reshape(page.shape)
    steps[:, 0] = steps[:, -1] = 0
    return steps


def steps_along(page: Grey) -> Grey:
    """The same between those above and below."""
    steps = np.empty_like(page, order="C")
    _steps(page[2:], page[:-2], steps[1:-1])
    steps[0] = steps[-1] = 0
    return steps


def _steps(one: Grey, other: Grey, into: Grey) -> None:
    cv2.absdiff(one, other, dst=into)
    cv2.threshold(into, _EDGE, _EDGE, cv2.THRESH_TRUNC, dst=into)


def _halved(page: Grey) -> Grey:
    return fitted(page, (page.shape[1] // 2, page.shape[0] // 2))


def _strips(
    lasting: Grey, across: Grey, along: Grey, shape: tuple[int, ...]
) -> list[Area]:
    """Where bars stand upright, the steepest first.

    Of the steps ``lasting`` are those between bands of rows, the others half as large
    as the page of ``shape``.
    """
    size = (shape[1] // 2, shape[0] // _BAND)
    kept, over, beside = (
        cv2.blur(fitted(np.ascontiguousarray(steps), size), _ACROSS).astype(np.float32)
        for steps in (lasting, across, along)
    )
    bars = (kept > _STEEP) & (kept > _STRAIGHT * over) & (over > _ONE_WAY * beside)
    seen = grey(cv2.morphologyEx(bars.astype(np.uint8), cv2.MORPH_OPEN, _BARS))
    if not seen.any():
        return []
    spots = cv2.dilate(seen, _AROUND)
    stats = pieces_of(grey(spots))[1].tolist()[1:]
    found: list[tuple[float, Area]] = []
    for left, top, wide, high, _ in stats:
        inside = (slice(top, top + high), slice(left, left + wide))
        steepest = float((kept[inside] * seen[inside]).max())
        edges = (2 * left, _BAND * top, 2 * (left + wide), _BAND * (top + high))
        found.append((steepest, Area(*edges, "upright bars")))
    found.sort(key=lambda pair: -pair[0])
    return [area for _, area in found[:_STRIPS]]


def _turned(area: Area) -> Area:
    return Area(area.top, area.left, area.bottom, area.right, "lying bars")


def _symbols(page: Grey) -> Iterator[Area]:
    """About the peaks of how many steps there are both ways, the highest first."""
    soft = grey(cv2.blur(page, (3, 3)))  # of noise, not of modules of two pixels
    across, along = _halved(steps_across(soft)), _halved(steps_along(soft))
    both = grey(cv2.min(cv2.blur(across, _SYMBOL), cv2.blur(along, _SYMBOL)))
    squares = 0
    for _ in range(_PEAKS):
        _, peak, _, (x, y) = cv2.minMaxLoc(both)
        if peak < _DENSE:
            return
        top, left = max(y - _REACH, 0), max(x - _REACH, 0)
        part = both[top : y + _REACH, left : x + _REACH]
        spots = [_spread(part, (x - left, y - top), share) for share in _SPREADS]
        spot = next((spot for spot in spots if spot.look == "symbol"), spots[0])
        squares += spot.look == "symbol"
        part[spot.top : spot.bottom, spot.left : spot.right] = 0
        yield Area(
            2 * max(left + spot.left - _QUIET, 0),
            2 * max(top + spot.top - _QUIET, 0),
            min(2 * (left + spot.right + _QUIET), page.shape[1]),
            min(2 * (top + spot.bottom + _QUIET), page.shape[0]),
            spot.look if squares <= _SQUARES else "modules",
        )


def _spread(part: Grey, at: tuple[int, int], share: float) -> Area:
    """What hangs together with the peak."""
    mask = np.zeros((part.shape[0] + 2, part.shape[1] + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_FIXED_RANGE | cv2.FLOODFILL_MASK_ONLY
    below = share * float(part[at[1], at[0]])
    _, _, _, (left, top, wide, high) = cv2.floodFill(
        np.ascontiguousarray(part), mask, at, 0, below, 0, flags
    )
    square = max(wide, high) <= _SQUARE * min(wide, high)
    look: Look = "symbol" if square else "modules"
    return Area(left, top, left + wide, top + high, look)
