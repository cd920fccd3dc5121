"""PDF pages -> sides: a scan's own pixels where the page is one, else a rendering.

Runs in a pool process: received bytes are parsed here. pdftoppm inherits its limits.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import cast

import numpy as np
import pdf2image
import pikepdf
from pdf2image import exceptions as poppler
from PIL import Image

from pipeline.errors import EncryptedFile, OverLimit, UnreadableFile
from pipeline.ingest.damage import BROKEN
from pipeline.ingest.embedded import Embedded, embedded_image, visible_box
from pipeline.ingest.grey import DEFAULT_DPI, LETTER, from_pixels, grey
from pipeline.ingest.limits import Limits
from pipeline.ingest.trailers import shape
from pipeline.page import PageImage, Pixels

_PLAIN = ("/DeviceGray", "/DeviceRGB", "/CalGray", "/CalRGB", "/G", "/RGB")
POINTS = 72  # of an inch
STDERR = 2
FORGIVEN = "chartfiler: a damaged page was drawn as far as it goes"
_IMAGE = pikepdf.Name("/Image")
_PLAIN_ICC = (1, 3)  # components
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
        found = embedded_image(here)
        if found is None:
            limits.check_size(*_rendered_size(here))
        else:
            limits.check_size(int(found.image.Width), int(found.image.Height))
            return _shown(_pixels(found.image, limits), found)
    return PageImage(_rendered(path, page, limits, DEFAULT_DPI), DEFAULT_DPI)


def taken(path: Path, page: int) -> bool:
    """Whether this page is filed with the scan's own image, not as a rendering."""
    with _named_damage(), _opened(path) as pdf:
        return embedded_image(pdf.pages[page - 1]) is not None


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

    CMYK, Lab, separations and JBIG2 are left to poppler, at the image's own size.
    """
    filters = image.get("/Filter")
    names: list[object] = (
        list(cast("Iterable[object]", filters))
        if isinstance(filters, pikepdf.Array)
        else [filters]
    )
    if any(name == "/JBIG2Decode" for name in names):
        return False
    if bool(image.get("/ImageMask", False)) or names[-1:] == ["/JPXDecode"]:
        return True
    space = image.get("/ColorSpace")
    if isinstance(space, pikepdf.Array) and len(space) and space[0] == "/Indexed":
        space = space[1]
    if isinstance(space, pikepdf.Array) and len(space) > 1 and space[0] == "/ICCBased":
        return int(space[1].get("/N", 0)) in _PLAIN_ICC
    first = space[0] if isinstance(space, pikepdf.Array) and len(space) else space
    return first in _PLAIN


def _pixels(image: pikepdf.Object, limits: Limits) -> Pixels:
    if _decodable(image):
        pixels = grey(pikepdf.PdfImage(cast("pikepdf.Stream", image)).as_pil_image())
    else:
        pixels = _drawn(image, limits)
    if pixels.shape != (int(image.Height), int(image.Width)):
        raise UnreadableFile("an image of another size than it says: scan it again")
    return pixels


def _drawn(image: pikepdf.Object, limits: Limits) -> Pixels:
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


def _shown(pixels: Pixels, found: Embedded) -> PageImage:
    """Turned as a viewer turns it."""
    height, width = pixels.shape
    across, down = width / found.inches[0], height / found.inches[1]
    if found.turn in (90, 270):
        across, down = down, across
    turned = np.ascontiguousarray(np.rot90(pixels, -found.turn // 90))
    return from_pixels(turned, across, down)


def _rendered_size(page: pikepdf.Page) -> tuple[float, float]:
    box = visible_box(page) or (0, 0, LETTER[0] * POINTS, LETTER[1] * POINTS)
    width, height = box[2] - box[0], box[3] - box[1]
    return width / POINTS * DEFAULT_DPI, height / POINTS * DEFAULT_DPI


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
