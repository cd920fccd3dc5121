"""Digits taken for others: which days an illegible date may have been."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.index.dates import OLDEST
from pipeline.index.misread import is_day, mended, possible_days

LATEST = dt.date(2014, 5, 1)


def days(text: str, order="mdy") -> dict[str, int]:
    return {
        one.day.isoformat(): one.steps for one in possible_days(text, LATEST, order)
    }


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("64-22-2006", "2006-04-22"),  # a slashed zero
        ("10-15-2613", "2013-10-15"),
        ("2600-06-25", "2000-06-25"),
        ("28-Apr-99", "1999-04-28"),
        ("O4/2Z/2006", "2006-04-22"),
    ],
)
def test_an_impossible_date_is_what_one_digit_makes_of_it(read, printed):
    assert mended(read, LATEST) == dt.date.fromisoformat(printed)


def test_what_was_read_stands_first_and_other_digits_cost_a_step():
    found = days("24-Sep-63")
    assert next(iter(found)) == "1963-09-24"
    assert found["1963-09-24"] == 0
    assert found["2003-09-24"] == 1


def test_two_digits_are_exchanged_only_where_one_does_not_do():
    assert days("18-15-2613")["2013-10-15"] == 2
    assert max(days("10-15-2613").values()) == 1


def test_the_century_before_costs_a_step_and_the_other_order_two():
    assert days("03/04/12")["1912-03-04"] == 1
    assert days("03/04/12")["2012-04-03"] == 2
    assert days("03/04/12", "dmy")["2012-04-03"] == 0


@pytest.mark.parametrize(
    "text", ["", "330-555-0140", "120/80", "99/99/9999", "May", "3600-06-25"]
)
def test_what_is_no_date_is_no_day(text):
    assert mended(text, LATEST) is None


def test_a_day_after_receipt_was_read_right_for_all_we_know():
    assert is_day("03/04/2020", LATEST)
    assert not is_day("03/04/2620", LATEST)
    assert not is_day("64-22-2006", LATEST)


@given(st.text("0123456789/-. JanFebOl", max_size=16))
def test_no_day_is_beyond_receipt_and_steps_ascend(text):
    found = possible_days(text, LATEST)
    assert all(OLDEST <= one.day <= LATEST for one in found)
    assert [one.steps for one in found] == sorted(one.steps for one in found)
