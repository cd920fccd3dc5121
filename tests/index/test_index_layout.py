"""Rows of a page: what stands beside, and what under, what."""

import datetime as dt

from pipeline.index.cluerules import ClueRules
from pipeline.index.clues import clues_of
from pipeline.index.layout import rows_of
from pipeline.page import Box, Page, Quality, Word
from tests.index.printed import page_of

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


def test_a_form_of_wide_columns_is_not_typewritten():
    """Most gaps of a table part columns; its labels still begin their cells."""
    row = [("Specimen", 195, 600, 130), ("date", 332, 600, 58),
           ("Received", 749, 600, 121), ("Printed", 1303, 600, 92)]  # fmt: skip
    days = [("11/26/2001", 195, 660, 198), ("11/27/2001", 749, 660, 198),
            ("11/28/2001", 1303, 660, 198)]  # fmt: skip
    prose = [("seen", 195, 720, 90), ("on", 300, 720, 40), ("the", 350, 720, 60)]
    words = [
        Word(text, Box(left, top, left + width, top + 32), 0.9, line)
        for line, some in enumerate((row, days, prose))
        for text, left, top, width in some
    ]
    form = Page(1, (2550, 3300), tuple(words), (), 300, 0, QUALITY, "typed")
    clues = clues_of(form, ClueRules(dt.date(2014, 5, 1)))
    assert [(c.field, c.value) for c in clues if c.field != "bare date"] == [
        ("service date", "2001-11-26"),
        ("received", "2001-11-27"),
        ("printed", "2001-11-28"),
    ]


def test_a_stroke_between_label_and_value_is_no_value():
    form = Page(
        1,
        (2550, 3300),
        (
            Word("Date", Box(115, 300, 151, 320), 0.9, 0),
            Word("of", Box(156, 300, 172, 320), 0.9, 0),
            Word("Service", Box(178, 300, 237, 320), 0.9, 0),
            Word("Counselor", Box(867, 300, 948, 320), 0.9, 0),
            Word("[i", Box(98, 330, 121, 350), 0.5, 1),
            Word("Ravenscroft", Box(868, 330, 1111, 350), 0.9, 1),
            Word("08/16/2007", Box(114, 332, 231, 352), 0.9, 2),
        ),
        (),
        150,
        0,
        QUALITY,
        "typed",
    )
    clues = clues_of(form, ClueRules(dt.date(2014, 5, 1)))
    assert ("service date", "2007-08-16") in [(c.field, c.value) for c in clues]


def test_a_date_that_a_full_line_turned_over_belongs_to_the_label_before_it():
    text = (
        "Admission Date: 09/03/2006   Discharge Date:\n"
        "09/05/2006   Dictated by: Jeanette K. Wainwright, M.D."
    )
    clues = clues_of(page_of(text), ClueRules(dt.date(2014, 5, 1)))
    ends = [(c.field, c.value) for c in clues if c.field in ("admitted", "discharged")]
    assert ends == [("admitted", "2006-09-03"), ("discharged", "2006-09-05")]
