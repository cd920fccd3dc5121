"""Is there anything on this side? In doubt there is."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from pipeline.ocr.evened import evened
from pipeline.ocr.grey import pieces_of, reduced
from pipeline.ocr.traces import at_edge, punched
from pipeline.page import Box, Mark, PageImage, Word

_DPI = 75
_DARK = 185  # of 255 after evening: shine-through is lighter
_SPECK = 3  # px at 75 dpi: dust
_SPARSE = 0.0001  # share of ink from which a side is never blank: 9 mm² of a letter
_SURE = 0.6  # confidence of a word that counts


def ink_of(image: PageImage) -> float:
    """Share of dark pixels, 0..1, without dust, punch holes and the scanner's edge."""
    dpi = min(_DPI, image.dpi)
    even = evened(reduced(image.pixels, image.dpi, _DPI), dpi)
    dark = (even < _DARK).astype(np.uint8)
    stats = np.asarray(pieces_of(dark)[1], dtype=np.float64)[1:]
    areas = stats[:, cv2.CC_STAT_AREA]
    aside = punched(stats, dark.shape, dpi) | at_edge(stats, dark.shape, dpi)
    kept = (areas >= _SPECK) & ~aside
    return float(areas[kept].sum() / dark.size)


def is_empty(ink: float, traces: Sequence[Box], marks: Sequence[Mark]) -> bool:
    """True where recognition is not worth its time: no ink, no traces, no marks.

    Either alone overlooks something: traces a line taken for a fold, a photo taken for
    the scanner's bed; ink whatever is faint.
    """
    return ink < _SPARSE and not traces and not marks


def is_blank(
    ink: float, traces: Sequence[Box], marks: Sequence[Mark], words: Sequence[Word]
) -> bool:
    """True only where it is empty and no word was read with confidence."""
    return is_empty(ink, traces, marks) and all(w.confidence < _SURE for w in words)
