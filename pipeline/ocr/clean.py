"""The copy of a page that is recognised: straight, even, light; never filed.

Every box found on it must come back through ``Cleaned.back``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.evened import legibly_evened
from pipeline.ocr.grey import Grey, grey, scaled
from pipeline.ocr.rules import without_dirt, without_rules, without_streaks
from pipeline.page import Box, PageImage

Way = Literal["smooth", "sharp", "bare"]

_STRAIGHT = 0.15  # degrees that no engine minds


@dataclass(frozen=True, slots=True)
class Cleaned:
    """``image`` for recognition; ``onto`` (2, 3) maps its points to the page's."""

    image: PageImage
    onto: NDArray[np.float64] = field(repr=False)

    def back(self, box: Box) -> Box:
        """The same box on the page that was cleaned: the least around its corners."""
        x = [box.left, box.right, box.right, box.left]
        y = [box.top, box.top, box.bottom, box.bottom]
        left, top = (self.onto @ np.array([x, y, [1.0] * 4])).min(axis=1)
        right, bottom = (self.onto @ np.array([x, y, [1.0] * 4])).max(axis=1)
        return Box(float(left), float(top), float(right), float(bottom))


def even_page(image: PageImage, dpi: int) -> PageImage:
    """The page at ``dpi`` on even white paper, as it lies."""
    small = scaled(image.pixels, dpi / image.dpi)
    return PageImage(legibly_evened(small, dpi), dpi)


def clean(
    image: PageImage,
    skew: float,
    dpi: int,
    way: Way = "smooth",
    evened: PageImage | None = None,
) -> Cleaned:
    """The page at ``dpi``, turned back by ``skew`` degrees, on even white paper.

    "smooth" takes specks out by a median, "sharp" leaves the ink as it is, "bare" takes
    out the lines that are no writing as well. The canvas grows so that no corner is
    lost. Points are counted from the corner of the first pixel, not from its middle.
    ``evened`` is the page as even_page makes it, at any resolution, if it is known.
    """
    height, width = image.pixels.shape
    evened = evened or even_page(image, dpi)
    even = scaled(evened.pixels, dpi / evened.dpi)
    onto = np.diag([width / even.shape[1], height / even.shape[0]]) @ np.eye(2, 3)
    if way == "smooth":
        even = grey(cv2.medianBlur(even, 3))
    if way == "bare":
        even = without_streaks(even, dpi)
    if abs(skew) >= _STRAIGHT:
        even, turn = _straight(even, skew)
        back = np.asarray(cv2.invertAffineTransform(turn), dtype=np.float64)
        onto = onto[:, :2] @ back
    if way == "bare":
        even = without_dirt(without_rules(even, dpi), dpi)
    return Cleaned(PageImage(even, dpi), onto)


def _straight(pixels: Grey, skew: float) -> tuple[Grey, NDArray[np.float64]]:
    """Turned counter-clockwise by ``skew``, and the (2, 3) map from old to new."""
    height, width = pixels.shape
    cos, sin = math.cos(math.radians(skew)), math.sin(math.radians(skew))
    wide = math.ceil(width * cos + height * abs(sin))
    high = math.ceil(height * cos + width * abs(sin))
    turn = np.array([[cos, sin, 0.0], [-sin, cos, 0.0]])
    turn[:, 2] = np.array([wide, high]) / 2 - turn[:, :2] @ [width / 2, height / 2]
    # OpenCV counts from the middle of the first pixel: half a pixel there and back
    middles = turn.copy()
    middles[:, 2] += turn[:, :2] @ [0.5, 0.5] - 0.5
    straight = cv2.warpAffine(
        pixels, middles, (wide, high), flags=cv2.INTER_LINEAR, borderValue=(255,)
    )
    return grey(straight), turn
