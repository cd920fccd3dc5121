"""Even paper: shadows, yellowed backgrounds and dark areas taken away."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.ocr.grey import Grey, grey, reduced
from pipeline.ocr.reverse import without_dark

_COARSE = 25  # dpi: about a millimetre a pixel


def evened(pixels: Grey, dpi: int) -> Grey:
    """The same page on white paper, without the dark border of the scanner's bed.

    Paper's own grey is estimated in squares of a few millimetres and divided out;
    ink keeps its darkness relative to the paper around it.
    """
    return _without_border(_divided(pixels, dpi), pixels, dpi)


def legibly_evened(pixels: Grey, dpi: int) -> Grey:
    """The same for recognition: light print on dark bands is dark on white as well."""
    return without_dark(_divided(pixels, dpi), pixels, dpi)


def _divided(pixels: Grey, dpi: int) -> Grey:
    return grey(cv2.divide(pixels, _paper(pixels, dpi), scale=255))


def _paper(pixels: Grey, dpi: int) -> Grey:
    """Grey of the paper under each pixel, at least 64 so that a photo stays dark."""
    small = reduced(pixels, dpi, _COARSE)
    small = grey(cv2.dilate(small, np.ones((5, 5), np.uint8)))
    small = np.maximum(grey(cv2.medianBlur(small, 5)), np.uint8(64))
    height, width = pixels.shape
    return grey(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR))


def _without_border(even: Grey, pixels: Grey, dpi: int) -> Grey:
    """Broad dark areas that touch an edge made white; thin rules are kept."""
    small = reduced(pixels, dpi, _COARSE)
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
