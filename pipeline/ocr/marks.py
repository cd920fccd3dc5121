"""Barcodes as printed: the common symbologies and GS1, anywhere, any way up.

The whole page is searched at about 150 dpi (20 ms), and what looks like bars or
modules again at full resolution, then mended: on generated pages that finds what a
search of the whole page at every scale finds, for a fifth of its cost
(docs/measures.md). GS1 codes come with their application identifiers in brackets,
as people print them: "(8018)950110153000000014".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import cv2
import numpy as np
import zxingcpp

from pipeline.ocr.barfinder import Area, suspects
from pipeline.ocr.barprofile import counted, redrawn
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
_LOOKED_AT = 8  # areas of a page
_EDGES = 16
_AGREE = 3  # drawings of worn bars that must say the same
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
    for area in _largest(suspects(small)):
        if not _covered(area, found, scale) and _worth_it(small, area):
            found += _looked_closer(image, area, scale)
    return tuple(sorted(_once(found), key=lambda m: (m.box.top, m.box.left)))


def _largest(areas: Sequence[Area]) -> list[Area]:
    """The few that are worth a closer look; a page of static has dozens."""
    size = {area: (area.right - area.left) * (area.bottom - area.top) for area in areas}
    return sorted(areas, key=lambda area: -size[area])[:_LOOKED_AT]


def _worth_it(small: Grey, area: Area) -> bool:
    """Whether there are as many edges in a row as the shortest code has."""
    if area.look == "modules":
        return True
    part = small[area.top : area.bottom, area.left : area.right]
    upright = part if area.look == "upright bars" else part.T
    return counted(np.ascontiguousarray(upright), _COARSE) >= _EDGES


def _looked_closer(image: PageImage, area: Area, scale: float) -> list[Mark]:
    """What full resolution shows of one part; mended where that shows nothing."""
    left, top = round(area.left * scale), round(area.top * scale)
    part = image.pixels[top : round(area.bottom * scale)]
    part = np.ascontiguousarray(part[:, left : round(area.right * scale)])
    fine = reduced(part, image.dpi, _FINE)
    shrunk = part.shape[1] / fine.shape[1]
    for look in _looks(fine):
        grown = look.shape[1] / fine.shape[1]
        found = list(_decoded(look, image.dpi / shrunk * grown, hard=True))
        if found:
            return [_placed(mark, (left, top), shrunk / grown) for mark in found]
    if area.look == "modules":
        return []
    box = Box(left, top, left + part.shape[1], top + part.shape[0])
    return [Mark(*named, box) for named in _redrawn(fine, area, image.dpi / shrunk)]


def _looks(part: Grey) -> Iterator[Grey]:
    """The part as it is, then larger, thinner where ink has run, without specks."""
    yield part
    yield scaled(part, 2)
    yield scaled(grey(cv2.dilate(part, np.ones((2, 2), np.uint8))), 2)
    yield scaled(grey(cv2.medianBlur(part, 3)), 2)


def _redrawn(part: Grey, area: Area, dpi: float) -> list[tuple[MarkKind, str]]:
    """Kind and text that several drawings of the bars agree on.

    One drawing alone may be wrong where the kind has no check digit.
    """
    upright = part if area.look == "upright bars" else np.ascontiguousarray(part.T)
    votes: Counter[tuple[MarkKind, str]] = Counter()
    for drawing in redrawn(upright, round(dpi)):
        for code in zxingcpp.read_barcodes(
            drawing,
            formats=_formats(),
            try_rotate=False,
            try_downscale=False,
            try_invert=False,
            binarizer=zxingcpp.Binarizer.FixedThreshold,
        ):
            named = _named(code)
            if named is not None and _long_enough(*named):
                votes[named] += 1
    return [
        named
        for named, times in votes.items()
        if times >= _AGREE and times > votes.total() / 2
    ]


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
        named = _named(code)
        if named is None:
            continue
        mark = Mark(*named, _box(code.position))
        if _plausible(mark, dpi):
            yield mark


def _named(code: zxingcpp.Barcode) -> tuple[MarkKind, str] | None:
    """Its kind and text; None for a kind not asked for and for what is no text."""
    if not code.text.isprintable() or not code.text.strip():
        return None
    plain = "".join(filter(str.isalnum, str(code.format))).lower()
    kinds = (kind for start, kind in _KINDS.items() if plain.startswith(start))
    kind = next(kinds, None)
    return None if kind is None else (kind, code.text)


def _plausible(mark: Mark, dpi: float) -> bool:
    if mark.kind in _MATRIX:
        return True
    inches = _EASILY_IMAGINED.get(mark.kind, (1, _LOWEST))[1]
    high = min(mark.box.width, mark.box.height)
    return _long_enough(mark.kind, mark.text) and high >= inches * dpi


def _long_enough(kind: MarkKind, text: str) -> bool:
    return len(text) >= _EASILY_IMAGINED.get(kind, (1, _LOWEST))[0]


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
