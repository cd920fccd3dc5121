"""Scanned pages become files as scanners write them: PDF, TIFF, JPEG.

Packing a page (its compression) is dear and may run in any process; binding the
packed pages into a file is cheap. The same pages make the same bytes.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import cv2
import numpy as np
import pikepdf
from PIL import Image, TiffImagePlugin

from benchmarks.charts.grain import as_pixels
from benchmarks.charts.kinds import Mode, Pixels
from benchmarks.charts.scanner import Scanned
from benchmarks.charts.sheet import numbers

Container = Literal["pdf", "tiff", "jpeg"]
Codec = Literal["g4", "flate", "jpeg", "jpx", "lzw", "packbits"]

_TIFF_NAMES: Final[dict[Codec, str]] = {
    "g4": "group4", "flate": "tiff_adobe_deflate", "jpeg": "jpeg",
    "lzw": "tiff_lzw", "packbits": "packbits",
}  # fmt: skip
# codec and weight, by container and mode; JPEG 2000 takes seconds, so it is rare
_CODECS: Final[dict[tuple[Container, Mode], tuple[tuple[Codec, float], ...]]] = {
    ("pdf", "bitonal"): (("g4", 0.85), ("flate", 0.15)),
    ("pdf", "grey"): (("jpeg", 0.95), ("flate", 0.03), ("jpx", 0.02)),
    ("pdf", "colour"): (("jpeg", 0.97), ("flate", 0.01), ("jpx", 0.02)),
    ("tiff", "bitonal"): (("g4", 0.8), ("packbits", 0.08), ("lzw", 0.12)),
    ("tiff", "grey"): (("jpeg", 0.6), ("lzw", 0.3), ("flate", 0.1)),
    ("tiff", "colour"): (("jpeg", 0.8), ("lzw", 0.2)),
    ("jpeg", "grey"): (("jpeg", 1.0),),
    ("jpeg", "colour"): (("jpeg", 1.0),),
}
_ZERO_IS_BLACK = struct.pack("<HHIHH", 262, 3, 1, 1, 0)  # as Pillow says
_ZERO_IS_WHITE = struct.pack("<HHIHH", 262, 3, 1, 0, 0)
_ROWS_PER_STRIP, _STRIP_AT, _STRIP_BYTES = 278, 273, 279


@dataclass(frozen=True, slots=True)
class Packing:
    """How one file is made.

    ``told`` is the resolution that it states: None the truth, 72 or 96 a lie, 0 says
    nothing. ``turned`` is the share 0..1 of PDF pages that rely on /Rotate, ``cropped``
    of those with more scanned than their CropBox shows.
    """

    container: Container
    bitonal: Codec
    grey: Codec
    colour: Codec
    told: int | None = None
    turned: float = 0.0
    cropped: float = 0.0

    def codec(self, mode: Mode) -> Codec:
        return {"bitonal": self.bitonal, "grey": self.grey, "colour": self.colour}[mode]


@dataclass(frozen=True, slots=True)
class Packed:
    """One compressed page; ``size`` and ``beyond`` (left, top, right, foot) in pixels.

    A viewer shows it turned by ``rotate`` degrees clockwise, without ``beyond``.
    In TIFF and JPEG ``data`` is a whole file of one page.
    """

    data: bytes = field(repr=False)
    codec: Codec
    mode: Mode
    size: tuple[int, int]
    told: float
    rotate: int = 0
    beyond: tuple[int, int, int, int] = (0, 0, 0, 0)


def packing(container: Container, seed: str) -> Packing:
    """One file's packing; a tenth of the files lie about their resolution."""
    rng = numbers(seed, "packing")
    found: dict[Mode, Codec] = {"bitonal": "g4", "grey": "jpeg", "colour": "jpeg"}
    for (where, mode), choices in _CODECS.items():
        if where == container:
            names, weights = zip(*choices, strict=True)
            found[mode] = names[int(rng.choice(len(names), p=weights))]
    lie = None if rng.random() < 0.9 else int(rng.choice([0, 72, 96]))
    if container == "pdf":
        lie = 72 if lie is not None and rng.random() < 0.5 else None
    boxed = container == "pdf" and rng.random() < 0.25
    return Packing(
        container, found["bitonal"], found["grey"], found["colour"], lie,
        turned=0.3 if boxed else 0.0, cropped=0.3 if boxed else 0.0,
    )  # fmt: skip


def pack(page: Scanned, how: Packing, seed: str) -> Packed:
    """The page compressed; its pixels, as a viewer shows them, are the page's.

    Raises:
        ValueError: a bitonal page in a JPEG file.
    """
    if how.container == "jpeg" and page.mode == "bitonal":
        raise ValueError("JPEG has no black and white: scan in grey, or write a TIFF")
    codec, told = how.codec(page.mode), page.dpi if how.told is None else how.told
    if how.container != "pdf":
        pixels = page.pixels
        size = (pixels.shape[1], pixels.shape[0])
        whole = _whole_file(pixels, codec, page, (how.container, told))
        return Packed(whole, codec, page.mode, size, told)
    pixels, rotate, beyond = _boxed(page.pixels, how, seed)
    size = (pixels.shape[1], pixels.shape[0])
    data = _stream(pixels, codec, page)
    return Packed(data, codec, page.mode, size, told, rotate, beyond)


def write_pdf(pages: Iterable[Packed], path: Path) -> None:
    """One picture a page, embedded as it was compressed."""
    with pikepdf.new() as pdf:
        for page in pages:
            _bind(pdf, page)
        pdf.save(path, deterministic_id=True)


def write_tiff(pages: Iterable[Packed], path: Path) -> None:
    """All pages in one file, each with its own compression."""
    with TiffImagePlugin.AppendingTiffWriter(str(path), new=True) as out:
        for page in pages:
            out.write(page.data)
            out.newFrame()


def write_jpeg(page: Packed, path: Path) -> None:
    """A JPEG file of one page."""
    path.write_bytes(page.data)


def _boxed(
    pixels: Pixels, how: Packing, seed: str
) -> tuple[Pixels, int, tuple[int, int, int, int]]:
    """What is stored, the turn that undoes it, what the crop hides."""
    rng = numbers(seed, "boxed")
    beyond, rotate = (0, 0, 0, 0), 0
    if rng.random() < how.turned:
        rotate = int(rng.choice([90, 180, 270]))
        pixels = np.ascontiguousarray(np.rot90(pixels, rotate // 90))
    if rng.random() < how.cropped:
        left, top, right, foot = (int(reach) for reach in rng.integers(4, 60, 4))
        beyond = (left, top, right, foot)
        lid = (int(rng.choice([0, 255])),) * 3
        pixels = as_pixels(
            cv2.copyMakeBorder(
                pixels, top, foot, left, right, cv2.BORDER_CONSTANT, value=lid
            )
        )
    return pixels, rotate, beyond


def _whole_file(
    pixels: Pixels, codec: Codec, page: Scanned, stated: tuple[Container, int]
) -> bytes:
    out = io.BytesIO()
    image = _bits(pixels) if page.mode == "bitonal" else Image.fromarray(pixels)
    container, told = stated
    dpi = {"dpi": (told, told)} if told else {}
    if container == "jpeg":
        image.save(out, "JPEG", quality=page.quality, **dpi)
        return out.getvalue()
    quality = {"quality": page.quality} if codec == "jpeg" else {}
    image.save(out, "TIFF", compression=_TIFF_NAMES[codec], **dpi, **quality)
    if page.mode == "bitonal":
        return out.getvalue().replace(_ZERO_IS_BLACK, _ZERO_IS_WHITE, 1)
    return out.getvalue()


def _bits(pixels: Pixels) -> Image.Image:
    """Ink as ones, as fax codes want it: long runs of zeros are cheap."""
    return Image.fromarray(as_pixels(cv2.bitwise_not(pixels))).convert("1")


def _stream(pixels: Pixels, codec: Codec, page: Scanned) -> bytes:
    match codec:
        case "g4":
            return _g4(pixels)
        case "jpeg":
            out = io.BytesIO()
            Image.fromarray(pixels).save(out, "JPEG", quality=page.quality)
            return out.getvalue()
        case "jpx":
            out = io.BytesIO()
            Image.fromarray(pixels).save(
                out, "JPEG2000", quality_mode="rates", quality_layers=[14]
            )
            return out.getvalue()
        case _:
            bits = np.packbits(pixels > 0, axis=1) if page.mode == "bitonal" else pixels
            return zlib.compress(bits.tobytes(), 1)


def _g4(pixels: Pixels) -> bytes:
    """The bare CCITT data of one strip."""
    out = io.BytesIO()
    rows = {_ROWS_PER_STRIP: pixels.shape[0]}
    _bits(pixels).save(out, "TIFF", compression="group4", tiffinfo=rows)
    out.seek(0)
    with TiffImagePlugin.TiffImageFile(out) as made:
        tags = made.tag_v2
        at, length = tags[_STRIP_AT][0], tags[_STRIP_BYTES][0]
    return out.getvalue()[at : at + length]


def _bind(pdf: pikepdf.Pdf, page: Packed) -> None:
    picture = pikepdf.Stream(pdf, page.data)
    picture.stream_dict = _described(page)
    unit = 72 / page.told if page.told else 1.0
    width, height = page.size[0] * unit, page.size[1] * unit
    made = pdf.add_blank_page(page_size=(width, height))
    made.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
    drawn = f"q {width:.4f} 0 0 {height:.4f} 0 0 cm /Im0 Do Q"
    made.Contents = pikepdf.Stream(pdf, drawn.encode())
    if page.rotate:
        made.Rotate = page.rotate
    if any(page.beyond):
        left, top, right, foot = (reach * unit for reach in page.beyond)
        made.CropBox = pikepdf.Array([left, foot, width - right, height - top])


def _described(page: Packed) -> pikepdf.Dictionary:
    width, height = page.size
    space = pikepdf.Name.DeviceRGB if page.mode == "colour" else pikepdf.Name.DeviceGray
    found = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=width,
        Height=height, ColorSpace=space,
        BitsPerComponent=1 if page.mode == "bitonal" else 8,
    )  # fmt: skip
    match page.codec:
        case "g4":
            found.Filter = pikepdf.Name.CCITTFaxDecode
            found.DecodeParms = pikepdf.Dictionary(K=-1, Columns=width, Rows=height)
        case "jpeg":
            found.Filter = pikepdf.Name.DCTDecode
        case "jpx":
            found.Filter = pikepdf.Name.JPXDecode
        case _:
            found.Filter = pikepdf.Name.FlateDecode
    return found
