"""Barcodes as printed: the common symbologies and GS1, anywhere, any way up.

The whole page is searched at about 150 dpi, and what looks like bars or modules again
at full resolution, mended in several ways. Kinds without a check digit (Code 39, ITF,
Codabar) count only when two looks at different rows of the bars agree. GS1 codes come
with their application identifiers in brackets, as people print them:
"(8018)950110153000000014". Control characters around a text, as label printers add
them for a wedge reader, are no part of it; within it they are blanks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import cv2
import numpy as np
import zxingcpp

from pipeline.ocr.barfinder import Area, suspects
from pipeline.ocr.bars import read_bars
from pipeline.ocr.codes import (
    BARS,
    EASILY_IMAGINED,
    LOWEST,
    UNCHECKED,
    box_of,
    formats,
    long_enough,
    named,
)
from pipeline.ocr.grey import Grey, grey, reduced, scaled
from pipeline.page import Box, Mark, PageImage

_QUICK = (*BARS, "QRCode", "Aztec")  # sought on the whole page
_SLOW = ("DataMatrix", "PDF417", "QRCode", "Aztec")  # at half the size: large ones
_SQUARE = ("QRCode", "DataMatrix", "Aztec", "PDF417")
_PICTURE = 1_500_000  # px: a card or a photo of a label, searched in every way at once
_COARSE = 150  # dpi of the search of the whole page
_FINE = 300  # dpi up to which a suspect is looked at
_MATRIX = ("qr", "datamatrix", "aztec", "pdf417")
_IN_VAIN = 3  # areas of one look: of 100 codes 98 were in the first, 2 in the second
_WIDE = 127  # px of 75 dpi on each side: a symbol of 1.7 inches, seen by any piece
_PIECE = 90  # px of 150 dpi: of large symbols some piece is as large; few words are
_AROUND = 0.15  # inches about a code that is looked at again


def barcodes(image: PageImage) -> tuple[Mark, ...]:
    """Every barcode that decodes, once, from the top of the page down."""
    if image.pixels.size < _PICTURE:
        found = list(_decoded(image.pixels, image.dpi, (*BARS, *_SQUARE), hard=True))
        found = [mark for mark in found if _confirmed(image, mark)]
    else:
        found = _searched(image)
    return tuple(sorted(_once(found), key=lambda m: (m.box.top, m.box.left)))


def quick_barcodes(image: PageImage) -> tuple[Mark, ...]:
    """What one look at about 150 dpi decodes; ``barcodes`` finds worn ones as well."""
    small = reduced(image.pixels, image.dpi, _COARSE)
    scale = image.pixels.shape[1] / small.shape[1]
    found = [_placed(m, (0, 0), scale) for m in _decoded(small, _COARSE, _QUICK)]
    sure = (mark for mark in found if mark.kind not in UNCHECKED)
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
            if area.look == "symbol" and not closer:
                closer = [_placed(m, (0, 0), 2 * scale) for m in _large(half, area)]
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
        agreed = read_bars(fine, dpi, lying=area.look == "lying bars")
        if agreed:
            return [_placed(mark, (left, top), shrunk) for mark in agreed]
        found = list(_decoded(fine, dpi, ("PDF417",)))
    else:
        most = None if area.look == "symbol" else 1
        found = _symbol(fine, dpi, islice(_looks(fine), most))
    placed = (_placed(mark, (left, top), shrunk) for mark in found)
    return [mark for mark in placed if _confirmed(image, mark)]


def _symbol(
    part: Grey, dpi: int, looks: Iterable[tuple[Grey, zxingcpp.Binarizer]]
) -> list[Mark]:
    """What the first look that shows anything shows."""
    for look, binarizer in looks:
        grown = look.shape[1] / part.shape[1]
        found = list(_decoded(look, dpi * grown, _SQUARE, binarizer=binarizer))
        if found:
            return [_placed(mark, (0, 0), 1 / grown) for mark in found]
    return []


def _large(half: Grey, area: Area) -> Iterator[Mark]:
    """A symbol of which the area is one worn piece, so soft that holes and specks go.

    ``half`` is the page at half the size that areas are told in.
    """
    if min(area.right - area.left, area.bottom - area.top) < _PIECE:
        return
    x, y = (area.left + area.right) // 4, (area.top + area.bottom) // 4
    left, top = max(x - _WIDE, 0), max(y - _WIDE, 0)
    part = np.ascontiguousarray(half[top : y + _WIDE, left : x + _WIDE])
    soft = grey(cv2.GaussianBlur(part, (0, 0), 1.0))
    for mark in _decoded(soft, _COARSE / 2, ("QRCode", "DataMatrix", "Aztec")):
        yield _placed(mark, (left, top), 1)


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


def _confirmed(image: PageImage, mark: Mark) -> bool:
    """Whether a kind that nothing checks says the same at another look at it alone."""
    if mark.kind not in UNCHECKED:
        return True
    beyond, box = _AROUND * image.dpi, mark.box
    rows = slice(max(int(box.top - beyond), 0), int(box.bottom + beyond))
    columns = slice(max(int(box.left - beyond), 0), int(box.right + beyond))
    part = np.ascontiguousarray(image.pixels[rows, columns])
    for look, binarizer in _other_looks(reduced(part, image.dpi, _FINE)):
        again = _decoded(look, 1, (*BARS, "PDF417"), binarizer=binarizer)
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
        formats=formats(kinds),
        try_downscale=hard,
        try_invert=hard,
        binarizer=binarizer or zxingcpp.Binarizer.LocalAverage,
    )
    for code in codes:
        told = named(code)
        if told is None:
            continue
        mark = Mark(*told, box_of(code.position))
        if _plausible(mark, dpi):
            yield mark


def _plausible(mark: Mark, dpi: float) -> bool:
    if mark.kind in _MATRIX:
        return True
    inches = EASILY_IMAGINED.get(mark.kind, (1, LOWEST))[1]
    high = min(mark.box.width, mark.box.height)
    return long_enough(mark.kind, mark.text) and high >= inches * dpi


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
