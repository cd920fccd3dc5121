"""A page of a received PDF, as images inside the filed one.

A page that is nothing but a scan gives its images, stream for stream, if PDF/A-2 can
hold them; any other page is filed as its rendering by poppler. Invisible text of the
source stays behind: only our own recognition is searchable in what is filed.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pdf2image
import pikepdf
from pikepdf import Name, Pdf, Stream
from PIL import Image, ImageChops

from pipeline.scanned.mosaic import Mosaic, page_turn, scan_on
from pipeline.scanned.stream import filters_of
from pipeline.store.pdf_jp2 import is_plain_jp2
from pipeline.store.pdf_scan import How, Piece, Pose, Scan, digest, pixels_as_image

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
    found = None if plain else scan_on(source.pages[page - 1])
    if isinstance(found, Mosaic) and all(_can_be_held(p.image) for p in found.pieces):
        return _carried(pdf, found)
    image = _rendered(source, page, size)
    drawn = Piece(pixels_as_image(pdf, image))
    return Scan((drawn,), image.size, Pose(), "rendered")


# --- what of it a PDF/A-2 can hold ----------------------------------------------


def _can_be_held(image: Stream) -> bool:
    names = set(filters_of(image))
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


def _carried(pdf: Pdf, found: Mosaic) -> Scan:
    """The streams as they are, where the page shows them."""
    width, height = found.size
    pieces: list[Piece] = []
    for piece in found.pieces:
        across, down = piece.size
        place = (
            piece.left / width,
            piece.top / height,
            across / width,
            down / height,
        )
        pieces.append(_held(pdf, piece.image, place, alone=len(found.pieces) == 1))
    own = all(piece.source for piece in pieces)
    how: How = "as scanned" if own else "same pixels"
    return Scan(tuple(pieces), found.size, Pose(found.turn), how)


def _held(
    pdf: Pdf, source: Stream, place: tuple[float, float, float, float], *, alone: bool
) -> Piece:
    """One stream, without keys that PDF/A forbids or that lead elsewhere."""
    image = cast("Stream", pdf.copy_foreign(source))
    kept = _KEPT
    if "/ImageMask" in image:
        if alone:  # painted in black on white: the same as plain grey
            image.ColorSpace, image.BitsPerComponent = Name.DeviceGray, 1
        else:
            kept = _KEPT | {"/ImageMask"}
    for key in set(image.keys()) - kept:
        del image[key]
    filters = filters_of(source)
    if "/LZWDecode" in filters or not filters:  # forbidden, or none: made Flate
        image.write(source.read_bytes())
        return Piece(image, place)
    return Piece(image, place, digest(source.read_raw_bytes()))


# --- a page that is more --------------------------------------------------------


def _rendered(source: Pdf, page: int, size: tuple[int, int]) -> Image.Image:
    """The page by poppler; in grey unless it shows colour."""
    if page_turn(source.pages[page - 1]) in (90, 270):
        size = size[1], size[0]  # poppler scales a page before it turns it
    images = pdf2image.convert_from_path(
        Path(source.filename),
        size=size,
        first_page=page,
        last_page=page,
        use_cropbox=True,
        timeout=_SECONDS,
    )
    if len(images) != 1:
        raise ValueError("the page cannot be rendered")
    image: Image.Image = images[0].convert("RGB")
    return image if _coloured(image) else image.convert("L")


def _coloured(image: Image.Image) -> bool:
    red, green, blue = image.split()
    pairs = ((red, green), (green, blue), (blue, red))
    spread = (ImageChops.difference(*pair).histogram() for pair in pairs)
    return any(any(levels[_GREY_ENOUGH + 1 :]) for levels in spread)
