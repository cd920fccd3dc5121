"""Is there anything on this side? In doubt there is."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.evened import evened
from pipeline.ocr.grey import reduced
from pipeline.page import Mark, PageImage, Word

_AS_BROAD_AS_HIGH = 0.75  # of a round hole, seen a little askew
_OFF_A_DISC = 0.12  # share of its square that a disc may differ from pi / 4
_DPI = 75
_DARK = 185  # of 255 after evening: shine-through is lighter, pencil is darker
_SPECK = 3  # px at 75 dpi: dust
_HOLE = (0.15, 0.40)  # inches across: punch holes are .20 to .32
_MARGIN = 1.0  # inches from an edge in which holes are punched
_EMPTY = 0.00002  # share of ink that is nothing at all
_SPARSE = 0.0001  # share of ink below which only a word or a mark makes a page
_SURE = 0.6  # confidence of a word that counts


def ink_of(image: PageImage) -> float:
    """Share of dark pixels, 0..1, without dust, punch holes and the scanner's edge."""
    dpi = min(_DPI, image.dpi)
    even = evened(reduced(image.pixels, image.dpi, _DPI), dpi)
    dark = (even < _DARK).astype(np.uint8)
    stats = np.asarray(cv2.connectedComponentsWithStats(dark)[2], dtype=np.float64)[1:]
    areas = stats[:, cv2.CC_STAT_AREA]
    kept = (areas >= _SPECK) & ~_holes(stats, dark.shape, dpi)
    return float(areas[kept].sum() / dark.size)


def is_empty(ink: float, marks: Sequence[Mark]) -> bool:
    """True where recognition is not worth its time: neither ink nor marks."""
    return ink < _EMPTY and not marks


def is_blank(ink: float, marks: Sequence[Mark], words: Sequence[Word]) -> bool:
    """True only without marks, without a word of confidence and almost without ink."""
    return ink < _SPARSE and not marks and all(w.confidence < _SURE for w in words)


def _holes(
    stats: NDArray[np.float64], shape: tuple[int, ...], dpi: int
) -> NDArray[np.bool_]:
    """Which components are round, full, of a punch's size and near an edge."""
    left, top, width, height, area = stats.T
    across = np.maximum(width, height) / dpi
    round_ = (
        np.minimum(width, height) / np.maximum(width, height) > _AS_BROAD_AS_HIGH
    ) & (np.abs(area / (width * height) - np.pi / 4) < _OFF_A_DISC)
    x, y = left + width / 2, top + height / 2
    margin = np.minimum.reduce([x, shape[1] - x, y, shape[0] - y]) / dpi
    sized = (_HOLE[0] < across) & (across < _HOLE[1])
    return np.asarray(sized & round_ & (margin < _MARGIN))
