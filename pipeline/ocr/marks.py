"""Barcodes as printed: the common symbologies and GS1, anywhere, any way up.

The whole page is searched at about 150 dpi (20 ms), and what looks like bars or
modules again at full resolution, then smoothed: on generated pages that finds what a
search of the whole page at every scale finds, for a fifth of its cost
(docs/measures.md). GS1 codes come with their application identifiers in brackets,
as people print them: "(8018)950110153000000014".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import cv2
import numpy as np
import zxingcpp

from pipeline.ocr.barfinder import Area, suspects
from pipeline.ocr.grey import Grey, grey, reduced, scaled
from pipeline.page import Box, Mark, MarkKind, PageImage

_KINDS: dict[str, MarkKind] = {  # the reader's names, letters and digits only
    "code128": "code128",
    "code39": "code39",
    "code93": "code93",
    "codabar": "codabar",
    "itf": "itf",
    "ean13": "ean13",
    "ean8": "ean8",
    "upca": "upca",
    "upce": "upce",
    "databar": "databar",
    "qrcode": "qr",
    "datamatrix": "datamatrix",
    "aztec": "aztec",
    "pdf417": "pdf417",
}
_PICTURE = 1_500_000  # px: a card or a photo of a label, searched in every way at once
_COARSE = 150  # dpi of the search of the whole page
_FINE = 300  # dpi up to which a suspect is looked at
_MATRIX = ("qr", "datamatrix", "aztec", "pdf417")
_LOWEST = 0.08  # inches: bars less high than this are a rule or a row of letters
# Kinds that letters and rules are taken for now and then: those without a check digit,
# and those of few digits. They have to be longer, and their bars higher.
_EASILY_IMAGINED = {
    "code39": (4, 0.08),
    "codabar": (6, 0.15),
    "itf": (8, 0.15),
    "ean8": (8, 0.2),
    "upce": (8, 0.2),
    "databar": (8, 0.15),
    "code128": (2, 0.08),
    "code93": (4, 0.12),
}


def barcodes(image: PageImage) -> tuple[Mark, ...]:
    """Every barcode that decodes, once, from the top of the page down."""
    if image.pixels.size < _PICTURE:
        whole = _decoded(image.pixels, image.dpi, hard=True)
        return tuple(sorted(_once(whole), key=lambda m: (m.box.top, m.box.left)))
    small = reduced(image.pixels, image.dpi, _COARSE)
    scale = image.pixels.shape[1] / small.shape[1]
    found = [_placed(m, (0, 0), scale) for m in _decoded(small, _COARSE)]
    for area in suspects(small):
        if not _covered(area, found, scale):
            found += _looked_closer(image, area, scale)
    return tuple(sorted(_once(found), key=lambda m: (m.box.top, m.box.left)))


def _looked_closer(image: PageImage, area: Area, scale: float) -> list[Mark]:
    """What full resolution shows of one part; smoothed where that shows nothing.

    A threshold's ragged edges and a copy's speckle are finer than any module.
    """
    left, top = round(area.left * scale), round(area.top * scale)
    part = image.pixels[top : round(area.bottom * scale)]
    part = np.ascontiguousarray(part[:, left : round(area.right * scale)])
    fine = reduced(part, image.dpi, _FINE)
    shrunk = part.shape[1] / fine.shape[1]
    for look in _looks(fine, strong=area.bars):
        found = list(_decoded(look, image.dpi / shrunk, hard=area.bars))
        if found:
            back = fine.shape[1] / look.shape[1] * shrunk
            return [_placed(mark, (left, top), back) for mark in found]
    return []


def _looks(part: Grey, *, strong: bool) -> Iterator[Grey]:
    yield part
    if strong:
        yield grey(cv2.GaussianBlur(part, (0, 0), 1.2))
        yield grey(cv2.medianBlur(part, 5))
        yield scaled(part, 0.6)


def _formats() -> zxingcpp.BarcodeFormats:
    """Made anew each time: the binding reports one kept in a module as leaked."""
    known = zxingcpp.BarcodeFormat
    return zxingcpp.BarcodeFormats(
        [
            known.Code128,
            known.Code39,
            known.Code93,
            known.Codabar,
            known.ITF,
            known.EANUPC,
            known.DataBar,
            known.QRCode,
            known.DataMatrix,
            known.Aztec,
            known.PDF417,
        ]
    )


def _decoded(pixels: Grey, dpi: float, *, hard: bool = False) -> Iterator[Mark]:
    """What decodes; with ``hard`` also what is inverted or larger than usual."""
    codes = zxingcpp.read_barcodes(
        pixels, formats=_formats(), try_downscale=hard, try_invert=hard
    )
    for code in codes:
        kind = _kind(str(code.format))
        if kind is None or not code.text.isprintable() or not code.text.strip():
            continue
        mark = Mark(kind, code.text, _box(code.position))
        if _plausible(mark, dpi):
            yield mark


def _kind(name: str) -> MarkKind | None:
    plain = "".join(filter(str.isalnum, name)).lower()
    return next(
        (kind for start, kind in _KINDS.items() if plain.startswith(start)), None
    )


def _plausible(mark: Mark, dpi: float) -> bool:
    if mark.kind in _MATRIX:
        return True
    letters, inches = _EASILY_IMAGINED.get(mark.kind, (1, _LOWEST))
    high = min(mark.box.width, mark.box.height)
    return len(mark.text) >= letters and high >= inches * dpi


def _box(position: zxingcpp.Position) -> Box:
    corners = (
        position.top_left,
        position.top_right,
        position.bottom_left,
        position.bottom_right,
    )
    x, y = [corner.x for corner in corners], [corner.y for corner in corners]
    return Box(min(x), min(y), max(x) + 1, max(y) + 1)


def _placed(mark: Mark, corner: tuple[int, int], scale: float) -> Mark:
    """The mark on the page, found on a part at ``corner`` of 1 / ``scale`` its size."""
    (x, y), box = corner, mark.box
    return Mark(
        mark.kind,
        mark.text,
        Box(
            x + box.left * scale,
            y + box.top * scale,
            x + box.right * scale,
            y + box.bottom * scale,
        ),
    )


def _covered(area: Area, found: Iterable[Mark], scale: float) -> bool:
    """Whether half of the area is a code that has been read."""
    for mark in found:
        box = mark.box
        wide = min(area.right * scale, box.right) - max(area.left * scale, box.left)
        high = min(area.bottom * scale, box.bottom) - max(area.top * scale, box.top)
        size = (area.right - area.left) * (area.bottom - area.top) * scale * scale
        if wide > 0 and high > 0 and wide * high > size / 2:
            return True
    return False


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
