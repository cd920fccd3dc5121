"""The true resolution of a scan, where its file may lie about it."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.ocr.grey import Grey
from pipeline.page import PageImage

# inches: letter, legal, A4, half letter, A5, an index card, A6, a bank card
_PAPERS = (
    (8.5, 11.0), (8.5, 14.0), (8.27, 11.69), (5.5, 8.5), (5.83, 8.27), (5.0, 8.0),
    (4.0, 6.0), (3.0, 5.0), (4.13, 5.83), (2.125, 3.375),
)  # fmt: skip
_SHEETS = _PAPERS[:3]
_USUAL = (200, 300, 150, 240, 400, 600, 100)  # dpi that scanners are set to
_LIKE = 0.04  # off a paper's sides, where the file says so, too
_JUST_LIKE = 0.015  # where the file says something else
_SHORT_SIDES = (2.0, 14.0)  # inches: from a label to half a poster
_LONG_SIDES = (3.0, 48.0)  # inches: up to a strip of ECG paper
_LETTER = 8.5  # inches, the short side of most pages
_COARSEST = 50  # dpi: nothing coarser is read; a thin strip would be enlarged hugely
_LETTERS = 60  # that are enough to measure by
_USUAL_LETTER = 0.075  # inches: between small and capital ones of 8 to 12 points


def believed_dpi(image: PageImage) -> int:
    """The declared resolution where it makes a page of paper's size, else measured.

    A size that is no paper's as declared, but a sheet's to the millimetre at another
    usual resolution, is that sheet, if its letters are nearer to type's size then: a
    scan of 200 dpi that says 300. Files without a resolution come as 72 or 96 dpi,
    which makes a poster of a letter: they are measured by a letter's short side, and
    have 50 dpi at least.
    """
    stated = max(image.dpi, 1)
    if _is_paper(image, stated, _LIKE, _PAPERS):
        return stated
    plausible = _plausible(image, stated)
    for dpi in _USUAL:
        if _is_paper(image, dpi, _JUST_LIKE, _SHEETS) and (
            not plausible or _likelier_type(image.pixels, dpi, stated)
        ):
            return dpi
    if plausible:
        return stated
    return max(round(float(min(image.pixels.shape)) / _LETTER), _COARSEST)


def _is_paper(
    image: PageImage, dpi: int, off: float, papers: tuple[tuple[float, float], ...]
) -> bool:
    short, long = sorted(float(side) / dpi for side in image.pixels.shape)
    return any(
        abs(short / wide - 1) < off and abs(long / high - 1) < off
        for wide, high in papers
    )


def _plausible(image: PageImage, dpi: int) -> bool:
    short, long = sorted(float(side) / dpi for side in image.pixels.shape)
    return (
        _SHORT_SIDES[0] <= short <= _SHORT_SIDES[1]
        and _LONG_SIDES[0] <= long <= _LONG_SIDES[1]
    )


def _likelier_type(pixels: Grey, dpi: int, stated: int) -> bool:
    """Whether the letters are nearer to type's size at ``dpi`` than as stated.

    Without letters the size of the sheet decides.
    """
    height = letter_height(pixels)
    if height == 0:
        return True
    off = [abs(np.log(height / one / _USUAL_LETTER)) for one in (dpi, stated)]
    return bool(off[0] < off[1])


def letter_height(pixels: Grey) -> float:
    """Median height of what has a letter's shape, in px; 0.0 where there are few."""
    middle = pixels[pixels.shape[0] // 6 : -(pixels.shape[0] // 6) or None]
    _, ink = cv2.threshold(middle, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    stats = np.asarray(cv2.connectedComponentsWithStats(ink)[2])[1:]
    width, height, area = stats[:, 2], stats[:, 3], stats[:, 4]
    letters = (
        (height >= 6)  # noqa: PLR2004 - px: less is a dot at any resolution
        & (width < 2 * height)
        & (height < 4 * width)
        & (area > 0.15 * width * height)
    )
    return float(np.median(height[letters])) if letters.sum() >= _LETTERS else 0.0
