"""The copy of a page that is recognised: straight, even, light; never filed.

Every box found on it must come back through ``Cleaned.back``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.evened import legibly_evened
from pipeline.ocr.grey import Grey, grey, scaled, shrunk
from pipeline.ocr.rules import without_dirt, without_rules, without_streaks
from pipeline.page import Box, PageImage

Way = Literal["smooth", "sharp"]

_STRAIGHT = 0.15  # degrees that no engine minds


@dataclass(frozen=True, slots=True)
class Cleaned:
    """``image`` for recognition; ``onto`` (2, 3) maps its points to the page's.

    ``streaks`` is 1 where a "sharp" copy had some, at half its resolution.
    """

    image: PageImage
    onto: NDArray[np.float64] = field(repr=False)
    streaks: Grey | None = field(default=None, repr=False)

    def back(self, boxes: Sequence[Box], size: tuple[int, int]) -> tuple[Box, ...]:
        """The same boxes on the page that was cleaned, of ``size`` (width, height).

        The least around the corners of each; what lies beside the page is cut off.
        """
        if not boxes:
            return ()
        edges = np.array([[b.left, b.right, b.top, b.bottom] for b in boxes])
        x, y = edges[:, [0, 1, 1, 0]], edges[:, [2, 2, 3, 3]]
        corners = self.onto @ np.stack([x, y, np.ones_like(x)], axis=1)
        around = np.hstack([corners.min(axis=2), corners.max(axis=2)])
        return tuple(Box(*edge) for edge in np.clip(around, 0, (*size, *size)).tolist())

    def at(self, dpi: int) -> Cleaned:
        """The same copy at another resolution."""
        pixels = scaled(self.image.pixels, dpi / self.image.dpi)
        ratio = [
            a / b for a, b in zip(self.image.pixels.shape, pixels.shape, strict=True)
        ]
        onto = self.onto @ np.diag([ratio[1], ratio[0], 1.0])
        return Cleaned(PageImage(pixels, dpi), onto)

    def parts_at(self, dpi: int, parts: Sequence[Box]) -> Cleaned:
        """The same copy at a lower resolution, of which only these parts are looked at.

        What is beside them is coarse, which is much less work.
        """
        ratio = Fraction(dpi, self.image.dpi)
        whole, step = self.image.pixels, ratio.denominator
        pixels = shrunk(whole, float(ratio), roughly=True)
        height, width = pixels.shape
        for part in parts:
            # from one whole step to another, each pixel is what it is on the whole page
            left, top = (max(int(at // step) - 1, 0) for at in (part.left, part.top))
            right, foot = (int(at // step) + 2 for at in (part.right, part.bottom))
            piece = whole[top * step : foot * step, left * step : right * step]
            y, x = top * ratio.numerator, left * ratio.numerator
            small = shrunk(piece, float(ratio))[: height - y, : width - x]
            pixels[y : y + small.shape[0], x : x + small.shape[1]] = small
        onto = self.onto @ np.diag([1 / float(ratio), 1 / float(ratio), 1.0])
        return Cleaned(PageImage(pixels, dpi), onto)

    def bare(self) -> Cleaned:
        """The same copy without the lines that are no writing."""
        dpi = self.image.dpi
        ruled = without_rules(self.image.pixels, dpi, self.streaks)
        pixels = without_dirt(ruled, dpi)
        return Cleaned(PageImage(pixels, dpi), self.onto)


def clean(image: PageImage, skew: float, dpi: int, way: Way = "smooth") -> Cleaned:
    """The page at ``dpi``, turned back by ``skew`` degrees, on even white paper.

    "smooth" takes specks out by a median; "sharp" leaves the ink as it is, without the
    streaks of a dusty scanner. The canvas grows so that no corner is lost. Points are
    counted from the corner of the first pixel, not from its middle.
    """
    height, width = image.pixels.shape
    even = legibly_evened(scaled(image.pixels, dpi / image.dpi), dpi)
    onto = np.diag([width / even.shape[1], height / even.shape[0]]) @ np.eye(2, 3)
    streaks = None
    if way == "smooth":
        even = grey(cv2.medianBlur(even, 3))
    else:
        even, streaks = without_streaks(even, dpi)
    if abs(skew) >= _STRAIGHT:
        turn, size = _turn(even, skew)
        even = _turned(even, turn, size, paper=255)
        if streaks is not None:
            small, half = (size[0] // 2, size[1] // 2), turn * [1, 1, 0.5]
            streaks = _turned(streaks, half, small, paper=0)
        back = np.asarray(cv2.invertAffineTransform(turn), dtype=np.float64)
        onto = onto[:, :2] @ back
    return Cleaned(PageImage(even, dpi), onto, streaks)


def _turn(pixels: Grey, skew: float) -> tuple[NDArray[np.float64], tuple[int, int]]:
    """Counter-clockwise by ``skew``: the (2, 3) map from old to new, and the size."""
    height, width = pixels.shape
    cos, sin = math.cos(math.radians(skew)), math.sin(math.radians(skew))
    wide = math.ceil(width * cos + height * abs(sin))
    high = math.ceil(height * cos + width * abs(sin))
    turn = np.array([[cos, sin, 0.0], [-sin, cos, 0.0]])
    turn[:, 2] = np.array([wide, high]) / 2 - turn[:, :2] @ [width / 2, height / 2]
    return turn, (wide, high)


def _turned(
    pixels: Grey, turn: NDArray[np.float64], size: tuple[int, int], paper: int
) -> Grey:
    # OpenCV counts from the middle of the first pixel: half a pixel there and back
    middles = turn.copy()
    middles[:, 2] += turn[:, :2] @ [0.5, 0.5] - 0.5
    way = cv2.INTER_LINEAR if paper else cv2.INTER_NEAREST
    straight = cv2.warpAffine(pixels, middles, size, flags=way, borderValue=(paper,))
    return grey(straight)
