"""What counts as a printed date in the measure of service dates."""

import datetime as dt

import pytest

from benchmarks.dates_recall import stands

DAY = dt.date(2003, 4, 9)


@pytest.mark.parametrize(
    "text",
    [
        "seen 04/09/2003 at noon", "4/9/03", "April 9, 2003", "9-Apr-03", "09 APR 2003",
        "2003-04-09", "APR.\n09,\n2003", "04-09-2003.",
    ],
)  # fmt: skip
def test_the_day_stands_in_any_usual_form(text):
    assert stands(DAY, text)


@pytest.mark.parametrize("text", ["14/09/2003", "04/09/20031", "April 19, 2003", ""])
def test_another_day_does_not(text):
    assert not stands(DAY, text)
