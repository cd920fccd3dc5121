"""Rows of a page: what stands beside, and what under, what."""

import datetime as dt

from pipeline.index.cluerules import ClueRules
from pipeline.index.clues import clues_of
from pipeline.index.layout import rows_of
from pipeline.page import Box, Page, Quality, Word

QUALITY = Quality(0.05, False, 300, 10.0, 1.0, 0.0, 0.9)


def page(*words: tuple[str, int, int, int]) -> Page:
    """One line as recognition tells it: words with left, top and width."""
    line = tuple(
        Word(text, Box(left, top, left + width, top + 50), 0.9)
        for text, left, top, width in words
    )
    return Page(1, (2550, 3300), line, (), 300, 0, QUALITY, "typed")


STACKED = page(
    ("09/22/2005", 207, 464, 199), ("Date", 210, 419, 64), ("of", 284, 421, 26),
    ("Call", 320, 422, 43), ("Time", 1341, 465, 63),
)  # fmt: skip


def test_a_value_read_into_the_line_of_its_label_stands_under_it():
    assert [row.text for row in rows_of(STACKED)] == ["Date of Call", "09/22/2005 Time"]
    clues = clues_of(STACKED, ClueRules(dt.date(2014, 5, 1)))
    assert ("service date", "2005-09-22") in [(c.field, c.value) for c in clues]


def test_words_that_touch_or_dance_stay_one_line():
    beside = page(("Date", 200, 400, 90), ("09/22/2005", 285, 425, 199))
    assert len(rows_of(beside)) == 1
    struck = page(("Date", 200, 400, 90), ("--", 200, 410, 90))
    assert len(rows_of(struck)) == 1
