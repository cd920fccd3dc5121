"""A side is blank only if nobody could miss anything on it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.ocr.blank import ink_of, is_blank, is_empty
from pipeline.page import Box, Mark, PageImage, Word
from tests.ocr.ocr_pages import DPI, SIZE, paper, prose, scanned

WORD = Word("received", Box(0, 0, 9, 9), 0.9)


def back_of(front: np.ndarray, strength: float) -> np.ndarray:
    """The other side of a printed sheet, shining through."""
    return (255 - (255 - front[:, ::-1]).astype(float) * strength).astype(np.uint8)


def holes(pixels: np.ndarray) -> np.ndarray:
    for y in (600, 1650, 2700):
        cv2.circle(pixels, (140, y), 42, 30, -1)
    return pixels


def edge(pixels: np.ndarray) -> np.ndarray:
    pixels[:, -60:] = 25
    pixels[:45] = 40
    return pixels


BLANK = {
    "paper": paper(),
    "shining through": back_of(prose().pixels, 0.15),
    "punched": holes(paper()),
    "border": edge(paper()),
    "dust": np.where(
        np.random.default_rng(3).random((SIZE[1], SIZE[0])) < 2e-5, 0, 255
    ).astype(np.uint8),
}


@pytest.mark.parametrize("name", BLANK)
def test_blank_sides(name: str) -> None:
    image = PageImage(scanned(BLANK[name]), DPI)
    assert is_blank(ink_of(image), (), ())


def pencilled() -> np.ndarray:
    pixels = paper()
    for x in range(700, 1300, 40):
        cv2.ellipse(pixels, (x, 1500), (22, 30), 0, 0, 300, 150, 5)
    return pixels


def stamped() -> np.ndarray:
    pixels = paper()
    cv2.rectangle(pixels, (1500, 300), (2000, 420), 90, 6)
    return pixels


def test_what_a_person_put_there_is_not_blank() -> None:
    footer = prose(lines=1, text="Page 2 of 2 continued overleaf please", top=3100)
    for pixels in (pencilled(), stamped(), footer.pixels, prose(lines=2).pixels):
        assert not is_blank(ink_of(PageImage(scanned(pixels), DPI)), (), ())


def test_a_mark_or_a_word_makes_a_page() -> None:
    mark = Mark("qr", "x", Box(0, 0, 9, 9))
    assert is_blank(0.0, (), ())
    assert not is_blank(0.0, (mark,), ())
    assert not is_blank(0.0, (), (WORD,))
    assert is_blank(0.0, (), (Word("j", Box(0, 0, 2, 9), 0.3),))
    assert is_empty(0.0, ())
    assert not is_empty(0.0, (mark,))
    assert not is_empty(0.01, ())
