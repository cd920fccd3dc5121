"""Measures of a scan move the right way."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.ocr.quality import (
    believed_dpi,
    legibility_of,
    noise_of,
    quality,
    sharpness_of,
)
from pipeline.page import Box, PageImage, Word
from tests.ocr.ocr_pages import DPI, prose, scanned

PAGE = prose()


@pytest.mark.parametrize(
    ("size", "declared", "believed"),
    [
        ((2550, 3300), 300, 300),
        ((3300, 2550), 300, 300),
        ((2550, 3300), 72, 300),  # a letter, not a poster of three feet
        ((2480, 3508), 72, 292),  # A4 is within a few percent
        ((1728, 2200), 200, 200),
        ((2550, 3300), 2400, 300),  # nor a stamp
        ((1200, 700), 300, 300),  # an insurance card
        ((10, 10), 0, 1),
    ],
)
def test_resolution_is_believed_where_it_makes_paper(
    size: tuple[int, int], declared: int, believed: int
) -> None:
    pixels = np.zeros((size[1], size[0]), np.uint8)
    assert believed_dpi(PageImage(pixels, declared)) == believed


def test_noise_is_in_grey_levels() -> None:
    grain = np.random.default_rng(1).normal(200, 8, (2000, 1500))
    image = PageImage(np.clip(grain, 0, 255).astype(np.uint8), DPI)
    assert noise_of(image) == pytest.approx(8, rel=0.1)
    assert noise_of(PageImage(PAGE.pixels, DPI)) < 1


def test_blur_lowers_sharpness() -> None:
    soft = cv2.GaussianBlur(PAGE.pixels, (0, 0), 4)
    assert sharpness_of(PageImage(PAGE.pixels, DPI)) > 150
    assert sharpness_of(PageImage(soft, DPI)) < 60


def test_legibility_counts_letters() -> None:
    box = Box(0, 0, 1, 1)
    words = (Word("aaaaaaaaa", box, 1.0), Word("b", box, 0.0))
    assert legibility_of(words) == pytest.approx(0.9)
    assert legibility_of(()) == 0.0


def test_a_tiny_image_has_a_quality() -> None:
    image = PageImage(np.zeros((1, 1), np.uint8), DPI)
    found = quality(image, (), ink=0.0, blank=True, skew=0.0)
    assert (found.noise, found.sharpness, found.blank) == (0.0, 0.0, True)
    assert quality(
        PageImage(scanned(PAGE.pixels), DPI), (), ink=0.1, blank=False, skew=1.0
    ).noise == pytest.approx(6, rel=0.2)
