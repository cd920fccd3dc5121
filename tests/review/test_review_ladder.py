"""The ladder, against docs/SCIENCE.md §4.1 and §4.3; it stops where it first fails."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.review.certificate import Checked, certified
from pipeline.review.ladder import (
    AUTOMATIC,
    SUPERVISED,
    Plan,
    days_to,
    descend,
    design_effect,
    fewest,
    thinned,
)

PLAN = Plan(((0.9999, 16.6), (0.999, 13.0)), page_a_batch=True, icc=0.2)
CLEAN, DIRTY = Checked(2995, 0), Checked(2994, 0)


@pytest.mark.parametrize(
    ("rate", "wrong", "pages"),
    [
        (0.01, 0, 299), (0.01, 1, 473), (0.01, 2, 628), (0.01, 3, 773),
        (0.005, 0, 598), (0.005, 2, 1258), (SUPERVISED, 0, 2995),
        (SUPERVISED, 1, 4742), (SUPERVISED, 10, 16959), (0.0002, 0, 14978),
        (0.0002, 3, 38766), (AUTOMATIC, 0, 29956), (AUTOMATIC, 1, 47437),
        (AUTOMATIC, 2, 62956), (AUTOMATIC, 5, 105128), (AUTOMATIC, 10, 169619),
    ],
)  # fmt: skip
def test_the_table_of_science_4_1(rate, wrong, pages):
    assert fewest(rate, wrong) == pages


@pytest.mark.parametrize(
    ("rate", "pages"), [(0.01, 459), (0.005, 919), (0.001, 4603), (0.0001, 46050)]
)
def test_its_column_of_99_per_cent(rate, pages):
    assert fewest(rate, doubt=0.01) == pages


@pytest.mark.parametrize(
    ("found", "holds"),
    [
        ([CLEAN, CLEAN], 2), ([CLEAN, DIRTY], 1), ([DIRTY, CLEAN], 0), ([], 0),
        ([CLEAN, DIRTY, CLEAN], 1),
    ],
)  # fmt: skip
def test_the_first_rung_that_fails_ends_it(found, holds):
    assert descend(found, SUPERVISED) == holds


def test_a_false_rung_is_certified_one_time_in_twenty():
    """All rungs wrong a little more often than allowed: 5 % for the whole ladder."""
    chance, runs = random.Random(4), 2000
    false = 0
    for _ in range(runs):
        wrong = 0
        counts = []
        for n in (300, 500, 800):
            before = counts[-1].documents if counts else 0
            wrong += sum(chance.random() < 0.0101 for _ in range(n - before))
            counts.append(Checked(n, wrong))
        false += descend(counts, 0.01) > 0
    assert false / runs <= 0.06


def test_pages_of_a_batch_say_less_than_single_ones():
    assert design_effect([20] * 50, 0.2) == pytest.approx(4.8)
    assert design_effect([20] * 50, 0.5) == pytest.approx(10.5)
    assert design_effect([1] * 50, 0.5) == 1
    assert design_effect([], 0.5) == 1
    assert thinned(Checked(29956, 0), 4.8) == Checked(6240, 0)
    assert thinned(Checked(100, 1), 4.8) == Checked(20, 1)
    assert thinned(Checked(1, 1), 4.8) == Checked(0, 0)


@given(st.integers(0, 20), st.sampled_from([0.05, 0.01, 0.001]))
def test_fewest_is_the_first_that_certifies(wrong, rate):
    pages = fewest(rate, wrong)
    assert certified(Checked(pages, wrong), rate)
    assert not certified(Checked(pages - 1, wrong), rate)


def test_the_forecast():
    assert days_to(SUPERVISED, Checked(0, 0), 100) == 30
    assert days_to(SUPERVISED, Checked(2995, 0), 0) == 0
    assert days_to(SUPERVISED, Checked(2995, 1), 100) == 18
    assert days_to(AUTOMATIC, Checked(0, 0), 0) is None


@pytest.mark.parametrize(
    "ladder",
    [
        (), ((0.9,),), ((0.9, 1.0), (0.99, 1.0)), ((0.9, 1.0), (0.8, 2.0)),
        ((1.0, 1.0),) * 2,
    ],
)  # fmt: skip
def test_a_ladder_falls(ladder):
    assert "ladder" in Plan(ladder, page_a_batch=True, icc=0.2).fault()


def test_a_plan_is_known_by_its_hash():
    assert not PLAN.fault()
    assert "icc" in Plan(PLAN.ladder, page_a_batch=True, icc=2.0).fault()
    other = Plan(PLAN.ladder, page_a_batch=True, icc=0.3)
    assert PLAN.hash == Plan(PLAN.ladder, page_a_batch=True, icc=0.2).hash
    assert PLAN.hash != other.hash
