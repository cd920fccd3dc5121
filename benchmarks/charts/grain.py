"""Randomness over a whole page, cheap: grain from small tiles, clouds from few cells.

Everything is uint8 with 128 as its mean, so that adding it to pixels stays in uint8,
where OpenCV takes 1 to 10 ms for a 300-dpi page.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.charts.kinds import Pixels

SPREAD = 30.0  # standard deviation of grain, in grey levels
_TILE = 1024
_BANK = 3  # tiles of each coarseness


def as_pixels(found: NDArray[Any] | Any) -> Pixels:  # noqa: ANN401 - cv2's own arrays
    """What OpenCV returned, for the type checker; no copy of uint8."""
    return np.asarray(found, np.uint8)


def grain(size: tuple[int, int], coarseness: float, rng: np.random.Generator) -> Pixels:
    """Noise for a page of (height, width), mean 128, spread SPREAD.

    ``coarseness`` is the sigma in pixels of the grain's blur, 0 for single pixels.
    """
    height, width = size
    field = np.empty((height, width), np.uint8)
    for y in range(0, height, _TILE):
        for x in range(0, width, _TILE):
            tile = _tile(round(float(coarseness), 1), int(rng.integers(_BANK)))
            shift = tuple(int(part) for part in rng.integers(0, _TILE, 2))
            rows, columns = min(_TILE, height - y), min(_TILE, width - x)
            piece = np.roll(tile, shift, (0, 1))[:rows, :columns]
            field[y : y + rows, x : x + columns] = piece
    return field


def cloud(
    size: tuple[int, int],
    cells: int,
    rng: np.random.Generator,
    spread: float = 32.0,
) -> Pixels:
    """Slow changes over a page of (height, width): mean 128, ``spread`` grey levels.

    ``cells`` is how many independent places lie along its side.
    """
    coarse = np.clip(rng.normal(128, spread, (cells, cells)), 0, 255)
    smooth = cv2.resize(
        coarse.astype(np.uint8), (size[1], size[0]), interpolation=cv2.INTER_CUBIC
    )
    return as_pixels(smooth)


def between(page: Pixels, share: float, palest: float = 0.8) -> float:
    """The grey level ``share`` of the way from ink to paper, as a dial is set.

    A page may have hardly any ink: ``palest`` of the paper's level counts as ink.
    """
    ink, paper = np.percentile(page[::4, ::4], (0.2, 60))
    ink = min(ink, paper * palest)
    return float(ink + (paper - ink) * share)


def like(mask: Pixels, page: Pixels) -> Pixels:
    """The grey mask with as many channels as the page has."""
    if page.ndim == 2:
        return mask
    return as_pixels(cv2.merge([mask] * page.shape[2]))


def ramp(low: float, high: float) -> Pixels:
    """A table of 256: 0 up to ``low``, 255 from ``high``, straight between."""
    steps = (np.arange(256, dtype=np.float32) - low) / max(high - low, 1e-3)
    return as_pixels(np.clip(steps * 255, 0, 255).astype(np.uint8))


@lru_cache(maxsize=32)
def _tile(coarseness: float, number: int) -> Pixels:
    rng = np.random.default_rng([number, int(coarseness * 10)])
    noise = rng.normal(0, 1, (_TILE, _TILE)).astype(np.float32)
    if coarseness > 0:
        wrapped = np.pad(noise, 32, mode="wrap")
        soft = np.asarray(cv2.GaussianBlur(wrapped, (0, 0), coarseness), np.float32)
        noise = soft[32:-32, 32:-32] / soft.std()
    return as_pixels(np.clip(128 + SPREAD * noise, 0, 255).astype(np.uint8))
