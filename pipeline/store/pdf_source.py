"""A page of a received PDF, as an image inside the filed one.

A page that is exactly one image gives that image, stream for stream, if PDF/A-2 can
hold it; any other page is filed as its rendering by poppler.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import cast

import numpy as np
import pdf2image
import pikepdf
from pikepdf import Name, Pdf, Stream
from PIL import Image

from pipeline.store.pdf_jp2 import is_plain_jp2
from pipeline.store.pdf_only import OnlyImage, only_image
from pipeline.store.pdf_scan import Pose, Scan, pixels_as_image

_SECONDS = 120  # for one rendering
_GREY_ENOUGH = 8  # levels between channels that the eye takes for grey


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


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


# --- what of it a PDF/A-2 can hold ----------------------------------------------


def _can_be_held(image: Stream) -> bool:
    names = {str(name) for name in _filters(image)}
    if not names <= _HELD or "/F" in image:
        return False
    if "/JPXDecode" in names:  # names its colours itself, unless the PDF does
        own = "/ColorSpace" not in image or _defined(image.ColorSpace)
        return own and len(names) == 1 and is_plain_jp2(image.read_raw_bytes())
    return "/ImageMask" in image or _defined(image.get("/ColorSpace"))


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
