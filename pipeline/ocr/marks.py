"""Barcodes as printed: the common symbologies and GS1, anywhere, any way up.

The whole page is searched at about 150 dpi, and what looks like bars or modules again
at full resolution, mended in several ways. Kinds without a check digit (Code 39, ITF,
Codabar) count only when two looks at different rows of the bars agree. GS1 codes come
with their application identifiers in brackets, as people print them:
"(8018)950110153000000014". Control characters around a text, as label printers add
them for a wedge reader, are no part of it; within it they are blanks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp

from pipeline.ocr.barfinder import Area, suspects
from pipeline.ocr.barprofile import drawings, place, waves
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
_BARS = ("Code128", "Code39", "Code93", "Codabar", "ITF", "EANUPC", "DataBar")
_QUICK = (*_BARS, "QRCode", "Aztec")  # sought on the whole page
_SLOW = ("DataMatrix", "PDF417", "QRCode", "Aztec")  # at half the size: large ones
_SQUARE = ("QRCode", "DataMatrix", "Aztec", "PDF417")
_PICTURE = 1_500_000  # px: a card or a photo of a label, searched in every way at once
_COARSE = 150  # dpi of the search of the whole page
_FINE = 300  # dpi up to which a suspect is looked at
_MATRIX = ("qr", "datamatrix", "aztec", "pdf417")
# Nothing in them checks these; a damaged PDF417 spends its checks on the mending.
_UNCHECKED = ("code39", "itf", "codabar", "pdf417")
_IN_VAIN = 3  # areas of one look: of 100 codes 98 were in the first, 2 in the second
_SILENT = 2  # windows; of 113 parts in which any said something 111 began at once
_AGREE = 2  # drawings of worn bars that must say the same
_AROUND = 0.15  # inches about a code that is looked at again
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
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
        found = list(_decoded(image.pixels, image.dpi, (*_BARS, *_SQUARE), hard=True))
        found = [mark for mark in found if _confirmed(image, mark)]
    else:
        found = _searched(image)
    return tuple(sorted(_once(found), key=lambda m: (m.box.top, m.box.left)))


def quick_barcodes(image: PageImage) -> tuple[Mark, ...]:
    """What one look at about 150 dpi decodes; ``barcodes`` finds worn ones as well."""
    small = reduced(image.pixels, image.dpi, _COARSE)
    scale = image.pixels.shape[1] / small.shape[1]
    found = [_placed(m, (0, 0), scale) for m in _decoded(small, _COARSE, _QUICK)]
    sure = (mark for mark in found if mark.kind not in _UNCHECKED)
    return tuple(sorted(_once(sure), key=lambda m: (m.box.top, m.box.left)))


def _searched(image: PageImage) -> list[Mark]:
    small = reduced(image.pixels, image.dpi, _COARSE)
    scale = image.pixels.shape[1] / small.shape[1]
    half = reduced(small, 2, 1)
    found = [_placed(m, (0, 0), scale) for m in _decoded(small, _COARSE, _QUICK)]
    coarse = _decoded(half, _COARSE / 2, _SLOW)
    found += [_placed(m, (0, 0), 2 * scale) for m in coarse]
    found = [mark for mark in found if _confirmed(image, mark)]
    in_vain: Counter[str] = Counter()
    for area in suspects(small):
        if _covered(area, found, scale):
            in_vain[area.look] = 0
        elif in_vain[area.look] < _IN_VAIN:
            closer = _looked_closer(image, area, scale)
            found += closer
            in_vain[area.look] = 0 if closer else in_vain[area.look] + 1
    return found


def _looked_closer(image: PageImage, area: Area, scale: float) -> list[Mark]:
    """What full resolution shows of one part, mended."""
    left, top = round(area.left * scale), round(area.top * scale)
    part = image.pixels[top : round(area.bottom * scale)]
    part = np.ascontiguousarray(part[:, left : round(area.right * scale)])
    fine = reduced(part, image.dpi, _FINE)
    shrunk, dpi = part.shape[1] / fine.shape[1], min(image.dpi, _FINE)
    if area.look in ("upright bars", "lying bars"):
        agreed = _read_bars(fine, dpi, lying=area.look == "lying bars")
        if agreed:
            return [_placed(mark, (left, top), shrunk) for mark in agreed]
        found = list(_decoded(fine, dpi, ("PDF417",)))
    elif area.look == "symbol":
        found = _symbol(fine, dpi)
    else:
        found = list(_decoded(fine, dpi, _SQUARE))
    placed = (_placed(mark, (left, top), shrunk) for mark in found)
    return [mark for mark in placed if _confirmed(image, mark)]


def _symbol(part: Grey, dpi: int) -> list[Mark]:
    """What the first look that shows anything shows."""
    for look, binarizer in _looks(part):
        grown = look.shape[1] / part.shape[1]
        found = list(_decoded(look, dpi * grown, _SQUARE, binarizer=binarizer))
        if found:
            return [_placed(mark, (0, 0), 1 / grown) for mark in found]
    return []


def _looks(part: Grey) -> Iterator[tuple[Grey, zxingcpp.Binarizer]]:
    """The part as it is; larger, and thinner where ink has run; without specks.

    Of 80 symbols on poor pages 60 are read by the first, 72 by all.
    """
    local, whole = zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram
    yield part, local
    large = scaled(part, 2)
    thin = grey(cv2.dilate(large, np.ones((3, 3), np.uint8)))
    yield thin, whole
    yield thin, local
    soft = grey(cv2.GaussianBlur(large, (0, 0), 1.5))
    around = grey(cv2.GaussianBlur(large, (0, 0), 5))
    yield grey(cv2.addWeighted(soft, 2.5, around, -1.5, 0)), local
    yield scaled(grey(cv2.medianBlur(part, 3)), 2), whole


@dataclass(slots=True)
class _Says:
    """The windows that say one text, how often, and from where to where, px."""

    windows: set[int]
    times: int
    left: float
    right: float


def _read_bars(part: Grey, dpi: int, *, lying: bool) -> list[Mark]:
    """What several drawings of the bars agree on.

    Without a check digit the same must be read from two windows; nothing else may be
    read as often at the same place.
    """
    upright = np.ascontiguousarray(part.T) if lying else part
    said = _said(upright, dpi)
    marks: list[Mark] = []
    for named, says in said.items():
        rivals = sum(
            other.times
            for text, other in said.items()
            if text != named and other.left < says.right and says.left < other.right
        )
        looks = len(says.windows) if named[0] in _UNCHECKED else says.times
        if looks >= _AGREE and says.times > rivals:
            edges = (says.left, 0, says.right, upright.shape[0])
            box = Box(*(edges[1], edges[0], edges[3], edges[2]) if lying else edges)
            marks.append(Mark(*named, box))
    return marks


def _said(upright: Grey, dpi: int) -> dict[tuple[MarkKind, str], _Says]:
    said: dict[tuple[MarkKind, str], _Says] = {}
    for window, wave in enumerate(waves(upright, dpi)):
        if window == _SILENT and not said:
            break
        for drawing in drawings(wave, dpi):
            for code in zxingcpp.read_barcodes(
                drawing,
                formats=_formats(_BARS),
                try_rotate=False,
                try_downscale=False,
                try_invert=False,
                binarizer=zxingcpp.Binarizer.FixedThreshold,
            ):
                named, box = _named(code), _box(code.position)
                if named is None or not _long_enough(*named):
                    continue
                left, right = place(box.left), place(box.right)
                says = said.setdefault(named, _Says(set(), 0, left, right))
                says.windows.add(window)
                says.times += 1
                says.left, says.right = min(says.left, left), max(says.right, right)
    return said


def _confirmed(image: PageImage, mark: Mark) -> bool:
    """Whether a kind that nothing checks says the same at another look at it alone."""
    if mark.kind not in _UNCHECKED:
        return True
    beyond, box = _AROUND * image.dpi, mark.box
    rows = slice(max(int(box.top - beyond), 0), int(box.bottom + beyond))
    columns = slice(max(int(box.left - beyond), 0), int(box.right + beyond))
    part = np.ascontiguousarray(image.pixels[rows, columns])
    for look, binarizer in _other_looks(reduced(part, image.dpi, _FINE)):
        again = _decoded(look, 1, (*_BARS, "PDF417"), binarizer=binarizer)
        said = {other.text for other in again if other.kind == mark.kind}
        if said:
            return said == {mark.text}
    return False


def _other_looks(part: Grey) -> Iterator[tuple[Grey, zxingcpp.Binarizer]]:
    """Other sizes and thresholds than those of the first look."""
    local, whole = zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram
    larger = scaled(part, 1.5)
    yield larger, whole
    yield part, whole
    yield scaled(part, 0.75), local
    yield grey(cv2.GaussianBlur(larger, (0, 0), 1.0)), local
    yield grey(cv2.dilate(larger, np.ones((2, 2), np.uint8))), local


def _formats(names: Sequence[str]) -> zxingcpp.BarcodeFormats:
    """Made anew each time: the binding reports one kept in a module as leaked."""
    known = zxingcpp.BarcodeFormat.__members__
    return zxingcpp.BarcodeFormats([known[name] for name in names])


def _decoded(
    pixels: Grey,
    dpi: float,
    kinds: Sequence[str],
    *,
    hard: bool = False,
    binarizer: zxingcpp.Binarizer | None = None,
) -> Iterator[Mark]:
    """What decodes; with ``hard`` also what is inverted or larger than usual."""
    codes = zxingcpp.read_barcodes(
        pixels,
        formats=_formats(kinds),
        try_downscale=hard,
        try_invert=hard,
        binarizer=binarizer or zxingcpp.Binarizer.LocalAverage,
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
    text = _CONTROL.sub(" ", code.text).strip()
    if not text.isprintable() or not text:
        return None
    plain = "".join(filter(str.isalnum, str(code.format))).lower()
    kinds = (kind for start, kind in _KINDS.items() if plain.startswith(start))
    kind = next(kinds, None)
    return None if kind is None else (kind, text)


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
