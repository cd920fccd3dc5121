"""Where bars or modules may be: a cheap look, so that few places are decoded twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.grey import Grey, fitted, grey, scaled

DPI = 150  # of the pages that are looked at
_LEAST = 48  # px: of a smaller picture the search at its own size sees all
_BAND = 8  # px: rows that are taken together
_BARS = np.ones((3, 15), np.uint8)  # bands and pairs of columns: .16 by .2 inches
_ACROSS = (21, 1)  # pairs of columns: .28 inches, with some eight bars in it
_EDGE = 64  # grey levels a step counts at most: one rule must not look like eight bars
_STEEP = 9  # grey levels every other pixel: by measurement, as the next two
_STRAIGHT = 0.45  # share of the steps that hold out through a band; letters: below .4
_ONE_WAY = 1.5  # times as many steps across the bars as along them
_DENSE = 40  # grey levels a pixel both ways at 75 dpi: denser than any text
_SYMBOL = np.ones((11, 11), np.uint8)  # px of 75 dpi: what is less is a bold word
_AROUND = 25  # px of 75 dpi about a spot: quiet zones and worn ends
_BEYOND = 61  # the same across bars, whose ends may be paler than their middle

Look = Literal["upright bars", "lying bars", "modules"]


@dataclass(frozen=True, slots=True)
class Area:
    """Part of a page, px, and what it looks like."""

    left: int
    top: int
    right: int
    bottom: int
    look: Look


def suspects(page: Grey) -> list[Area]:
    """Areas of a page at 150 dpi that may hold a code, either way up.

    Rows of pixels are averaged in bands of a twentieth of an inch: the steps between
    bars survive that, those between letters mostly cancel out.
    """
    if min(page.shape) < _LEAST:
        return []
    half = scaled(page, 0.5)
    upright = fitted(_bars(page), half.T.shape)
    aside = np.ascontiguousarray(page.T)
    lying = np.ascontiguousarray(fitted(_bars(aside), half.shape).T)
    return [
        *_areas(upright, page.shape, (_BEYOND, _AROUND), "upright bars"),
        *_areas(lying, page.shape, (_AROUND, _BEYOND), "lying bars"),
        *_areas(_modules(half), page.shape, (_AROUND, _AROUND), "modules"),
    ]


def _bars(page: Grey) -> NDArray[np.uint8]:
    """1 where bars stand upright, in bands and pairs of columns."""
    height, width = page.shape
    size = (width // 2, height // _BAND)
    bands = fitted(page, (width, size[1]))
    lasting, across, along = (
        cv2.blur(fitted(np.minimum(steps, _EDGE), size), _ACROSS).astype(np.float32)
        for steps in (
            grey(cv2.absdiff(bands[:, 2:], bands[:, :-2])),
            grey(cv2.absdiff(page[:, 2:], page[:, :-2])),
            grey(cv2.absdiff(page[2:], page[:-2])),
        )
    )
    bars = (
        (lasting > _STEEP)
        & (lasting > _STRAIGHT * across)
        & (across > _ONE_WAY * along)
    )
    return grey(cv2.morphologyEx(bars.astype(np.uint8), cv2.MORPH_OPEN, _BARS))


def _modules(half: Grey) -> NDArray[np.uint8]:
    across = grey(cv2.absdiff(half[:-1, 1:], half[:-1, :-1]))
    along = grey(cv2.absdiff(half[1:, :-1], half[:-1, :-1]))
    both = np.minimum(cv2.blur(across, (13, 13)), cv2.blur(along, (13, 13)))
    dense = (both > _DENSE).astype(np.uint8)
    return grey(cv2.morphologyEx(dense, cv2.MORPH_OPEN, _SYMBOL))


def _areas(
    seen: NDArray[np.uint8], shape: tuple[int, ...], around: tuple[int, int], look: Look
) -> list[Area]:
    if not seen.any():
        return []
    wide, high = around
    spots = cv2.dilate(seen, np.ones((high, wide), np.uint8))
    stats = cv2.connectedComponentsWithStats(spots)[2].tolist()[1:]
    height, width = shape
    return [
        Area(
            2 * left,
            2 * top,
            min(2 * (left + across), width),
            min(2 * (top + down), height),
            look,
        )
        for left, top, across, down, _ in stats
    ]
