"""Measures of a scan move the right way."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.ocr import faults
from pipeline.ocr.glance import glance_at
from pipeline.ocr.quality import (
    contrast_of,
    legibility_of,
    noise_of,
    quality,
    sharpness_of,
)
from pipeline.ocr.readable import readable
from pipeline.ocr.resolution import believed_dpi
from pipeline.page import Box, PageImage, Quality, Word
from tests.ocr.ocr_pages import DPI, SIZE, paper, prose, scanned, turned_page

PAGE = prose()


@pytest.mark.parametrize(
    ("size", "declared", "believed"),
    [
        ((2550, 3300), 300, 300),
        ((3300, 2550), 300, 300),
        ((2550, 3300), 72, 300),  # a letter, not a poster of three feet
        ((2480, 3508), 72, 300),  # A4
        ((1728, 2200), 200, 200),
        ((2550, 3300), 2400, 300),  # nor a stamp
        ((1700, 2200), 300, 200),  # a letter at 200 dpi whose file says 300
        ((1654, 2339), 300, 200),  # the same in A4
        ((1275, 1650), 300, 150),
        ((1650, 2550), 300, 300),  # half a letter
        ((2550, 4200), 300, 300),  # legal
        ((1200, 700), 300, 300),  # an insurance card
        ((10, 10), 0, 1),
        ((1000, 8), 300, 50),  # a strip: enlarged 125 times it would fill the memory
        ((1, 20000), 72, 50),
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


def measured(
    pixels: np.ndarray, words: tuple[Word, ...] = (), skew: float = 0.0
) -> Quality:
    image = PageImage(pixels, DPI, DPI)
    return quality(image, words, glance_at(image), blank=False, skew=skew, turn=0)


def read(confidence: float) -> tuple[Word, ...]:
    """As if each of many words were read with this confidence."""
    return (Word("reading", Box(0, 0, 9, 9), confidence),) * 50


def test_a_tiny_image_has_a_quality() -> None:
    image = PageImage(np.zeros((1, 1), np.uint8), DPI)
    found = quality(image, (), glance_at(image), blank=True, skew=0.0, turn=0)
    assert (found.noise, found.sharpness, found.blank) == (0.0, 0.0, True)
    assert measured(scanned(PAGE.pixels)).noise == pytest.approx(6, rel=0.2)


def test_letters_settle_what_the_size_leaves_open() -> None:
    """A sheet of 5.67 by 7.33 inches in large type is no letter at 200 dpi."""
    small = cv2.resize(PAGE.pixels, (1700, 2200), interpolation=cv2.INTER_AREA)
    assert believed_dpi(PageImage(small, DPI)) == 200
    large = prose(lines=12, points=20).pixels[:2200, :1700]
    assert believed_dpi(PageImage(np.ascontiguousarray(large), DPI)) == DPI


def test_a_good_scan_has_no_faults() -> None:
    found = measured(scanned(PAGE.pixels), read(0.99))
    assert (found.faults, found.again) == ((), ())
    assert found.readable > 0.98
    assert found.declared == DPI


def test_pale_print_has_little_contrast() -> None:
    pale = 255 - (255 - PAGE.pixels) // 5
    assert contrast_of(PageImage(PAGE.pixels, DPI)) > 200
    found = measured(scanned(pale, noise=2.0), read(0.3))
    assert 25 < found.contrast < 60
    assert "pale" in found.again


def test_a_blurred_page_that_cannot_be_read_is_offered_again() -> None:
    soft = scanned(cv2.GaussianBlur(PAGE.pixels, (0, 0), 5), noise=2.0)
    assert "blurred" in measured(soft, read(0.5)).again
    assert measured(soft, read(0.97)).again == ()


@pytest.mark.parametrize("turn", [0, 90])
def test_ink_that_runs_off_the_page_is_lost(turn: int) -> None:
    cut = np.ascontiguousarray(scanned(PAGE.pixels)[:, 345:])
    image = PageImage(cut, DPI)
    lying = PageImage(np.ascontiguousarray(np.rot90(cut, turn // 90)), DPI)
    glance = glance_at(lying)
    found = quality(image, read(0.97), glance, blank=False, skew=0.0, turn=turn)
    assert found.again == ("ink runs off the left edge",)


def creased(pixels: np.ndarray, slant: float) -> np.ndarray:
    rows, columns = np.indices(pixels.shape, np.float32)
    far = np.abs(columns - 1300 - slant * (rows - SIZE[1] / 2)) / DPI
    return (pixels * (1 - 0.15 * np.exp(-((far / 0.02) ** 2)))).astype(np.uint8)


def test_a_fold_is_told_and_a_long_feed_is_scanned_again() -> None:
    folded = measured(scanned(creased(PAGE.pixels, 0.002)), read(0.97))
    assert (folded.faults, folded.again) == (("folded",), ())
    long = np.concatenate([PAGE.pixels, PAGE.pixels[: SIZE[1] // 2]])
    assert measured(scanned(long), read(0.97)).again == ("two sheets at once",)
    skewed = turned_page(PAGE, 2.0).pixels
    assert measured(scanned(skewed), read(0.97), 2.0).faults == ()


@pytest.mark.parametrize("high", [90, 160, 1100, 1115])
def test_where_a_segment_has_no_shade_no_fold_is_looked_for(high: int) -> None:
    dark = np.zeros((high, 850), np.uint8)
    dark[:, 400:402] = 30
    assert not faults._broken(dark)
    dark[: high // 3] = 2  # shades of paper
    assert faults._broken(dark)
    assert not faults._runs_down(dark)


def test_the_second_least_of_four() -> None:
    four = np.random.default_rng(2).integers(0, 9, (40, 4, 300)).astype(np.uint8)
    assert np.array_equal(faults._second_least(four), np.sort(four, axis=1)[:, 1])


def test_the_grain_is_the_median_of_all() -> None:
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    for noise in (0.0, 3.0, 40.0):
        pixels = scanned(np.full((96, 500), 128, np.uint8), noise=noise)
        bands = [pixels[top : top + 8] for top in range(0, 88, 8)]
        grain = np.abs(cv2.filter2D(np.concatenate(bands), cv2.CV_16S, kernel))
        median = float(np.sort(grain.ravel())[(grain.size - 1) // 2])
        assert noise_of(PageImage(pixels, DPI)) == pytest.approx(median / 6 / 0.6745)


def test_ruled_paper_is_not_folded() -> None:
    ruled = paper()
    ruled[300:3000:90, :] = 60
    ruled[:, 400:404] = 60
    assert measured(scanned(ruled), read(0.97)).faults == ()


def test_readable_grows_with_confidence() -> None:
    shares = [readable(read(c)) for c in (0.1, 0.5, 0.8, 0.95)]
    assert shares == sorted(shares)
    assert readable(()) == 0.0


def test_a_page_by_hand_is_marked_and_not_scanned_again_for_that() -> None:
    pixels = paper()
    for y in range(400, 2800, 160):
        for x in range(300, 2200, 60):
            if x // 60 % 5:  # words of four letters
                cv2.ellipse(pixels, (x, y), (34, 50), 20, 0, 330, 40, 5)
    scrawl = measured(scanned(pixels), read(0.5))
    assert scrawl.by_hand
    assert scrawl.again == ()
    assert not measured(scanned(pixels), read(0.95)).by_hand
    assert not measured(scanned(pixels)).by_hand  # nothing read: nothing said
