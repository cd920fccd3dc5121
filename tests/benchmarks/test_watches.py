"""The simulated watches are the watches: they alarm at the same page."""

import math
import random

from benchmarks.watches import first_alarm
from pipeline.review.eprocess import alarm

RATE = 0.01


def test_the_first_alarm_is_where_it_would_be_page_by_page():
    for seed in range(20):
        page = first_alarm(random.Random(seed), 0.1, RATE, 5000)
        again = random.Random(seed)
        wrong = []
        while len(wrong) < page:
            more = first_gap(again)
            wrong += [False] * more + [True]
        assert alarm(wrong[:page], RATE)
        assert not alarm(wrong[: page - 1], RATE)


def first_gap(chance):
    """Right pages before the next wrong one, as the simulation draws them."""
    return int(math.log(1.0 - chance.random()) / math.log1p(-0.1))
