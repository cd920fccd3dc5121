"""PDF pages: taken as they were scanned, or drawn as a viewer shows them."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from ingest_making import (
    add,
    changed_pdf,
    corner,
    encoded,
    font,
    scan_pdf,
    sheet,
    text,
    the_image,
    write,
)
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageOps

from pipeline.errors import InputError, UnreadableFile
from pipeline.ingest.formats import count_pages, page_image, page_source
from pipeline.ingest.limits import Limits

LIMITS = Limits()
GREY = np.asarray(sheet(), dtype=int)
DPI = (100, 100)


def scan(form: str = "PNG", mode: str = "L", **options: object) -> bytes:
    return scan_pdf(encoded(sheet(mode=mode), form, dpi=DPI, **options))


@pytest.mark.parametrize(
    ("form", "mode", "options", "worst"),
    [
        ("PNG", "L", {}, 0),
        ("PNG", "RGB", {}, 1),
        ("PNG", "1", {}, 0),
        ("PNG", "P", {}, 1),
        ("TIFF", "1", {"compression": "group4"}, 0),
        ("JPEG", "L", {"quality": 95}, 60),
        ("JPEG", "RGB", {"quality": 95}, 60),
        ("JPEG", "CMYK", {"quality": 95}, 130),
        ("JPEG2000", "L", {}, 0),
    ],
)
def test_a_scan_is_taken(
    tmp_path: Path, form: str, mode: str, options: dict[str, object], worst: int
) -> None:
    expected = np.asarray(sheet(mode=mode).convert("L"), dtype=int)
    path = write(tmp_path / "a.pdf", scan(form, mode, **options))
    page = page_image(path, 1, LIMITS)
    assert page_source(path, 1) == "taken"
    assert page.pixels.shape == (440, 340)
    assert np.abs(page.pixels.astype(int) - expected).max() <= worst
    assert np.abs(page.pixels.astype(int) - expected).mean() < 2
    assert page.dpi == (96 if form == "JPEG2000" else 100)  # img2pdf looks not there


@pytest.mark.parametrize(
    ("rotate", "where"),
    [(0, "top left"), (90, "top right"), (180, "bottom right"), (270, "bottom left")],
)
def test_rotate(tmp_path: Path, rotate: int, where: str) -> None:
    def turn(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Rotate = rotate

    path = write(tmp_path / "a.pdf", changed_pdf(scan(), turn))
    assert page_source(path, 1) == "taken"
    pixels = page_image(path, 1, LIMITS).pixels
    assert corner(pixels) == where
    assert pixels.shape == ((340, 440) if rotate in (90, 270) else (440, 340))


MATRICES = {
    "quarter right": ("0 -244.8 316.8 0 0 244.8", (316.8, 244.8)),
    "quarter left": ("0 244.8 -316.8 0 316.8 0", (316.8, 244.8)),
    "half": ("-244.8 0 0 -316.8 244.8 316.8", (244.8, 316.8)),
    "mirrored": ("-244.8 0 0 316.8 244.8 0", (244.8, 316.8)),
}


@pytest.mark.parametrize("name", MATRICES)
def test_turned_by_its_matrix_as_poppler_draws_it(tmp_path: Path, name: str) -> None:
    matrix, size = MATRICES[name]

    def place(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        image = the_image(pdf)[0]
        content = f"q {matrix} cm {image} Do Q".encode()
        page.Contents = pdf.make_stream(content)
        page.mediabox = Array([0, 0, *size])
        if "/CropBox" in page:
            del page.CropBox

    path = write(tmp_path / "a.pdf", changed_pdf(scan(), place))
    taken = page_source(path, 1) == "taken"
    assert taken == (name != "mirrored")

    def plus_dot(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].contents_add(b"0 0 0.001 0.001 re f")

    drawn = write(tmp_path / "b.pdf", changed_pdf(path.read_bytes(), plus_dot))
    assert page_source(drawn, 1) == "rendered"
    ours, theirs = (corner(page_image(p, 1, LIMITS).pixels) for p in (path, drawn))
    assert ours == theirs


def form_text(mode: int) -> Callable[[pikepdf.Pdf], None]:
    """The words in a form of their own, as OCRmyPDF lays them."""

    def change(pdf: pikepdf.Pdf) -> None:
        form = pdf.make_stream(
            f"BT /F1 12 Tf {mode} Tr 50 50 Td (words) Tj ET".encode(),
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, 245, 317]),
            Matrix=Array([1, 0, 0, 1, 0, 0]),
            Resources=Dictionary(
                Font=Dictionary(
                    F1=Dictionary(
                        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica
                    )
                )
            ),
        )
        pdf.pages[0].add_resource(form, Name.XObject, Name("/OCR"))
        add(b"q /OCR Do Q")(pdf)

    return change


def graphics(**entries: object) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        page.add_resource(Dictionary(**entries), Name.ExtGState, Name("/GS0"))
        add(b"/GS0 gs", before=True)(pdf)

    return change


def note(kind: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        entry = Dictionary(
            Type=Name.Annot, Subtype=Name(kind), Rect=Array([10, 10, 50, 50])
        )
        pdf.pages[0].obj.Annots = pdf.make_indirect(Array([pdf.make_indirect(entry)]))

    return change


def crop(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.CropBox = Array([0, 100, 244.8, 316.8])


def on_image(**entries: object) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        image = the_image(pdf)[1]
        for key, value in entries.items():
            image[f"/{key}"] = value

    return change


def twice(pdf: pikepdf.Pdf) -> None:
    name = the_image(pdf)[0]
    add(f"q 100 0 0 100 0 0 cm {name} Do Q".encode())(pdf)


@pytest.mark.parametrize(
    ("change", "source"),
    [
        (text(3), "taken"),
        (text(0), "rendered"),
        (text(7), "rendered"),
        (form_text(3), "taken"),
        (form_text(0), "rendered"),
        (add(b"q 0 0 245 317 re W n Q"), "taken"),
        (add(b"0 0 100 100 re W n", before=True), "rendered"),
        (add(b"0 0 m 9 9 l 9 0 l W n", before=True), "rendered"),
        (add(b"10 10 50 50 re f"), "rendered"),
        (add(b"0 0 m 9 9 l S"), "rendered"),
        (add(b"/Span BMC EMC"), "taken"),
        (add(b"/OC /Layer BDC EMC", before=True), "rendered"),
        (add(b"/Artifact << /Type /Page >> BDC EMC", before=True), "taken"),
        (add(b"1 0 0 rg 0 g"), "taken"),
        (add(b"frobnicate"), "rendered"),
        (add(b"/P1 scn"), "taken"),
        (add(b"(a) cm"), "rendered"),
        (add(b"/Missing Do"), "rendered"),
        (add(b"/Missing gs", before=True), "rendered"),
        (add(b"BI /W 1 /H 1 /CS /G /BPC 8 ID x EI"), "rendered"),
        (graphics(ca=0.5), "rendered"),
        (graphics(ca=1, BM=Name.Normal), "taken"),
        (graphics(BM=Name.Multiply), "rendered"),
        (note("/Square"), "rendered"),
        (note("/Popup"), "taken"),
        (crop, "taken"),
        (on_image(OC=Dictionary(Type=Name.OCG)), "rendered"),
        (on_image(Mask=Array([0, 0])), "rendered"),
        (twice, "rendered"),
    ],
)
def test_what_counts_as_only_an_image(
    tmp_path: Path, change: Callable[[pikepdf.Pdf], None], source: str
) -> None:
    path = write(tmp_path / "a.pdf", changed_pdf(scan(), change))
    assert page_source(path, 1) == source
    pixels = page_image(path, 1, LIMITS).pixels
    assert pixels.dtype == np.uint8


def test_the_image_of_a_form_is_taken(tmp_path: Path) -> None:
    def wrap(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        pdf.pages.append(page)
        pdf.pages[0].Contents = pdf.make_stream(b"q 0.5 0 0 0.5 0 0 cm /Fm Do Q")
        name, image = the_image(pdf, 1)
        form = pdf.make_stream(
            f"244.8 0 0 316.8 0 0 cm {name} Do".encode(),
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, 600, 800]),
            Matrix=Array([2, 0, 0, 2, 0, 0]),
            Resources=Dictionary(XObject=Dictionary({name: image})),
        )
        pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(Fm=form))

    path = write(tmp_path / "a.pdf", changed_pdf(scan(), wrap))
    assert page_source(path, 1) == "taken"
    assert np.array_equal(page_image(path, 1, LIMITS).pixels, GREY)


def stencil(decode: tuple[int, int], colour: bytes) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        image = the_image(pdf)[1]
        del image.ColorSpace
        image.ImageMask = True
        image.Decode = Array(list(decode))
        add(colour, before=True)(pdf)

    return change


@pytest.mark.parametrize("decode", [(0, 1), (1, 0)])
@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_decode_of_two_levels_as_poppler_draws_it(
    tmp_path: Path, form: str, decode: tuple[int, int]
) -> None:
    options = {"compression": "group4"} if form == "TIFF" else {}
    plain = scan(form, "1", **options)
    for change in (stencil(decode, b"0 g"), on_image(Decode=Array(list(decode)))):
        data = changed_pdf(plain, change)
        path = write(tmp_path / "a.pdf", data)
        dot = add(b"0 0 0.001 0.001 re f")
        drawn = write(tmp_path / "b.pdf", changed_pdf(data, dot))
        assert page_source(path, 1) == "taken"
        assert page_source(drawn, 1) == "rendered"
        ours, theirs = (page_image(p, 1, LIMITS).pixels for p in (path, drawn))
        assert abs(float(ours.mean()) - float(theirs.mean())) < 10


@pytest.mark.parametrize("palette", [b"\x00\xff", b"\xff\x00"])
def test_a_grey_palette_as_poppler_draws_it(tmp_path: Path, palette: bytes) -> None:
    space = Array([Name.Indexed, Name.DeviceGray, 1, pikepdf.String(palette)])
    data = changed_pdf(scan("PNG", "1"), on_image(ColorSpace=space))
    path = write(tmp_path / "a.pdf", data)
    dot = add(b"0 0 0.001 0.001 re f")
    drawn = write(tmp_path / "b.pdf", changed_pdf(data, dot))
    assert (page_source(path, 1), page_source(drawn, 1)) == ("taken", "rendered")
    ours, theirs = (page_image(p, 1, LIMITS).pixels for p in (path, drawn))
    assert abs(float(ours.mean()) - float(theirs.mean())) < 10


def test_a_coloured_stencil_is_drawn(tmp_path: Path) -> None:
    data = changed_pdf(scan("PNG", "1"), stencil((0, 1), b"1 0 0 rg"))
    path = write(tmp_path / "a.pdf", data)
    assert page_source(path, 1) == "rendered"


def test_decode_of_grey(tmp_path: Path) -> None:
    data = changed_pdf(scan(), on_image(Decode=Array([1, 0])))
    path = write(tmp_path / "a.pdf", data)
    assert np.array_equal(page_image(path, 1, LIMITS).pixels, 255 - GREY)


def test_a_page_without_an_image_is_drawn(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(612, 792))
    font(pdf)
    pdf.pages[0].Contents = pdf.make_stream(b"BT /F1 90 Tf 50 650 Td (A) Tj ET")
    pdf.save(tmp_path / "a.pdf")
    page = page_image(tmp_path / "a.pdf", 1, LIMITS)
    assert page.pixels.shape == (3300, 2550)
    assert page.dpi == 300
    assert page.pixels.min() < 100
    with pytest.raises(UnreadableFile):
        page_image(tmp_path / "a.pdf", 2, LIMITS)


def test_a_damaged_page_costs_only_itself(tmp_path: Path) -> None:
    one = encoded(sheet(), "JPEG", dpi=DPI)

    def break_first(pdf: pikepdf.Pdf) -> None:
        image = the_image(pdf)[1]
        data = image.read_raw_bytes()
        image.write(data[: len(data) // 2], filter=Name.DCTDecode)

    two = encoded(sheet().transpose(Image.Transpose.ROTATE_180), "JPEG", dpi=DPI)
    path = write(tmp_path / "a.pdf", changed_pdf(scan_pdf(one, two), break_first))
    assert count_pages(path, LIMITS) == 2
    with pytest.raises(InputError):
        page_image(path, 1, LIMITS)
    assert corner(page_image(path, 2, LIMITS).pixels) == "bottom right"


def test_an_owner_password_alone_opens(tmp_path: Path) -> None:
    lock = pikepdf.Encryption(owner="secret", user="", R=6)
    path = write(
        tmp_path / "a.pdf", changed_pdf(scan(), lambda _: None, encryption=lock)
    )
    assert count_pages(path, LIMITS) == 1
    assert np.array_equal(page_image(path, 1, LIMITS).pixels, GREY)


def test_a_damaged_cross_reference_is_repaired(tmp_path: Path) -> None:
    data = scan()
    at = data.rindex(b"startxref")
    broken = data[:at] + b"startxref\n7\n%%EOF\n".ljust(len(data) - at)
    path = write(tmp_path / "a.pdf", broken)
    assert count_pages(path, LIMITS) == 1
    assert np.array_equal(page_image(path, 1, LIMITS).pixels, GREY)


def jbig2(image: Image.Image) -> bytes:
    """One page with one generic region, coded as fax (ISO 14492, 7.4.6 with MMR)."""
    black_is_one = ImageOps.invert(image.convert("L")).convert("1")
    one_strip = {278: image.height}
    tiff = encoded(black_is_one, "TIFF", compression="group4", tiffinfo=one_strip)
    with Image.open(io.BytesIO(tiff)) as opened:
        at, length = opened.tag_v2[273][0], opened.tag_v2[279][0]
    width, height = image.size
    page = struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    region = struct.pack(">IIIIBB", width, height, 0, 0, 0, 1) + tiff[at : at + length]
    parts = [(0, 48, page), (1, 38, region)]
    return b"".join(
        struct.pack(">IBBBI", number, kind, 0, 1, len(data)) + data
        for number, kind, data in parts
    )


@pytest.mark.parametrize("rotate", [0, 90])
def test_jbig2_keeps_its_size_and_its_pixels(tmp_path: Path, rotate: int) -> None:
    two = sheet().point(lambda level: 255 * (level > 127)).convert("1")  # no dither
    expected = np.asarray(two.convert("L"))

    def recode(pdf: pikepdf.Pdf) -> None:
        the_image(pdf)[1].write(jbig2(two), filter=Name.JBIG2Decode)
        if "/DecodeParms" in the_image(pdf)[1]:
            del the_image(pdf)[1].DecodeParms
        pdf.pages[0].obj.Rotate = rotate

    data = scan("TIFF", "1", compression="group4")
    path = write(tmp_path / "a.pdf", changed_pdf(data, recode))
    assert page_source(path, 1) == "taken"
    page = page_image(path, 1, LIMITS)
    shown = np.rot90(expected, -rotate // 90)
    assert page.pixels.shape == shown.shape
    assert page.dpi == 100
    assert np.array_equal(page.pixels, shown)
