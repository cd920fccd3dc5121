"""PDF pages -> sides: a scan's own pixels where the page is one, else a rendering.

Runs in a pool process: received bytes are parsed here. pdftoppm inherits its limits.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import numpy as np
import pdf2image
import pikepdf
from pdf2image import exceptions as poppler
from PIL import Image

from pipeline.errors import EncryptedFile, OverLimit, UnreadableFile
from pipeline.ingest.embedded import Embedded, embedded_image, visible_box
from pipeline.ingest.grey import DEFAULT_DPI, LETTER, from_pixels, grey
from pipeline.ingest.limits import Limits
from pipeline.ingest.trailers import shape
from pipeline.page import PageImage, Pixels

_PLAIN = ("/DeviceGray", "/DeviceRGB", "/CalGray", "/CalRGB", "/G", "/RGB")
_PLAIN_ICC = (1, 3)  # components
_BROKEN = (  # what pikepdf, qpdf and Pillow raise over damaged bytes
    pikepdf.PikepdfError,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    NotImplementedError,
    struct.error,
    zlib.error,
)


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
            size = int(found.image.Width), int(found.image.Height)
            limits.check_size(*size)
            if _decodable(found.image):
                return _shown(_decoded(found.image), found)
    if found is None:
        return PageImage(_rendered(path, page, limits, None), DEFAULT_DPI)
    return _drawn_to_size(path, page, limits, found, size)


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


def _decoded(image: pikepdf.Object) -> Pixels:
    pixels = grey(pikepdf.PdfImage(cast("pikepdf.Stream", image)).as_pil_image())
    if pixels.shape != (int(image.Height), int(image.Width)):
        raise UnreadableFile("an image of another size than it says: scan it again")
    return pixels


def _shown(pixels: Pixels, found: Embedded) -> PageImage:
    """Turned as a viewer turns it."""
    height, width = pixels.shape
    across, down = width / found.inches[0], height / found.inches[1]
    if found.turn in (90, 270):
        across, down = down, across
    turned = np.ascontiguousarray(np.rot90(pixels, -found.turn // 90))
    return from_pixels(turned, across, down)


def _drawn_to_size(
    path: Path, page: int, limits: Limits, found: Embedded, size: tuple[int, int]
) -> PageImage:
    """An image we cannot decode ourselves, drawn by poppler pixel for pixel."""
    width, height = size
    across, down = width / found.inches[0], height / found.inches[1]
    if found.turn in (90, 270):
        width, height, across, down = height, width, down, across
    pixels = _rendered(path, page, limits, (width, height))
    return from_pixels(pixels, across, down)


def _rendered_size(page: pikepdf.Page) -> tuple[float, float]:
    box = visible_box(page) or (0, 0, LETTER[0] * 72, LETTER[1] * 72)
    width, height = box[2] - box[0], box[3] - box[1]
    return width / 72 * DEFAULT_DPI, height / 72 * DEFAULT_DPI


def _rendered(
    path: Path, page: int, limits: Limits, size: tuple[int, int] | None
) -> Pixels:
    """The page by poppler. Syntax errors are forgiven if something was drawn."""
    try:
        return _poppler(path, page, limits, size, strict=True)
    except poppler.PDFSyntaxError:
        pixels = _poppler(path, page, limits, size, strict=False)
    if pixels.min() == pixels.max():
        raise UnreadableFile(
            "the page is damaged and nothing can be drawn: scan the sheet again"
        )
    return pixels


def _poppler(
    path: Path, page: int, limits: Limits, size: tuple[int, int] | None, *, strict: bool
) -> Pixels:
    try:
        images = pdf2image.convert_from_path(
            path,
            dpi=DEFAULT_DPI,
            size=cast("tuple[int, int]", size),  # None, which is its default too
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
