"""When a page is given to the slower engine as well, and how it is shown to it.

Below the line RapidOCR reads two to four missed words more for each CPU second. Of
46 poor pages (charts, train, seed 9) it was asked about 35: recall .790 to .875, of
handwriting .539 to .892, precision .750 to .881, 1.9 to 5.3 CPU s a page. Its words
alone: .867, precision .885. On seven pages it read .885 as scanned, .854 cleaned.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.ocr.clean import Cleaned
from pipeline.ocr.grey import scaled
from pipeline.ocr.quality import legibility_of
from pipeline.page import PageImage, Word

_DPI = 200  # networks find small print at it, and their memory stays at a gigabyte
_LINE = 0.85  # legibility below which the slower engine pays


def unreadable(words: Sequence[Word]) -> bool:
    """Whether a page that has words reads so badly that a slower engine pays."""
    return bool(words) and legibility_of(words) < _LINE


def as_scanned(page: PageImage) -> Cleaned:
    """The page at the networks' resolution and no cleaner: they learned from photos."""
    shrunk = PageImage(scaled(page.pixels, _DPI / page.dpi), _DPI)
    height, width = page.pixels.shape
    ratio = [width / shrunk.pixels.shape[1], height / shrunk.pixels.shape[0]]
    return Cleaned(shrunk, np.diag(ratio) @ np.eye(2, 3))
