"""A detector that may be wrong, and what is done about it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.ocr.osd import Orientation, legible, turn_by
from pipeline.ocr.upright import TURNS, turned
from pipeline.page import Box, PageImage, QuarterTurn, Word
from tests.ocr.ocr_pages import DPI, paper, prose

PAGE = prose(lines=12)
SURE = Word("examination", Box(0, 0, 99, 10), 1.0)


def reader(
    image: PageImage, letters: float
) -> tuple[Callable[[PageImage], tuple[Word, ...]], list[int]]:
    """Reads well only what has its ink in the upper half, as ``image`` has upright."""
    reads: list[int] = []

    def read(part: PageImage) -> tuple[Word, ...]:
        reads.append(1)
        dark = part.pixels < 128
        half = dark.shape[0] // 2
        if dark[:half].sum() > 3 * dark[half:].sum():
            return (SURE,) * round(letters / len(SURE.text))
        return ()

    return read, reads


@pytest.mark.parametrize("turn", TURNS)
def test_a_sure_detector_is_believed(turn: QuarterTurn) -> None:
    said, sure = turn_by(lambda _: Orientation(turn, 12.0), lambda _: (), PAGE.image)
    assert said == turn
    assert sure > 0.9


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("letters", [20, 200])
def test_an_unsure_detector_is_checked_by_reading(
    turn: QuarterTurn, letters: float
) -> None:
    pixels = paper()
    pixels[200:800:40, 200:2300] = prose(lines=1).pixels[300:301, 200:2300]
    top = prose(lines=3, top=150).pixels
    image = turned(PageImage(top, DPI), turn)
    read, reads = reader(image, letters)
    said, sure = turn_by(lambda _: Orientation(90, 3.0), read, image)
    assert (turn + said) % 360 == 0
    assert sure == 1.0
    assert len(reads) <= 4


def test_a_page_without_letters_says_nothing() -> None:
    assert turn_by(lambda _: None, lambda _: (), PageImage(paper(), DPI)) == (0, 0.0)


def test_only_real_words_along_the_line_count() -> None:
    box, tall = Box(0, 0, 50, 10), Box(0, 0, 10, 50)
    assert legible((Word("patient", box, 1.0),)) == 7
    assert legible((Word("patient", tall, 1.0),)) == 0
    assert legible((Word("patient", box, 0.4),)) == 0
    assert legible((Word("|||||||", box, 1.0), Word("ll", box, 1.0))) == 0
