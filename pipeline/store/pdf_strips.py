"""A TIFF's JPEG strips as the one JPEG that they were cut from.

Each strip is a JPEG by itself, of the same tables, and begins its sums anew: just what
a JPEG does after a restart marker. Put one after the other with these markers between
them they are the whole picture, every coefficient as it was received.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

_START, _END = b"\xff\xd8", b"\xff\xd9"
_BASELINE, _SCAN, _INTERVAL, _RESTART = 0xC0, 0xDA, 0xDD, 0xD0
_TABLES = (0xDB, 0xC4)  # of steps, and of codes
_RESTARTS = 8  # markers, in turn
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
        tables, frame, at = b"", b"", len(_START)
        while data.startswith(b"\xff", at) and at + 4 <= len(data):
            marker, length = struct.unpack_from(">xBH", data, at)
            segment, at = data[at : at + 2 + length], at + 2 + length
            if marker in _TABLES:
                tables += segment
            elif marker == _BASELINE:
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
        high, wide = struct.unpack_from(">HH", self.frame, 5)
        return int(high), int(wide)


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
    told = [_START, tables[2:-2], first.tables, frame, interval, first.scan]
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
