"""Worn bars drawn anew: averaged along their length, cut at several thresholds.

A copy of a copy has its bars too thick, too thin or full of holes; averaged over a
tenth of an inch they are a clean wave again, and the right height to cut it gives
each bar its width back.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.grey import Grey, grey

_WINDOW = 0.12  # inches along the bars that are averaged
_WINDOWS = 12  # at most, in a part
_BUSIEST = 3  # windows that are drawn anew
_SLANTS = np.linspace(-0.1, 0.1, 11)  # sideways a px along: labels are stuck crooked
_FINER = 4  # times the profile is stretched
_REACH = 0.06  # inches about each place in which its black and white are sought
_CUTS = (0.5, 0.4, 0.6, 0.3, 0.7)  # of the way from black to white
_FAINT = 24  # grey levels between black and white: less is paper
_QUIET = 60  # px of white at both ends
_TALL = 24  # px of the drawing

Wave = NDArray[np.float32]


def counted(part: Grey, dpi: int) -> int:
    """How many edges the likeliest row of upright bars has; a code has 20 and more."""
    wave = _waves(part.astype(np.float32), dpi)[0][None]
    black, white = _about(wave, dpi)
    dark = (wave < (black + white) / 2) & (white - black > _FAINT)
    return int(np.count_nonzero(np.diff(dark.astype(np.int8))))


def redrawn(part: Grey, dpi: int) -> Iterator[Grey]:
    """Drawings of the upright bars in ``part``, 4 times as wide; likeliest first."""
    for wave in _waves(part.astype(np.float32), dpi):
        for share in _CUTS:
            yield _drawn(wave, share, dpi * _FINER)


def _waves(part: Wave, dpi: int) -> list[Wave]:
    """Mean grey across the bars, in the windows where it changes most, that first."""
    tall = max(int(_WINDOW * dpi), 4)
    found: list[tuple[float, Wave]] = []
    step = max(tall // 2, part.shape[0] // _WINDOWS)
    for top in range(0, max(part.shape[0] - tall, 1), step):
        wave = max(
            (_slanted(part[top : top + tall], slant) for slant in _SLANTS), key=_steps
        )
        found.append((_steps(wave), wave))
    found.sort(key=lambda pair: -pair[0])
    return [wave for _, wave in found[:_BUSIEST]]


def _slanted(rows: Wave, slant: float) -> Wave:
    middle = rows.shape[0] / 2
    shear = np.array([[1, slant, -slant * middle], [0, 1, 0]])
    size = (rows.shape[1], rows.shape[0])
    straight = cv2.warpAffine(rows, shear, size, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(straight.mean(axis=0), np.float32)


def _steps(wave: Wave) -> float:
    return float(np.square(np.diff(wave)).sum())


def _drawn(wave: Wave, share: float, dpi: int) -> Grey:
    size = (len(wave) * _FINER, 1)
    fine: Wave = np.asarray(
        cv2.resize(wave[None], size, interpolation=cv2.INTER_CUBIC), np.float32
    )
    black, white = _about(fine, dpi)
    ink = (fine < black + share * (white - black)) & (white - black > _FAINT)
    line = np.pad(np.where(ink[0], 0, 255), _QUIET, constant_values=255)
    return grey(np.repeat(line[None], _TALL, axis=0))


def _about(wave: Wave, dpi: int) -> tuple[Wave, Wave]:
    """The darkest and the lightest within reach of each place."""
    reach = np.ones((1, 2 * int(_REACH * dpi) + 1), np.uint8)
    black, white = cv2.erode(wave, reach), cv2.dilate(wave, reach)
    return np.asarray(black, np.float32), np.asarray(white, np.float32)
