"""A quick look sees what an operator must know, on pages spoilt one way at a time."""

import cv2
import numpy as np
import pytest

from pipeline.ocr.firstlook import first_look
from pipeline.page import PageImage
from tests.ocr.ocr_pages import DPI, paper, prose, scanned, turned_page

PAGE = prose()


def look(pixels):
    return first_look(PageImage(pixels, DPI), 7)


def test_a_good_page_has_no_fault():
    found = look(scanned(PAGE.pixels))
    assert (found.number, found.blank, found.faults) == (7, False, ())
    assert abs(found.skew) < 0.5


def test_an_empty_side_looks_blank():
    assert look(scanned(paper())).blank


@pytest.mark.parametrize("degrees", [-4.0, 4.0])
def test_skew(degrees):
    found = look(scanned(turned_page(PAGE, degrees).pixels))
    assert found.skew == pytest.approx(degrees, abs=0.5)


@pytest.mark.parametrize("sigma", [4, 6, 9])
def test_blur(sigma):
    blurred = cv2.GaussianBlur(PAGE.pixels, (0, 0), sigma)
    assert look(scanned(blurred)).faults[-1:] == ("blurred",)


def test_pale_print_is_not_blurred():
    pale = (255 - (255 - PAGE.pixels) * 0.25).astype(np.uint8)
    assert "blurred" not in look(scanned(pale)).faults


def test_letters_cut_at_an_edge():
    cut = np.full_like(PAGE.pixels, 255)
    cut[:, :-320] = PAGE.pixels[:, 320:]
    assert "ink runs off the left edge" in look(scanned(cut)).faults


def test_two_sheets_at_once():
    long = np.vstack([PAGE.pixels, PAGE.pixels[:2400]])
    assert "two sheets at once" in look(scanned(long)).faults
