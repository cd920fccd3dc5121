"""Kinds of codes: their names, which are easily imagined, and what a reader says."""

from __future__ import annotations

import re
from collections.abc import Sequence

import zxingcpp

from pipeline.page import Box, MarkKind

_KINDS: dict[str, MarkKind] = {  # the reader's names, letters and digits only
    "code128": "code128",
    "code39": "code39",
    "code93": "code93",
    "codabar": "codabar",
    "itf": "itf",
    "ean13": "ean13",
    "ean8": "ean8",
    "upca": "upca",
    "upce": "upce",
    "databar": "databar",
    "qrcode": "qr",
    "datamatrix": "datamatrix",
    "aztec": "aztec",
    "pdf417": "pdf417",
}
BARS = ("Code128", "Code39", "Code93", "Codabar", "ITF", "EANUPC", "DataBar")
# Nothing in them checks these; a damaged PDF417 spends its checks on the mending.
UNCHECKED: tuple[MarkKind, ...] = ("code39", "itf", "codabar", "pdf417")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
LOWEST = 0.08  # inches: bars less high than this are a rule or a row of letters
# Kinds that letters and rules are taken for now and then: those without a check digit,
# and those of few digits. They have to be longer, and their bars higher.
EASILY_IMAGINED = {
    "code39": (4, 0.08),
    "codabar": (6, 0.15),
    "itf": (8, 0.15),
    "ean8": (8, 0.2),
    "upce": (8, 0.2),
    "databar": (8, 0.15),
    "code128": (2, 0.08),
    "code93": (4, 0.12),
}


def formats(names: Sequence[str]) -> zxingcpp.BarcodeFormats:
    """Made anew each time: the binding reports one kept in a module as leaked."""
    known = zxingcpp.BarcodeFormat.__members__
    return zxingcpp.BarcodeFormats([known[name] for name in names])


def named(code: zxingcpp.Barcode) -> tuple[MarkKind, str] | None:
    """Its kind and text; None for a kind not asked for and for what is no text."""
    text = _CONTROL.sub(" ", code.text).strip()
    if not text.isprintable() or not text:
        return None
    plain = "".join(filter(str.isalnum, str(code.format))).lower()
    kinds = (kind for start, kind in _KINDS.items() if plain.startswith(start))
    kind = next(kinds, None)
    return None if kind is None else (kind, text)


def long_enough(kind: MarkKind, text: str) -> bool:
    """Whether letters are not taken for so long a text now and then."""
    return len(text) >= EASILY_IMAGINED.get(kind, (1, LOWEST))[0]


def box_of(position: zxingcpp.Position) -> Box:
    """The upright box about a code that may stand askew."""
    corners = (
        position.top_left,
        position.top_right,
        position.bottom_left,
        position.bottom_right,
    )
    x, y = [corner.x for corner in corners], [corner.y for corner in corners]
    return Box(min(x), min(y), max(x) + 1, max(y) + 1)
