"""Even paper: shadows, yellowed backgrounds and dark areas taken away."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.ocr.grey import Grey, grey, reduced
from pipeline.ocr.reverse import COARSE, without_dark

_WHITE = 255


def evened(pixels: Grey, dpi: int) -> Grey:
    """The same page on white paper, without the dark border of the scanner's bed.

    Paper's own grey is estimated in squares of a few millimetres and divided out;
    ink keeps its darkness relative to the paper around it.
    """
    small = reduced(pixels, dpi, COARSE)
    return _without_border(_divided(pixels, small), small)


def legibly_evened(pixels: Grey, dpi: int) -> Grey:
    """The same for recognition: light print on dark bands is dark on white as well."""
    small = reduced(pixels, dpi, COARSE)
    return without_dark(_divided(pixels, small), pixels, small, dpi)


def _divided(pixels: Grey, small: Grey) -> Grey:
    """What is white everywhere stays as it is; ``small`` is the same page, coarse."""
    paper = _paper(small)
    if paper.min() == _WHITE:
        return pixels
    size = (pixels.shape[1], pixels.shape[0])
    under = cv2.resize(paper, size, interpolation=cv2.INTER_LINEAR)
    return grey(cv2.divide(pixels, under, scale=_WHITE))


def _paper(small: Grey) -> Grey:
    """Grey of the paper, at least 64 so that a photo stays dark."""
    small = grey(cv2.dilate(small, np.ones((5, 5), np.uint8)))
    return np.maximum(grey(cv2.medianBlur(small, 5)), np.uint8(64))


def _without_border(even: Grey, small: Grey) -> Grey:
    """Broad dark areas that touch an edge made white; thin rules are kept."""
    dark = (small < 100).astype(np.uint8)  # noqa: PLR2004 - grey: darker than any paper
    if not (dark[0].any() or dark[-1].any() or dark[:, 0].any() or dark[:, -1].any()):
        return even
    broad = cv2.morphologyEx(
        cv2.copyMakeBorder(dark, 2, 2, 2, 2, cv2.BORDER_REPLICATE),
        cv2.MORPH_OPEN,
        np.ones((3, 3), np.uint8),
    )[2:-2, 2:-2]
    _, labels = cv2.connectedComponents(broad)
    edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    border = grey(np.isin(labels, np.unique(edge[edge > 0])))
    if not border.any():
        return even
    border = grey(cv2.dilate(border, np.ones((3, 3), np.uint8)))
    height, width = even.shape
    size = (width, height)
    mask = cv2.resize(border, size, interpolation=cv2.INTER_NEAREST)
    clear = even.copy()
    clear[mask > 0] = 255
    return clear
