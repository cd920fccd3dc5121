"""Whether a PDF page is nothing but one scanned image, and which.

The rule, in one breath: the page draws exactly one image (not inline), unmirrored, at
a quarter turn, edge to edge with the visible box within 2 %; beside it at most
invisible text (``3 Tr``); nothing painted, nothing clipped away, no transparency, no
optional content, no annotation.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import cast

import pikepdf

from pipeline.page import QuarterTurn

Matrix = tuple[float, float, float, float, float, float]
Rectangle = tuple[float, float, float, float]  # left, bottom, right, top in points

_TOLERANCE = 0.02
_DEEPEST = 4  # forms inside forms
_MOST_CONTENT = 4_000_000  # bytes of a page's drawing; a scan's has a few hundred
_HARMLESS_WORDS = (
    "w J j M d ri i m l c v y h n MP DP BMC EMC BX EX BT ET Tc Tw Tz TL Tf Ts Td TD Tm"
    " T* G RG K CS SC SCN"
)
_HARMLESS = frozenset(_HARMLESS_WORDS.split())
_SHOWS_TEXT = frozenset(("Tj", "TJ", "'", '"'))
_BLACK = {"g": (0.0,), "rg": (0.0, 0.0, 0.0), "k": (0.0, 0.0, 0.0, 1.0)}
_COLOURS = frozenset(("g", "rg", "k", "cs", "sc", "scn"))
_NONSENSE = (  # what malformed contents raise
    pikepdf.PikepdfError,
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    ArithmeticError,
)


@dataclass(frozen=True, slots=True)
class Embedded:
    """The one image of a page; ``turn`` (clockwise) shows it as a viewer does.

    ``inches`` is the drawn (width, height) in the image's own axes, before the turn.
    """

    image: pikepdf.Object = field(repr=False)
    turn: QuarterTurn
    inches: tuple[float, float]


class _NotOnlyAnImage(Exception):
    pass


@dataclass(frozen=True, slots=True)
class _State:
    matrix: Matrix
    black: bool = True
    hidden_text: bool = False


@dataclass(slots=True)
class _Page:
    box: Rectangle
    drawn: list[tuple[pikepdf.Object, _State]] = field(default_factory=list)
    path: list[Rectangle | None] = field(default_factory=list)  # since the last paint


def embedded_image(page: pikepdf.Page) -> Embedded | None:
    """The image that is all there is on this page, else None: it must be rendered.

    A page that we cannot make sense of is left to poppler as well.
    """
    try:
        box = visible_box(page)
        if box is None or _annotated(page) or _content_bytes(page) > _MOST_CONTENT:
            return None
        seen = _Page(box)
        _walk(page, page.obj.get("/Resources"), _State((1, 0, 0, 1, 0, 0)), seen, 0)
        if len(seen.drawn) != 1:
            return None
        image, state = seen.drawn[0]
        _check_image(image, state)
        return _placed(image, state.matrix, page, box)
    except (_NotOnlyAnImage, *_NONSENSE):
        return None


def visible_box(page: pikepdf.Page) -> Rectangle | None:
    """CropBox within MediaBox in points, as a viewer shows it; None without any."""
    media, crop = (_rectangle(box) for box in (page.mediabox, page.cropbox))
    if media is None or crop is None:
        return media
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    return (left, bottom, right, top) if left < right and bottom < top else media


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


def _annotated(page: pikepdf.Page) -> bool:
    notes = page.obj.get("/Annots")
    return isinstance(notes, pikepdf.Array) and any(
        isinstance(note, pikepdf.Dictionary) and note.get("/Subtype") != "/Popup"
        for note in cast("Iterable[object]", notes)
    )


def _content_bytes(page: pikepdf.Page) -> int:
    contents = page.obj.get("/Contents")
    parts: list[object] = (
        list(cast("Iterable[object]", contents))
        if isinstance(contents, pikepdf.Array)
        else [contents]
    )
    streams = [part for part in parts if isinstance(part, pikepdf.Stream)]
    return sum(len(stream.read_raw_bytes()) for stream in streams)


def _walk(
    stream: pikepdf.Page | pikepdf.Object,
    resources: pikepdf.Object | None,
    state: _State,
    seen: _Page,
    depth: int,
) -> None:
    stack: list[_State] = []
    for instruction in pikepdf.parse_content_stream(stream):
        if isinstance(instruction, pikepdf.ContentStreamInlineImage):
            raise _NotOnlyAnImage
        name, operands = str(instruction.operator), list(instruction.operands)
        if name == "q":
            stack.append(state)
        elif name == "Q":
            state = stack.pop() if stack else state
        elif name == "Do":
            _draw(
                _named(resources, "/XObject", operands), resources, state, seen, depth
            )
        elif name == "gs":
            _check_graphics(_named(resources, "/ExtGState", operands))
        elif name in {"re", "W", "W*", "n"}:
            _clip(name, operands, state, seen)
        else:
            state = _changed(name, operands, state)


def _changed(name: str, operands: list[pikepdf.Object], state: _State) -> _State:
    """The graphics state after an operator that marks nothing; raises if it marks."""
    if name == "cm":
        inner = cast("Matrix", tuple(float(value) for value in operands))
        return replace(state, matrix=_product(inner, state.matrix))
    if name == "Tr":
        return replace(state, hidden_text=int(operands[0]) == 3)  # noqa: PLR2004 - PDF 9.3.6
    if name in _COLOURS:
        numbers = cast("list[object]", operands)  # pikepdf hands out plain numbers
        values = tuple(float(v) for v in numbers if isinstance(v, int | Decimal))
        return replace(state, black=values == _BLACK.get(name))
    hidden = name in _SHOWS_TEXT and state.hidden_text
    tagged = name == "BDC" and str(operands[0]) != "/OC"
    if name in _HARMLESS or hidden or tagged:
        return state
    raise _NotOnlyAnImage


def _clip(
    name: str, operands: list[pikepdf.Object], state: _State, seen: _Page
) -> None:
    """A clip may be a rectangle around the whole visible box, nothing else."""
    if name == "re":
        x, y, width, height = (float(value) for value in operands)
        seen.path.append(_bounds(_product((width, 0, 0, height, x, y), state.matrix)))
    elif name == "n":
        seen.path.clear()
    elif len(seen.path) != 1 or not _covers(seen.path[0], seen.box):
        raise _NotOnlyAnImage


def _draw(
    what: pikepdf.Object | None,
    resources: pikepdf.Object | None,
    state: _State,
    seen: _Page,
    depth: int,
) -> None:
    if not isinstance(what, pikepdf.Stream) or "/OC" in what:
        raise _NotOnlyAnImage
    kind = what.get("/Subtype")
    if kind == "/Image":
        seen.drawn.append((what, state))
        return
    if kind != "/Form" or depth >= _DEEPEST or len(seen.drawn) > 1:
        raise _NotOnlyAnImage
    own = what.get("/Matrix")
    if isinstance(own, pikepdf.Array):
        inner = cast("Matrix", tuple(float(v) for v in cast("Iterable[float]", own)))
        state = replace(state, matrix=_product(inner, state.matrix))
    _walk(what, what.get("/Resources", resources), state, seen, depth + 1)


def _named(
    resources: pikepdf.Object | None, kind: str, operands: list[pikepdf.Object]
) -> pikepdf.Object | None:
    if not isinstance(resources, pikepdf.Dictionary):
        return None
    entries = resources.get(kind)
    if not isinstance(entries, pikepdf.Dictionary) or not operands:
        return None
    return entries.get(str(operands[0]))


def _check_graphics(state: pikepdf.Object | None) -> None:
    if not isinstance(state, pikepdf.Dictionary):
        raise _NotOnlyAnImage
    opaque = all(float(state.get(key, 1)) == 1 for key in ("/ca", "/CA"))
    plain = state.get("/BM", "/Normal") in ("/Normal", "/Compatible")
    if not opaque or not plain or state.get("/SMask", "/None") != "/None":
        raise _NotOnlyAnImage


def _check_image(image: pikepdf.Object, state: _State) -> None:
    stencil = bool(image.get("/ImageMask", False))
    if "/SMask" in image or "/Mask" in image or (stencil and not state.black):
        raise _NotOnlyAnImage


def _placed(
    image: pikepdf.Object, matrix: Matrix, page: pikepdf.Page, box: Rectangle
) -> Embedded | None:
    a, b, c, d, *_ = matrix
    turn = _quarter(a, b, c, d)
    if turn is None or not _same(_bounds(matrix), box):
        return None
    unit = float(page.obj.get("/UserUnit", 1)) / 72
    inches = math.hypot(a, b) * unit, math.hypot(c, d) * unit
    whole = cast("QuarterTurn", (turn + page_turn(page)) % 360)
    return Embedded(image, whole, inches)


def _quarter(a: float, b: float, c: float, d: float) -> int | None:
    """The clockwise turn of a matrix that neither mirrors nor skews; else None."""
    small = 1e-3 * max(abs(a), abs(b), abs(c), abs(d))
    if abs(b) <= small and abs(c) <= small and a * d > 0:
        return 0 if a > 0 else 180
    if abs(a) <= small and abs(d) <= small and b * c < 0:
        return 90 if b < 0 else 270
    return None


def _product(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def _bounds(matrix: Matrix) -> Rectangle:
    """Around the unit square as the matrix places it."""
    a, b, c, d, e, f = matrix
    xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    return min(xs), min(ys), max(xs), max(ys)


def _same(one: Rectangle, box: Rectangle) -> bool:
    across, up = box[2] - box[0], box[3] - box[1]
    slack = (across, up, across, up)
    return all(
        abs(mine - theirs) <= _TOLERANCE * side
        for mine, theirs, side in zip(one, box, slack, strict=True)
    )


def _covers(one: Rectangle | None, box: Rectangle) -> bool:
    if one is None:
        return False
    slack = _TOLERANCE * max(box[2] - box[0], box[3] - box[1])
    return (
        one[0] <= box[0] + slack
        and one[1] <= box[1] + slack
        and one[2] >= box[2] - slack
        and one[3] >= box[3] - slack
    )
