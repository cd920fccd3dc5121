"""Odd TIFFs that are read well are filed well, or not at all."""

import io
import struct
from pathlib import Path

import numpy as np
import pdf_pages as made
import pikepdf
import pytest
from PIL import Image

from pipeline.errors import UnreadableFile
from pipeline.store.pdf import PdfPage, filed_pdf

SIZE = (60, 80)
DEEP = np.arange(4800, dtype=np.uint16).reshape(80, 60) * np.uint16(13)


def tiff(image: Image.Image, **how: object) -> bytes:
    held = io.BytesIO()
    image.save(held, "TIFF", **how)
    return held.getvalue()


@pytest.mark.parametrize("denominator", [0, 1])
def test_a_bitonal_page_whose_resolution_is_nonsense(
    denominator: int, tmp_path: Path
) -> None:
    page = Image.new("1", SIZE, 1)
    page.paste(0, (10, 10, 50, 20))
    data = tiff(page, compression="tiff_adobe_deflate", dpi=(300, 300))
    stated, odd = (struct.pack("<II", 300, n) for n in (1, denominator))
    assert data.count(stated) == 2
    path = tmp_path / "p.tif"
    path.write_bytes(data.replace(stated, odd))
    pdf = filed_pdf([PdfPage(path, 1, made.read(size=SIZE))], made.FACTS)
    with Image.open(path) as held:
        whole = held.convert("RGB").resize(made.rendered(pdf).size)
    assert made.difference(made.rendered(pdf), whole) < 6


def test_sixteen_bits_whose_white_is_0_are_no_negative(tmp_path: Path) -> None:
    data = tiff(Image.fromarray(DEEP))
    tag = struct.pack("<HHII", 262, 3, 1, 1)
    assert tag in data
    path = tmp_path / "p.tif"
    path.write_bytes(data.replace(tag, struct.pack("<HHII", 262, 3, 1, 0)))
    pdf = filed_pdf([PdfPage(path, 1, made.read(size=SIZE))], made.FACTS)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        image = pikepdf.PdfImage(opened.pages[0].Resources.XObject.I0)
        assert image.bits_per_component == 16
    shown = np.asarray(made.rendered(pdf).convert("L")).astype(int)
    assert shown[0, 0] > 240
    assert shown[-1, -1] < 20


@pytest.mark.parametrize("kind", ["I", "F"])
def test_samples_that_no_pdf_holds_are_refused(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "p.tif"
    path.write_bytes(tiff(Image.fromarray(DEEP).convert("I").convert(kind)))
    with pytest.raises(UnreadableFile, match="ValueError"):
        filed_pdf([PdfPage(path, 1, made.read(size=SIZE))], made.FACTS)


def test_pages_around_one_of_an_unknown_kind_are_filed(tmp_path: Path) -> None:
    pages = [Image.new("L", SIZE, shade) for shade in (40, 120, 200)]
    data = tiff(
        pages[0],
        save_all=True,
        append_images=pages[1:],
        compression="tiff_adobe_deflate",
    )
    deflate, unknown = (struct.pack("<HHII", 259, 3, 1, n) for n in (8, 34_661))
    assert data.count(deflate) == 3
    middle = data.index(deflate, data.index(deflate) + 1)
    path = tmp_path / "p.tif"
    path.write_bytes(data[:middle] + unknown + data[middle + len(unknown) :])
    for number, shade in ((1, 40), (3, 200)):
        page = PdfPage(path, number, made.read(size=SIZE))
        shown = np.asarray(made.rendered(filed_pdf([page], made.FACTS)).convert("L"))
        assert abs(int(shown.mean()) - shade) < 3
    with pytest.raises(UnreadableFile):
        filed_pdf([PdfPage(path, 2, made.read(size=SIZE))], made.FACTS)
