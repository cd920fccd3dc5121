"""Reading and filing agree on which PDF pages are one scanned image, and how turned."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from pipeline.ingest.embedded import embedded_image
from pipeline.store.pdf_only import only_image

WHOLE = "200 0 0 300 0 0 cm /I Do"
HIDDEN = "BT /F 9 Tf 3 Tr 9 9 Td (seen by search) Tj ET"
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
MORE = {
    "nothing": "",
    "visible text": f"q {WHOLE} Q BT /F 9 Tf (seen) Tj ET",
    "text seen again after Q": f"q 3 Tr {WHOLE} Q BT /F 9 Tf (seen) Tj ET",
    "a line": f"q {WHOLE} Q 0 0 m 9 9 l S",
    "a filled box": f"q {WHOLE} Q 0 0 9 9 re f",
    "a shading": f"q {WHOLE} Q /S sh",
    "twice": f"q {WHOLE} Q q {WHOLE} Q",
    "five per cent of margin": "180 0 0 270 10 15 cm /I Do",
    "half a page": "200 0 0 150 0 0 cm /I Do",
    "mirrored": "-200 0 0 300 200 0 cm /I Do",
    "askew": "199 9 -9 299 0 0 cm /I Do",
    "half clipped": f"q 0 0 100 300 re W n {WHOLE} Q",
    "clipped to a path": f"q 0 0 m 200 0 l 0 300 l h W n {WHOLE} Q",
    "pale": f"q /Pale gs {WHOLE} Q",
    "blended": f"q /Odd gs {WHOLE} Q",
    "masked": f"q /Masked gs {WHOLE} Q",
    "unknown state": f"q /None gs {WHOLE} Q",
    "unknown object": "/None Do",
    "optional": f"/OC /Layer BDC q {WHOLE} Q EMC",
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


def crop(*box: int) -> Change:
    def change(_: Pdf, page: pikepdf.Page) -> None:
        page.obj.CropBox = Array(list(box))

    return change


def image(**keys: object) -> Change:
    def change(_: Pdf, page: pikepdf.Page) -> None:
        for key, value in keys.items():
            page.obj.Resources.XObject.I[f"/{key}"] = value

    return change


CHANGED: dict[str, tuple[str, Change, bool]] = {
    "turned by the viewer": (WHOLE, rotate(90), True),
    "turned twice over": ("0 -300 200 0 0 300 cm /I Do", rotate(270), True),
    "turned backwards": (WHOLE, rotate(-90), True),
    "turned by no quarter": (WHOLE, rotate(30), True),
    "with a note": (WHOLE, annotate(Name.Square), False),
    "with a note's window": (WHOLE, annotate(Name.Popup), True),
    "cropped": (WHOLE, crop(20, 20, 180, 280), False),
    "cropped to the image": ("100 0 0 100 9 9 cm /I Do", crop(9, 9, 109, 109), True),
    "with a soft mask": (WHOLE, image(SMask=Dictionary()), False),
    "with a mask": (WHOLE, image(Mask=Array([0, 0])), False),
    "a black stencil": (WHOLE, image(ImageMask=True), True),
    "a red stencil": (f"1 0 0 rg {WHOLE}", image(ImageMask=True), False),
    "an optional image": (WHOLE, image(OC=Dictionary()), False),
}


def agree(pdf: Pdf, *, one: bool) -> None:
    page = pdf.pages[0]
    reading, filing = embedded_image(page), only_image(page)
    assert (filing is not None) == one
    assert (reading is not None) == one
    if reading is not None and filing is not None:
        assert filing.turn == reading.turn
        assert filing.image == reading.image


@pytest.mark.parametrize("name", ONE)
def test_both_take_the_image_of(name: str) -> None:
    agree(a_page(ONE[name]), one=True)


@pytest.mark.parametrize("name", MORE)
def test_both_see_more_than_an_image_in(name: str) -> None:
    agree(a_page(MORE[name]), one=False)


@pytest.mark.parametrize("name", CHANGED)
def test_both_agree_on_a_page(name: str) -> None:
    content, change, one = CHANGED[name]
    agree(a_page(content, change), one=one)


def test_a_page_that_cannot_be_followed_is_left_to_poppler() -> None:
    for content in ("(x) 0 0 1 0 0 cm /I Do", "Tr", "1 re", "Do"):
        with a_page(content) as pdf:
            assert only_image(pdf.pages[0]) is None
