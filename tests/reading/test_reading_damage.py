"""What libtiff or poppler mends without an error: such a page goes to a clerk."""

import zlib
from pathlib import Path

import numpy as np
import pikepdf
from PIL import Image

from pipeline.ocr.engine import NullEngine
from pipeline.reading import DAMAGED, PageToRead, PoolLimits, ReadingPool


def fax(folder: Path, *, damaged: bool) -> Path:
    noise = np.random.default_rng(1).random((600, 400)) < 0.1
    path = folder / f"{damaged}.tif"
    Image.fromarray(~noise).save(path, compression="group4", dpi=(100, 100))
    if damaged:
        data = bytearray(path.read_bytes())
        middle = len(data) // 2
        data[middle : middle + 40] = b"\x00" * 40
        path.write_bytes(data)
    return path


def test_a_page_whose_codes_were_mended_says_so(tmp_path):
    files = [fax(tmp_path, damaged=damaged) for damaged in (False, True, False)]
    asked = [PageToRead(path, 1, number) for number, path in enumerate(files, 1)]
    with ReadingPool(NullEngine(), PoolLimits(workers=1)) as pool:
        told = [page.troubles for page in pool.read(asked)]
    assert told == [(), (DAMAGED,), ()]


def half_drawn(folder: Path, *, damaged: bool) -> Path:
    """A page of text whose content stream breaks off in the middle, or does not."""
    lines = "".join(f"({n} {n * n} {n**5}) Tj T* " for n in range(900, 940))
    codes = zlib.compress(f"BT /F1 11 Tf 50 740 Td 16 TL {lines}ET".encode())
    if damaged:
        at = len(codes) // 3
        codes = codes[:at] + b"\x00\xff" * 20 + codes[at + 40 :]
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
    )
    path = folder / f"{damaged}.pdf"
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(612, 792))
        page.add_resource(pdf.make_indirect(font), pikepdf.Name.Font, pikepdf.Name.F1)
        content = pikepdf.Stream(pdf, b"")
        content.write(codes, filter=pikepdf.Name.FlateDecode)
        page.Contents = pdf.make_indirect(content)
        pdf.save(path)
    return path


def test_a_page_that_is_drawn_in_part_says_so(tmp_path):
    files = [half_drawn(tmp_path, damaged=damaged) for damaged in (True, False)]
    asked = [PageToRead(path, 1, number) for number, path in enumerate(files, 1)]
    with ReadingPool(NullEngine(), PoolLimits(workers=1)) as pool:
        told = [page.troubles for page in pool.read(asked)]
    assert told == [(DAMAGED,), ()]
