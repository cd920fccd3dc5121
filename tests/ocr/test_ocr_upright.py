"""Turning an image and turning the boxes on it agree."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ocr.upright import TURNS, turned, turned_box
from pipeline.page import Box, PageImage

turns = st.sampled_from(TURNS)


@given(
    turns, st.integers(0, 6), st.integers(0, 4), st.integers(1, 4), st.integers(1, 4)
)
def test_the_box_of_a_spot_follows_the_spot(
    turn: int, left: int, top: int, width: int, height: int
) -> None:
    pixels = np.full((9, 13), 255, np.uint8)
    pixels[top : top + height, left : left + width] = 0
    box = turned_box(Box(left, top, left + width, top + height), turn, (13, 9))
    rows, columns = np.nonzero(turned(PageImage(pixels, 300), turn).pixels == 0)
    assert box == Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


@given(turns)
def test_turning_back_is_the_page_again(turn: int) -> None:
    image = PageImage(np.arange(12, dtype=np.uint8).reshape(3, 4), 300)
    back = turned(turned(image, turn), (360 - turn) % 360)
    assert (back.pixels == image.pixels).all()
    assert back.pixels.flags.c_contiguous
