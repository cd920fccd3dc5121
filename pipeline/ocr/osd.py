"""Which way up a page is, asked of an engine that may be wrong about it.

Tesseract's own detector errs on about one poor page in five; its errors have low
confidence, seldom up to 6.8 (measured on generated pages). Below the gate we look
for ourselves: a square of the page is read in all four directions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.ocr.clean import clean
from pipeline.ocr.grey import scaled
from pipeline.ocr.skew import skew_either_way
from pipeline.ocr.upright import TURNS, turned
from pipeline.page import PageImage, QuarterTurn, Word

_DPI = 150  # the detector's best, by measurement: 32 of 32 scans, at 300 dpi 16
_GATE = 8.0  # the detector's confidence from which it is believed
_SQUARE = 4.0  # inches of the page that are read in four directions
_PROOF = 40.0  # letters surely read: nobody reads as many upside down
_ENOUGH = 2.0  # letters surely read, below which nothing is known


@dataclass(frozen=True, slots=True)
class Orientation:
    """What a detector says: the clockwise turn wanted; its own confidence, 0..~30."""

    turn: int
    confidence: float


def turn_by(
    detect: Callable[[PageImage], Orientation | None],
    read: Callable[[PageImage], tuple[Word, ...]],
    image: PageImage,
) -> tuple[QuarterTurn, float]:
    """The clockwise turn that makes ``image`` upright, and how sure, 0..1.

    (0, 0.0) where the page has nothing to tell it by.
    """
    small = clean(image, skew_either_way(image), _DPI).image
    said = detect(small)
    if said is not None and said.confidence >= _GATE:
        return TURNS[said.turn // 90 % 4], min(0.9 + said.confidence / 200, 1.0)
    square = _busiest_square(small)
    scores = dict.fromkeys(TURNS, 0.0)
    for turn in _likeliest_first(said):
        scores[turn] = legible(read(turned(square, turn)))
        if scores[turn] >= _PROOF:
            break
    return _best(scores)


def _likeliest_first(said: Orientation | None) -> list[QuarterTurn]:
    first = 0 if said is None else said.turn
    return sorted(TURNS, key=lambda turn: turn != first)


def legible(words: Sequence[Word]) -> float:
    """How many letters are surely read, in words that lie along the line.

    Short words count nothing: a picture of anything holds an "l" or "oo".
    """
    return sum(
        len(word.text) * max(word.confidence - 0.5, 0.0) * 2
        for word in words
        if len(word.text) > 2  # noqa: PLR2004 - short, see above
        and word.box.width > word.box.height
        and sum(map(str.isalnum, word.text)) * 2 > len(word.text)
    )


def _best(scores: Mapping[QuarterTurn, float]) -> tuple[QuarterTurn, float]:
    second, best = sorted(scores, key=lambda turn: scores[turn])[-2:]
    if scores[best] < _ENOUGH:
        return 0, 0.0
    return best, (scores[best] - scores[second]) / scores[best]


def _busiest_square(image: PageImage) -> PageImage:
    """The square with the most ink: the same part of the page in every turn."""
    height, width = image.pixels.shape
    side = min(int(_SQUARE * image.dpi), height, width)
    ink = scaled(255 - image.pixels, 1 / 8)
    window = max(side // 8, 1)
    sums = cv2.boxFilter(ink, cv2.CV_32F, (window, window), anchor=(0, 0))
    rows = max(ink.shape[0] - window + 1, 1)
    columns = max(ink.shape[1] - window + 1, 1)
    spot = int(np.argmax(sums[:rows, :columns]))
    top, left = (8 * int(i) for i in np.unravel_index(spot, (rows, columns)))
    top, left = min(top, height - side), min(left, width - side)
    part = image.pixels[top : top + side, left : left + side]
    return PageImage(np.ascontiguousarray(part), image.dpi)
