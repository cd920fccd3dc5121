"""Handwriting told from print: by what recognition leaves unread, and by its shapes.

The weights are a logistic regression over 57 pages of the charts generator's train
split (seed 11); on 66 of its tune split (seed 21) .62 of the pages called handwritten
were, and .81 of those that were are called so.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.glance import Glance
from pipeline.ocr.grey import Grey, grey, pieces_of
from pipeline.page import Word

_INK = 50  # of 255 darker than the paper
_READ = 0.8  # confidence of a word that is surely print
_RULE = 1.6  # inches: longer shapes are lines and boxes, no letters
_SPECK = 0.04  # inches: smaller ones are dots

_FEWEST = 5  # words that tell anything
_CLEAR = 0.1  # unsureness below which nobody wrote much by hand
_BIAS = -4.21
_WEIGHTS = np.array([26.91, -10.13, 5.78, -2.21])

Floats = NDArray[np.float64]


def handwriting_of(glance: Glance, words: Sequence[Word], dpi: int, turn: int) -> float:
    """How probable it is that most of the writing is by hand, 0..1.

    ``words`` lie on the upright page of ``dpi``; ``turn`` made it upright.
    """
    if len(words) < _FEWEST:
        return 0.0
    unsure = 1 - float(np.mean([word.confidence for word in words]))
    if unsure < _CLEAR:
        return 0.0
    dark = grey(np.rot90(glance.dark, -turn // 90))
    shapes, share = _unread(dark, glance.dpi, words, glance.dpi / dpi)
    if not len(shapes):
        return 0.0
    weight = shapes[:, 4] / shapes[:, 4].sum()
    high = shapes[:, 3] / glance.dpi
    usual = float((high * weight).sum())
    uneven = float(np.sqrt((((high - usual) ** 2) * weight).sum()) / usual)
    signs = [min(unsure, 0.6), share, min(max(usual, 0.08), 0.25), min(uneven, 1.5)]
    return float(1 / (1 + np.exp(-(_BIAS + _WEIGHTS @ signs))))


def _unread(
    dark: Grey, dpi: int, words: Sequence[Word], scale: float
) -> tuple[Floats, float]:
    """Shapes of letters outside surely read words, and their share of all ink."""
    ink = (dark >= _INK).astype(np.uint8)
    labels, stats = pieces_of(ink)
    shapes = np.asarray(stats, np.float64)
    size = shapes[:, 2:4].max(axis=1) / dpi
    letters = (size < _RULE) & (size > _SPECK)
    letters[0] = False  # the paper
    read = np.zeros(ink.shape, np.uint8)
    for word in words:
        if word.confidence >= _READ:
            top, foot = int(word.box.top * scale) - 1, int(word.box.bottom * scale) + 2
            left, right = int(word.box.left * scale) - 1, int(word.box.right * scale)
            read[max(top, 0) : foot, max(left, 0) : right + 2] = 1
    both = cv2.bitwise_and(ink, read) > 0
    known = np.bincount(labels[both], minlength=len(shapes))
    unread = letters & (known < shapes[:, 4] / 2)
    whole = float(shapes[letters, 4].sum())
    return shapes[unread], float(shapes[unread, 4].sum()) / max(whole, 1.0)
