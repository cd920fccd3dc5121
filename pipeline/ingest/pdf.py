"""PDF pages -> sides: a scan's own pixels where the page is one, else a rendering.

Runs in a pool process: received bytes are parsed here. pdftoppm inherits its limits.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
import pdf2image
import pikepdf
from pdf2image import exceptions as poppler
from PIL import Image

from pipeline.errors import EncryptedFile, OverLimit, UnreadableFile
from pipeline.ingest.damage import BROKEN
from pipeline.ingest.grey import (
    DEFAULT_DPI,
    LETTER,
    WIDEST,
    believed_dpi,
    from_pixels,
    grey,
)
from pipeline.ingest.limits import Limits
from pipeline.ingest.trailers import shape
from pipeline.page import PageImage, Pixels
from pipeline.scanned.mosaic import Mosaic, Piece, scan_on, visible_box
from pipeline.scanned.stream import filters_of

_COLOUR: tuple[str, ...] = ("/DeviceRGB", "/CalRGB", "/RGB")
_PLAIN = (*_COLOUR, "/DeviceGray", "/CalGray", "/G")
POINTS = 72  # of an inch
STDERR = 2
FORGIVEN = "chartfiler: a damaged page was drawn as far as it goes"
_IMAGE = pikepdf.Name("/Image")
_COLOUR_ICC: tuple[int, ...] = (3,)  # components
_PLAIN_ICC = (*_COLOUR_ICC, 1)
_COARSE, _FINE = 150, 600  # dpi at which a page of scan and type is drawn
_BROKEN: tuple[type[Exception], ...] = (*BROKEN, pikepdf.PikepdfError, zlib.error)


def count_pdf(path: Path, limits: Limits) -> int:
    """Pages of a PDF; refuses one that needs a password or has lost its end."""
    with _named_damage(), _opened(path) as pdf:
        stated = pdf.Root.Pages.get("/Count", 0)
        limits.check_pages(int(stated))
        count = len(pdf.pages)
        limits.check_pages(count)
        if count < int(stated):
            raise UnreadableFile(
                f"{count} of {int(stated)} pages are left: scan the sheets again"
            )
        if not count:
            raise UnreadableFile("the file holds no page: scan the sheets again")
        return count


def pdf_page(path: Path, page: int, limits: Limits) -> PageImage:
    """One page as a viewer shows it, taken where it is one image, else rendered."""
    with _named_damage(), _opened(path) as pdf:
        if not 0 < page <= len(pdf.pages):
            raise UnreadableFile(f"page {page} of a file of {len(pdf.pages)} pages")
        here = pdf.pages[page - 1]
        found = scan_on(here)
        if isinstance(found, Mosaic):
            limits.check_size(*found.size)
            return _shown(_composed(found, limits), found)
        width, height = _inches(here)
        dpi = _drawing_dpi(found.dpi, min(width, height))
        limits.check_size(width * dpi, height * dpi)
        unit = float(here.obj.get("/UserUnit", 1))
    pixels = _rendered(path, page, limits, round(dpi * unit))  # poppler: no UserUnit
    down, across = pixels.shape
    return PageImage(pixels, believed_dpi(dpi, across, down))


def why_drawn(path: Path, page: int) -> str:
    """Why this page is read and filed as a rendering; "" if its scan is taken."""
    with _named_damage(), _opened(path) as pdf:
        found = scan_on(pdf.pages[page - 1])
        return "" if isinstance(found, Mosaic) else found.why


@contextmanager
def _opened(path: Path) -> Iterator[pikepdf.Pdf]:
    """A file whose cross-reference is damaged is repaired if its end is there."""
    try:
        pdf = pikepdf.open(path, attempt_recovery=False)
    except pikepdf.PasswordError:
        raise
    except _BROKEN:
        with path.open("rb") as file:
            if not shape(file).whole:
                raise UnreadableFile(
                    "the file is truncated: its end is missing; scan the sheets again"
                ) from None
        pdf = pikepdf.open(path)
    with pdf:
        yield pdf


def _decodable(image: pikepdf.Object) -> bool:
    """Whether its samples mean grey or RGB to everybody, and we have the decoder.

    CMYK, Lab, separations, JBIG2 and palettes of anything but RGB (pikepdf takes the
    index for the grey) are left to poppler, at the image's own size.
    """
    filters = filters_of(image)
    if "/JBIG2Decode" in filters:
        return False
    if bool(image.get("/ImageMask", False)) or filters[-1:] == ("/JPXDecode",):
        return True
    space, plain, icc = image.get("/ColorSpace"), _PLAIN, _PLAIN_ICC
    if isinstance(space, pikepdf.Array) and len(space) and space[0] == "/Indexed":
        space, plain, icc = space[1], _COLOUR, _COLOUR_ICC
    if isinstance(space, pikepdf.Array) and len(space) > 1 and space[0] == "/ICCBased":
        return int(space[1].get("/N", 0)) in icc
    first = space[0] if isinstance(space, pikepdf.Array) and len(space) else space
    return first in plain


def _composed(scan: Mosaic, limits: Limits) -> Pixels:
    """The visible page, before its turn: strips joined, margins white, crops off."""
    if scan.only is not None:
        return _pixels(scan.only, limits)
    width, height = scan.size
    page = np.full((height, width), 255, dtype=np.uint8)
    for piece in scan.pieces:
        _paste(page, piece, limits)
    return page


def _paste(page: Pixels, piece: Piece, limits: Limits) -> None:
    limits.check_size(*piece.size)
    pixels = _pixels(piece.image, limits)
    top, left = max(piece.top, 0), max(piece.left, 0)
    pixels = pixels[top - piece.top :, left - piece.left :]
    place = page[top : top + pixels.shape[0], left : left + pixels.shape[1]]
    pixels = pixels[: place.shape[0], : place.shape[1]]
    place[:] = np.minimum(place, pixels) if piece.stencil else pixels


def _pixels(image: pikepdf.Stream, limits: Limits) -> Pixels:
    if _decodable(image):
        pixels = grey(pikepdf.PdfImage(image).as_pil_image())
    else:
        pixels = _drawn(image, limits)
    if pixels.shape != (int(image.Height), int(image.Width)):
        raise UnreadableFile("an image of another size than it says: scan it again")
    return pixels


def _drawn(image: pikepdf.Stream, limits: Limits) -> Pixels:
    """An image we cannot decode ourselves, by poppler, pixel for pixel.

    It gets a page of one point a pixel to itself, and lies a quarter pixel inside it:
    poppler counts every pixel that an image touches, and would stretch it by one.
    """
    width, height = int(image.Width), int(image.Height)
    with pikepdf.new() as pdf, NamedTemporaryFile(suffix=".pdf") as file:
        page = pdf.add_blank_page(page_size=(width, height))
        page.add_resource(pdf.copy_foreign(image), pikepdf.Name.XObject, _IMAGE)
        page.Contents = pdf.make_stream(
            f"{width - 0.5} 0 0 {height - 0.5} 0.25 0.25 cm {_IMAGE} Do".encode()
        )
        pdf.save(file.name)
        return _rendered(Path(file.name), 1, limits, POINTS)


def _shown(pixels: Pixels, scan: Mosaic) -> PageImage:
    """Turned as a viewer turns it."""
    across, down = scan.dpi if scan.turn in (0, 180) else scan.dpi[::-1]
    turned = np.ascontiguousarray(np.rot90(pixels, -scan.turn // 90))
    return from_pixels(turned, across, down)


def _inches(page: pikepdf.Page) -> tuple[float, float]:
    box = visible_box(page) or (0, 0, LETTER[0] * POINTS, LETTER[1] * POINTS)
    unit = float(page.obj.get("/UserUnit", 1)) / POINTS
    return (box[2] - box[0]) * unit, (box[3] - box[1]) * unit


def _drawing_dpi(scanned: float, short: float) -> int:
    """A page that is mostly a scan is drawn at the scan's own resolution.

    One too coarse for the letters around it is drawn finer, unless the page's short
    side (inches) says that it is no sheet of paper: then its resolution is a lie.
    """
    least = 1 if short > WIDEST else _COARSE
    return round(scanned) if least <= scanned <= _FINE else DEFAULT_DPI


def _rendered(path: Path, page: int, limits: Limits, dpi: int) -> Pixels:
    """The page by poppler. Syntax errors are forgiven if something was drawn.

    That is said on stderr, as libtiff says what it mended: parts may be missing.
    """
    try:
        return _poppler(path, page, limits, dpi, strict=True)
    except poppler.PDFSyntaxError:
        pixels = _poppler(path, page, limits, dpi, strict=False)
    if pixels.min() == pixels.max():
        raise UnreadableFile(
            "the page is damaged and nothing can be drawn: scan the sheet again"
        )
    os.write(STDERR, f"{FORGIVEN}\n".encode())
    return pixels


def _poppler(
    path: Path, page: int, limits: Limits, dpi: int, *, strict: bool
) -> Pixels:
    try:
        images = pdf2image.convert_from_path(
            path,
            dpi=dpi,
            first_page=page,
            last_page=page,
            grayscale=True,
            use_cropbox=True,
            strict=strict,
            timeout=limits.seconds,
        )
    except poppler.PDFPopplerTimeoutError:
        raise OverLimit(
            f"drawing the page took over {limits.seconds} s (limits.seconds):"
            " print and scan it"
        ) from None
    except poppler.PDFPageCountError:
        images = []
    if len(images) != 1:
        raise UnreadableFile("the page is damaged: scan the sheet again")
    image = images[0]
    limits.check_size(*image.size)
    return grey(image)


@contextmanager
def _named_damage() -> Iterator[None]:
    try:
        yield
    except pikepdf.PasswordError:
        raise EncryptedFile(
            "the file needs a password: ask its sender for a copy without one"
        ) from None
    except (Image.DecompressionBombError, MemoryError):
        raise OverLimit(
            "an image is too large to open: scan it at a lower resolution"
        ) from None
    except _BROKEN as error:
        raise UnreadableFile(
            f"the PDF is damaged ({type(error).__name__}): repair or scan it again"
        ) from None
