"""The watches: quiet for ever at the certified rate, soon loud at ten times it."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.review.eprocess import ENOUGH, alarm, broke, doubted, shown

RATE, RUNS, LONG = 0.01, 300, 2000


def pages(rate: float, count: int, seed: int) -> list[bool]:
    chance = random.Random(seed)
    return [chance.random() < rate for _ in range(count)]


def test_at_the_certified_rate_few_ever_alarm():
    found = [doubted(pages(RATE, LONG, seed), RATE) >= ENOUGH for seed in range(RUNS)]
    assert sum(found) / RUNS <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / RUNS)
    assert not sum(broke(pages(RATE, LONG, seed), RATE) for seed in range(RUNS))


def test_at_ten_times_the_rate_all_alarm_soon():
    soon = 250  # 25 wrong ones where 2.5 are allowed
    found = [bool(alarm(pages(10 * RATE, soon, seed), RATE)) for seed in range(100)]
    assert sum(found) >= 99


def test_a_change_after_a_long_clean_run_is_noticed_by_the_sum():
    late = [False] * 20_000 + pages(10 * RATE, 400, 1)
    assert doubted(late, RATE) < ENOUGH
    assert broke(late, RATE)
    assert "more frequent" in alarm(late, RATE)


def test_evidence_for_the_rate_is_seldom_false():
    found = [
        max(shown(pages(RATE, n, seed), RATE) for n in range(100, LONG, 100))
        for seed in range(100)
    ]
    assert sum(e >= ENOUGH for e in found) <= 11


def test_enough_clean_pages_are_evidence():
    """Looking at any time is nearly free: 29,957 alone, some more with the mixture."""
    assert shown([False] * 29_957, 1e-4) < ENOUGH
    assert shown([False] * 45_000, 1e-4) >= ENOUGH
    assert shown([False] * 70_000 + [True] + [False] * 10_000, 1e-4) >= ENOUGH
    assert shown([False] * 1_000_000, 1e-3) == math.inf


@settings(max_examples=30)
@given(st.lists(st.booleans(), max_size=60))
def test_a_wrong_page_more_is_never_evidence_for_the_rate(found):
    more = [*found, True]
    assert shown(more, RATE) <= shown(found, RATE)
    assert doubted(more, RATE) >= doubted(found, RATE) >= 1.0


@pytest.mark.parametrize("count", [0, 1, 50])
def test_clean_pages_never_alarm(count):
    assert alarm([False] * count, RATE) == ""
