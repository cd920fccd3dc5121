"""Pieces of words as they lie along a line: what tells which way up a page is."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.evened import evened
from pipeline.ocr.grey import Grey, boxes_of, grey, reduced, rotated
from pipeline.page import PageImage

HIGH, WIDE = 20, 40  # px of one snippet
Snippets = NDArray[np.float32]  # (count, HIGH, WIDE): ink, 0 none .. 1

_DPI = 100
_DARKEST, _LIGHTEST = 120, 215  # of 255, where the paper is white
_GAP = 0.04  # inches of white that do not part two letters of a word
_PIECE = 0.6  # inches of a line that are taken together: askew, more would be too high
_LINE = 0.5  # inches of unbroken ink: a rule, a frame, a curve's grid
_LOW, _TALL = 0.045, 0.40  # inches: how high words are, from small print to headings
_LONG = 1.4  # a word is longer than high by this
_MARGIN = 0.15  # of its height, that is shown above and below a word
_MOST = 96  # snippets of one axis that are enough


def snippets_of(image: PageImage) -> tuple[Snippets, Snippets]:
    """Snippets of the page as it lies, and of the page turned clockwise by 90.

    The words of one of the two are words; the other one's are letters of neighbouring
    lines. Turning the page by 180 turns every snippet by 180.
    """
    small = evened(reduced(image.pixels, image.dpi, _DPI), min(_DPI, image.dpi))
    dpi = min(_DPI, image.dpi)
    small = grey(cv2.GaussianBlur(small, (3, 3), 0))
    ink = _without_rules(_ink(small), dpi)
    lying = _along(small, ink, dpi)
    return lying, _along(rotated(small, 90), rotated(ink, 90), dpi)


def _ink(small: Grey) -> Grey:
    """1 where there is ink: Otsu's threshold, within what paper and ink can be."""
    level, _ = cv2.threshold(small, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    level = min(max(level, _DARKEST), _LIGHTEST)
    return grey(cv2.threshold(small, level, 1, cv2.THRESH_BINARY_INV)[1])


def _without_rules(ink: Grey, dpi: int) -> Grey:
    long = round(_LINE * dpi)
    for shape in ((long, 1), (1, long)):
        rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        ink = grey(
            cv2.subtract(ink, grey(cv2.dilate(rules, np.ones((3, 3), np.uint8))))
        )
    return ink


def _along(small: Grey, ink: Grey, dpi: int) -> Snippets:
    """The words of horizontal lines, ``_MOST`` of them from all over the page."""
    gap = round(_GAP * dpi) | 1
    words = grey(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8)))
    piece = round(_PIECE * dpi)
    words[:, words.shape[1] // 2 % piece :: piece] = 0
    found = boxes_of(words)
    width, height = found[:, 2], found[:, 3]
    fits = (height >= _LOW * dpi) & (height <= _TALL * dpi) & (width >= _LONG * height)
    boxes = found[fits]
    if len(boxes) > _MOST:
        boxes = boxes[np.linspace(0, len(boxes) - 1, _MOST).round().astype(int)]
    pieces = [_snippet(small, *box) for box in boxes.tolist()]
    return 1 - np.array(pieces, np.float32).reshape(-1, HIGH, WIDE) / np.float32(255)


def _snippet(small: Grey, left: int, top: int, width: int, height: int) -> Grey:
    """The middle of one piece, a little higher than it is, white off the page."""
    high = height * (1 + 2 * _MARGIN)
    wide = high * WIDE / HIGH
    x, y = left + width / 2, top + height / 2
    x0, x1 = round(x - wide / 2), round(x + wide / 2)
    y0, y1 = round(y - high / 2), round(y + high / 2)
    part = small[max(y0, 0) : y1, max(x0, 0) : x1]
    if min(x0, y0) < 0 or y1 > small.shape[0] or x1 > small.shape[1]:
        over = (-y0, y1 - small.shape[0], -x0, x1 - small.shape[1])
        more = [max(edge, 0) for edge in over]
        part = np.pad(part, (more[:2], more[2:]), constant_values=255)
    return grey(cv2.resize(part, (WIDE, HIGH), interpolation=cv2.INTER_AREA))
