"""PNG files seen as what they are: Flate streams that a PDF can hold as they are.

And pixels made into such streams.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KINDS: dict[int, Literal["grey", "rgb", "palette"]] = {
    0: "grey",
    2: "rgb",
    3: "palette",
}
_SAMPLE = 128  # rows from the middle that tell which way makes less of the picture
_BAND = 256  # rows
_MINUS_LEFT = 1  # PNG's filter: each sample less the one to the left of it


@dataclass(frozen=True, slots=True)
class PngImage:
    """One picture: zlib data whose rows carry PNG's predictors (PDF predictor 15)."""

    width: int
    height: int
    bits: int  # a sample
    kind: Literal["grey", "rgb", "palette"]
    palette: bytes = field(repr=False)  # red, green, blue; empty unless a palette
    data: bytes = field(repr=False)


def png_image(data: bytes) -> PngImage | None:
    """None for alpha, transparency and interlacing, which PDF says another way.

    Raises ValueError if the file is cut off.
    """
    if not data.startswith(_SIGNATURE):
        raise ValueError("no PNG")
    found: dict[bytes, bytes] = {}
    at = len(_SIGNATURE)
    while b"IEND" not in found:
        if at + 12 > len(data):
            raise ValueError("a PNG without its end")
        length, name = struct.unpack(">I4s", data[at : at + 8])
        found[name] = found.get(name, b"") + data[at + 8 : at + 8 + length]
        at += 12 + length
    width, height, bits, colour, _, _, interlaced = struct.unpack(
        ">IIBBBBB", found.get(b"IHDR", b"").ljust(13, b"\xff")[:13]
    )
    if colour not in _KINDS or interlaced or b"tRNS" in found:
        return None
    palette = found.get(b"PLTE", b"") if _KINDS[colour] == "palette" else b""
    return PngImage(width, height, bits, _KINDS[colour], palette, found[b"IDAT"])


def png_of(image: Image.Image) -> PngImage:
    """The picture without loss, in whichever way makes less of its middle.

    In the grain of a scan there is nothing to be found twice: looking for it takes
    four times as long as counting alone, and makes a tenth more. Raises ValueError if
    Pillow writes what a PDF cannot hold.
    """
    if image.mode in ("L", "RGB"):
        top = max((image.height - _SAMPLE) // 2, 0)
        middle = image.crop((0, top, image.width, min(top + _SAMPLE, image.height)))
        if len(_by_runs(middle).data) < len(_by_search(middle).data):
            return _by_runs(image)
    return _by_search(image)


def _by_search(image: Image.Image) -> PngImage:
    held = io.BytesIO()
    image.save(held, "PNG", compress_level=2)  # of noise, 4 makes no less
    found = png_image(held.getvalue())
    if found is None:
        raise ValueError("Pillow wrote a PNG that a PDF cannot hold")
    return found


def _by_runs(image: Image.Image) -> PngImage:
    colours = len(image.getbands())
    deflate = zlib.compressobj(1, strategy=zlib.Z_RLE)
    told = []
    for top in range(0, image.height, _BAND):  # whole, a page is held four times
        foot = min(top + _BAND, image.height)
        band = image.crop((0, top, image.width, foot))
        told.append(deflate.compress(_less_left(np.asarray(band, np.uint8), colours)))
    data = b"".join((*told, deflate.flush()))
    kind: Literal["grey", "rgb"] = "rgb" if colours > 1 else "grey"
    return PngImage(image.width, image.height, 8, kind, b"", data)


def _less_left(pixels: NDArray[np.uint8], colours: int) -> bytes:
    """Rows of PNG's predictor 1: each byte less that of the pixel before it."""
    rows = pixels.reshape(len(pixels), -1)
    lines = np.empty((len(rows), 1 + rows.shape[1]), np.uint8)
    lines[:, 0] = _MINUS_LEFT
    lines[:, 1 : 1 + colours] = rows[:, :colours]
    np.subtract(rows[:, colours:], rows[:, :-colours], out=lines[:, 1 + colours :])
    return lines.tobytes()
