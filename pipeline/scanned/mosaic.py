"""Whether a PDF page is nothing but a scan: images on one grid of pixels.

The rule, in one breath: everything that is seen on the page is images (one, or the
strips and tiles into which a scanner cut the sheet) with the same resolution, at the
same quarter turn, unmirrored, opaque and unclipped, over at least half of the visible
box; invisible text is not seen. Where the CropBox cuts into an image, ``size`` is
what is left, as a viewer shows it; where an image leaves a margin, the margin is white.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

import pikepdf

from pipeline.page import QuarterTurn
from pipeline.scanned.drawing import (
    NONSENSE,
    Drawing,
    Drawn,
    Matrix,
    Rectangle,
    bounds,
    common,
    drawing,
)

_SAME_EDGE = 0.005  # of a side: edges nearer than this are one edge, 1.5 mm of a page
_OFF_GRID = 0.25  # px by which a strip may be drawn longer or shorter than it is
_SCAN = 0.5  # of the visible box, at least, is image
_POINTS = 72  # an inch


@dataclass(frozen=True, slots=True)
class Piece:
    """An image and where its top left pixel lies, in px of the mosaic.

    Negative where the page's crop cuts it. ``stencil``: only its black is painted.
    """

    image: pikepdf.Stream = field(repr=False)
    left: int
    top: int

    @property
    def size(self) -> tuple[int, int]:
        return int(self.image.Width), int(self.image.Height)

    @property
    def stencil(self) -> bool:
        return bool(self.image.get("/ImageMask", False))


@dataclass(frozen=True, slots=True)
class Mosaic:
    """The visible page as pixels of its scan, before the turn that a viewer makes.

    ``size`` in px and ``dpi`` (across, down) in the images' own axes; ``turn`` is
    clockwise. The pieces are in the order of painting.
    """

    pieces: tuple[Piece, ...]
    size: tuple[int, int]
    dpi: tuple[float, float]
    turn: QuarterTurn

    @property
    def only(self) -> pikepdf.Stream | None:
        """The image, if it is one and just fills the page."""
        first = self.pieces[0]
        alone = len(self.pieces) == 1 and (first.left, first.top) == (0, 0)
        return first.image if alone and first.size == self.size else None


@dataclass(frozen=True, slots=True)
class Mixed:
    """A page that has to be drawn: why, and the finest dpi of its scans (0: none)."""

    why: str
    dpi: float = 0.0


def scan_on(page: pikepdf.Page) -> Mosaic | Mixed:
    """The scan that is all there is on this page, or why it must be drawn."""
    try:
        box = visible_box(page)
        if box is None:
            return Mixed("no page box")
        seen = drawing(page, box)
        unit = float(page.obj.get("/UserUnit", 1)) / _POINTS
        found = seen.besides or (_laid(seen, unit) if seen.images else "no image")
        if isinstance(found, str):
            return Mixed(found, _finest(seen, unit))
        turn = cast("QuarterTurn", (found.turn + page_turn(page)) % 360)
        return Mosaic(found.pieces, found.size, found.dpi, turn)
    except NONSENSE:
        return Mixed("contents that cannot be followed")


def visible_box(page: pikepdf.Page) -> Rectangle | None:
    """CropBox within MediaBox in points, as a viewer shows it; None without any."""
    media, crop = (_rectangle(box) for box in (page.mediabox, page.cropbox))
    if media is None or crop is None:
        return media
    left, bottom, right, top = seen = common(media, crop)
    return seen if left < right and bottom < top else media


def page_turn(page: pikepdf.Page) -> QuarterTurn:
    """/Rotate, clockwise; what is no quarter turn counts as none."""
    turn = page.obj.get("/Rotate", 0)
    degrees = float(turn) % 360 if isinstance(turn, int | float) else 0.0
    return cast("QuarterTurn", int(degrees)) if degrees in (90, 180, 270) else 0


def _rectangle(box: object) -> Rectangle | None:
    try:
        a, b, c, d = (float(side) for side in cast("Iterable[float]", box))
    except (TypeError, ValueError):
        return None
    found = min(a, c), min(b, d), max(a, c), max(b, d)
    return found if found[0] < found[2] and found[1] < found[3] else None


# --- laid on one grid ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Axis:
    """One axis of the images as they lie on the page: along which unit vector."""

    x: float
    y: float

    def span(self, box: Rectangle) -> tuple[float, float]:
        """From where to where a rectangle reaches along it, in points."""
        ends = (
            box[0] * self.x + box[1] * self.y,
            box[2] * self.x + box[3] * self.y,
        )
        return min(ends), max(ends)


_AXES = {  # by turn: across the image from its left, down from its top
    0: (_Axis(1, 0), _Axis(0, -1)),
    90: (_Axis(0, -1), _Axis(-1, 0)),
    180: (_Axis(-1, 0), _Axis(0, 1)),
    270: (_Axis(0, 1), _Axis(1, 0)),
}


def _laid(seen: Drawing, unit: float) -> Mosaic | str:
    """The images as one picture, or why they are none; ``unit`` is inches a point."""
    turns = {_quarter(drawn.matrix) for drawn in seen.images}
    turn = turns.pop()
    if turns or turn is None:
        return "images turned, mirrored or skewed"
    if _covered(seen) < _SCAN:
        return "mostly no image"
    across, down = _AXES[turn]
    placed = [bounds(drawn.matrix) for drawn in seen.images]
    columns = _placed(
        [across.span(box) for box in placed],
        [int(drawn.image.Width) for drawn in seen.images],
        across.span(seen.box),
    )
    rows = _placed(
        [down.span(box) for box in placed],
        [int(drawn.image.Height) for drawn in seen.images],
        down.span(seen.box),
    )
    if columns is None or rows is None:
        return "images of several resolutions"
    pieces = tuple(
        Piece(drawn.image, left, top)
        for drawn, left, top in zip(seen.images, columns.at, rows.at, strict=True)
    )
    dpi = 1 / (columns.pixel * unit), 1 / (rows.pixel * unit)
    return Mosaic(pieces, (columns.size, rows.size), dpi, turn)


@dataclass(frozen=True, slots=True)
class _Laid:
    """Along one axis: where each image begins, px in all, points a pixel."""

    at: tuple[int, ...]
    size: int
    pixel: float


def _placed(
    spans: Sequence[tuple[float, float]],
    pixels: Sequence[int],
    box: tuple[float, float],
) -> _Laid | None:
    """None if the images do not share one size of pixel."""
    pixel = sum(end - start for start, end in spans) / sum(pixels)
    off = (
        (end - start) / pixel - n for (start, end), n in zip(spans, pixels, strict=True)
    )
    if len(spans) > 1 and max(map(abs, off)) > _OFF_GRID:
        return None
    slack = _SAME_EDGE * (box[1] - box[0])
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    origin = first if abs(first - box[0]) <= slack else box[0]
    edge = last if abs(last - box[1]) <= slack else box[1]
    at = tuple(round((start - origin) / pixel) for start, _ in spans)
    return _Laid(at, round((edge - origin) / pixel), pixel)


def _covered(seen: Drawing) -> float:
    """How much of the visible box images cover, strips that overlap counted twice."""
    areas = [_area(common(bounds(d.matrix), seen.box)) for d in seen.images]
    return sum(areas) / _area(seen.box)


def _finest(seen: Drawing, unit: float) -> float:
    """Dpi, at the finer axis of the finest image, if images are most of the page."""
    if not seen.images or _covered(seen) < _SCAN:
        return 0.0
    return max(_dpi(drawn, unit) for drawn in seen.images)


def _dpi(drawn: Drawn, unit: float) -> float:
    a, b, c, d, *_ = drawn.matrix
    across, down = math.hypot(a, b) * unit, math.hypot(c, d) * unit
    return max(int(drawn.image.Width) / across, int(drawn.image.Height) / down)


def _area(box: Rectangle) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _quarter(matrix: Matrix) -> QuarterTurn | None:
    """The clockwise turn of a matrix that neither mirrors nor skews; else None."""
    a, b, c, d, *_ = matrix
    small = 1e-3 * max(abs(a), abs(b), abs(c), abs(d))
    if abs(b) <= small and abs(c) <= small and a * d > 0:
        return 0 if a > 0 else 180
    if abs(a) <= small and abs(d) <= small and b * c < 0:
        return 90 if b < 0 else 270
    return None
