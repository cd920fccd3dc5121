"""How far a page lies askew, from the rows of its ink."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.evened import evened
from pipeline.ocr.grey import Grey, reduced
from pipeline.page import PageImage

DPI = 75  # at which both skew and patch are sought
_MOST = 6.0  # degrees to either side
_POINTS = 20_000  # pixels of ink that are enough
_LEAST = 200  # pixels of ink: a word or two
_DARK = 160  # of 255, where the paper is white
_AROUND = (-0.3, -0.15, 0.0, 0.15, 0.3)  # degrees off the angle that looks steepest

Points = NDArray[np.float32]


def skew_of(image: PageImage) -> float:
    """Degrees, clockwise positive, within +-6.5; 0.0 where there is too little ink.

    Lines of text make the profile of ink per row jump most when it is taken along
    them (Postl 1986). Of generated pages 19 in 20 are told within 0.1 degrees.
    """
    return _steepest(_ink(image))[0]


def skew_either_way(image: PageImage) -> float:
    """As ``skew_of``, for a page that may lie on its side."""
    ink = _ink(image)
    upright, sideways = _steepest(ink), _steepest(np.rot90(ink))
    return max(upright, sideways, key=lambda found: found[1])[0]


def _ink(image: PageImage) -> NDArray[np.bool_]:
    small: Grey = reduced(image.pixels, image.dpi, DPI)
    return evened(small, min(DPI, image.dpi)) < _DARK


def _steepest(ink: NDArray[np.bool_]) -> tuple[float, float]:
    """The angle along which the profile jumps most, and how much it does there."""
    rows, columns = np.nonzero(ink)
    if len(rows) < _LEAST:
        return 0.0, 0.0
    step = max(len(rows) // _POINTS, 1)
    y, x = rows[::step].astype(np.float32), columns[::step].astype(np.float32)
    x -= ink.shape[1] / 2
    angle = 0.0
    for reach, stride in ((_MOST, 0.5), (0.5, 0.1)):
        angles = angle + np.arange(-reach, reach + stride / 2, stride)
        angle = float(max(angles, key=lambda a: _jumps(y, x, a)))
    angle += _top([_jumps(y, x, angle + off) for off in _AROUND])
    return round(angle, 3), _jumps(y, x, angle)


def _top(jumps: list[float]) -> float:
    """How far off the middle a curve through the jumps around an angle is highest.

    Each of them hangs on how rows fall on whole pixels, which is a tenth of a degree.
    """
    bend, slope, _ = np.polynomial.polynomial.polyfit(_AROUND, jumps, 2)[::-1]
    off = -slope / (2 * bend) if bend < 0 else 0.0
    return float(np.clip(off, _AROUND[0], _AROUND[-1]))


def _jumps(y: Points, x: Points, angle: float) -> float:
    heights = y - x * math.tan(math.radians(angle))
    profile = np.bincount((heights - heights.min()).astype(np.int32))
    return float(np.square(np.diff(profile.astype(np.float64))).sum())
