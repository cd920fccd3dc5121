"""Whether a JPEG 2000 file is one that PDF/A-2 allows: ISO 19005-2 §6.2.8.3.

Stricter than the standard: a JP2 container, one colour box that names sRGB or grey,
one or three channels of eight bits, no palette and no channel of opacity.
"""

from __future__ import annotations

import struct

_SIGNATURE = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
_GREY, _SRGB = 17, 16  # ISO 15444-1, enumerated colour spaces
_CHANNELS = {_GREY: 1, _SRGB: 3}
_EIGHT_BITS = 7  # as the header box writes it: bits - 1, unsigned
_ENUMERATED = 1  # method of a colour box
_FORBIDDEN = (b"pclr", b"cmap", b"cdef", b"bpcc")


def is_plain_jp2(data: bytes) -> bool:
    """True for what can be carried as it is; whatever is odd is False."""
    if not data.startswith(_SIGNATURE):
        return False
    boxes = dict(_boxes(data))
    inside = _boxes(boxes.get(b"jp2h", b""))
    header = dict(inside)
    colours = [body for name, body in inside if name == b"colr"]
    if len(colours) != 1 or any(name in header for name in _FORBIDDEN):
        return False
    channels, bits = struct.unpack(">8xHB", header.get(b"ihdr", b"").ljust(11)[:11])
    method, space = struct.unpack(">B2xI", colours[0].ljust(7)[:7])
    known = method == _ENUMERATED and _CHANNELS.get(space) == channels
    return bool(known and bits == _EIGHT_BITS)


def _boxes(data: bytes) -> list[tuple[bytes, bytes]]:
    """Name and content of each box, up to the first that makes no sense."""
    found: list[tuple[bytes, bytes]] = []
    at = 0
    while at + 8 <= len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        start = at + 8
        if length == 1 and start + 8 <= len(data):
            length = struct.unpack(">Q", data[start : start + 8])[0]
            start += 8
        end = at + length if length else len(data)
        if end < start:
            break
        found.append((name, data[start:end]))
        at = end
    return found
