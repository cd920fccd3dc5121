"""Lines of print are found wherever they stand, and engines read them as told."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.ocr.lines import in_lines, lines_of
from pipeline.ocr.pytess import PytesseractEngine
from pipeline.ocr.tesseract import TesseractEngine
from pipeline.page import Box, PageImage, Word
from tests.ocr.ocr_pages import DPI, paper, prose


def cells() -> np.ndarray:
    """A table's figures far apart, a headline, dust and a picture."""
    page = paper()
    for row in range(4):
        for column in range(3):
            place = (300 + 700 * column, 900 + 150 * row)
            cv2.putText(page, f"{row}{column}9", place, 0, 1.5, 0, 4)
    cv2.putText(page, "Vital Signs", (300, 500), 0, 3.0, 0, 8)
    page[2000:2003, 500:503] = 0
    page[2200:2900, 600:1900] = 30
    return page


def inside(box: Box, x: float, y: float) -> bool:
    return box.left <= x <= box.right and box.top <= y <= box.bottom


def test_every_cell_is_a_line_of_its_own_and_nothing_else_is() -> None:
    lines = lines_of(PageImage(cells(), DPI))
    assert len(lines) == 13
    for row in range(4):
        for column in range(3):
            x, y = 330 + 700 * column, 880 + 150 * row
            assert sum(inside(line, x, y) for line in lines) == 1
    assert [line.top for line in lines] == sorted(line.top for line in lines)


def test_words_of_a_row_are_one_line() -> None:
    page = prose(lines=12)
    lines = lines_of(PageImage(page.pixels, DPI))
    for _, box in page.words:
        middle = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        assert sum(inside(line, *middle) for line in lines) == 1
    assert len(lines) <= 14


def test_an_empty_page_has_none() -> None:
    assert lines_of(PageImage(paper(), DPI)) == ()


@pytest.mark.slow
@pytest.mark.parametrize("make", [TesseractEngine, PytesseractEngine])
def test_an_engine_reads_the_lines_that_it_is_told(make) -> None:
    image = PageImage(cells(), DPI)
    words = make().read(image, lines_of(image))
    found = {word.text: word for word in words}
    told = [f"{row}{column}9" for row in range(4) for column in range(3)]
    assert sum(text in found for text in told) >= 10
    for text in told:
        if text in found:
            x, y = 330 + 700 * int(text[1]), 880 + 150 * int(text[0])
            assert inside(found[text].box, x, y)


def test_lines_that_touch_are_two_and_a_pattern_is_none() -> None:
    page = prose(lines=12).pixels.copy()
    rows = lines_of(PageImage(page, DPI))
    one, other = rows[3], rows[4]
    x = int(one.left) + 200
    page[int(one.top) : int(other.bottom), x : x + 6] = 0
    assert len(lines_of(PageImage(page, DPI))) == len(rows)
    dots = paper()
    for y in range(40, 3200, 50):
        for x in range(40, 2500, 80):
            dots[y : y + 20, x : x + 20] = 0
    assert lines_of(PageImage(dots, DPI)) == ()


def test_an_underlined_heading_and_a_dark_band_are_lines() -> None:
    page = paper()
    cv2.putText(page, "CLINICAL QUESTION", (300, 500), 0, 2.0, 0, 5)
    page[505:509, 300:1200] = 0  # touches the letters: one piece of ink, 3 inches wide
    page[900:990, 300:1800] = 0
    cv2.putText(page, "MEASUREMENTS", (320, 970), 0, 2.0, 255, 5)
    lines = lines_of(PageImage(page, DPI))
    assert any(inside(line, 700, 480) for line in lines)
    assert any(inside(line, 700, 945) for line in lines)


def test_a_circle_around_a_word_does_not_tie_two_rows() -> None:
    page = paper()
    for row in range(4):
        cv2.putText(page, "No  fever with cough", (300, 500 + 90 * row), 0, 1.2, 0, 3)
    alone = lines_of(PageImage(page, DPI))
    cv2.ellipse(page, (325, 575), (50, 58), 0, 0, 360, 0, 4)
    circled = lines_of(PageImage(page, DPI))
    second = [line for line in circled if inside(line, 550, 580)]
    assert len(second) == 1
    assert second[0].height < 1.6 * alone[1].height


def test_a_word_belongs_to_the_line_it_stands_in() -> None:
    lines = (Box(0, 0, 100, 20), Box(0, 30, 100, 50), Box(200, 0, 300, 20))
    words = (
        Word("b", Box(10, 32, 40, 48), 0.9, line=7),
        Word("c", Box(210, 2, 240, 18), 0.9),
        Word("beside", Box(102, 2, 120, 18), 0.9),
    )
    assert [word.line for word in in_lines(words, lines)] == [1, 2, 0]
    assert [word.text for word in in_lines(words, lines, only=True)] == ["b", "c"]
    assert in_lines(words, ()) == in_lines((), lines) == ()


def test_a_hyphen_holds_a_typewritten_date_together():
    """In a type of even widths "1938-10-01" has wide gaps beside its hyphens."""
    page = np.full((DPI, 4 * DPI), 255, np.uint8)
    cell, x = round(0.1 * DPI), DPI // 2
    for letter in "1938-10-01":
        if letter == "-":
            mid = DPI // 2 + round(0.06 * DPI)
            page[mid - 2 : mid + 2, x + cell // 4 : x + 3 * cell // 4] = 0
        else:
            high = round(0.12 * DPI)
            page[DPI // 2 : DPI // 2 + high, x + 2 : x + cell // 2 + 4] = 0
        x += cell
    assert len(lines_of(PageImage(page, DPI))) == 1
