"""Skew is found, undone, and every box comes back to where it was."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ocr.clean import clean
from pipeline.ocr.evened import evened
from pipeline.ocr.skew import skew_either_way, skew_of
from pipeline.ocr.upright import turned
from pipeline.page import Box, PageImage
from tests.ocr.ocr_pages import DPI, Drawn, paper, prose, scanned, turned_page

PROSE = prose()
WAYS = {
    "smooth": lambda image, skew, dpi: clean(image, skew, dpi),
    "sharp": lambda image, skew, dpi: clean(image, skew, dpi, "sharp"),
    "bare": lambda image, skew, dpi: clean(image, skew, dpi, "sharp").bare(),
    "at another resolution": lambda *page: clean(*page, "sharp").at(150),
}


def test_skew_is_found_to_a_tenth_of_a_degree() -> None:
    for degrees in (-4.0, -1.3, 0.0, 0.7, 3.0):
        page = turned_page(PROSE, degrees)
        image = PageImage(scanned(page.pixels), DPI)
        assert skew_of(image) == pytest.approx(degrees, abs=0.12)
        assert skew_either_way(turned(image, 90)) == pytest.approx(degrees, abs=0.12)


def test_a_page_without_ink_is_straight() -> None:
    assert skew_of(PageImage(paper(), DPI)) == 0.0


@given(
    st.floats(-6, 6),
    st.sampled_from([100, 150, 200, 300]),
    st.sampled_from(sorted(WAYS)),
    st.integers(0, 2**32 - 1),
)
def test_boxes_come_back(skew: float, dpi: int, way: str, seed: int) -> None:
    """A spot on the cleaned copy maps to the middle of the spot on the page."""
    rng = np.random.default_rng(seed)
    pixels = np.full((660, 510), 255, np.uint8)
    x, y = int(rng.integers(60, 450)), int(rng.integers(60, 600))
    pixels[y - 12 : y + 12, x - 12 : x + 12] = 0
    image = PageImage(pixels, 300)
    cleaned = WAYS[way](image, skew, dpi)
    weight = 255.0 - cleaned.image.pixels
    u = float((weight.sum(0) * (np.arange(weight.shape[1]) + 0.5)).sum() / weight.sum())
    v = float((weight.sum(1) * (np.arange(weight.shape[0]) + 0.5)).sum() / weight.sum())
    (box,) = cleaned.back([Box(u, v, u, v)], (510, 660))
    assert box.left == pytest.approx(x, abs=0.6)
    assert box.top == pytest.approx(y, abs=0.6)


def test_no_corner_is_lost() -> None:
    pixels = paper((510, 660))
    for y in (0, 640):
        for x in (0, 490):
            pixels[y + 4 : y + 16, x + 4 : x + 16] = 0
    cleaned = clean(PageImage(pixels, 100), 5.0, 100)
    assert (
        cv2.connectedComponents((cleaned.image.pixels < 128).astype(np.uint8))[0] == 5
    )


def test_shadow_and_border_go_ink_stays() -> None:
    page = Drawn(PROSE.pixels)
    shade = np.linspace(0.6, 1.0, page.pixels.shape[1])
    pixels = (page.pixels * shade).astype(np.uint8)
    pixels[:, :90] = 20  # the scanner's lid
    even = evened(pixels, DPI)
    assert even[500:3000, 5:100].min() > 200
    assert np.percentile(even, 50) > 240
    dark = (PROSE.pixels < 100) & (even > 160)
    assert dark.sum() < 0.01 * (PROSE.pixels < 100).sum()


@pytest.mark.parametrize("dpi", [150, 200])
def test_parts_at_another_resolution_are_as_on_the_whole_page(dpi: int) -> None:
    copy = clean(PROSE.image, 0.0, 250, "sharp")
    whole = (0, 0, copy.image.pixels.shape[1], copy.image.pixels.shape[0])
    every = copy.parts_at(dpi, [Box(*whole)]).image.pixels
    box = Box(203, 311, 1480, 402)
    parts = copy.parts_at(dpi, [box, Box(0, 0, 9, 9)])
    by = dpi / 250
    there = np.s_[int(311 * by) : int(402 * by) + 1, int(203 * by) : int(1480 * by) + 1]
    assert np.array_equal(parts.image.pixels[there], every[there])
    (back,) = parts.back([box.scaled(by)], PROSE.image.pixels.shape[::-1])
    assert back.left == pytest.approx(203 * DPI / 250, abs=1)
    assert back.bottom == pytest.approx(402 * DPI / 250, abs=1)
