"""Which PDF pages are nothing but a scan, how it lies there, and why others are not."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from pipeline.scanned.mosaic import Mixed, Mosaic, scan_on

WHOLE = "200 0 0 300 0 0 cm /I Do"
HIDDEN = "BT /F 9 Tf 3 Tr 9 9 Td (seen by search) Tj ET"
KEPT: list[Pdf] = []  # an image dies with its file
Change = Callable[[Pdf, pikepdf.Page], None]


def a_page(content: str, change: Change | None = None) -> Pdf:
    """A sheet of 200 x 300 points with an image I, a form F and graphics states."""
    pdf = Pdf.new()
    page = pdf.add_blank_page(page_size=(200, 300))
    image = pdf.make_stream(
        b"\xff" * 600,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=20,
        Height=30,
        BitsPerComponent=8,
        ColorSpace=Name.DeviceGray,
    )
    form = Dictionary(
        Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 200, 300])
    )
    page.obj.Resources = Dictionary(
        XObject=Dictionary(
            I=image,
            Words=pdf.make_stream(HIDDEN.encode(), form),
            Scan=pdf.make_stream(f"q {WHOLE} Q".encode(), form),
            Half=pdf.make_stream(b"/I Do", form),
        ),
        ExtGState=Dictionary(
            Plain=Dictionary(ca=1, BM=Name.Normal),
            Pale=Dictionary(ca=0.5),
            Odd=Dictionary(BM=Name.Multiply),
            Masked=Dictionary(SMask=Dictionary(S=Name.Alpha)),
        ),
    )
    page.obj.Resources.XObject.Half.Matrix = Array([200, 0, 0, 300, 0, 0])
    page.obj.Contents = pdf.make_stream(content.encode())
    if change is not None:
        change(pdf, page)
    KEPT.append(pdf)
    return pdf


ONE = {
    "plain": WHOLE,
    "saved state": f"q {WHOLE} Q",
    "two steps": "q 2 0 0 3 0 0 cm 100 0 0 100 0 0 cm /I Do Q",
    "its searchable text": f"q {WHOLE} Q {HIDDEN}",
    "text in a form": f"q {WHOLE} Q /Words Do",
    "image in a form": "/Scan Do",
    "image in a form with a matrix": "/Half Do",
    "a clip around it": f"q 0 0 200 300 re W n {WHOLE} Q",
    "a graphics state that changes nothing": f"q /Plain gs {WHOLE} Q",
    "marked content": f"/Artifact BMC q {WHOLE} Q EMC",
    "tagged content": f"/P <</MCID 0>> BDC q {WHOLE} Q EMC",
    "colours that paint nothing": f"1 0 0 rg 0.5 G q {WHOLE} Q",
    "one per cent of margin": "196 0 0 297 2 1.5 cm /I Do",
    "a little beyond the edge": "202 0 0 302 -1 -1 cm /I Do",
    "upside down": "-200 0 0 -300 200 300 cm /I Do",
    "a quarter to the right": "0 -300 200 0 0 300 cm /I Do",
    "a quarter to the left": "0 300 -200 0 200 0 cm /I Do",
}
BESIDES = {
    "no image": "",
    "no image ": "q 1 0 0 1 900 0 cm 200 0 0 300 0 0 cm /I Do Q",
    "visible text": f"q {WHOLE} Q BT /F 9 Tf (seen) Tj ET",
    "visible text ": f"q 3 Tr {WHOLE} Q BT /F 9 Tf (seen) Tj ET",
    "a drawing": f"q {WHOLE} Q 0 0 m 9 9 l S",
    "a drawing ": f"q {WHOLE} Q 0 0 9 9 re f",
    "a drawing  ": f"q {WHOLE} Q /S sh",
    "mostly no image": "100 0 0 140 0 0 cm /I Do",
    "images turned, mirrored or skewed": "-200 0 0 300 200 0 cm /I Do",
    "images turned, mirrored or skewed ": "199 9 -9 299 0 0 cm /I Do",
    "images turned, mirrored or skewed  ": f"q {WHOLE} Q -200 0 0 -300 200 300 cm"
    " /I Do",
    "images of several resolutions": f"q {WHOLE} Q 100 0 0 150 0 0 cm /I Do",
    "a clip": f"q 0 0 100 300 re W n {WHOLE} Q",
    "a clip ": f"q 0 0 m 200 0 l 0 300 l h W n {WHOLE} Q",
    "a clip  ": f"q 0 0 200 300 re 0 0 9 9 re W* n {WHOLE} Q",
    "a clip   ": f"q 0 0 200 300 re W n 0 0 200 100 re W n {WHOLE} Q",
    "transparency": f"q /Pale gs {WHOLE} Q",
    "transparency ": f"q /Odd gs {WHOLE} Q",
    "transparency  ": f"q /Masked gs {WHOLE} Q",
    "contents that cannot be followed": f"q /None gs {WHOLE} Q",
    "contents that cannot be followed ": f"{WHOLE} /None Do",
    "contents that cannot be followed  ": f"{WHOLE} frobnicate",
    "contents that cannot be followed   ": f"{WHOLE} (x) 0 0 1 0 0 cm",
    "a layer that can be switched off": f"/OC /Layer BDC q {WHOLE} Q EMC",
    "an inline image": f"q {WHOLE} Q BI /W 1 /H 1 /BPC 8 /CS /G ID x EI",
}


def rotate(turn: int) -> Change:
    def change(_: Pdf, page: pikepdf.Page) -> None:
        page.obj.Rotate = turn

    return change


def annotate(kind: Name) -> Change:
    def change(_: Pdf, page: pikepdf.Page) -> None:
        page.obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=kind)])

    return change


def crop(*box: float) -> Change:
    def change(_: Pdf, page: pikepdf.Page) -> None:
        page.obj.CropBox = Array(list(box))

    return change


def image(**keys: object) -> Change:
    def change(_: Pdf, page: pikepdf.Page) -> None:
        for key, value in keys.items():
            page.obj.Resources.XObject.I[f"/{key}"] = value

    return change


CHANGED: dict[str, tuple[Change, int]] = {
    "turned by the viewer": (rotate(90), 90),
    "turned backwards": (rotate(-90), 270),
    "turned by no quarter": (rotate(30), 0),
    "with a note's window": (annotate(Name.Popup), 0),
    "a black stencil": (image(ImageMask=True), 0),
}
SPOILT: dict[str, tuple[str, Change]] = {
    "an annotation": (WHOLE, annotate(Name.Square)),
    "an image with a mask": (WHOLE, image(SMask=Dictionary())),
    "an image with a mask ": (WHOLE, image(Mask=Array([0, 0]))),
    "a coloured stencil": (f"1 0 0 rg {WHOLE}", image(ImageMask=True)),
    "a layer that can be switched off": (WHOLE, image(OC=Dictionary())),
}


def taken(pdf: Pdf) -> Mosaic:
    found = scan_on(pdf.pages[0])
    assert isinstance(found, Mosaic), found
    return found


@pytest.mark.parametrize("name", ONE)
def test_one_image_is_taken(name: str) -> None:
    found = taken(a_page(ONE[name]))
    turns = {"upside down": 180, "quarter to the right": 90, "quarter to the left": 270}
    assert found.only is not None
    assert found.turn == turns.get(name.removeprefix("a "), 0)


@pytest.mark.parametrize("name", CHANGED)
def test_it_lies_as_a_viewer_shows_it(name: str) -> None:
    change, turn = CHANGED[name]
    assert taken(a_page(WHOLE, change)).turn == turn


@pytest.mark.parametrize("why", BESIDES)
def test_whatever_else_is_seen_is_named(why: str) -> None:
    found = scan_on(a_page(BESIDES[why]).pages[0])
    assert isinstance(found, Mixed)
    assert found.why == why.strip()


@pytest.mark.parametrize("why", SPOILT)
def test_an_image_that_is_not_all_there_is_named(why: str) -> None:
    content, change = SPOILT[why]
    found = scan_on(a_page(content, change).pages[0])
    assert isinstance(found, Mixed)
    assert found.why == why.strip()


# the image has 20 x 30 px; a pixel of WHOLE is 10 points
CROPPED = {  # content, crop -> size in px, where the image's first pixel lies
    "on all sides": (WHOLE, (20, 30, 170, 290), (15, 26), (-2, -1)),
    "less than it takes": (WHOLE, (0, 0, 199.5, 300), (20, 30), (0, 0)),
    "to the image": ("100 0 0 150 9 9 cm /I Do", (9, 9, 109, 159), (20, 30), (0, 0)),
    "with margins": ("160 0 0 240 20 30 cm /I Do", (0, 0, 200, 300), (25, 38), (2, 4)),
    "lying": ("0 -300 200 0 0 300 cm /I Do", (0, 0, 160, 300), (20, 24), (0, -6)),
    "upside down": (
        "-200 0 0 -300 200 300 cm /I Do",
        (0, 0, 200, 250),
        (20, 25),
        (0, 0),
    ),
}


@pytest.mark.parametrize("name", CROPPED)
def test_a_crop_cuts_and_a_margin_adds(name: str) -> None:
    content, box, size, at = CROPPED[name]
    found = taken(a_page(content, crop(*box)))
    (piece,) = found.pieces
    assert (found.size, (piece.left, piece.top)) == (size, at)


STRIPS = {
    "below each other": "q 200 0 0 150 0 150 cm /I Do Q q 200 0 0 150 0 0 cm /I Do Q",
    "each clipped to itself": "q 0 150 200 150 re W n 200 0 0 150 0 150 cm /I Do Q"
    " q 0 0 200 150 re W n 200 0 0 150 0 0 cm /I Do Q",
    "rounded by their writer": "q 200 0 0 150.4 0 149.6 cm /I Do Q"
    " q 200 0 0 149.6 0 0 cm /I Do Q",
}


@pytest.mark.parametrize("name", STRIPS)
def test_strips_lie_on_one_grid(name: str) -> None:
    found = taken(a_page(STRIPS[name]))
    assert found.size == (20, 60)
    assert [(piece.left, piece.top) for piece in found.pieces] == [(0, 0), (0, 30)]
    assert found.only is None
    assert found.dpi == pytest.approx((7.2, 14.4))


def test_tiles_that_the_viewer_turns() -> None:
    tiles = " ".join(
        f"q 0 -150 100 0 {x} {y} cm /I Do Q" for x in (0, 100) for y in (150, 300)
    )
    found = taken(a_page(tiles, rotate(270)))
    assert (found.turn, found.size) == (0, (40, 60))
    places = [(piece.left, piece.top) for piece in found.pieces]
    assert places == [(20, 30), (0, 30), (20, 0), (0, 0)]


def test_strips_off_the_grid_are_drawn_at_their_own_resolution() -> None:
    off = "q 200 0 0 160 0 150 cm /I Do Q q 200 0 0 150 0 0 cm /I Do Q"
    found = scan_on(a_page(off).pages[0])
    assert found == Mixed("images of several resolutions", pytest.approx(14.4))


def test_a_user_unit_makes_the_sheet_larger() -> None:
    def unit(_: Pdf, page: pikepdf.Page) -> None:
        page.obj.UserUnit = 2

    assert taken(a_page(WHOLE, unit)).dpi == pytest.approx((3.6, 3.6))


def test_a_thousand_little_images_are_a_drawing() -> None:
    many = " ".join(f"q 200 0 0 3 0 {y} cm /I Do Q" for y in range(150))
    assert isinstance(scan_on(a_page(many).pages[0]), Mixed)
