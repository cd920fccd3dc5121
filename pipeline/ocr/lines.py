"""Where the lines of print are, so that an engine need not look for them itself.

Engines miss words that stand alone: in the cells of a table, beside a ruled line, on a
sheet that is nearly empty. On paper without rules and dirt, print is what is as high as
letters are; what stands close together side by side is one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.grey import (
    Grey,
    Labels,
    boxes_of,
    grey,
    halved,
    ink_of,
    of_pieces,
    pieces_of,
)
from pipeline.page import Box, PageImage, Word

_INK = 208  # grey of a halved page
_LETTER = (0.03, 0.45)  # inches high, at least and at most
_GAP = 0.12  # inches between the words of a line
_HYPHEN = (0.03, 0.15)  # inches wide: lower than a letter, but it holds a line together
_LEAST = 0.05  # inches high and wide: less is a point or dirt
_LEVEL = 0.6  # share of the lower piece that lies beside the higher one
_ALIKE = 2.2  # so many times higher at most: a headline is no part of a line of print
_PAD = (0.06, 0.02)  # inches beside a line, for its full stop, and above and below
_TALL, _EMPTY = 1.8, 0.2  # times the median height; share of the ink of other rows
_MOST = 1500  # pieces
_ROUNDS = 6  # of joining pieces to longer ones

Edges = NDArray[np.float64]  # (lines, 4): left, top, right, bottom


def lines_of(page: PageImage) -> tuple[Box, ...]:
    """A box around each line of print, from top to bottom; ``page`` lies straight."""
    dpi = page.dpi / 2
    pieces = _pieces(ink_of(halved(page.pixels), _INK), dpi)
    if len(pieces) > _MOST:  # a pattern, not print; to read it would take minutes
        return ()
    lines = 2 * _together(pieces, _GAP * dpi)
    height, width = page.pixels.shape
    beside, above = (pad * page.dpi for pad in _PAD)
    lines += [-beside, -above, beside, above]
    lines = np.clip(lines, 0, [width, height, width, height])
    return tuple(Box(*line) for line in lines[np.lexsort(lines.T[:2])].tolist())


def in_lines(
    words: Sequence[Word], lines: Sequence[Box], *, only: bool = False
) -> tuple[Word, ...]:
    """The words with the position of the line they stand in, or of the nearest one.

    An engine that was not told, or does not listen, counts lines of its own. With
    ``only``, words that stand in none are left out.
    """
    if not words or not lines:
        return ()
    around = np.array([[b.left, b.top, b.right, b.bottom] for b in lines])
    boxes = np.array(
        [[w.box.left, w.box.top, w.box.right, w.box.bottom] for w in words]
    )
    middles = (boxes[:, None, :2] + boxes[:, None, 2:]) / 2
    outside = np.maximum(around[:, :2] - middles, middles - around[:, 2:]).max(axis=2)
    near, beside = outside.argmin(axis=1).tolist(), outside.min(axis=1) > 0
    return tuple(
        Word(word.text, word.box, word.confidence, at)
        for word, at, off in zip(words, near, beside.tolist(), strict=True)
        if not (only and off)
    )


def _pieces(ink: Grey, dpi: float) -> Edges:
    """Around what stands close together in a row, and around each tall piece of ink.

    What is much taller than the letters would tie two rows together: a circle around a
    word, a bracket. What is wide is print, too: an underlined word, a dark band.
    """
    labels, stats = pieces_of(ink)
    high = stats[:, cv2.CC_STAT_HEIGHT]
    print_ = (high >= _LETTER[0] * dpi) & (high <= _LETTER[1] * dpi)
    print_[0] = False
    if not print_.any():
        return np.empty((0, 4))
    tall = print_ & (high > _ALIKE * np.median(high[print_]))
    wide = stats[:, cv2.CC_STAT_WIDTH] / dpi
    hyphens = (high < _LETTER[0] * dpi) & (wide >= _HYPHEN[0]) & (wide <= _HYPHEN[1])
    rows = (print_ & ~tall) | hyphens
    low = _joined(labels, rows, dpi)
    found = boxes_of(low)
    if tall.any():
        found = np.vstack([found, boxes_of(_joined(labels, tall, dpi))])
    return _parted(_large(found, dpi), low)


def _joined(labels: Labels, pieces: NDArray[np.bool_], dpi: float) -> Grey:
    """These pieces of ink, those of a row run together."""
    bar = np.ones((1, round(_GAP * dpi) | 1), np.uint8)
    return grey(cv2.morphologyEx(of_pieces(labels, pieces), cv2.MORPH_CLOSE, bar))


def _large(boxes: NDArray[np.integer[Any]], dpi: float) -> Edges:
    """The edges of those components that are no points."""
    found = boxes.astype(np.float64)
    found = found[(found[:, 2:] >= _LEAST * dpi).all(axis=1)]
    return np.hstack([found[:, :2], found[:, :2] + found[:, 2:]])


def _parted(edges: Edges, print_: Grey) -> Edges:
    """Boxes that hold two lines, because a letter of one touches the other, cut."""
    if len(edges) == 0:
        return edges
    high = edges[:, 3] - edges[:, 1]
    cut: list[list[float]] = []
    for (left, top, right, bottom), tall in zip(
        edges.tolist(), high > _TALL * np.median(high), strict=True
    ):
        rows = print_[int(top) : int(bottom), int(left) : int(right)].sum(axis=1)
        inner = rows[len(rows) // 4 : len(rows) - len(rows) // 4]
        if tall and inner.size and inner.min() < _EMPTY * rows.mean():
            middle = top + len(rows) // 4 + int(inner.argmin())
            cut += [[left, top, right, middle], [left, middle, right, bottom]]
        else:
            cut.append([left, top, right, bottom])
    return np.array(cut)


def _together(edges: Edges, gap: float) -> Edges:
    """Pieces that lie side by side made one."""
    for _ in range(_ROUNDS):
        if len(edges) == 0:
            break
        left, top, right, bottom = edges.T
        shared = np.minimum.outer(bottom, bottom) - np.maximum.outer(top, top)
        apart = np.maximum.outer(left, left) - np.minimum.outer(right, right)
        heights = bottom - top
        low = np.minimum(heights[:, None], heights)
        alike = np.maximum(heights[:, None], heights) < _ALIKE * low
        beside = (shared > _LEVEL * low) & (apart < gap) & alike
        first = beside.argmax(axis=1)  # the first of those that each one lies beside
        if (first == np.arange(len(edges))).all():
            break
        groups = np.unique(first)
        edges = np.array(
            [
                [*edges[first == g, :2].min(axis=0), *edges[first == g, 2:].max(axis=0)]
                for g in groups
            ]
        )
    return edges
