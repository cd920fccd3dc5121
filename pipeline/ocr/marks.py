"""Barcodes as printed: Code 128, Code 39, QR and DataMatrix, anywhere, any way up.

The whole page is searched at about 150 dpi (20 ms), and what looks like bars or
modules again at full resolution: on generated pages that finds what a search of the
whole page at both finds, for a fifth of its cost (docs/measures.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import cv2
import numpy as np
import zxingcpp

from pipeline.ocr.grey import Grey, grey, reduced, scaled
from pipeline.page import Box, Mark, MarkKind, PageImage

_KINDS: tuple[tuple[str, MarkKind], ...] = (
    ("code128", "code128"),
    ("code39", "code39"),
    ("qr", "qr"),
    ("datamatrix", "datamatrix"),
)
_COARSE = 150  # dpi of the search of the whole page
_LINEAR = ("code128", "code39")
_LOWEST = 0.08  # inches: bars less high than this are a rule or a row of letters
_SHORTEST = {"code128": 2, "code39": 4, "qr": 1, "datamatrix": 1}


def barcodes(image: PageImage) -> tuple[Mark, ...]:
    """Every barcode that decodes, once, from the top of the page down."""
    small = reduced(image.pixels, image.dpi, _COARSE)
    scale = image.pixels.shape[1] / small.shape[1]
    found = [_larger(mark, scale) for mark in _decoded(small, _COARSE)]
    if scale > 1:
        for area in _suspects(small):
            left, top, right, bottom = (round(scale * edge) for edge in area)
            part = np.ascontiguousarray(image.pixels[top:bottom, left:right])
            found += (_moved(m, left, top) for m in _decoded(part, image.dpi))
    return tuple(sorted(_once(found), key=lambda m: (m.box.top, m.box.left)))


def _formats() -> zxingcpp.BarcodeFormats:
    """Made anew each time: the binding reports one kept in a module as leaked."""
    return zxingcpp.BarcodeFormats(
        [
            zxingcpp.BarcodeFormat.Code128,
            zxingcpp.BarcodeFormat.Code39,
            zxingcpp.BarcodeFormat.QRCode,
            zxingcpp.BarcodeFormat.DataMatrix,
        ]
    )


def _decoded(pixels: Grey, dpi: int) -> Iterator[Mark]:
    codes = zxingcpp.read_barcodes(
        pixels, formats=_formats(), try_downscale=False, try_invert=False
    )
    for code in codes:
        kind = _kind(str(code.format))
        if kind is None or not _plausible(kind, code.text):
            continue
        box = _box(code.position)
        if kind in _LINEAR and min(box.width, box.height) < _LOWEST * dpi:
            continue
        yield Mark(kind, code.text, box)


def _kind(name: str) -> MarkKind | None:
    plain = "".join(filter(str.isalnum, name)).lower()
    return next((kind for start, kind in _KINDS if plain.startswith(start)), None)


def _plausible(kind: MarkKind, text: str) -> bool:
    return len(text) >= _SHORTEST[kind] and text.isprintable() and text.strip() != ""


def _box(position: zxingcpp.Position) -> Box:
    corners = (
        position.top_left,
        position.top_right,
        position.bottom_left,
        position.bottom_right,
    )
    x, y = [corner.x for corner in corners], [corner.y for corner in corners]
    return Box(min(x), min(y), max(x) + 1, max(y) + 1)


def _suspects(pixels: Grey) -> list[tuple[int, int, int, int]]:
    """Areas (left, top, right, bottom) that may hold bars or modules.

    They are dense with edges that all run one way, or denser than any text.
    """
    half = scaled(pixels, 0.5)
    across = grey(cv2.absdiff(half[:-1, 1:], half[:-1, :-1]))
    down = grey(cv2.absdiff(half[1:, :-1], half[:-1, :-1]))
    window = (13, 13)  # px of 75 dpi: a sixth of an inch
    x = cv2.blur(across, window).astype(np.int16)
    y = cv2.blur(down, window).astype(np.int16)
    bars = (np.maximum(x, y) > 24) & (np.maximum(x, y) > 3 * np.minimum(x, y))  # noqa: PLR2004 - grey levels, by measurement
    modules = np.minimum(x, y) > 40  # noqa: PLR2004 - grey levels, by measurement
    spots = cv2.dilate((bars | modules).astype(np.uint8), np.ones((25, 25), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(spots)
    height, width = pixels.shape
    areas = []
    for left, top, wide, high, _size in stats[1:count].tolist():
        right, bottom = 2 * (left + wide), 2 * (top + high)
        areas.append((2 * left, 2 * top, min(right, width), min(bottom, height)))
    return areas


def _larger(mark: Mark, scale: float) -> Mark:
    box = mark.box
    return Mark(
        mark.kind,
        mark.text,
        Box(box.left * scale, box.top * scale, box.right * scale, box.bottom * scale),
    )


def _moved(mark: Mark, right: int, down: int) -> Mark:
    box = mark.box
    return Mark(
        mark.kind,
        mark.text,
        Box(box.left + right, box.top + down, box.right + right, box.bottom + down),
    )


def _once(marks: Iterable[Mark]) -> list[Mark]:
    """The same text at the same place is one mark; the first reading's box stays."""
    kept: list[Mark] = []
    for mark in marks:
        if not any(_same(mark, other) for other in kept):
            kept.append(mark)
    return kept


def _same(one: Mark, other: Mark) -> bool:
    a, b = one.box, other.box
    return (
        (one.kind, one.text) == (other.kind, other.text)
        and max(a.left, b.left) < min(a.right, b.right)
        and max(a.top, b.top) < min(a.bottom, b.bottom)
    )
