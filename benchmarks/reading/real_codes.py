"""The barcode pictures of zxing-cpp's own tests: read rate and false reads."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from rich.console import Console
from rich.progress import track

from benchmarks.reading.tables import Table, share, table
from pipeline.ocr.marks import barcodes
from pipeline.page import PageImage

_UNKNOWN = (  # kinds that no chart has and that we do not look for
    "dxfilmedge",
    "maxicode",
    "micropdf417",
    "microqrcode",
    "rmqrcode",
    "telepen",
)
_NO_CODE = "falsepositives"
_PICTURES = (".png", ".webp", ".jpg")


def code_figures(folder: Path) -> dict[str, dict[str, Any]]:
    """By kind of code: pictures, read, read wrongly, CPU seconds; empty without any."""
    counted: dict[str, dict[str, Any]] = {}
    pictures = sorted(f for f in folder.rglob("*") if f.suffix in _PICTURES)
    for file in track(pictures, "barcodes", console=Console(stderr=True)):
        there = set(_truths(file))
        if not there and not file.parent.name.startswith(_NO_CODE):
            continue  # nobody wrote down what it says
        kind = re.sub(r"(-extension)?-\d+$", "", file.parent.name)
        row = counted.setdefault(kind, {"there": 0, "read": 0, "false": 0, "cpu": 0.0})
        begun = time.process_time()
        told = {_plain(mark.text) for mark in barcodes(_image(file))}
        row["cpu"] += time.process_time() - begun
        row["there"] += 1
        row["read"] += bool(there and there & told)
        row["false"] += any(not _within(text, there) for text in told)
    return counted


def _image(file: Path) -> PageImage:
    with Image.open(file) as picture:
        grey = picture.convert("RGBA") if "A" in picture.getbands() else picture
        if grey.mode == "RGBA":
            white = Image.new("RGBA", grey.size, "white")
            grey = Image.alpha_composite(white, grey)
        pixels = np.asarray(grey.convert("L"), dtype=np.uint8)
    return PageImage(pixels, 300)


def _truths(file: Path) -> Iterator[str]:
    """The text beside a picture; several codes of one picture in several files."""
    for text in sorted(file.parent.glob(f"{file.stem}*.txt")):
        if not text.name.endswith(".result.txt"):
            yield _plain(text.read_text("utf-8", "replace"))


def _plain(text: str) -> str:
    """Letters and digits; a UPC-A's number is an EAN-13 with a 0 before it."""
    kept = re.sub(r"<GS>|\W|_", "", text)
    return kept.lstrip("0") if kept.isdigit() else kept


def _within(text: str, there: set[str]) -> bool:
    """An extension beside the code is part of the text in one place, not in another."""
    return any(text in true or true in text for true in there if true)


def code_tables(codes: dict[str, dict[str, Any]]) -> Table:
    groups: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for kind, row in codes.items():
        name = _group(kind)
        for key, value in row.items():
            groups[name][key] += value
    rows = [
        [
            name,
            f"{row['there']:.0f}",
            share(row["read"] / row["there"], 3) if name != "no code there" else "-",
            f"{row['false']:.0f}",
            f"{1000 * row['cpu'] / row['there']:.0f}",
        ]
        for name, row in groups.items()
    ]
    head = ["barcode pictures", "pictures", "read", "with a false read", "CPU ms"]
    return table(head, rows)


def _group(kind: str) -> str:
    if kind == _NO_CODE:
        return "no code there"
    return "kinds we do not look for" if kind in _UNKNOWN else kind
