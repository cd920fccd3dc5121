"""Barcodes are read wherever they lie; nothing else is taken for one."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from pipeline.ocr import bars as reader
from pipeline.ocr.barfinder import steps_across, steps_along, suspects
from pipeline.ocr.barprofile import Wave, drawings, lower_fifth, waves
from pipeline.ocr.grey import Grey
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


@pytest.mark.parametrize(
    ("kind", "name", "text", "scale"),
    [
        ("code128", "Code128", "00123456", 3),
        ("code39", "Code39", "00123456", 3),
        ("itf", "ITF", "00123456", 3),
        ("codabar", "Codabar", "A00123456B", 3),
        ("datamatrix", "DataMatrix", "00123456", 5),
        ("qr", "QRCode", "00123456", 5),
    ],
)
def test_a_worn_label_of_every_kind(
    kind: str, name: str, text: str, scale: int
) -> None:
    pixels = with_code(prose(lines=12).pixels, name, text, (1300, 2400), scale)
    inky = cv2.erode(pixels, np.ones((2, 2), np.uint8))
    pale = scanned(cv2.GaussianBlur(inky, (0, 0), 1.2), noise=14) // 2 + 90
    marks = barcodes(turned_page(Drawn(pale), 2.0).image)
    assert [(m.kind, m.text) for m in marks] == [(kind, text)]


def test_bars_with_holes_and_a_crooked_label() -> None:
    label = with_code(paper((900, 400)), "Code39", "00123456", (40, 40), 3)
    holes = np.random.default_rng(3).random(label.shape) < 0.25
    label[cv2.blur(holes.astype(np.uint8) * 255, (3, 3)) > 135] = 255
    pixels = prose(lines=12).pixels
    crooked = turned_page(Drawn(label), 4.0).pixels
    pixels[2000 : 2000 + crooked.shape[0], 600 : 600 + crooked.shape[1]] = crooked
    marks = barcodes(PageImage(scanned(pixels), DPI))
    assert [(m.kind, m.text) for m in marks] == [("code39", "00123456")]


@pytest.mark.parametrize(("name", "believed"), [("Code128", True), ("ITF", False)])
def test_a_kind_without_a_check_digit_is_looked_at_in_two_places(
    name: str, *, believed: bool
) -> None:
    pixels = with_code(paper(), name, "00123456", (300, 400), 3)
    pixels[:440, 420:], pixels[473:, 420:] = 255, 255  # .11 inches of whole bars
    found = barcodes(PageImage(scanned(pixels), DPI))
    assert [mark.text for mark in found] == ["00123456"] * believed


def test_two_labels_side_by_side_are_two_marks() -> None:
    pixels = with_code(paper(), "ITF", "00123456", (300, 2400), 3)
    pixels = with_code(pixels, "ITF", "65432100", (800, 2400), 3)
    marks = barcodes(PageImage(scanned(pixels), DPI))
    assert {m.text: m.box.left > 600 for m in marks} == {
        "00123456": False,
        "65432100": True,
    }


def test_keys_of_a_wedge_reader_are_no_part_of_the_text() -> None:
    pixels = with_code(paper(), "Code128", "00123456\r", (300, 400), 4)
    pixels = with_code(pixels, "Code128", "0012\t3456", (300, 1400), 4)
    texts = [mark.text for mark in barcodes(PageImage(pixels, DPI))]
    assert texts == ["00123456", "0012 3456"]


def test_a_small_symbol_beside_print_is_suspected() -> None:
    pixels = with_code(
        prose(lines=12).pixels, "DataMatrix", "00123456", (1300, 2400), 4
    )
    small = cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    areas = [area for area in suspects(small) if area.look == "symbol"]
    assert any(a.left < 670 < a.right and a.top < 1220 < a.bottom for a in areas)


@pytest.mark.parametrize("kind", ["Code128", "Code39"])
def test_bars_of_a_black_and_white_scan_whose_ink_ran(kind: str) -> None:
    pixels = with_code(paper(), kind, "BATCH 509941", (300, 400), 4)
    ran = cv2.erode(pixels, np.ones((3, 3), np.uint8))
    black = np.where(scanned(turned_page(Drawn(ran), 0.6).pixels) < 140, 0, 255)
    marks = barcodes(PageImage(black.astype(np.uint8), DPI))
    assert [mark.text for mark in marks] == ["BATCH 509941"]


def test_a_pdf417_counts_when_two_looks_agree() -> None:
    whole = with_code(paper(), "PDF417", "00123456", (300, 400), 4)
    found = barcodes(PageImage(scanned(whole), DPI))
    assert [mark.text for mark in found] == ["00123456"]
    torn = whole.copy()
    torn[:, 560:640] = 255  # more than its checks can mend
    assert {m.text for m in barcodes(PageImage(scanned(torn), DPI))} <= {"00123456"}


def test_bars_that_two_windows_say_nothing_of_are_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    widths = np.random.default_rng(5).integers(4, 14, 90)
    bars = np.repeat(np.arange(90) % 2 * 255, widths).astype(np.uint8)
    pixels = paper()
    pixels[400:900, 300 : 300 + len(bars)] = bars
    found: list[int] = []
    drawn: list[int] = []

    def waves_seen(part: Grey, dpi: int) -> tuple[Wave, ...]:
        seen = waves(part, dpi)
        found.append(len(seen))
        return seen

    def drawings_seen(wave: Wave, dpi: int) -> Iterator[Grey]:
        drawn.append(1)
        return drawings(wave, dpi)

    monkeypatch.setattr(reader, "waves", waves_seen)
    monkeypatch.setattr(reader, "drawings", drawings_seen)
    assert barcodes(PageImage(pixels, DPI)) == ()
    assert (max(found), len(drawn)) == (6, 2)


def test_steps_are_those_between_the_pixels_on_both_sides() -> None:
    page = np.random.default_rng(3).integers(0, 256, (40, 57), np.uint8)
    for seen in (page, page[:, 1:-2]):  # the second is no whole piece of memory
        whole = np.pad(seen.astype(int), 1, mode="edge")
        across = np.abs(whole[1:-1, 2:] - whole[1:-1, :-2]).clip(0, 64)
        along = np.abs(whole[2:, 1:-1] - whole[:-2, 1:-1]).clip(0, 64)
        across[:, [0, -1]] = along[[0, -1]] = 0
        assert np.array_equal(steps_across(seen), across)
        assert np.array_equal(steps_along(seen), along)


def test_the_lower_fifth_is_the_one_of_numpy() -> None:
    chance = np.random.default_rng(4)
    for many in range(1, 40):
        widths = chance.integers(1, 60, many)
        assert lower_fifth(widths) == pytest.approx(np.percentile(widths, 20))
