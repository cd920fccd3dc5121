"""A received image file, as an image inside a PDF: its own bytes wherever that can be.

PDF/A-2 holds JPEG, CCITT G4, JPEG 2000 and Flate as the scanner wrote them, a grey JPEG
in strips put together. All else (G3, LZW, other strips, alpha, CMYK) goes in as the
same pixels without loss; CMYK as the sRGB that a viewer shows, alpha over white.
"""

from __future__ import annotations

import hashlib
import io
import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np
import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image, ImageOps
from PIL.TiffImagePlugin import ImageFileDirectory_v2, TiffImageFile

from pipeline.page import QuarterTurn, quarter
from pipeline.store.pdf_jp2 import is_plain_jp2
from pipeline.store.pdf_png import PngImage, png_image, png_of
from pipeline.store.pdf_strips import alone, joined

How = Literal["as scanned", "same pixels", "rendered"]

_ORIENTATION = 0x0112  # the same tag in EXIF and TIFF
_SUBFILE, _THUMBNAIL_OR_MASK = 254, 1 | 4
_WIDTH, _HEIGHT = 256, 257
_COMPRESSION, _PHOTOMETRIC, _FILL_ORDER = 259, 262, 266
_OFFSETS, _BYTE_COUNTS, _ROWS_PER_STRIP = 273, 279, 278
_T6_OPTIONS, _JPEG_TABLES = 293, 347
_LOW_BIT_FIRST = 2
# what Pillow says of a directory that it cannot open
_ODD = (SyntaxError, ValueError, KeyError, TypeError, OSError)
_DEEPEST = np.uint16(0xFFFF)
# photometric; the last is red, green, blue as they are, not YCbCr
_WHITE_IS_0, _BLACK_IS_0, _AS_RGB = 0, 1, 2
_BITS_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


@dataclass(frozen=True, slots=True)
class Pose:
    """How raw pixels are held to be looked at: mirrored left to right, then turned."""

    turn: QuarterTurn = 0  # clockwise
    mirrored: bool = False

    def turned(self, by: int) -> Pose:
        """Turned further, clockwise."""
        return Pose(quarter(self.turn + by), self.mirrored)


_EXIF = {
    2: Pose(0, mirrored=True),
    3: Pose(180),
    4: Pose(180, mirrored=True),
    5: Pose(270, mirrored=True),
    6: Pose(90),
    7: Pose(90, mirrored=True),
    8: Pose(270),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """An image object of the PDF under construction, and where on its side it lies.

    ``place`` is left, top, width and height in shares of what is seen of the side, in
    the image's own axes. ``source`` is the SHA-256 of the received stream if the image
    carries just that, else "".
    """

    image: pikepdf.Stream
    place: tuple[float, float, float, float] = (0, 0, 1, 1)
    source: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """One side: ``pieces`` in the order of painting; ``size`` is what is seen, px."""

    pieces: tuple[Piece, ...]
    size: tuple[int, int]
    pose: Pose
    how: How


def digest(data: bytes) -> str:
    """How a stream is known again."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class ImageFile:
    """An open image file; ``frames`` are where its pages stand, in order."""

    path: Path = field(repr=False)
    image: Image.Image = field(repr=False)
    frames: Sequence[int]


def open_image(path: Path, stack: ExitStack) -> ImageFile:
    """The file, open as long as the stack; raises OSError if it is no picture.

    Opened once for all its pages: a TIFF is a chain that is walked from the front.
    """
    image = stack.enter_context(Image.open(path))
    if isinstance(image, TiffImageFile):
        return ImageFile(path, image, _sides(image) or [0])
    return ImageFile(path, image, range(getattr(image, "n_frames", 1)))


def scan_of_image(pdf: Pdf, file: ImageFile, page: int, *, plain: bool = False) -> Scan:
    """Page ``page`` (from 1) of an image file; ``plain`` re-encodes whatever it is.

    Raises OSError or ValueError if it cannot be decoded, IndexError without the page.
    """
    image = file.image
    image.seek(file.frames[page - 1])
    if not plain and (carried := _carried(pdf, file.path, image)) is not None:
        pose = _EXIF.get(image.getexif().get(_ORIENTATION, 1), Pose())
        size = int(carried.Width), int(carried.Height)
        piece = Piece(carried, source=digest(carried.read_raw_bytes()))
        return Scan((piece,), size, pose, "as scanned")
    image.load()  # Pillow turns TIFFs here, and takes the tag away
    positive = _positive(image)
    turned = image.getexif().get(_ORIENTATION, 1) != 1
    upright = ImageOps.exif_transpose(positive) if turned else positive  # no copy else
    piece = Piece(pixels_as_image(pdf, upright))
    return Scan((piece,), upright.size, Pose(), "same pixels")


def _positive(image: Image.Image) -> Image.Image:
    """With black as 0; Pillow sees to it up to 8 bits."""
    tags: Mapping[int, object] = getattr(image, "tag_v2", {})
    if not image.mode.startswith("I;16") or tags.get(_PHOTOMETRIC) != _WHITE_IS_0:
        return image
    return Image.fromarray(_DEEPEST - np.asarray(image).astype(np.uint16))


def pixels_as_image(pdf: Pdf, image: Image.Image) -> pikepdf.Stream:
    """The same pixels, without loss: black and white as G4, the rest as Flate."""
    shown = _shown(image)
    if shown.mode == "1":
        shown = shown.copy()  # of a TIFF's tags some cannot be written again
        held = io.BytesIO()
        one_strip = {_ROWS_PER_STRIP: shown.height}
        shown.save(held, "TIFF", compression="group4", tiffinfo=one_strip)
        with Image.open(held) as tiff:
            carried = _carried_tiff(pdf, held, tiff)
        if carried is None:
            raise ValueError("libtiff wrote more than one strip")
        return carried
    return _flate(pdf, png_of(shown))


def _shown(image: Image.Image) -> Image.Image:
    """What a viewer shows of it: over white, in a colour space PDF/A knows.

    Raises ValueError for samples that Pillow would cut off: 32 bits, or 16 and alpha.
    """
    deep = image.mode.startswith("I;16") and "transparency" in image.info
    if deep or image.mode in ("I", "F"):
        raise ValueError(f"a picture of samples that no PDF holds ({image.mode})")
    if image.mode in ("1", "L", "RGB", "I;16"):
        if "transparency" not in image.info:
            return image
    elif image.mode in ("I;16B", "I;16L", "I;16N"):
        return image.convert("I").convert("I;16")
    if image.has_transparency_data:
        over = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, over).convert("RGB")
    return image.convert("RGB")


def _carried(pdf: Pdf, path: Path, image: Image.Image) -> pikepdf.Stream | None:
    """The file's own stream, if a PDF/A can hold it as it is."""
    match image.format:
        case "JPEG" | "MPO" if image.mode in ("L", "RGB"):
            return _dct(pdf, path.read_bytes(), image)
        case "TIFF":
            with path.open("rb") as file:
                return _carried_tiff(pdf, file, image)
        case "PNG":
            png = png_image(path.read_bytes())
            return _flate(pdf, png) if png is not None else None
        case "JPEG2000" if image.mode in ("L", "RGB"):
            data = path.read_bytes()
            if not is_plain_jp2(data):
                return None
            return _image(pdf, data, image.size, image.mode, Filter=Name.JPXDecode)
    return None


def _dct(pdf: Pdf, data: bytes, image: Image.Image) -> pikepdf.Stream:
    return _image(pdf, data, image.size, image.mode, Filter=Name.DCTDecode)


def _flate(pdf: Pdf, png: PngImage) -> pikepdf.Stream:
    colours = 3 if png.kind == "rgb" else 1
    stream = pdf.make_stream(
        png.data,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=png.width,
        Height=png.height,
        BitsPerComponent=png.bits,
        ColorSpace=Name.DeviceRGB if png.kind == "rgb" else Name.DeviceGray,
        Filter=Name.FlateDecode,
        DecodeParms=Dictionary(
            Predictor=15,
            Colors=colours,
            BitsPerComponent=png.bits,
            Columns=png.width,
        ),
    )
    if png.kind == "palette":
        last = len(png.palette) // 3 - 1
        stream.ColorSpace = Array(
            [Name.Indexed, Name.DeviceRGB, last, pikepdf.String(png.palette)]
        )
    return stream


def _sides(image: TiffImageFile) -> list[int]:
    """Thumbnails, and masks of other pages, do not count as pages.

    One that Pillow cannot open does, and costs the others nothing.
    """
    found: list[int] = []
    for frame in itertools.count():
        try:
            image.seek(frame)
        except EOFError:
            break
        except _ODD:
            if image.tell() != frame:  # the chain ends here
                break
        if not image.tag_v2.get(_SUBFILE, 0) & _THUMBNAIL_OR_MASK:
            found.append(frame)
    return found


def _carried_tiff(
    pdf: Pdf, file: BinaryIO, image: Image.Image
) -> pikepdf.Stream | None:
    """A TIFF page in G4 or JPEG, of one strip or grey JPEG strips; else None."""
    if not isinstance(image, TiffImageFile):
        return None
    tags = image.tag_v2
    offsets, counts = tags.get(_OFFSETS, ()), tags.get(_BYTE_COUNTS, ())
    whole = isinstance(tags.get(_JPEG_TABLES, b""), bytes)
    if not whole or not offsets or len(offsets) != len(counts):
        return None
    kind = tags.get(_COMPRESSION)  # 4 is G4, 7 is JPEG
    grey = image.mode == "L" and tags.get(_PHOTOMETRIC) == _BLACK_IS_0
    if len(offsets) > 1:
        told = sum(counts) <= file.seek(0, io.SEEK_END)  # else much is read many times
        may_be = kind == 7 and grey and told  # noqa: PLR2004 - above
        return _joined(pdf, list(_strips(file, tags)), tags) if may_be else None
    (strip,) = _strips(file, tags)
    match kind:
        case 4 if image.mode == "1" and not tags.get(_T6_OPTIONS):
            return _g4(pdf, strip, tags)
        case 7 if grey or image.mode == "RGB":
            return _tiff_jpeg(pdf, strip, image, tags)
    return None


def _strips(file: BinaryIO, tags: ImageFileDirectory_v2) -> Iterator[bytes]:
    for offset, count in zip(tags[_OFFSETS], tags[_BYTE_COUNTS], strict=True):
        file.seek(offset)
        yield file.read(count)


def _joined(
    pdf: Pdf, strips: Sequence[bytes], tags: ImageFileDirectory_v2
) -> pikepdf.Stream | None:
    """Grey JPEG strips as the one picture that they are, if they fit together."""
    size = _raw_size(tags)
    whole = joined(strips, tags.get(_JPEG_TABLES, b""), size)
    return _image(pdf, whole, size, "L", Filter=Name.DCTDecode) if whole else None


def _g4(pdf: Pdf, strip: bytes, tags: ImageFileDirectory_v2) -> pikepdf.Stream:
    if tags.get(_FILL_ORDER) == _LOW_BIT_FIRST:
        strip = strip.translate(_BITS_REVERSED)
    width, height = _raw_size(tags)
    coded = Dictionary(
        K=-1,
        Columns=width,
        Rows=height,
        BlackIs1=tags.get(_PHOTOMETRIC) == 1,  # the code's black stands for white
    )
    return _image(
        pdf, strip, (width, height), "1", Filter=Name.CCITTFaxDecode, DecodeParms=coded
    )


def _tiff_jpeg(
    pdf: Pdf, strip: bytes, image: Image.Image, tags: ImageFileDirectory_v2
) -> pikepdf.Stream | None:
    """The strip with its tables, which TIFF keeps apart, put back in front."""
    size = _raw_size(tags)
    whole = alone(strip, tags.get(_JPEG_TABLES, b""), size)
    if not whole:
        return None
    stream = _image(pdf, whole, size, image.mode, Filter=Name.DCTDecode)
    if tags.get(_PHOTOMETRIC) == _AS_RGB:
        stream.DecodeParms = Dictionary(ColorTransform=0)
    return stream


def _raw_size(tags: ImageFileDirectory_v2) -> tuple[int, int]:
    return int(tags[_WIDTH]), int(tags[_HEIGHT])


def _image(
    pdf: Pdf, data: bytes, size: tuple[int, int], mode: str, **coded: pikepdf.Object
) -> pikepdf.Stream:
    return pdf.make_stream(
        data,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=size[0],
        Height=size[1],
        BitsPerComponent=1 if mode == "1" else 8,
        ColorSpace=Name.DeviceRGB if mode == "RGB" else Name.DeviceGray,
        **coded,
    )
