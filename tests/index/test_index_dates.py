import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.index.dates import OLDEST, find_dates, read_date

LATEST = dt.date(2014, 5, 1)
MARCH = dt.date(1961, 3, 4)


@pytest.mark.parametrize(
    "printed",
    [
        "03/04/1961", "3-4-61", "3/4/61", "03.04.1961", "4-Mar-61", "March 4, 1961",
        "4 MAR 1961", "04MAR1961", "1961-03-04", "03041961", "03 / 04 / 1961",
        "O3/O4/l961", "03/0 4/61",
        "0З/04/1961".replace("З", "3"), "Mar 4 '61", "March 4th, 1961",
        "4th March 1961", "March  4 , 1961", "Mareh 4, 1961", "MAR. 4, 1961",
    ],
)  # fmt: skip
def test_the_fourth_of_march(printed):
    assert read_date(printed, LATEST)[0] == MARCH


@pytest.mark.parametrize(
    "text",
    [
        "02/30/2001", "13/13/2001", "00/01/2001", "03/04/2020", "12-34-56-78",
        "330-555-0140", "4/5", "120/80", "is so is", "", "1.2.3.4", "00000000",
        "99 Foo 1999", "03/04/1801",
    ],
)  # fmt: skip
def test_no_date(text):
    assert read_date(text, LATEST) == ()


def test_alternatives_stand_behind_the_likelier_reading():
    assert read_date("03/04/1961", LATEST) == (MARCH, dt.date(1961, 4, 3))
    assert read_date("03/04/1961", LATEST, "dmy")[0] == dt.date(1961, 4, 3)
    assert read_date("31/12/2001", LATEST) == (dt.date(2001, 12, 31),)
    assert read_date("04/04/1961", LATEST) == (dt.date(1961, 4, 4),)


def test_two_digit_years_fall_before_receipt():
    assert read_date("4-Mar-13", LATEST)[0] == dt.date(2013, 3, 4)
    assert read_date("4-Mar-13", LATEST)[1] == dt.date(1913, 3, 4)
    assert read_date("4-Mar-15", LATEST) == (dt.date(1915, 3, 4),)


def test_eight_digits_are_a_date_only_in_a_dates_field():
    assert read_date("03041961", LATEST, bare=False) == ()


def test_all_dates_of_a_line_are_found_in_order():
    line = "Adm. 03/04/2001, disch. 4-Mar-02; call 330-555-0140 on March 5, 2003."
    found = list(find_dates(line, LATEST))
    assert [f.days[0] for f in found] == [
        dt.date(2001, 3, 4),
        dt.date(2002, 3, 4),
        dt.date(2003, 3, 5),
    ]
    assert line[found[0].start : found[0].end] == "03/04/2001"


STYLES = ("%m/%d/%Y", "%d %b %Y", "%B %d, %Y", "%Y-%m-%d", "%d-%b-%Y", "%m-%d-%Y")


@given(st.dates(OLDEST, LATEST), st.sampled_from(STYLES))
def test_every_printed_day_is_read_back(day, style):
    assert read_date(day.strftime(style), LATEST)[0] == day


@given(st.text("0123456789/-. JanFebOl", max_size=24))
def test_no_text_makes_it_fall(text):
    assert all(OLDEST <= day <= LATEST for day in read_date(text, LATEST))
