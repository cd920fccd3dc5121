"""PDF pages that are more or less than one scan: crops, strips, stamps, posters."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from ingest_making import (
    add,
    changed_pdf,
    encoded,
    font,
    scan_pdf,
    sheet,
    text,
    the_image,
    write,
)
from pikepdf import Array, Dictionary
from PIL import Image, ImageOps

from pipeline.ingest.formats import page_image, page_source
from pipeline.ingest.limits import Limits

LIMITS = Limits()
GREY = np.asarray(sheet(), dtype=int)
DPI = (100, 100)


def scan() -> bytes:
    return scan_pdf(encoded(sheet(), "PNG", dpi=DPI))


CROPS = {  # CropBox, /Rotate -> what is seen of the 440 x 340 px
    "below": ([0, 100, 244.8, 316.8], 0, GREY[:301]),
    "all around": ([36, 72, 180, 288], 0, GREY[40:340, 50:250]),
    "turned": ([36, 72, 180, 288], 90, np.rot90(GREY[40:340, 50:250], -1)),
}


@pytest.mark.parametrize("name", CROPS)
def test_a_cropped_scan_shows_its_crop(tmp_path: Path, name: str) -> None:
    box, rotate, expected = CROPS[name]

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.CropBox = Array(box)
        pdf.pages[0].obj.Rotate = rotate

    path = write(tmp_path / "a.pdf", changed_pdf(scan(), change))
    page = page_image(path, 1, LIMITS)
    assert page.dpi == 100
    assert np.array_equal(page.pixels, expected)

    def dot(pdf: pikepdf.Pdf) -> None:
        add(b"0 0 0.001 0.001 re f")(pdf)

    drawn = write(tmp_path / "b.pdf", changed_pdf(path.read_bytes(), dot))
    assert page_source(drawn, 1) == "rendered"
    theirs = resized(page_image(drawn, 1, LIMITS).pixels, page.pixels.shape)
    assert np.abs(page.pixels - theirs).mean() < 3


def resized(pixels: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    image = Image.fromarray(pixels).resize((shape[1], shape[0]))
    return np.asarray(image, dtype=int)


def strips(pdf: pikepdf.Pdf) -> None:
    """The scan in four strips of their own codings, the last one a stencil."""
    page, (_, image) = pdf.pages[0], the_image(pdf)
    pixels = np.asarray(pikepdf.PdfImage(image).as_pil_image().convert("L"))
    images, content = Dictionary(), ""
    for number, top in enumerate(range(0, 440, 110)):
        part = Image.fromarray(pixels[top : top + 110])
        with pikepdf.open(one_strip(part, number)) as other:
            strip = pdf.copy_foreign(the_image(other)[1])
        if number == 3:
            del strip.ColorSpace
            strip.ImageMask = True
        images[f"/S{number}"] = strip
        content += (
            f"q 244.8 0 0 79.2 0 {316.8 - (top + 110) * 0.72:.2f} cm /S{number} Do Q "
        )
    page.obj.Resources = Dictionary(XObject=images)
    page.Contents = pdf.make_stream(content.encode())


def one_strip(part: Image.Image, number: int) -> io.BytesIO:
    form, mode = (("PNG", "L"), ("JPEG", "RGB"), ("TIFF", "1"), ("PNG", "1"))[number]
    return io.BytesIO(scan_pdf(encoded(part.convert(mode), form, dpi=DPI)))


def test_strips_of_one_scan_are_joined(tmp_path: Path) -> None:
    path = write(tmp_path / "a.pdf", changed_pdf(scan(), strips))
    page = page_image(path, 1, LIMITS)
    assert page_source(path, 1) == "taken"
    assert page.pixels.shape == GREY.shape
    assert page.dpi == 100
    off = np.abs(page.pixels - GREY)
    assert off[:110].max() == 0
    assert off[110:220].mean() < 2
    black_and_white = np.asarray(Image.fromarray(GREY.astype(np.uint8)).convert("1"))
    assert np.array_equal(page.pixels[330:] > 127, black_and_white[330:])


def test_a_black_stencil_lets_the_scan_below_shine_through(tmp_path: Path) -> None:
    def over(pdf: pikepdf.Pdf) -> None:
        part = Image.fromarray(np.where(GREY < 50, 0, 255).astype(np.uint8))
        with pikepdf.open(one_strip(ImageOps.flip(part), 3)) as other:
            stencil = pdf.copy_foreign(the_image(other)[1])
        del stencil.ColorSpace
        stencil.ImageMask = True
        pdf.pages[0].obj.Resources.XObject.Over = stencil
        add(b"q 244.8 0 0 316.8 0 0 cm /Over Do Q")(pdf)

    path = write(tmp_path / "a.pdf", changed_pdf(scan(), over))
    assert page_source(path, 1) == "taken"
    black = np.flipud(GREY) < 50
    assert np.array_equal(page_image(path, 1, LIMITS).pixels, np.where(black, 0, GREY))


def test_a_scan_with_a_stamped_line_is_drawn_at_its_own_resolution(
    tmp_path: Path,
) -> None:
    """A fax server writes its line over the scan: 300 dpi would blur its 200."""
    two = sheet(1700, 2200, "1")
    tiff = encoded(two, "TIFF", compression="group4", dpi=(200, 200))
    path = write(tmp_path / "a.pdf", changed_pdf(scan_pdf(tiff), text(0)))
    page = page_image(path, 1, LIMITS)
    assert (page_source(path, 1), page.dpi) == ("rendered", 200)
    same = page.pixels == np.asarray(two.convert("L"))
    assert same.shape == (2200, 1700)
    assert same[:2000].mean() > 0.999  # poppler stretches it by a pixel
    assert not same[2000:].all()


def test_a_poster_of_a_scan_is_drawn_at_the_size_of_paper(tmp_path: Path) -> None:
    """A point a pixel: the page claims 35 inches."""
    jpeg = encoded(sheet(2550, 3300), "JPEG", dpi=(72, 72))
    path = write(tmp_path / "a.pdf", changed_pdf(scan_pdf(jpeg), text(0)))
    page = page_image(path, 1, LIMITS)
    assert (page_source(path, 1), page.dpi) == ("rendered", 300)
    assert page.pixels.shape == (3300, 2550)


@pytest.mark.parametrize("change", [font, text(0)])
def test_a_user_unit_makes_a_larger_sheet(
    tmp_path: Path, change: Callable[[pikepdf.Pdf], None]
) -> None:
    def half(pdf: pikepdf.Pdf) -> None:
        change(pdf)
        page = pdf.pages[0]
        page.obj.UserUnit = 2
        page.mediabox = Array([0, 0, 306, 396])
        page.contents_add(b"q 0.5 0 0 0.5 0 0 cm", prepend=True)
        page.contents_add(b"Q")

    scanned = encoded(sheet(1700, 2200), "PNG", dpi=(200, 200))
    path = write(tmp_path / "a.pdf", changed_pdf(scan_pdf(scanned), half))
    page = page_image(path, 1, LIMITS)
    assert (page.dpi, page.pixels.shape) == (200, (2200, 1700))
