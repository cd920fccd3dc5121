"""Two readings of one page: nothing twice, the surer word stays, gaps are filled."""

from __future__ import annotations

import pytest

from pipeline.ocr.together import together
from pipeline.page import Box, Word


def word(text: str, left: float, top: float, sure: float, line: int = 0) -> Word:
    return Word(text, Box(left, top, left + 20 * len(text), top + 30), sure, line)


BETTER = (
    word("Patient", 100, 100, 0.95, 4),
    word("kidncy", 400, 100, 0.6, 4),
    word("disease", 100, 300, 0.95, 7),
)


def texts(words: tuple[Word, ...]) -> list[tuple[str, int]]:
    return [(w.text, w.line) for w in words]


def test_the_surer_of_two_readings_of_a_place_stays() -> None:
    other = (word("Potient", 101, 101, 0.7), word("kidney", 400, 99, 0.9))
    for pair in ((BETTER, other), (other, BETTER)):
        assert texts(together(*pair)) == [("Patient", 0), ("kidney", 0), ("disease", 1)]


def test_what_one_missed_is_taken_where_it_stands_if_likely_right() -> None:
    other = (
        word("name", 270, 102, 0.8),
        word("between", 100, 200, 0.8, 1),
        word("maybe", 400, 200, 0.4, 1),
        word("below", 100, 500, 0.8, 2),
    )
    assert texts(together(BETTER, other)) == [
        ("Patient", 0),
        ("name", 0),
        ("kidncy", 0),
        ("between", 1),
        ("disease", 2),
        ("below", 3),
    ]


@pytest.mark.parametrize("sure", [0.7, 0.9])
def test_of_two_ways_to_cut_the_same_ink_the_surer_stays_whole(sure: float) -> None:
    over = (Word("Patient kidney", Box(100, 100, 520, 130), sure),)
    told = [w.text for w in together(BETTER, over)]
    cut = ["Patient", "kidncy"] if sure < 0.8 else ["Patient kidney"]
    assert told == [*cut, "disease"]


def test_words_of_two_lines_under_one_box_keep_their_lines() -> None:
    tall = (Word("|", Box(110, 90, 120, 340), 0.3),)
    assert texts(together(BETTER, tall)) == [
        ("Patient", 0),
        ("kidncy", 0),
        ("disease", 1),
    ]


def test_nothing_and_something() -> None:
    assert together((), ()) == ()
    assert [w.text for w in together((), BETTER)] == [w.text for w in BETTER]


def test_no_scrap_replaces_a_word_because_both_are_unsure() -> None:
    unsure = (word("Lisinopril", 100, 100, 0.48),)
    scrap = (Word("Li", Box(100, 100, 140, 130), 0.45),)
    assert [w.text for w in together(unsure, scrap)] == ["Lisinopril"]
