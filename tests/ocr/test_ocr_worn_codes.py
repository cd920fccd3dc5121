"""Worn codes are read, and only as they are meant."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp

from pipeline.ocr import marks as reader
from pipeline.ocr import symbolgrid
from pipeline.ocr.grey import Grey, grey
from pipeline.ocr.marks import barcodes
from pipeline.page import Box, PageImage
from tests.ocr.ocr_pages import DPI, prose, scanned, with_code

AT = (400, 400)


def code_at(kind: str, text: str, scale: int) -> Grey:
    return with_code(prose(lines=3).pixels, kind, text, AT, scale)


@pytest.mark.parametrize(
    ("kind", "scale", "ran"), [("DataMatrix", 7, 5), ("QRCode", 5, 4)]
)
def test_a_symbol_whose_ink_ran(kind: str, scale: int, ran: int) -> None:
    inky = cv2.erode(code_at(kind, "00123456", scale), np.ones((ran, ran), np.uint8))
    black = grey(np.where(scanned(grey(inky)) < 150, 0, 255).astype(np.uint8))
    marks = barcodes(PageImage(black, DPI))
    assert [mark.text for mark in marks] == ["00123456"]
    box = marks[0].box
    assert 400 < box.left < box.right < 800
    assert 400 < box.top < box.bottom < 800


def test_a_large_symbol_full_of_specks_and_holes() -> None:
    pixels = code_at("QRCode", "DOCTYPE discharge_summary", 14)
    chance = np.random.default_rng(5).random(pixels.shape).astype(np.float32)
    spots = cv2.GaussianBlur(chance, (0, 0), 1.5)
    worn = pixels.copy()
    worn[spots > np.quantile(spots, 0.8)] = 255
    worn[spots < np.quantile(spots, 0.1)] = 0
    marks = barcodes(PageImage(worn, DPI))
    assert [mark.text for mark in marks] == ["DOCTYPE discharge_summary"]


def test_letters_are_no_symbols_under_a_grid() -> None:
    page = prose(lines=40).pixels
    for top in range(0, page.shape[0] - 300, 300):
        part = np.ascontiguousarray(page[top : top + 300, 200:500])
        for _, drawn in symbolgrid.redrawn(part, DPI):
            assert not any(zxingcpp.read_barcodes(one) for one in drawn)


def test_a_symbol_that_is_mostly_gone_says_nothing() -> None:
    pixels = code_at("DataMatrix", "00123456", 7)
    rng = np.random.default_rng(3)
    for _ in range(20):
        worn = pixels[400:600, 400:600].copy()
        for _ in range(40):
            x, y = rng.integers(0, 180, 2)
            worn[y : y + 9, x : x + 9] = rng.choice((0, 255))
        for _, drawn in symbolgrid.redrawn(worn, DPI):
            said = {c.text for one in drawn for c in zxingcpp.read_barcodes(one)}
            assert said <= {"00123456"}


def test_drawings_of_a_symbol_that_differ_say_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A check sum that suits one of many drawings by chance must not decide alone."""

    def drawn(text: str) -> Grey:
        kind = zxingcpp.BarcodeFormat.DataMatrix
        return np.asarray(zxingcpp.create_barcode(text, kind).to_image(scale=4))

    def drawings(*texts: str) -> set[str]:
        told = [(Box(0, 0, 90, 90), [drawn(text) for text in texts])]
        monkeypatch.setattr(reader, "redrawn", lambda *_: told)
        inky = cv2.erode(code_at("QRCode", "00123456", 5), np.ones((4, 4), np.uint8))
        black = grey(np.where(scanned(grey(inky)) < 150, 0, 255).astype(np.uint8))
        return {mark.text for mark in barcodes(PageImage(black, DPI))}

    assert drawings("00123456", "00123456") == {"00123456"}
    assert not drawings("00123456", "00123457")
