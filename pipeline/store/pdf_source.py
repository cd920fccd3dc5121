"""A page of a received PDF, as an image inside the filed one.

A page that is exactly one image gives that image, stream for stream, if PDF/A-2 can
hold it; any other page is filed as its rendering by poppler. The rule is the one by
which ingest takes pixels (ingest/embedded.py): one image at a quarter turn from edge to
edge of the visible box within 2 %, beside it at most invisible text; nothing painted,
clipped, transparent, optional or annotated. A test in tests/flow holds both together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
import pdf2image
import pikepdf
from pikepdf import Dictionary, Matrix, Name, Pdf, Stream
from PIL import Image

from pipeline.page import QuarterTurn
from pipeline.store.pdf_jp2 import is_plain_jp2
from pipeline.store.pdf_scan import Pose, Scan, pixels_as_image


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EDGE = 0.02  # of a side: how far an image may miss the edge of the visible box
_MOST_CONTENT = 4_000_000  # bytes of drawing; a scan's page has a few hundred
_DEEPEST = 4  # forms within forms
_SECONDS = 120  # for one rendering
_GREY_ENOUGH = 8  # levels between channels that the eye takes for grey
_INVISIBLE = 3  # text rendering mode

_SHOWS = frozenset(("Tj", "TJ", "'", '"'))
_COLOURS = frozenset(("g", "rg", "k", "cs", "sc", "scn"))
_BLACK = {"g": (0.0,), "rg": (0.0, 0.0, 0.0), "k": (0.0, 0.0, 0.0, 1.0)}
_MARKS_NOTHING = _names(
    "w J j M d ri i m l c v y h n MP DP BMC EMC BX EX BT ET Tc Tw Tz TL Tf Ts"
    " Td TD Tm T* G RG K CS SC SCN"
)

_HELD = _names(
    "/FlateDecode /ASCII85Decode /ASCIIHexDecode /RunLengthDecode /CCITTFaxDecode"
    " /DCTDecode /JBIG2Decode /JPXDecode /LZWDecode"
)
_KEPT = _names(
    "/Type /Subtype /Width /Height /BitsPerComponent /ColorSpace /Decode /Filter"
    " /DecodeParms /Length"
)
_DEVICE = ("/DeviceGray", "/DeviceRGB", "/CalGray", "/CalRGB")
_ICC_COMPONENTS = (1, 3)


def scan_of_page(
    pdf: Pdf, source: Pdf, page: int, size: tuple[int, int], *, plain: bool = False
) -> Scan:
    """Page ``page`` (from 1) of an open PDF file; ``plain`` renders whatever it is.

    ``size`` (px, as a viewer shows it) is how large it is rendered, if it must be.
    ``source`` stays open until ``pdf`` is saved. Raises pikepdf.PikepdfError, OSError
    or ValueError over a damaged page, and what pdf2image raises.
    """
    found = None if plain else only_image(source.pages[page - 1])
    if found is not None and _can_be_held(found.image):
        return _carried(pdf, found)
    image = _rendered(Path(source.filename), page, size)
    return Scan(pixels_as_image(pdf, image), Pose(), "rendered")


# --- a page that is one image ---------------------------------------------------


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
    except _MoreThanAnImage:
        return None
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
    shown = int(page.obj.get("/Rotate", 0)) if "/Rotate" in page.obj else 0
    return OnlyImage(image, Pose().turned(turn + shown - shown % 90).turn)


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


# --- what of it a PDF/A-2 can hold ----------------------------------------------


def _can_be_held(image: Stream) -> bool:
    names = {str(name) for name in _filters(image)}
    if not names <= _HELD or "/F" in image:
        return False
    if "/JPXDecode" in names:
        return len(names) == 1 and is_plain_jp2(image.read_raw_bytes())
    if "/ImageMask" in image:
        return True
    return _defined(image.get("/ColorSpace"))


def _defined(space: pikepdf.Object | None) -> bool:
    """Whether its colours mean the same everywhere: grey and RGB, or by profile."""
    if isinstance(space, pikepdf.Array) and len(space) > 1:
        if space[0] == Name.Indexed:
            return _defined(space[1])
        if space[0] == Name.ICCBased:
            return int(space[1].get("/N", 0)) in _ICC_COMPONENTS
        return str(space[0]) in _DEVICE
    return space is not None and str(space) in _DEVICE


def _filters(image: Stream) -> list[pikepdf.Object]:
    filters = image.get("/Filter")
    if isinstance(filters, pikepdf.Array):
        return list(cast("Iterable[pikepdf.Object]", filters))
    return [] if filters is None else [filters]


def _carried(pdf: Pdf, found: OnlyImage) -> Scan:
    """The stream as it is, without keys that PDF/A forbids or that lead elsewhere."""
    image = cast("Stream", pdf.copy_foreign(found.image))
    if "/ImageMask" in image:  # painted in black on white: the same as plain grey
        image.ColorSpace, image.BitsPerComponent = Name.DeviceGray, 1
    for key in set(image.keys()) - _KEPT:
        del image[key]
    filters = {str(name) for name in _filters(found.image)}
    if "/LZWDecode" in filters or not filters:  # forbidden, or none: made Flate
        image.write(found.image.read_bytes())
        return Scan(image, Pose(found.turn), "same pixels")
    return Scan(image, Pose(found.turn), "as scanned")


# --- a page that is more --------------------------------------------------------


def _rendered(path: Path, page: int, size: tuple[int, int]) -> Image.Image:
    """The page by poppler; in grey unless it shows colour."""
    images = pdf2image.convert_from_path(
        path,
        size=size,
        first_page=page,
        last_page=page,
        use_cropbox=True,
        timeout=_SECONDS,
    )
    if len(images) != 1:
        raise ValueError("the page cannot be rendered")
    image: Image.Image = images[0].convert("RGB")
    pixels = np.asarray(image)
    spread = pixels.max(axis=2).astype(np.int16) - pixels.min(axis=2)
    return image if int(spread.max()) > _GREY_ENOUGH else image.convert("L")
