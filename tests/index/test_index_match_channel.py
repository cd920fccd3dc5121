"""The error channel: likelier slips cost less, and probabilities stay below 1."""

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_people import clue

from pipeline.index.channel import (
    MARK_ERROR,
    canonical,
    digits_apart,
    error_rate,
    is_swapped,
    log_channel,
    log_date_channel,
)

TEXTS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=12)


def test_the_rate_falls_with_confidence_and_a_mark_is_surest():
    rates = [
        error_rate(clue("mrn", "1", confidence=c)) for c in (0, 0.3, 0.7, 0.9, 1.0)
    ]
    assert rates == sorted(rates, reverse=True)
    sure, worn = (
        error_rate(clue("mrn", "12345678", by="code39", confidence=c))
        for c in (1, 0.985)
    )
    assert sure == MARK_ERROR < rates[-1] < worn < 0.003  # each of eight figures


@given(TEXTS, TEXTS, st.floats(0.001, 0.3))
def test_no_reading_is_likelier_than_the_true_one(seen, held, eps):
    assert log_channel(seen, held, eps) <= 0
    if seen != held and len(seen) == len(held):
        assert log_channel(seen, held, eps) < log_channel(held, held, eps)


@pytest.mark.parametrize(
    ("held", "likely", "unlikely"),
    [
        ("12345678", "12345673", "12345670"),
        ("SMITH", "5MITH", "XMITH"),
        ("BARNES", "BAMES", "BAXES"),
        ("WALTON", "VVALTON", "XXALTON"),
    ],
)
def test_look_alikes_cost_less(held, likely, unlikely):
    assert log_channel(likely, held, 0.01) > log_channel(unlikely, held, 0.01)


def test_classes():
    assert canonical("0ODQ") == "0000"
    assert canonical("1LIT7|") == "111111"
    assert canonical("B38") == "888"
    assert canonical("6GC2Z5S") == "6662255"
    assert canonical("RN") == canonical("M")


def test_dates_are_compared_digit_by_digit():
    held = dt.date(1961, 3, 4)
    same, alike, other = (dt.date(1961, 3, d) for d in (4, 9, 5))
    eight = log_date_channel(dt.date(1961, 8, 4), held, 0.01)
    assert log_date_channel(same, held, 0.01) == pytest.approx(8 * math.log(0.99))
    assert log_date_channel(same, held, 0.01) > eight
    assert eight > log_date_channel(alike, held, 0.01)
    assert log_date_channel(other, held, 0.01) < eight
    assert digits_apart(held, dt.date(1962, 3, 5)) == 2
    assert digits_apart(held, dt.date(161, 3, 4)) == 2  # a misread year
    assert is_swapped(held, dt.date(1961, 4, 3))
    assert not is_swapped(held, held)
    assert not is_swapped(held, dt.date(1962, 4, 3))
