"""PNG files seen as what they are: Flate streams that a PDF can hold as they are."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Literal

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KINDS: dict[int, Literal["grey", "rgb", "palette"]] = {
    0: "grey",
    2: "rgb",
    3: "palette",
}


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
