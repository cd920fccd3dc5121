"""A TIFF's JPEG strips as the one JPEG that they were cut from.

TIFF may keep their tables apart, which go in front again. Each strip is a JPEG by
itself, of the same tables, and begins its sums anew: just what a JPEG does after a
restart marker. Put one after the other with these markers between them they are the
whole picture, every coefficient as it was received.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

_START, _END = b"\xff\xd8", b"\xff\xd9"
_BASELINE, _SCAN, _INTERVAL, _RESTART = 0xC0, 0xDA, 0xDD, 0xD0
_TABLES = (0xDB, 0xC4)  # of steps, and of codes
_RESTARTS = 8  # markers, in turn
_FRAMES = (_BASELINE, 0xC1, 0xC2)  # the last is progressive
_SIZED = 10  # bytes of a frame that tell its size and components
_BLOCK = 8  # px
_MOST = 0xFFFF  # blocks from one marker to the next


@dataclass(frozen=True, slots=True)
class _Strip:
    """One strip: its ``tables``, ``frame`` and ``scan`` as segments, and its codes."""

    tables: bytes = field(repr=False)
    frame: bytes = field(repr=False)
    scan: bytes = field(repr=False)
    codes: bytes = field(repr=False)

    @classmethod
    def of(cls, data: bytes) -> Self | None:
        """None for any but a whole baseline JPEG of one scan, no markers in it."""
        tables, frame = b"", b""
        for marker, segment, at in _segments(data):
            if marker in _TABLES:
                tables += segment
            elif marker == _BASELINE and len(segment) >= _SIZED:
                frame = segment
            elif marker == _SCAN and frame:
                codes, end, _ = data[at:].partition(_END)
                plain = codes.count(b"\xff") == codes.count(b"\xff\x00")
                return cls(tables, frame, segment, codes) if plain and end else None
            else:
                return None
        return None

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return _size_in(self.frame)


def alone(strip: bytes, tables: bytes, size: tuple[int, int]) -> bytes:
    """The one strip of a picture of ``size`` (width, height), its tables in front.

    Empty where its own frame is of another size: a viewer believes that one.
    """
    frames = [part for marker, part, _ in _segments(strip) if marker in _FRAMES]
    if len(frames) != 1 or len(frames[0]) < _SIZED or _size_in(frames[0]) != size[::-1]:
        return b""
    kept = _tables_in(tables)
    return b"".join([_START, kept, strip[len(_START) :]]) if kept else strip


def joined(strips: Sequence[bytes], tables: bytes, size: tuple[int, int]) -> bytes:
    """One grey JPEG of ``size`` (width, height); empty where these are no such strips.

    ``tables`` is what TIFF keeps apart for all of them, a JPEG without a picture.
    """
    parts = [part for strip in strips if (part := _Strip.of(strip)) is not None]
    if len(parts) != len(strips) or not _alike(parts, size):
        return b""
    first = parts[0]
    high, wide = first.size
    between = -(-wide // _BLOCK) * (high // _BLOCK)
    if between > _MOST:
        return b""
    frame = first.frame[:5] + struct.pack(">H", size[1]) + first.frame[7:]
    interval = struct.pack(">BBHH", 0xFF, _INTERVAL, 4, between)
    told = [_START, _tables_in(tables), first.tables, frame, interval, first.scan]
    for at, part in enumerate(parts):
        told += [bytes((0xFF, _RESTART + (at - 1) % _RESTARTS))] if at else []
        told.append(part.codes)
    return b"".join([*told, _END])


def _alike(strips: Sequence[_Strip], size: tuple[int, int]) -> bool:
    """Whether they are one grey picture of that size, cut between two rows of blocks.

    Of colours whose tint is coarser, the seams would be drawn a little otherwise.
    """
    first, last = strips[0], strips[-1]
    high = first.size[0]
    heads = {(s.tables, s.frame[:5], s.frame[7:], s.scan) for s in strips}
    grey = len(first.frame) > 9 and first.frame[9] == 1  # noqa: PLR2004 - components
    full = all(strip.size[0] == high for strip in strips[:-1])
    whole = high * (len(strips) - 1) + last.size[0]
    fits = (first.size[1], whole) == size and 0 < last.size[0] <= high
    return len(heads) == 1 and grey and full and fits and high % _BLOCK == 0


def _segments(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Marker, segment and where it ends, up to the scan's codes or the end."""
    at = len(_START)
    while data.startswith(b"\xff", at) and not data.startswith(_END, at):
        if at + 4 > len(data):
            return
        marker, length = struct.unpack_from(">xBH", data, at)
        end = at + 2 + length
        yield marker, data[at:end], end
        if marker == _SCAN:
            return
        at = end


def _tables_in(data: bytes) -> bytes:
    """What a decoder keeps of a JPEG without a picture; some end in padding, or in air.

    An interval or a note on colours it forgets when the strip begins.
    """
    return b"".join(part for marker, part, _ in _segments(data) if marker in _TABLES)


def _size_in(frame: bytes) -> tuple[int, int]:
    """Height and width."""
    high, wide = struct.unpack_from(">HH", frame, 5)
    return int(high), int(wide)
