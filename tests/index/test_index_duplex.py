"""Blank backs tell that a stack was scanned from both sides; fronts begin documents."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from index_people import batch_of, index_of, page_of

from pipeline.document import DocumentType, Sidecar
from pipeline.index.cluerules import ClueRules
from pipeline.index.cut import cut_batch
from pipeline.index.duplex import ONE_SIDED, duplex
from pipeline.index.rules import IndexRules
from pipeline.index.typenumbers import TypeNumbers

RULES = IndexRules(ClueRules(dt.date(2026, 1, 1)))
TYPES = (DocumentType("note"), DocumentType("lab"))
BODY = ["The patient slept well and was seen on the ward this morning."] * 12


@pytest.mark.parametrize(
    ("sides", "blank", "sheets", "least", "most"),
    [
        (20, [2, 6, 8, 14], None, 0.8, 1.0),
        (20, [2], None, 0.2, 0.6),
        (20, [], None, 0.0, 0.0),
        (20, [2, 5, 8, 11], None, 0.0, 0.02),
        (21, [2, 6, 8, 14], None, 0.0, 0.2),
        (20, [3, 7, 9, 15], None, 0.0, 0.001),
        (20, [], 10, 0.97, 0.97),
        (20, [2, 6, 8, 14], 20, 0.0, 0.0),
        (20, [2, 6, 8, 14], 14, 0.8, 1.0),
        (1000, list(range(2, 1001, 2)), None, 0.99, 1.0),
    ],
)
def test_what_tells_of_both_sides(sides, blank, sheets, least, most):
    assert least <= duplex(sides, blank, sheets).probability <= most


def test_the_side_says_more_the_surer_the_stack():
    sure, doubtful = duplex(20, [], 10), duplex(20, [2], None)
    assert sure.start(4) < doubtful.start(4) < 0 < doubtful.start(3) < sure.start(3)
    assert ONE_SIDED.start(3) == ONE_SIDED.start(4) == 0


def back(number):
    empty = page_of(number)
    return replace(empty, quality=replace(empty.quality, blank=True))


def documents(pages, starts, sheets=None):
    numbers = TypeNumbers(TYPES, np.log(np.full((len(pages), 2), 0.5)))
    batch = replace(batch_of(), sidecar=Sidecar(sheets=sheets))
    found = cut_batch(batch, pages, numbers, np.array(starts), index_of([]), RULES)
    return [reading.document.pages for reading in found.readings]


def test_a_doubtful_start_on_a_back_is_none_and_on_a_front_is_one():
    pages = [page_of(n, *BODY, f"Sheet {n}") for n in range(1, 7)]
    pages[3] = back(4)
    odds = [9.0, 2.0, -0.3, 0.0, -0.3, 2.0]
    assert documents(pages, odds) == [(1,), (2, 3, 5), (6,)]
    assert documents(pages, odds, sheets=3) == [(1, 2), (3,), (5, 6)]
