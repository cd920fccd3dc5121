"""The directories of a TIFF file, without touching a pixel.

Pure Python and bounded, so that the watcher may use it: it reads tags, never data.
TIFF 6.0 section 2; BigTIFF as libtiff writes it.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

SUBFILE, WIDTH, HEIGHT = 254, 256, 257
STRIPS, STRIP_BYTES, TILES, TILE_BYTES = 273, 279, 324, 325
_THUMBNAIL_OR_MASK = 1 | 4
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_SIZES |= {13: 4, 16: 8, 17: 8, 18: 8}
_NUMBERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_BIG = 43  # in place of 42 in the header
_MOST_TAGS = 1000
_MOST_VALUES = 1_000_000  # strips of one page


class BrokenTiff(Exception):
    """The chain of directories does not hold together: truncated or damaged."""


@dataclass(frozen=True, slots=True)
class Directory:
    """One directory. ``end`` is the byte after the last one its pixels need."""

    offset: int
    width: int
    height: int
    side: bool  # False for a thumbnail or a mask of another page
    end: int


@dataclass(frozen=True, slots=True)
class _Form:
    order: str  # "<" or ">"
    big: bool

    def read(self, file: BinaryIO, code: str) -> int:
        data = _exactly(file, struct.calcsize(self.order + code))
        return int(struct.unpack(self.order + code, data)[0])


def sides(file: BinaryIO, most: int) -> list[Directory]:
    """The directories that are pages, in order; at most ``most`` + 1 of them.

    Raises BrokenTiff if the chain leads out of the file or in a circle.
    """
    pages: list[Directory] = []
    others: list[Directory] = []
    for directory in directories(file, most + 1):
        (pages if directory.side else others).append(directory)
    return pages or others


def side(file: BinaryIO, page: int, most: int) -> Directory | None:
    """The directory of one page, from 1, looking no further than it; or None."""
    others: list[Directory] = []
    found = 0
    for directory in directories(file, most + 1):
        found += directory.side
        if directory.side and found == page:
            return directory
        if not directory.side:
            others.append(directory)
    return others[page - 1] if not found and 0 < page <= len(others) else None


def directories(file: BinaryIO, most: int) -> Iterator[Directory]:
    """The first ``most`` directories of the chain; raises BrokenTiff."""
    size = file.seek(0, os.SEEK_END)
    form, offset = _header(file)
    seen: set[int] = set()
    while offset and len(seen) < most:
        if offset in seen or offset >= size:
            raise BrokenTiff
        seen.add(offset)
        directory, offset = _directory(file, form, offset)
        yield directory


def offset_at(file: BinaryIO) -> tuple[int, str]:
    """Where the offset of the first directory stands, and its struct format."""
    form, _ = _header(file)
    return (8, form.order + "Q") if form.big else (4, form.order + "I")


def _header(file: BinaryIO) -> tuple[_Form, int]:
    file.seek(0)
    head = _exactly(file, 4)
    form = _Form("<" if head[:2] == b"II" else ">", _BIG in head[2:])
    if form.big:
        _exactly(file, 4)
    return form, form.read(file, "Q" if form.big else "I")


def _directory(file: BinaryIO, form: _Form, offset: int) -> tuple[Directory, int]:
    file.seek(offset)
    count = form.read(file, "Q" if form.big else "H")
    if not 0 < count <= _MOST_TAGS:
        raise BrokenTiff
    width = 20 if form.big else 12
    entries = _exactly(file, count * width)
    following = form.read(file, "Q" if form.big else "I")
    tags = {}
    for at in range(0, len(entries), width):
        entry = entries[at : at + width]
        tag = struct.unpack(form.order + "H", entry[:2])[0]
        if tag in (SUBFILE, WIDTH, HEIGHT, STRIPS, STRIP_BYTES, TILES, TILE_BYTES):
            tags[tag] = _values(file, form, entry)
    side = not _first(tags, SUBFILE) & _THUMBNAIL_OR_MASK
    end = max(_end(tags, STRIPS, STRIP_BYTES), _end(tags, TILES, TILE_BYTES))
    found = Directory(offset, _first(tags, WIDTH), _first(tags, HEIGHT), side, end)
    return found, following


def _values(file: BinaryIO, form: _Form, entry: bytes) -> tuple[int, ...]:
    """A tag's numbers; few stand in the entry itself, many where it points."""
    code = "HHQ" if form.big else "HHI"
    size = struct.calcsize("<" + code)
    _, kind, count = struct.unpack(form.order + code, entry[:size])
    if kind not in _NUMBERS or count > _MOST_VALUES:
        raise BrokenTiff
    data, length = entry[size:], count * _SIZES[kind]
    if length > len(data):
        file.seek(int(struct.unpack(form.order + ("Q" if form.big else "I"), data)[0]))
        data = _exactly(file, length)
    return struct.unpack(f"{form.order}{count}{_NUMBERS[kind]}", data[:length])


def _first(tags: dict[int, tuple[int, ...]], tag: int) -> int:
    values = tags.get(tag, ())
    return values[0] if values else 0


def _end(tags: dict[int, tuple[int, ...]], offsets: int, counts: int) -> int:
    pairs = zip(tags.get(offsets, ()), tags.get(counts, ()), strict=False)
    return max((at + length for at, length in pairs), default=0)


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) < count:
        raise BrokenTiff
    return data
