"""Each line of print as the network wants it: 36 px high, ink -1, paper 1."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.grey import Grey, ink_of
from pipeline.ocr.net.forward import HIGH, STEP
from pipeline.ocr.net.traineddata import Floats
from pipeline.page import Box

_INK = 160  # grey below which a pixel belongs to a letter
_PALE, _PALEST = 110, 208  # grey of the darkest letters; below which they all are ink
_DARKEST = 0.02  # share of a line's pixels that are surely ink
_NARROW = 0.9  # of its width: a tenth less to sum, and typewriters are read better
_MARGIN = (4, 7)  # px beside the ink, above and below it, at 250 dpi
_DPI = 250
_LEAST = 3 * STEP  # px wide


@dataclass(frozen=True, slots=True)
class Strip:
    """One line; ``ink`` is 1 where letters are, on the image, from ``left``, ``top``.

    ``step`` is how many px of the image one step of the network is.
    """

    pixels: Floats = field(repr=False)
    ink: Grey = field(repr=False)
    left: int
    top: int
    step: float

    def boxes(self, words: Sequence[tuple[int, int]]) -> Iterator[Box]:
        """Around the ink of each word that has its letters from one step to another."""
        edges = [0, *self._gaps(words), self.ink.shape[1]]
        for left, right in itertools.pairwise(edges):
            yield self._around(left, max(right, left + 1))

    def _gaps(self, words: Sequence[tuple[int, int]]) -> Iterator[int]:
        """The column that parts a word from the next one: the middle of most white."""
        white: NDArray[np.bool_] = self.ink.max(axis=0) == 0
        least = 0
        for (_, end), (start, _) in itertools.pairwise(words):
            least = max(round((end - 1) * self.step), least)
            most = min(max(round((start + 1) * self.step), least + 1), len(white))
            least = least + _middle_of_most(white[least:most])
            yield least

    def _around(self, left: int, right: int) -> Box:
        """Around the ink between two columns; all of them, where there is none."""
        left = min(left, self.ink.shape[1] - 1)
        part = self.ink[:, left:right]
        columns, rows = (np.flatnonzero(part.any(axis=axis)) for axis in (0, 1))
        top, foot = 0, len(self.ink)
        if columns.size:
            left, right = left + int(columns[0]), left + int(columns[-1]) + 1
            top, foot = int(rows[0]), int(rows[-1]) + 1
        x, y = self.left, self.top
        return Box(x + left, y + top, x + right, y + foot)


def strip(pixels: Grey, dpi: int, line: Box) -> Strip | None:
    """The line cut out close to its ink; None where the box holds no pixel."""
    high, wide = pixels.shape
    left, right = (min(max(round(edge), 0), wide) for edge in (line.left, line.right))
    top, foot = (min(max(round(edge), 0), high) for edge in (line.top, line.bottom))
    if left >= right or top >= foot:
        return None
    below = _between(pixels[top:foot, left:right])
    ink = ink_of(pixels[top:foot, left:right], below)
    columns, rows = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    if columns.size:
        left, right = left + int(columns[0]), left + int(columns[-1]) + 1
        top, foot = top + int(rows[0]), top + int(rows[-1]) + 1
    beside, above = (max(round(px * dpi / _DPI), 1) for px in _MARGIN)
    left, top = max(left - beside, 0), max(top - above, 0)
    part = pixels[top : foot + above, left : right + beside]
    step = STEP * part.shape[0] / HIGH / _NARROW
    return Strip(_even(_high(part)), ink_of(part, below), left, top, step)


def _between(part: Grey) -> int:
    """The grey between ink and paper: of pale print the usual one is within letters."""
    some = part[::2, ::2].ravel()
    darkest = int(_DARKEST * some.size)
    dark = int(np.partition(some, darkest)[darkest])
    return min((dark + 255) // 2, _PALEST) if dark > _PALE else _INK


def _middle_of_most(white: NDArray[np.bool_]) -> int:
    """The middle of the longest run of white columns; of all of them without any."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], white, [False]])))
    if not edges.size:
        return len(white) // 2
    starts, ends = edges[::2], edges[1::2]
    longest = int((ends - starts).argmax())
    return int(starts[longest] + ends[longest]) // 2


def _high(part: Grey) -> Grey:
    factor = HIGH / part.shape[0]
    size = (max(round(part.shape[1] * factor * _NARROW), _LEAST), HIGH)
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(part, size, interpolation=way), np.uint8)


def _even(part: Grey) -> Floats:
    """Stretched from the usual ink to the usual paper along its middle row.

    Source: Tesseract 5 (networkio; Apache-2.0): quartiles of its valleys and hills.
    """
    row = part[HIGH // 2].astype(np.int16)
    down, up = np.diff(row) < 0, np.diff(row) > 0
    level = ~(down | up)
    here = row[1:-1]
    valley = (down[:-1] & ~down[1:]) | (level[:-1] & up[1:])
    hill = (up[:-1] & ~up[1:]) | (level[:-1] & down[1:])
    ink, paper = _quartile(here[valley], 0.25, 0), _quartile(here[hill], 0.75, 255)
    half = np.float32((paper - ink) / 2 if paper > ink else 1)
    even: Floats = np.clip((part - np.float32(ink)) / half - 1, -1, 1)
    return even if even.mean() > 0 else -even  # light print on a dark ground


def _quartile(levels: NDArray[np.int16], share: float, otherwise: int) -> float:
    if not levels.size:
        return otherwise
    return float(np.sort(levels)[int(share * (levels.size - 1))])
