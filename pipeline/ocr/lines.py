"""Where the lines of print are, so that an engine need not look for them itself.

Engines miss words that stand alone: in the cells of a table, beside a ruled line, on a
sheet that is nearly empty. On paper without rules and dirt, print is what is as high as
letters are; what stands close together side by side is one line.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.grey import Grey, grey, halved, ink_of
from pipeline.page import Box, PageImage

_INK = 208  # grey of a halved page
_LETTER = (0.03, 0.45)  # inches high, at least and at most
_WIDEST = 1.2  # inches: touching letters are no wider
_GAP = 0.12  # inches between the words of a line
_LEAST = 0.05  # inches high and wide: less is a point or dirt
_LEVEL = 0.6  # share of the lower piece that lies beside the higher one
_ALIKE = 2.2  # so many times higher at most: a headline is no part of a line of print
_PAD = 0.03  # inches of paper around a line
_TALL, _EMPTY = 1.8, 0.2  # times the median height; share of the ink of other rows
_MOST = 1500  # pieces
_ROUNDS = 6  # of joining pieces to longer ones

Edges = NDArray[np.float64]  # (lines, 4): left, top, right, bottom


def lines_of(page: PageImage) -> tuple[Box, ...]:
    """A box around each line of print, from top to bottom; ``page`` lies straight."""
    ink = ink_of(halved(page.pixels), _INK)
    dpi = page.dpi / 2
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    high, wide = stats[:, cv2.CC_STAT_HEIGHT] / dpi, stats[:, cv2.CC_STAT_WIDTH] / dpi
    print_ = (high >= _LETTER[0]) & (high <= _LETTER[1]) & (wide <= _WIDEST)
    print_[0] = False
    bar = np.ones((1, round(_GAP * dpi) | 1), np.uint8)
    joined = cv2.morphologyEx(grey(print_)[labels], cv2.MORPH_CLOSE, bar)
    found = cv2.connectedComponentsWithStats(joined)[2][1:, :4].astype(np.float64)
    found = found[(found[:, 2:] >= _LEAST * dpi).all(axis=1)]
    if len(found) > _MOST:  # a pattern, not print; to read it would take minutes
        return ()
    edges = np.hstack([found[:, :2], found[:, :2] + found[:, 2:]])
    edges = _parted(edges, grey(joined))
    lines = 2 * _together(edges, _GAP * dpi)
    height, width = page.pixels.shape
    pad = _PAD * page.dpi
    lines += [-pad, -pad, pad, pad]
    lines = np.clip(lines, 0, [width, height, width, height])
    return tuple(Box(*line) for line in lines[np.lexsort(lines.T[:2])].tolist())


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
