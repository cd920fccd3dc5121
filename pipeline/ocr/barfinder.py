"""Where bars or modules may be: a cheap look, so that few places are decoded twice."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.grey import Grey, fitted, grey, scaled

DPI = 150  # of the pages that are looked at
_LEAST = 48  # px: of a smaller picture the search at its own size sees all
_BAND = 8  # px: rows that are taken together
_BARS = np.ones((3, 15), np.uint8)  # bands and pairs of columns: .16 by .2 inches
_ACROSS = (21, 1)  # pairs of columns: .28 inches, with some eight bars in it
_STEEP = 18  # grey levels every other pixel: by measurement, as the next two
_STRAIGHT = 0.5  # share of the steps that hold out through a band; letters: below .4
_ONE_WAY = 1.7  # times as many steps across the bars as along them
_DENSE = 40  # grey levels a pixel both ways at 75 dpi: denser than any text
_SYMBOL = np.ones((11, 11), np.uint8)  # px of 75 dpi: what is less is a bold word
_AROUND = 25  # px of 75 dpi about a spot: quiet zones and worn ends


@dataclass(frozen=True, slots=True)
class Area:
    """Part of a page, px; ``bars`` if its edges run one way, else modules."""

    left: int
    top: int
    right: int
    bottom: int
    bars: bool


def suspects(page: Grey) -> list[Area]:
    """Areas of a page at 150 dpi that may hold a code, either way up.

    Rows of pixels are averaged in bands of a twentieth of an inch: the steps between
    bars survive that, those between letters mostly cancel out.
    """
    if min(page.shape) < _LEAST:
        return []
    half = scaled(page, 0.5)
    seen = np.zeros(half.shape, np.uint8)
    for lying in (False, True):
        found = _bars(np.ascontiguousarray(page.T) if lying else page)
        found = fitted(found, (half.shape[0], half.shape[1]) if lying else half.T.shape)
        seen |= found.T if lying else found
    return _areas(seen, page.shape, bars=True) + _areas(
        _modules(half), page.shape, bars=False
    )


def _bars(page: Grey) -> NDArray[np.uint8]:
    """1 where bars stand upright, in bands and pairs of columns."""
    height, width = page.shape
    size = (width // 2, height // _BAND)
    bands = fitted(page, (width, size[1]))
    lasting, across, along = (
        cv2.blur(fitted(steps, size), _ACROSS).astype(np.float32)
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
    seen: NDArray[np.uint8], shape: tuple[int, ...], *, bars: bool
) -> list[Area]:
    if not seen.any():
        return []
    spots = cv2.dilate(seen, np.ones((_AROUND, _AROUND), np.uint8))
    stats = cv2.connectedComponentsWithStats(spots)[2].tolist()[1:]
    height, width = shape
    return [
        Area(
            2 * left,
            2 * top,
            min(2 * (left + wide), width),
            min(2 * (top + high), height),
            bars,
        )
        for left, top, wide, high, _ in stats
    ]
