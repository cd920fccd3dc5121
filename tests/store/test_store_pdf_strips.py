"""A TIFF's grey JPEG strips, put together as the one JPEG that they were cut from."""

from __future__ import annotations

import io
import struct
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pdf_pages as made
import pikepdf
import pikepdf.pdfa
import pytest
from PIL import Image

from pipeline.store.pdf import PdfPage, filed_pdf
from pipeline.store.pdf_scan import open_image, scan_of_image
from pipeline.store.pdf_strips import alone, joined

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


def filed_image(path: Path, size: tuple[int, int] = SIZE) -> tuple[str, bytes]:
    """The filter of the filed page's image, and its stream."""
    held = filed_pdf([PdfPage(path, 1, made.read(size=size))], made.FACTS)
    with pikepdf.open(io.BytesIO(held)) as pdf:
        image = pdf.pages[0].obj.Resources.XObject["/I0"]
        return str(image.Filter), image.read_raw_bytes()


def set_short(path: Path, tag: int, value: int) -> None:
    data = path.read_bytes()
    entry = struct.pack("<HHI", tag, 3, 1)
    at = data.index(entry) + len(entry)
    path.write_bytes(data[:at] + struct.pack("<H", value) + data[at + 2 :])


_AN_INTERVAL = b"\xff\xdd\x00\x04\x00\x07"


@pytest.mark.parametrize("rows", [32, 176])
@pytest.mark.parametrize("ending", ["padded", "cut", "with an interval"])
def test_tables_that_end_oddly_are_taken_as_libtiff_does(
    rows: int, ending: str, tmp_path: Path
) -> None:
    """Such a page was read, and filed as a picture that no viewer could open."""
    path = strips_tiff(tmp_path / "p.tif", rows=rows)
    strips, tables = strips_of(path)
    odd = {
        "padded": tables + b"\0\0",
        "cut": tables[:-2],
        "with an interval": tables[:2] + _AN_INTERVAL + tables[2:],
    }[ending]
    whole = (
        joined(strips, odd, SIZE) if len(strips) > 1 else alone(strips[0], odd, SIZE)
    )
    with Image.open(path) as received, Image.open(io.BytesIO(whole)) as shown:
        assert np.array_equal(np.asarray(shown), np.asarray(received))


def test_a_negative_is_filed_as_it_is_read(tmp_path: Path) -> None:
    """White is 0 in it: as its own stream it would be shown black."""
    path = strips_tiff(tmp_path / "p.tif", rows=176)
    assert filed_image(path)[0] == "/DCTDecode"
    set_short(path, 262, 0)
    assert filed_image(path)[0] == "/FlateDecode"


def test_a_strip_of_another_size_than_its_page_is_not_carried() -> None:
    """Its viewer would find another height than the PDF tells."""
    held = io.BytesIO()
    Image.new("L", SIZE, 200).save(held, "JPEG")
    data = held.getvalue()
    assert alone(data, b"", SIZE) == data
    assert not alone(data, b"", (SIZE[0], SIZE[1] + 8))
    assert not alone(data, b"", (SIZE[0] - 1, SIZE[1]))
    assert not alone(data[:20], b"", SIZE)


def test_a_frame_too_short_to_tell_its_size_is_no_strip(tmp_path: Path) -> None:
    strips, tables = strips_of(strips_tiff(tmp_path / "p.tif"))
    short = [
        b"\xff\xd8\xff\xc0\x00\x02" + strip[strip.index(b"\xff\xda") :]
        for strip in strips
    ]
    assert not joined(short, tables, SIZE)
    assert not alone(short[0], tables, SIZE)


@pytest.mark.parametrize(
    ("tag", "value"), [(_BYTE_COUNTS, (1 << 20,) * 6), (_TABLES, 7)]
)
def test_strips_that_cannot_be_so_are_left_to_the_decoder(
    tag: int, value: object, tmp_path: Path
) -> None:
    """Counts of more than the file, a thousand times, would not fit into memory."""
    path = strips_tiff(tmp_path / "p.tif")
    with pikepdf.Pdf.new() as pdf, ExitStack() as stack:
        file = open_image(path, stack)
        assert scan_of_image(pdf, file, 1).how == "as scanned"
        file.image.tag_v2[tag] = value  # type: ignore[attr-defined]
        file.image.seek = lambda _: None  # type: ignore[method-assign]  # tags stay
        assert scan_of_image(pdf, file, 1).how == "same pixels"
