"""How good a scan is: what an operator needs to know whether to scan again."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from pipeline.page import PageImage, Quality, Word

_SHORT_SIDES = (2.0, 14.0)  # inches: from a label to half a poster
_LONG_SIDES = (3.0, 48.0)  # inches: up to a strip of ECG paper
_EDGE = 24  # grey levels from one pixel to the next: more than grain
_LETTER = 8.5  # inches, the short side of most pages


def believed_dpi(image: PageImage) -> int:
    """The declared resolution where it makes a page of paper's size, else measured.

    Measured means: as if the short side were that of a letter. Files without a
    resolution come as 72 or 96 dpi, which makes a poster of a letter.
    """
    short, long = sorted(side / max(image.dpi, 1) for side in image.pixels.shape)
    plausible = (
        _SHORT_SIDES[0] <= short <= _SHORT_SIDES[1]
        and _LONG_SIDES[0] <= long <= _LONG_SIDES[1]
    )
    if plausible:
        return max(image.dpi, 1)
    return max(round(float(min(image.pixels.shape)) / _LETTER), 1)


def noise_of(image: PageImage) -> float:
    """Standard deviation of the grain, in grey levels, where the page is flat.

    Source: Immerkaer (1996), with the median in place of the mean, so that letters
    do not count as grain.
    """
    sample = _sample(image).astype(np.float32)
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    grain = np.abs(cv2.filter2D(sample, cv2.CV_32F, kernel))
    return float(np.median(grain) / 6 / 0.6745)


def sharpness_of(image: PageImage) -> float:
    """How steep the edges of ink are, in grey levels a pixel, 0..255; 0 without any."""
    steps = np.abs(np.diff(_sample(image).astype(np.int16), axis=1))
    edges = steps[steps > _EDGE]
    return float(np.percentile(edges, 90)) if edges.size else 0.0


def legibility_of(words: Sequence[Word]) -> float:
    """Mean confidence weighted by length, 0..1; 0 without words."""
    letters = sum(len(word.text) for word in words)
    if not letters:
        return 0.0
    return sum(len(word.text) * word.confidence for word in words) / letters


def quality(
    image: PageImage, words: Sequence[Word], *, ink: float, blank: bool, skew: float
) -> Quality:
    """All of it, for an upright image."""
    return Quality(
        ink=ink,
        blank=blank,
        dpi=image.dpi,
        sharpness=sharpness_of(image),
        noise=noise_of(image),
        skew=skew,
        legibility=legibility_of(words),
    )


def _sample(image: PageImage) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Twelve bands across the page: enough to judge, a sixth of the cost."""
    height = image.pixels.shape[0]
    band = max(height // 72, 8)
    tops = range(0, max(height - band, 1), max(height // 12, 1))
    return np.concatenate([image.pixels[top : top + band] for top in tops])
