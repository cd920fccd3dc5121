"""How good a scan is: what an operator needs to know whether to scan again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from pipeline.ocr.faults import faults_of
from pipeline.ocr.glance import Glance
from pipeline.ocr.handwriting import handwriting_of
from pipeline.ocr.readable import believed, readable
from pipeline.page import PageImage, Quality, QuarterTurn, Word

_EDGE = 24  # grey levels from one pixel to the next: more than grain
_LINE = 0.8  # share of words read right below which a better scan is worth its time
_BLURRED = 0.30  # millimetres from ink to paper
_PALE = 60  # grey levels from ink to paper
_FAINT = 16  # of 255 darker than the paper
_SOME = 0.002  # share of a side that a line or two covers
_COARSE = 180  # dpi
_GRAINY = 12.0  # grey levels


def noise_of(image: PageImage) -> float:
    """Standard deviation of the grain, in grey levels, where the page is flat.

    Source: Immerkaer (1996), with the median in place of the mean, so that letters
    do not count as grain.
    """
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    grain = np.abs(cv2.filter2D(_sample(image), cv2.CV_16S, kernel)).view(np.uint16)
    levels = 8 * 255 + 1  # of the kernel; to count them is faster than a median
    counts = cv2.calcHist([grain], [0], None, [levels], [0, levels]).cumsum()
    return float(np.searchsorted(counts, counts[-1] / 2) / 6 / 0.6745)


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


def contrast_of(image: PageImage) -> float:
    """Grey levels from ink to paper where the two meet, 0..255; 0 without any ink."""
    sample = _sample(image)
    left, right = sample[:, :-2], sample[:, 2:]
    low, high = np.minimum(left, right), np.maximum(left, right)
    edges = high - low > _EDGE
    if not edges.any():
        return 0.0
    ink, paper = np.percentile(low[edges], 20), np.percentile(high[edges], 80)
    return float(paper - ink)


def quality(
    image: PageImage,
    words: Sequence[Word],
    glance: Glance,
    *,
    blank: bool,
    skew: float,
    turn: QuarterTurn,
) -> Quality:
    """All of it, for an upright image; ``turn`` is what made it so after the glance."""
    found = Quality(
        ink=glance.ink,
        blank=blank,
        dpi=image.dpi,
        sharpness=sharpness_of(image),
        noise=noise_of(image),
        skew=skew,
        legibility=legibility_of(words),
        declared=image.declared,
        contrast=contrast_of(image),
        readable=readable(believed(words, legibility_of(words))),
        handwriting=handwriting_of(glance, words, image.dpi, turn),
    )
    if blank:
        return found
    faults = (*faults_of(glance, turn), *faults_of_print(found))
    written = np.count_nonzero(glance.dark >= _FAINT) > _SOME * glance.dark.size
    again = _again(faults, found) if written else _lost(faults)
    return replace(found, faults=faults, again=again)


def faults_of_print(found: Quality) -> tuple[str, ...]:
    """What is wrong with ink and paper, the worst first."""
    width = found.contrast / max(found.sharpness, 1.0) / max(found.dpi, 1) * 25.4
    told = (
        (found.dpi < _COARSE, f"scanned at {found.dpi} dpi"),
        (0 < found.contrast < _PALE, "pale"),
        (width > _BLURRED, "blurred"),
        (found.noise > _GRAINY, "grainy"),
    )
    return tuple(name for true, name in told if true)


def _again(faults: tuple[str, ...], found: Quality) -> tuple[str, ...]:
    """Why to scan again: ink is lost, or too little of the print can be read.

    Handwriting reads no better from a better scan, unless something is wrong with it.
    """
    if found.readable >= _LINE:
        return _lost(faults)
    return faults or (() if found.by_hand else ("hard to read",))


def _lost(faults: tuple[str, ...]) -> tuple[str, ...]:
    """Faults by which ink is missing, however well the rest can be read."""
    return tuple(f for f in faults if f.startswith(("ink runs", "two sheets")))


def _sample(image: PageImage) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Twelve bands across the page: enough to judge, a sixth of the cost."""
    height = image.pixels.shape[0]
    band = max(height // 72, 8)
    tops = range(0, max(height - band, 1), max(height // 12, 1))
    return np.concatenate([image.pixels[top : top + band] for top in tops])
