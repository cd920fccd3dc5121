"""Whether a page of a PDF is exactly one image, and which.

The rule is the one by which ingest takes pixels (ingest/embedded.py): one image at a
quarter turn, unmirrored, from edge to edge of the visible box within 2 %; beside it at
most invisible text; nothing painted, clipped, transparent, optional or annotated. A
test in tests/flow holds both together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

import pikepdf
from pikepdf import Dictionary, Matrix, Name, Stream

from pipeline.page import QuarterTurn
from pipeline.store.pdf_scan import Pose


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EDGE = 0.02  # of a side: how far an image may miss the edge of the visible box
_MOST_CONTENT = 4_000_000  # bytes of drawing; a scan's page has a few hundred
_DEEPEST = 4  # forms within forms
_INVISIBLE = 3  # text rendering mode

_SHOWS = frozenset(("Tj", "TJ", "'", '"'))
_COLOURS = frozenset(("g", "rg", "k", "cs", "sc", "scn"))
_BLACK = {"g": (0.0,), "rg": (0.0, 0.0, 0.0), "k": (0.0, 0.0, 0.0, 1.0)}
_MARKS_NOTHING = _names(
    "w J j M d ri i m l c v y h n MP DP BMC EMC BX EX BT ET Tc Tw Tz TL Tf Ts"
    " Td TD Tm T* G RG K CS SC SCN"
)


@dataclass(frozen=True, slots=True)
class OnlyImage:
    """The image that is all there is on a page, and the turn that shows it upright."""

    image: Stream = field(repr=False)
    turn: QuarterTurn


class _MoreThanAnImage(Exception):
    pass


@dataclass(slots=True)
class _State:
    matrix: Matrix = field(default_factory=Matrix)
    text: int = 0
    black: bool = True

    def copy(self) -> _State:
        return _State(self.matrix, self.text, self.black)


@dataclass(slots=True)
class _Sheet:
    box: pikepdf.Rectangle
    images: list[tuple[Stream, _State]] = field(default_factory=list)
    path: list[Matrix] = field(default_factory=list)


def only_image(page: pikepdf.Page) -> OnlyImage | None:
    """None if the page is anything but one image."""
    sheet = _Sheet(_visible(page))
    if _noted(page) or _content_length(page) > _MOST_CONTENT:
        return None
    try:
        _walk(page, page.obj.get("/Resources"), _State(), sheet, 0)
    except (_MoreThanAnImage, TypeError, ValueError, IndexError):
        return None  # what cannot be followed is left to poppler
    if len(sheet.images) != 1:
        return None
    image, state = sheet.images[0]
    turn = _quarter_turn(state.matrix)
    masked = "/SMask" in image or "/Mask" in image
    stencil = bool(image.get("/ImageMask", False))
    if turn is None or masked or (stencil and not state.black):
        return None
    if not _reaches(state.matrix, sheet.box, outside=False):
        return None
    return OnlyImage(image, Pose().turned(turn + _rotate(page)).turn)


def _rotate(page: pikepdf.Page) -> int:
    """/Rotate; what is no quarter turn counts as none."""
    turn = page.obj.get("/Rotate", 0)
    return int(turn) if isinstance(turn, int) and turn % 90 == 0 else 0


def _walk(
    stream: pikepdf.Page | pikepdf.Object,
    resources: pikepdf.Object | None,
    state: _State,
    sheet: _Sheet,
    depth: int,
) -> None:
    kept: list[_State] = []
    for instruction in pikepdf.parse_content_stream(stream):
        if isinstance(instruction, pikepdf.ContentStreamInlineImage):
            raise _MoreThanAnImage
        name, operands = str(instruction.operator), list(instruction.operands)
        match name:
            case "q":
                kept.append(state.copy())
            case "Q":
                state = kept.pop() if kept else state
            case "Do":
                what = _resource(resources, "/XObject", operands)
                _draw(what, resources, state.copy(), sheet, depth)
            case "gs":
                _check_opaque(_resource(resources, "/ExtGState", operands))
            case "re" | "W" | "W*" | "n":
                _clip(name, operands, state, sheet)
            case _:
                _apply(name, operands, state)


def _apply(name: str, operands: list[pikepdf.Object], state: _State) -> None:
    if name == "cm":
        state.matrix = Matrix(*(float(v) for v in operands)) @ state.matrix
    elif name == "Tr":
        state.text = int(operands[0])
    elif name in _COLOURS:
        state.black = _BLACK.get(name) == tuple(_numbers(operands))
    elif not (
        name in _MARKS_NOTHING
        or (name in _SHOWS and state.text == _INVISIBLE)
        or (name == "BDC" and str(operands[0]) != "/OC")
    ):
        raise _MoreThanAnImage


def _draw(
    what: pikepdf.Object | None,
    resources: pikepdf.Object | None,
    state: _State,
    sheet: _Sheet,
    depth: int,
) -> None:
    if not isinstance(what, Stream) or "/OC" in what:
        raise _MoreThanAnImage
    if what.get("/Subtype") == Name.Image:
        sheet.images.append((what, state))
    elif what.get("/Subtype") == Name.Form and depth < _DEEPEST:
        if "/Matrix" in what:
            state.matrix = Matrix(*_numbers(what.Matrix)) @ state.matrix
        _walk(what, what.get("/Resources", resources), state, sheet, depth + 1)
    else:
        raise _MoreThanAnImage


def _clip(
    name: str, operands: list[pikepdf.Object], state: _State, sheet: _Sheet
) -> None:
    """A clip may be one rectangle around the whole visible box."""
    if name == "re":
        x, y, width, height = _numbers(operands)
        sheet.path.append(Matrix(width, 0, 0, height, x, y) @ state.matrix)
    elif name == "n":
        sheet.path.clear()
    elif len(sheet.path) != 1 or not _reaches(sheet.path[0], sheet.box, outside=True):
        raise _MoreThanAnImage


def _check_opaque(state: pikepdf.Object | None) -> None:
    if not isinstance(state, Dictionary):
        raise _MoreThanAnImage
    solid = all(float(state.get(key, 1)) == 1 for key in ("/ca", "/CA"))
    normal = state.get("/BM", "/Normal") in ("/Normal", "/Compatible")
    if not (solid and normal and state.get("/SMask", "/None") == "/None"):
        raise _MoreThanAnImage


def _resource(
    resources: pikepdf.Object | None, kind: str, operands: list[pikepdf.Object]
) -> pikepdf.Object | None:
    held = resources.get(kind) if isinstance(resources, Dictionary) else None
    return held.get(str(operands[0])) if isinstance(held, Dictionary) else None


def _numbers(values: Iterable[object]) -> list[float]:
    return [float(v) for v in values if hasattr(v, "__float__")]


def _noted(page: pikepdf.Page) -> bool:
    notes = page.obj.get("/Annots")
    return isinstance(notes, pikepdf.Array) and any(
        isinstance(note, Dictionary) and note.get("/Subtype") != Name.Popup
        for note in cast("Iterable[pikepdf.Object]", notes)
    )


def _content_length(page: pikepdf.Page) -> int:
    contents = page.obj.get("/Contents")
    parts = contents if isinstance(contents, pikepdf.Array) else [contents]
    streams = cast("Iterable[pikepdf.Object | None]", parts)
    return sum(len(s.read_raw_bytes()) for s in streams if isinstance(s, Stream))


def _visible(page: pikepdf.Page) -> pikepdf.Rectangle:
    media, crop = pikepdf.Rectangle(page.mediabox), pikepdf.Rectangle(page.cropbox)
    seen = media & crop
    return seen if seen.width > 0 and seen.height > 0 else media


def _quarter_turn(matrix: Matrix) -> int | None:
    """The clockwise turn, unless it mirrors or skews."""
    a, b, c, d = matrix.a, matrix.b, matrix.c, matrix.d
    little = 1e-3 * max(abs(a), abs(b), abs(c), abs(d))
    if abs(b) <= little and abs(c) <= little and a * d > 0:
        return 0 if a > 0 else 180
    if abs(a) <= little and abs(d) <= little and b * c < 0:
        return 90 if b < 0 else 270
    return None


def _reaches(matrix: Matrix, box: pikepdf.Rectangle, *, outside: bool) -> bool:
    """Whether the unit square lands on the box, or at least (outside) around it."""
    drawn = matrix.transform(pikepdf.Rectangle(0, 0, 1, 1))
    across, up = _EDGE * float(box.width), _EDGE * float(box.height)
    short = (
        float(drawn.llx - box.llx) / across,
        float(drawn.lly - box.lly) / up,
        float(box.urx - drawn.urx) / across,
        float(box.ury - drawn.ury) / up,
    )
    return all(s <= 1 and (outside or s >= -1) for s in short)
