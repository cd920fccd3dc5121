"""Leaves become files: grey JPEG, PDF of JPEGs, TIFF G4. Same leaves, same bytes."""

import io
import zlib
from dataclasses import replace
from pathlib import Path

import pikepdf
from PIL import Image

from benchmarks.samples.desk import Leaf
from benchmarks.samples.scanner import Pixels, scan, threshold, turn_clockwise
from benchmarks.samples.truth import Truth


def grey_jpeg(leaf: Leaf, dpi: int, seed: int, quality: int) -> bytes:
    """The leaf scanned in grey."""
    out = io.BytesIO()
    image = Image.fromarray(_grey(leaf, dpi, seed))
    image.save(out, "JPEG", quality=quality, dpi=(dpi, dpi), optimize=True)
    return out.getvalue()


def bitonal(leaf: Leaf, dpi: int, seed: int) -> Image.Image:
    """The leaf scanned in black and white."""
    return Image.fromarray(threshold(_grey(leaf, dpi, seed), seed)).convert("1")


def write_pdf(leaves: list[Leaf], path: Path, dpi: int, quality: int) -> None:
    """One JPEG a page, letter size, as a scanner's own PDF has it."""
    pdf = pikepdf.new()
    for i, leaf in enumerate(leaves):
        data = grey_jpeg(leaf, dpi, seed_of(path.name, i), quality)
        width, height = Image.open(io.BytesIO(data)).size
        picture = pikepdf.Stream(pdf, data)
        picture.stream_dict = pikepdf.Dictionary(
            Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=width,
            Height=height, ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )  # fmt: skip
        box = [0, 0, width * 72 / dpi, height * 72 / dpi]
        page = pdf.add_blank_page(page_size=(box[2], box[3]))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
        drawn = f"q {box[2]:.3f} 0 0 {box[3]:.3f} 0 0 cm /Im0 Do Q"
        page.Contents = pikepdf.Stream(pdf, drawn.encode())
    pdf.save(path, deterministic_id=True)


def write_tiff(leaves: list[Leaf], path: Path, dpi: int) -> None:
    """A TIFF G4 of one page for each leaf."""
    pages = [bitonal(leaf, dpi, seed_of(path.name, i)) for i, leaf in enumerate(leaves)]
    pages[0].save(
        path, "TIFF", compression="group4", dpi=(dpi, dpi),
        save_all=True, append_images=pages[1:],
    )  # fmt: skip


def truths(leaves: list[Leaf], source: str) -> list[Truth]:
    """What is true of the pages of one file, numbered from 1."""
    return [
        replace(leaf.truth, source=source, page=i) for i, leaf in enumerate(leaves, 1)
    ]


def seed_of(name: str, page: int) -> int:
    """A seed for the noise of one page of one file."""
    return zlib.crc32(f"{name}/{page}".encode())


def _grey(leaf: Leaf, dpi: int, seed: int) -> Pixels:
    return turn_clockwise(scan(leaf.image, leaf.look, dpi, seed), leaf.turn)
