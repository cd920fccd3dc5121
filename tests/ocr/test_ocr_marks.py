"""Barcodes are read wherever they lie; nothing else is taken for one."""

from __future__ import annotations

import pytest

from pipeline.ocr.marks import barcodes
from pipeline.ocr.upright import TURNS, turned, turned_box
from pipeline.page import PageImage, QuarterTurn
from tests.ocr.ocr_pages import (
    DPI,
    SIZE,
    Drawn,
    paper,
    prose,
    scanned,
    turned_page,
    with_code,
)

CODES = {
    "code128": ("Code128", "PATIENT 00123456", 4),
    "code39": ("Code39", "00123456", 4),
    "qr": ("QRCode", "DOCTYPE discharge_summary", 6),
    "datamatrix": ("DataMatrix", "BATCH 2026-11-23/7", 6),
}


@pytest.mark.parametrize("turn", TURNS)
def test_every_kind_in_every_turn(turn: QuarterTurn) -> None:
    pixels = paper()
    for i, (name, text, scale) in enumerate(CODES.values()):
        pixels = with_code(pixels, name, text, (300, 300 + i * 700), scale)
    page = turned_page(Drawn(pixels), 1.5)
    image = turned(PageImage(scanned(page.pixels), DPI), turn)
    found = {mark.kind: mark for mark in barcodes(image)}
    assert {kind: mark.text for kind, mark in found.items()} == {
        kind: text for kind, (_, text, _) in CODES.items()
    }
    back: QuarterTurn = TURNS[-turn // 90 % 4]
    size = (image.pixels.shape[1], image.pixels.shape[0])
    for i, kind in enumerate(CODES):
        box = turned_box(found[kind].box, back, size)
        assert box.left == pytest.approx(320, abs=120)
        assert 250 + i * 700 < box.top < box.bottom < 950 + i * 700


def test_small_bars_that_only_full_resolution_shows() -> None:
    pixels = with_code(prose(lines=12).pixels, "Code128", "00123456", (1500, 2400), 2)
    page = turned_page(Drawn(pixels), -1.0)
    marks = barcodes(PageImage(scanned(page.pixels, noise=4), DPI))
    assert [(m.kind, m.text) for m in marks] == [("code128", "00123456")]
    assert marks[0].box.top == pytest.approx(2410, abs=60)


def test_the_same_code_twice_is_two_marks_from_the_top_down() -> None:
    pixels = with_code(paper(), "Code128", "00123456", (300, 2400), 4)
    pixels = with_code(pixels, "Code128", "00123456", (300, 400), 4)
    marks = barcodes(PageImage(pixels, DPI))
    assert len(marks) == 2
    assert marks[0].box.bottom < marks[1].box.top


def test_text_and_rules_are_no_barcode() -> None:
    page = prose(lines=40)
    pixels = page.pixels.copy()
    for x in range(300, 2250, 130):
        pixels[2000:2600, x : x + 4] = 0
    pixels[2000:2004, 300:2250] = 0
    assert barcodes(PageImage(scanned(pixels), DPI)) == ()
    assert barcodes(PageImage(paper(SIZE), 72)) == ()
    assert barcodes(PageImage(paper((5, 3)), 300)) == ()


def test_a_short_code_39_is_too_easily_imagined() -> None:
    pixels = with_code(paper(), "Code39", "12", (300, 400), 4)
    assert barcodes(PageImage(pixels, DPI)) == ()
