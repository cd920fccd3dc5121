"""Worn codes that are read."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.ocr.grey import Grey
from pipeline.ocr.marks import barcodes
from pipeline.page import PageImage
from tests.ocr.ocr_pages import DPI, prose, with_code

AT = (400, 400)


def code_at(kind: str, text: str, scale: int) -> Grey:
    return with_code(prose(lines=3).pixels, kind, text, AT, scale)


def test_a_large_symbol_full_of_specks_and_holes() -> None:
    pixels = code_at("QRCode", "DOCTYPE discharge_summary", 14)
    chance = np.random.default_rng(5).random(pixels.shape).astype(np.float32)
    spots = cv2.GaussianBlur(chance, (0, 0), 1.5)
    worn = pixels.copy()
    worn[spots > np.quantile(spots, 0.8)] = 255
    worn[spots < np.quantile(spots, 0.1)] = 0
    marks = barcodes(PageImage(worn, DPI))
    assert [mark.text for mark in marks] == ["DOCTYPE discharge_summary"]
