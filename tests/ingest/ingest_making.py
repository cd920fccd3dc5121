"""Synthetic files and patient doubles that the tests of this room share."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import img2pdf
import numpy as np
import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw

from pipeline.document import Batch, BatchId, Key
from pipeline.errors import StoreUnavailable


def sheet(width: int = 340, height: int = 440, mode: str = "L") -> Image.Image:
    """A page whose top-left corner carries a black block and its middle a grey one."""
    image = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(image)
    draw.rectangle((10, 10, width // 3, height // 8), fill=0)
    draw.rectangle(
        (width // 2, height // 2, width // 2 + 40, height // 2 + 30), fill=90
    )
    return image.convert(mode)


def corner(pixels: np.ndarray) -> str:
    """In which corner the black block lies."""
    h, w = pixels.shape
    corners = {
        "top left": pixels[: h // 8, : w // 8],
        "top right": pixels[: h // 8, -w // 8 :],
        "bottom left": pixels[-h // 8 :, : w // 8],
        "bottom right": pixels[-h // 8 :, -w // 8 :],
    }
    return min(corners, key=lambda name: float(corners[name].mean()))


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    data = io.BytesIO()
    image.save(data, form, **options)
    return data.getvalue()


def scan_pdf(*images: bytes, **options: object) -> bytes:
    return bytes(
        img2pdf.convert(list(images), rotation=img2pdf.Rotation.ifvalid, **options)
    )


def changed_pdf(data: bytes, change: object, **save: object) -> bytes:
    """The PDF after ``change(pdf)``."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)  # type: ignore[operator]  # a plain callable
        pdf.save(out, **save)
    return out.getvalue()


def the_image(pdf: pikepdf.Pdf, page: int = 0) -> tuple[str, pikepdf.Object]:
    return next(iter(pdf.pages[page].obj.Resources.XObject.items()))


def add(content: bytes, before: bool = False) -> Callable[[pikepdf.Pdf], None]:
    return lambda pdf: pdf.pages[0].contents_add(content, prepend=before)


def font(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].add_resource(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica),
        Name.Font,
        Name("/F1"),
    )


def text(mode: int) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        font(pdf)
        add(f"BT /F1 12 Tf {mode} Tr 50 50 Td (words) Tj ET".encode())(pdf)

    return change


def write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


class Shelf:
    """Originals in memory; ``fail_at``: the n-th call from now on does not answer."""

    def __init__(self) -> None:
        self.kept: dict[Key, bytes] = {}
        self.fail_at = 0

    def put_file(self, path: Path) -> Key:
        failing(self)
        data = path.read_bytes()
        key = Key(hashlib.sha256(data).hexdigest())
        self.kept[key] = data
        return key


class Ledger:
    """Books in memory, idempotent as the catalogue is."""

    def __init__(self) -> None:
        self.batches: dict[BatchId, Batch] = {}
        self.set_aside: dict[tuple[str, Key, str], str] = {}
        self.fail_at = 0
        self.fail_after = 0  # commits, and then the answer is lost

    def receive(self, batch: Batch) -> BatchId:
        failing(self)
        self.batches.setdefault(batch.id, batch)
        failing(self, "fail_after")
        return batch.id

    def quarantine(
        self, source: str, key: Key, size: int, reason: str, station: str
    ) -> BatchId:
        failing(self)
        self.set_aside[source, key, station] = reason
        failing(self, "fail_after")
        return BatchId(f"q-{key[:8]}")

    @property
    def names(self) -> list[str]:
        return sorted(f.name for b in self.batches.values() for f in b.files)


def failing(what: Shelf | Ledger, which: str = "fail_at") -> None:
    left = getattr(what, which)
    if left:
        setattr(what, which, left - 1)
        if left == 1:
            raise StoreUnavailable("the store did not answer")
