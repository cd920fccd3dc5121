"""What a PDF page paints: its images and where they land, and whatever else it shows.

Invisible text (``3 Tr``, an earlier recognition's) and whatever marks nothing are
passed over. The images are collected even where something else is seen, since they
tell at which resolution such a page is drawn best.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import cast

import pikepdf

Matrix = tuple[float, float, float, float, float, float]
Rectangle = tuple[float, float, float, float]  # left, bottom, right, top in points

_DEEPEST = 4  # forms inside forms
_MOST_CONTENT = 4_000_000  # bytes of a page's drawing; a scan's has a few hundred
_MOST_IMAGES = 100  # strips of a scan; gradients are drawn in thousands
_MOST_FORMS = 1000
_INVISIBLE = 3  # text rendering mode, PDF 32000-1 §9.3.6


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_HARMLESS = _names(
    "w J j M d ri i l c v y h MP DP BMC EMC BX EX BT ET Tc Tw Tz TL Tf Ts Td TD Tm"
    " T* G RG K CS SC SCN"
)
_SHOWS_TEXT = frozenset(("Tj", "TJ", "'", '"'))
_PAINTS = _names("S s f F f* B B* b b* sh")
_PATHS = _names("re m W W* n")
_BLACK = {"g": (0.0,), "rg": (0.0, 0.0, 0.0), "k": (0.0, 0.0, 0.0, 1.0)}
_COLOURS = frozenset(("g", "rg", "k", "cs", "sc", "scn"))
NONSENSE = (  # what malformed contents raise
    pikepdf.PikepdfError,
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    ArithmeticError,
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One image; ``matrix`` takes its unit square to points of the page."""

    image: pikepdf.Stream = field(repr=False)
    matrix: Matrix


@dataclass(slots=True)
class Drawing:
    """All images, in the order of painting; ``besides`` is what else is seen, or ""."""

    box: Rectangle
    images: list[Drawn] = field(default_factory=list)
    besides: str = ""
    forms: int = 0

    def note(self, what: str) -> None:
        """The first thing noted is the one that is told."""
        self.besides = self.besides or what


class _Unfollowable(Exception):
    pass


@dataclass(frozen=True, slots=True)
class _State:
    clip: Rectangle
    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    black: bool = True
    text: int = 0


@dataclass(slots=True)
class _Content:
    """One content stream being walked."""

    resources: pikepdf.Object | None
    state: _State
    depth: int
    saved: list[_State] = field(default_factory=list)
    path: list[Rectangle | None] = field(default_factory=list)  # since the last paint


def drawing(page: pikepdf.Page, box: Rectangle) -> Drawing:
    """What ``page`` paints into its visible ``box`` (points)."""
    seen = Drawing(box)
    if _annotated(page):
        seen.note("an annotation")
    try:
        if _content_bytes(page) > _MOST_CONTENT:
            seen.note("a drawing")
            return seen
        everything = (-1e9, -1e9, 1e9, 1e9)
        here = _Content(page.obj.get("/Resources"), _State(everything), 0)
        _walk(page, here, seen)
    except (_Unfollowable, *NONSENSE):
        seen.note("contents that cannot be followed")
    return seen


def product(inner: Matrix, outer: Matrix) -> Matrix:
    """First ``inner``, then ``outer``."""
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


def bounds(matrix: Matrix) -> Rectangle:
    """Around the unit square as the matrix places it."""
    a, b, c, d, e, f = matrix
    xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    return min(xs), min(ys), max(xs), max(ys)


def common(one: Rectangle, other: Rectangle) -> Rectangle:
    """What both cover; inside out or flat where they do not meet."""
    return (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )


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


def _walk(stream: pikepdf.Page | pikepdf.Object, here: _Content, seen: Drawing) -> None:
    for instruction in pikepdf.parse_content_stream(stream):
        if isinstance(instruction, pikepdf.ContentStreamInlineImage):
            seen.note("an inline image")
        else:
            name, operands = str(instruction.operator), list(instruction.operands)
            _follow(name, operands, here, seen)


def _follow(
    name: str, operands: list[pikepdf.Object], here: _Content, seen: Drawing
) -> None:
    match name:
        case "q":
            here.saved.append(here.state)
        case "Q":
            here.state = here.saved.pop() if here.saved else here.state
        case "Do":
            _do(_named(here, "/XObject", operands), here, seen)
        case "gs":
            if not _opaque(_named(here, "/ExtGState", operands)):
                seen.note("transparency")
        case _ if name in _PATHS:
            _path(name, operands, here, seen)
        case _:
            here.state = _changed(name, operands, here.state, seen)


def _changed(
    name: str, operands: list[pikepdf.Object], state: _State, seen: Drawing
) -> _State:
    """The graphics state after an operator; notes what it marks."""
    if name == "cm":
        return replace(state, matrix=product(_matrix(operands), state.matrix))
    if name == "Tr":
        return replace(state, text=int(operands[0]))
    if name in _COLOURS:
        numbers = cast("list[object]", operands)  # pikepdf hands out plain numbers
        values = tuple(float(v) for v in numbers if isinstance(v, int | Decimal))
        return replace(state, black=values == _BLACK.get(name))
    if name in _SHOWS_TEXT and state.text != _INVISIBLE:
        seen.note("visible text")
    elif name in _PAINTS:
        seen.note("a drawing")
    elif name == "BDC" and str(operands[0]) == "/OC":
        seen.note("a layer that can be switched off")
    elif name not in _HARMLESS and name not in _SHOWS_TEXT and name != "BDC":
        raise _Unfollowable
    return state


def _path(
    name: str, operands: list[pikepdf.Object], here: _Content, seen: Drawing
) -> None:
    """A clip is followed while it is one upright rectangle."""
    if name == "re":
        x, y, width, height = (float(value) for value in operands)
        placed = product((width, 0, 0, height, x, y), here.state.matrix)
        here.path.append(bounds(placed) if _upright(placed) else None)
    elif name == "m":
        here.path.append(None)
    elif name == "n":
        here.path.clear()
    elif len(here.path) == 1 and here.path[0] is not None:
        here.state = replace(here.state, clip=common(here.state.clip, here.path[0]))
    else:
        seen.note("a clip")


def _upright(matrix: Matrix) -> bool:
    a, b, c, d, *_ = matrix
    small = 1e-3 * max(abs(a), abs(b), abs(c), abs(d))
    return (abs(b) <= small and abs(c) <= small) or (
        abs(a) <= small and abs(d) <= small
    )


def _do(what: pikepdf.Object | None, here: _Content, seen: Drawing) -> None:
    if not isinstance(what, pikepdf.Stream):
        raise _Unfollowable
    if "/OC" in what:
        seen.note("a layer that can be switched off")
    kind = what.get("/Subtype")
    if kind == "/Image":
        _image(what, here.state, seen)
    elif kind == "/Form" and here.depth < _DEEPEST and seen.forms < _MOST_FORMS:
        seen.forms += 1
        state, own = here.state, what.get("/Matrix")
        if isinstance(own, pikepdf.Array):
            inner = _matrix(cast("Iterable[pikepdf.Object]", own))
            state = replace(state, matrix=product(inner, state.matrix))
        resources = what.get("/Resources", here.resources)
        _walk(what, _Content(resources, state, here.depth + 1), seen)
    else:
        raise _Unfollowable


def _image(image: pikepdf.Stream, state: _State, seen: Drawing) -> None:
    """Kept unless it lies off the page; noted if it is not painted whole and solid."""
    placed = bounds(state.matrix)
    visible = common(placed, seen.box)
    if visible[0] >= visible[2] or visible[1] >= visible[3]:
        return
    if len(seen.images) == _MOST_IMAGES:
        raise _Unfollowable
    seen.images.append(Drawn(image, state.matrix))
    if not _within(visible, state.clip):
        seen.note("a clip")
    if "/SMask" in image or "/Mask" in image:
        seen.note("an image with a mask")
    if bool(image.get("/ImageMask", False)) and not state.black:
        seen.note("a coloured stencil")


def _within(inner: Rectangle, outer: Rectangle) -> bool:
    slack = 0.005 * max(inner[2] - inner[0], inner[3] - inner[1])
    return (
        inner[0] >= outer[0] - slack
        and inner[1] >= outer[1] - slack
        and inner[2] <= outer[2] + slack
        and inner[3] <= outer[3] + slack
    )


def _named(
    here: _Content, kind: str, operands: list[pikepdf.Object]
) -> pikepdf.Object | None:
    if not isinstance(here.resources, pikepdf.Dictionary):
        return None
    entries = here.resources.get(kind)
    if not isinstance(entries, pikepdf.Dictionary) or not operands:
        return None
    return entries.get(str(operands[0]))


def _opaque(state: pikepdf.Object | None) -> bool:
    if not isinstance(state, pikepdf.Dictionary):
        raise _Unfollowable
    solid = all(float(state.get(key, 1)) == 1 for key in ("/ca", "/CA"))
    normal = state.get("/BM", "/Normal") in ("/Normal", "/Compatible")
    return solid and normal and state.get("/SMask", "/None") == "/None"


def _matrix(values: Iterable[pikepdf.Object]) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in values)
    return a, b, c, d, e, f
