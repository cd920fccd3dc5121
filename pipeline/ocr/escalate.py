"""When a page is given to the slower engine, how it is shown, and whose words stay."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.ocr.clean import Cleaned
from pipeline.ocr.grey import scaled
from pipeline.ocr.osd import legible
from pipeline.ocr.quality import legibility_of
from pipeline.page import PageImage, Word

_DPI = 200  # networks find small print at it, and their memory stays at a gigabyte
_LINE = 0.8  # legibility below which the slower engine pays


def unreadable(words: Sequence[Word]) -> bool:
    """Whether a page that has words reads so badly that a slower engine pays."""
    return bool(words) and legibility_of(words) < _LINE


def as_scanned(page: PageImage) -> Cleaned:
    """The page at the networks' resolution and no cleaner: they learned from photos."""
    shrunk = PageImage(scaled(page.pixels, _DPI / page.dpi), _DPI)
    height, width = page.pixels.shape
    ratio = [width / shrunk.pixels.shape[1], height / shrunk.pixels.shape[0]]
    return Cleaned(shrunk, np.diag(ratio) @ np.eye(2, 3))


def better(one: Sequence[Word], other: Sequence[Word]) -> bool:
    """Whether ``one`` has more letters surely read than ``other``."""
    return legible(one) > legible(other)
