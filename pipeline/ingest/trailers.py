"""Whether a file has its end: a few bounded reads in pure Python, nothing decoded.

A scanner may pause for longer than any patience, with the file closed; what it wrote
so far is told from a whole file by its format's own end.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import BinaryIO

from pipeline.ingest import tiff
from pipeline.ingest.kinds import HEAD, Kind, kind_of

_TAIL = 1024  # at the end, junk included, as PDF viewers have it
_LINEAR = re.compile(rb"/Linearized\b[^>]*?/L\s+(\d{1,18})\b")  # bytes of the whole
_MOST_PAGES = 20_000  # directories looked at; a longer file passes for complete
_CODESTREAM = b"jp2c"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a file looks like: its format, whether it is whole, whether it has pages.

    ``kind`` is None for bytes of no format that we take. ``many`` is true for a TIFF of
    more than one page.
    """

    kind: Kind | None
    whole: bool
    many: bool = False

    @property
    def single(self) -> bool:
        """Whether it is one picture."""
        return self.kind not in (None, "pdf") and not self.many


def shape(file: BinaryIO) -> Shape:
    """Look at the first and last bytes, and along a TIFF's directories."""
    head = file.read(HEAD)
    size = file.seek(0, os.SEEK_END)
    kind = kind_of(head)
    match kind:
        case None:
            return Shape(None, any(head))  # zeros are room made for what comes
        case "tiff":
            return _tiff(file, size)
        case "bmp":
            stated = int.from_bytes(head[2:6], "little")
            return Shape(kind, stated <= size)
        case "webp":
            stated = int.from_bytes(head[4:8], "little") + 8
            return Shape(kind, stated <= size)
        case _:
            return Shape(kind, _ends(file, size, kind, head))


def _tiff(file: BinaryIO, size: int) -> Shape:
    try:
        found = list(tiff.directories(file, _MOST_PAGES))
    except tiff.BrokenTiff:
        return Shape("tiff", whole=False)
    whole = bool(found) and all(directory.end <= size for directory in found)
    return Shape("tiff", whole, sum(directory.side for directory in found) > 1)


def _ends(file: BinaryIO, size: int, kind: Kind, head: bytes) -> bool:
    file.seek(max(0, size - _TAIL))
    tail = file.read()
    match kind:
        case "pdf":
            stated = _LINEAR.search(head)  # it has an %%EOF near its beginning as well
            return b"%%EOF" in tail and (not stated or int(stated[1]) <= size)
        case "png":
            return b"IEND\xaeB`\x82" in tail
        case "jp2" if head.startswith(b"\0\0\0\x0c"):
            return _boxes(file, size, tail)
        case _:
            return b"\xff\xd9" in tail


def _boxes(file: BinaryIO, size: int, tail: bytes) -> bool:
    """A JP2's boxes, the codestream among them, fill the file."""
    at, seen = 0, False
    while at + 8 <= size:
        file.seek(at)
        header = file.read(16)
        length = int.from_bytes(header[:4], "big")
        seen = seen or header[4:8] == _CODESTREAM
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        if length == 0:  # up to the end of the file, wherever that is
            return seen and b"\xff\xd9" in tail
        if length < 8:  # noqa: PLR2004 - a box has a header of 8 bytes
            return False
        at += length
    return seen and at <= size
