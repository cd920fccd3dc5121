"""A fold down or across a side: where it runs, and what else is on it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.crease import slants
from pipeline.ocr.grey import Grey, grey

_SEGMENTS = 20  # of a page's length; a fold shows in most of them
_IN_MOST = 0.75
_CREASE = 4  # of 255 darker than its neighbourhood, averaged over a segment
_REACH = 0.25  # inches to either side of a fold's line that its shade may go
_ALIKE = 4  # segments to either side in which a fold is as dark: 5 inches of a letter


@dataclass(frozen=True, slots=True)
class Fold:
    """A line down the page, or ``across`` it: then all is turned, left is the top.

    ``at`` is where it runs at half height, ``slant`` its px across a px down,
    ``level`` how dark it is, of 255.
    """

    at: float
    slant: float
    level: float
    across: bool


def folds_in(dark: Grey) -> tuple[Fold, ...]:
    """The fold down the page and the one across it, where there are such."""
    both = (_fold(dark, across=False), _fold(grey(dark.T), across=True))
    return tuple(one for one in both if one is not None)


def unfolded(dark: Grey, fold: Fold, dpi: int) -> Grey:
    """``dark`` without the shade of a fold: what is as dark all along its line.

    A figure that a fold runs through stays, as what the line has nowhere else.
    """
    lying = grey(dark.T) if fold.across else dark
    height, width = lying.shape
    reach = round(_REACH * dpi)
    off = fold.at - fold.slant * height / 2 - reach
    upright = np.array([[1, fold.slant, off], [0, 1, 0]])
    back = np.array([[1, -fold.slant, -off], [0, 1, 0]])
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    strip = cv2.warpAffine(lying, upright, (2 * reach + 1, height), flags=how)
    shade = cv2.warpAffine(_shade(grey(strip)), back, (width, height), flags=how)
    plain = grey(cv2.subtract(lying, grey(shade)))
    return grey(plain.T) if fold.across else plain


def _shade(strip: Grey) -> Grey:
    """How dark a fold itself is at each point of the strip along it."""
    parts = np.array_split(strip, min(_SEGMENTS, len(strip)))
    usual = np.array([np.median(part, axis=0) for part in parts])
    shade = np.array(
        [
            np.median(usual[max(i - _ALIKE, 0) : i + _ALIKE + 1], axis=0)
            for i in range(len(usual))
        ],
        np.float32,
    )
    return grey(cv2.resize(shade, strip.shape[::-1]).round())


def _fold(dark: Grey, *, across: bool) -> Fold | None:
    """The darkest line down the page that shows in most of its segments."""
    height, width = dark.shape
    size = (max(width // 2, 1), _SEGMENTS)
    rows = cv2.resize(dark, size, interpolation=cv2.INTER_AREA).astype(np.int16)
    crease = rows - np.median(rows, axis=1, keepdims=True) >= _CREASE
    best, fold = 0.0, None
    for one in slants(crease, height, 2):
        columns = np.flatnonzero(one.share >= _IN_MOST)
        if not len(columns):
            continue
        lines = np.take_along_axis(rows, one.inside[:, columns], axis=1)
        shades = lines.mean(axis=0)
        at = int(shades.argmax())
        if shades[at] > best:
            best = float(shades[at])
            level = float(np.median(lines[:, at]))
            fold = Fold(2.0 * int(columns[at]), one.slant, level, across)
    return fold


def on_fold(
    boxes: NDArray[np.float64], fold: Fold, shape: tuple[int, int], far: float
) -> NDArray[np.bool_]:
    """Which boxes (left, top, width, height) lie along a fold, ``far`` px off at most.

    What is broader than it is long is no piece of a fold.
    """
    axis = int(fold.across)
    long, broad = boxes[:, 3 - axis], boxes[:, axis + 2]
    half = shape[axis] / 2
    middle = fold.at + fold.slant * (boxes[:, 1 - axis] + long / 2 - half)
    near = np.abs(fold.slant) * long / 2 + far
    first = boxes[:, axis]
    on = (first > middle - near) & (first + broad < middle + near)
    return np.asarray(on & (long > 2 * (broad - np.abs(fold.slant) * long)))
