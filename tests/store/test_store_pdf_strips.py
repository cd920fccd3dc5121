"""A TIFF's grey JPEG strips, put together as the one JPEG that they were cut from."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pdf_pages as made
import pikepdf
import pikepdf.pdfa
import pytest
from PIL import Image

from pipeline.store.pdf import PdfPage, filed_pdf
from pipeline.store.pdf_strips import joined

SIZE = (333, 170)  # neither a multiple of a block
_OFFSETS, _BYTE_COUNTS, _TABLES = 273, 279, 347


def strips_tiff(path: Path, mode: str = "L", rows: int = 32) -> Path:
    grain = np.random.default_rng(5).integers(90, 250, (SIZE[1], SIZE[0], 3), np.uint8)
    image = Image.fromarray(grain).convert(mode)
    image.save(path, compression="jpeg", tiffinfo={278: rows})
    return path


def strips_of(path: Path) -> tuple[list[bytes], bytes]:
    with Image.open(path) as image:
        tags = image.tag_v2  # type: ignore[attr-defined]
        places = zip(tags[_OFFSETS], tags[_BYTE_COUNTS], strict=True)
        data = path.read_bytes()
        return [data[at : at + count] for at, count in places], tags[_TABLES]


@pytest.mark.parametrize("rows", [8, 32, 168])
def test_together_they_show_every_pixel(rows: int, tmp_path: Path) -> None:
    path = strips_tiff(tmp_path / "p.tif", rows=rows)
    strips, tables = strips_of(path)
    assert len(strips) > 1
    whole = joined(strips, tables, SIZE)
    with Image.open(path) as received, Image.open(io.BytesIO(whole)) as shown:
        assert np.array_equal(np.asarray(shown), np.asarray(received))
    assert all(strip.split(b"\xff\xda", 1)[1][8:-2] in whole for strip in strips)


def test_what_does_not_fit_together_is_left_alone(tmp_path: Path) -> None:
    strips, tables = strips_of(strips_tiff(tmp_path / "p.tif"))
    other, _ = strips_of(strips_tiff(tmp_path / "q.tif", rows=40))
    assert joined(strips, tables, SIZE)
    assert not joined(strips[:-1], tables, SIZE)  # rows are missing
    assert not joined([*strips[:2], other[2], *strips[3:]], tables, SIZE)
    assert not joined([strips[-1], *strips[:-1]], tables, SIZE)
    assert not joined([strips[0][:30], *strips[1:]], tables, SIZE)
    marked = strips[1].replace(b"\xff\xd9", b"\xff\xd0\x00\xff\xd9")
    assert not joined([strips[0], marked, *strips[2:]], tables, SIZE)


def test_the_filed_pdf_carries_them_and_not_their_pixels(tmp_path: Path) -> None:
    path = strips_tiff(tmp_path / "p.tif")
    held = filed_pdf([PdfPage(path, 1, made.read(size=SIZE))], made.FACTS)
    with pikepdf.open(io.BytesIO(held)) as pdf:
        assert pikepdf.pdfa.validate_written(io.BytesIO(held), "2b").passed
        image = pdf.pages[0].obj.Resources.XObject["/I0"]
        assert image.Filter == pikepdf.Name.DCTDecode
        assert "pixel for pixel" not in str(pdf.Root.Metadata.read_bytes())


def test_strips_of_colours_stay_pixels(tmp_path: Path) -> None:
    """Their coarser tint would be drawn a little otherwise at the seams."""
    path = strips_tiff(tmp_path / "p.tif", mode="RGB")
    held = filed_pdf([PdfPage(path, 1, made.read(size=SIZE))], made.FACTS)
    with pikepdf.open(io.BytesIO(held)) as pdf:
        image = pdf.pages[0].obj.Resources.XObject["/I0"]
        assert image.Filter == pikepdf.Name.FlateDecode
