"""Terms of a page: values gone, titles seen, lengths one."""

import numpy as np
import pytest
from classify_papers import page
from hypothesis import given
from hypothesis import strategies as st

from pipeline.classify.features import (
    LENGTHS,
    Line,
    Vocabulary,
    is_title,
    lines_of,
    plain,
    spread,
    terms,
    words_of,
)


@pytest.mark.parametrize(
    "date", ["03/04/1961", "1961-03-04", "4-Mar-61", "March 4, 1961", "4 April 2003"]
)
def test_dates_lose_their_value(date: str) -> None:
    assert plain(f"DOB {date}").split() == ["dob", "date0"]


def test_numbers_lose_their_value() -> None:
    assert plain("MRN 00123456") == "mrn 0"
    assert words_of(plain("BP 120/80 T4 12")) == ["bp", "t0"]


@given(st.text(max_size=80))
def test_no_digit_but_zero_survives(text: str) -> None:
    found = terms([Line(text)])
    assert not any(c in "123456789" for term in found for c in term[2:])


def test_lines_carry_height_and_place() -> None:
    title, body, _ = lines_of(page(1, "Discharge Summary", "Home today", "In May"))
    assert (title.height, body.height) == (48 / 30, 1.0)
    assert title.place == 0
    assert lines_of(page(1)) == ()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (Line("OPERATIVE REPORT", 1.0, 0.1), True),
        (Line("Operative Report", 1.5, 0.1), True),
        (Line("Operative Report", 1.0, 0.1), False),
        (Line("OPERATIVE REPORT", 1.0, 0.8), False),
        (Line("12 34", 2.0, 0.1), False),
        (Line("A LINE OF SO VERY MANY WORDS IS NO TITLE AT ALL", 1.5, 0.1), False),
    ],
)
def test_titles_stand_on_top_and_stand_out(line: Line, expected: bool) -> None:
    assert is_title(line) is expected


def test_terms_are_words_pairs_pieces_and_titles() -> None:
    found = terms([Line("LAB REPORT", 1.5, 0.0), Line("sodium", 1.0, 0.5)])
    assert found["w:lab"] == found["w:lab report"] == found["w:report sodium"] == 1
    assert found["t:lab report"] == found["c: lab "] == found["c:sod"] == 1
    assert "t:sodium" not in found


def test_known_terms_of_each_kind_have_its_length() -> None:
    known = Vocabulary({"w:a": 0, "w:b": 1, "c:x": 2}, np.array([1, 2, 3], np.float32))
    vector = known.weigh({"w:a": 1, "w:b": 2, "c:x": 5, "w:new": 9})
    assert vector.words == 2
    assert np.linalg.norm(vector.values[:2]) == pytest.approx(LENGTHS["w"])
    assert vector.values[2] == pytest.approx(LENGTHS["c"])
    assert known.weigh({}).words == 0


def test_rows_are_spread_down_the_page() -> None:
    assert [line.place for line in spread([("a", 1), ("b", 1)], filled=0.5)] == [
        0,
        0.25,
    ]
    assert spread([]) == []
