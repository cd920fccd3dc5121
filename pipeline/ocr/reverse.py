"""Dark areas made paper: the scanner's bed goes, light print on a dark band turns dark.

Engines take a dark band for a picture, and the letterhead printed in it is lost.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.grey import Grey, grey, halved, of_pieces, pieces_of
from pipeline.page import Box

COARSE = 25  # dpi: about a millimetre a pixel
_DARK = 100  # grey: darker than any paper
_HALF = 128  # grey between print and the area it stands on
_RAGGED = 192  # the same, where one of two pixels is dark
_GAP = (9, 7)  # coarse px: letters in a band are no holes in it
_BAND = (12, 4)  # coarse px: a smaller dark area is print
_SOLID = 0.6  # share of a band that is dark; heavy letters in a row are no band
_ALL = 0.9  # share of a scan that a bed leaves to no sheet
_TINTED = 0.75  # of the paper's grey: less is ink
_FRINGE = 2.5  # coarse px: how far an area's ragged edge reaches
_LETTER = (0.05, 0.5)  # inches high
_FEWEST = 4  # letters: a label in a box; fewer are a hole or dirt


def without_dark(even: Grey, pixels: Grey, small: Grey, dpi: int) -> Grey:
    """``even`` with its broad dark areas white, light print in them made dark.

    ``pixels`` is the same page before it was evened, ``small`` that at ``COARSE`` dpi.
    Thin rules are kept.
    """
    broad = _broad(small)
    if not broad.any():
        return even
    closed = _padded(broad, cv2.MORPH_CLOSE, _GAP)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed)
    edge = np.unique(
        np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    )
    clear = even.copy()
    for area in range(1, count):
        left, top, width, height, _ = stats[area].tolist()
        own = labels == area
        dark = own & (broad > 0)
        band = width >= _BAND[0] and height >= _BAND[1]
        band = band and np.count_nonzero(dark) > _SOLID * np.count_nonzero(own)
        # a sheet that is dark all over is no bed: its print is dark, too
        bed = area in edge and np.count_nonzero(own) < _ALL * own.size
        if bed or band:
            around = Box(left, top, left + width, top + height)
            _whiten(clear, pixels, (own, dark), around, dpi, bed=bed)
    return clear


def _broad(small: Grey) -> Grey:
    """Where the coarse page is dark over more than two millimetres each way."""
    dark = (small < _DARK).astype(np.uint8)
    return _padded(dark, cv2.MORPH_OPEN, (3, 3))


def _padded(mask: Grey, change: int, size: tuple[int, int]) -> Grey:
    """A morphological change that sees the page go on beyond its edges."""
    pad = max(size)
    wide = cv2.copyMakeBorder(mask, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    done = cv2.morphologyEx(wide, change, np.ones(size[::-1], np.uint8))
    return grey(done[pad:-pad, pad:-pad])


def _whiten(
    clear: Grey,
    pixels: Grey,
    area: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    around: Box,
    dpi: int,
    *,
    bed: bool,
) -> None:
    """One dark area of ``clear`` painted; ``area`` with and without its print.

    What is not the scanner's ``bed`` and has no print in it is a picture and stays.
    """
    scale = dpi / COARSE
    height, width = clear.shape
    reach = _FRINGE * scale
    x0, x1 = (
        int(min(max(x, 0), width))
        for x in (around.left * scale - reach, around.right * scale + reach)
    )
    y0, y1 = (
        int(min(max(y, 0), height))
        for y in (around.top * scale - reach, around.bottom * scale + reach)
    )
    there, part = pixels[y0:y1, x0:x1], clear[y0:y1, x0:x1]
    small = halved(there)  # a third of the cost
    own, dark = (
        _cut(mask, (x0 / scale, y0 / scale), small, scale / 2) for mask in area
    )
    letters = _letters(small, own, dpi / 2)
    if letters is None and not bed:
        return
    gone = _hanging(small, own, dark, reach / 2)
    if letters is not None:
        gone = grey(cv2.bitwise_or(gone, _outlined(letters)))
    part[_full(gone, part)] = 255
    if letters is not None:
        print_ = _full(letters, part)
        part[print_] = 255 - there[print_]


def _cut(
    mask: NDArray[np.bool_], corner: tuple[float, float], like: Grey, scale: float
) -> Grey:
    """The part of a coarse mask from its ``corner`` on, as large as ``like``."""
    high, wide = like.shape
    rows = (corner[1] + np.arange(high) / scale).astype(int)
    columns = (corner[0] + np.arange(wide) / scale).astype(int)
    rows = np.minimum(rows, mask.shape[0] - 1)
    return grey(mask[rows][:, np.minimum(columns, mask.shape[1] - 1)])


def _full(mask: Grey, part: Grey) -> NDArray[np.bool_]:
    size = (part.shape[1], part.shape[0])
    return np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST) > 0)


def _hanging(there: Grey, own: Grey, dark: Grey, reach: float) -> Grey:
    """A dark area with its ragged edge: dark pixels that hang together with it.

    Dark print between two bands is in ``own``, and stays.
    """
    size = 2 * int(reach) + 1
    near = cv2.bitwise_or(own, cv2.dilate(dark, np.ones((size, size), np.uint8)))
    paper = there[near == 0]
    line = float(np.median(paper)) * _TINTED if paper.size else _RAGGED
    ink = ((there < np.clip(line, _DARK, _RAGGED)) & (near > 0)).astype(np.uint8)
    count, labels = cv2.connectedComponents(ink)
    hanging = np.zeros(count, bool)
    hanging[np.unique(labels[dark > 0])] = True
    hanging[0] = False
    return grey(cv2.dilate(grey(hanging)[labels], np.ones((3, 3), np.uint8)))


def _outlined(letters: Grey) -> Grey:
    """Letters with what they enclose: the dark inside an O does not hang together."""
    outlines, _ = cv2.findContours(letters, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    filled = np.zeros_like(letters)
    cv2.drawContours(filled, outlines, -1, (1,), cv2.FILLED)
    return filled


def _letters(there: Grey, own: Grey, dpi: float) -> Grey | None:
    """Light print inside a dark area, with its soft edges; None where there is none."""
    inside = cv2.erode(own, np.ones((3, 3), np.uint8)) > 0
    light = ((there > _HALF) & inside).astype(np.uint8)
    least = 0.0004 * dpi * dpi  # px of a full stop
    if cv2.countNonZero(light) < _FEWEST * least:
        return None
    labels, stats = pieces_of(light)
    high, wide = stats[:, cv2.CC_STAT_HEIGHT] / dpi, stats[:, cv2.CC_STAT_WIDTH] / dpi
    lean = stats[:, cv2.CC_STAT_AREA] >= least
    letter = (high >= _LETTER[0]) & (high <= _LETTER[1]) & (wide <= 0.6) & lean  # noqa: PLR2004 - inches
    letter[0] = False
    if np.count_nonzero(letter) < _FEWEST:
        return None
    near = cv2.dilate(of_pieces(labels, letter), np.ones((3, 3), np.uint8))
    return grey(cv2.bitwise_and(near, own))
