"""What a stack looks like to its operator: counted, judged, in one word."""

import pytest

from pipeline.ingest.stack import (
    all_faults,
    fault_of_count,
    faults_of_pages,
    state_of,
)
from pipeline.page import PageLook, SheetFault

GOOD = PageLook(1)
TOLD = SheetFault("blank", "looks blank", 2, again=False)
WANTED = SheetFault("blur", "blurred", 2, again=True)


@pytest.mark.parametrize(
    ("look", "kind", "again"),
    [
        (PageLook(3, faults=("two sheets at once",)), "double feed", True),
        (PageLook(3, faults=("ink runs off the left edge",)), "cut edge", True),
        (PageLook(3, faults=("blurred",)), "blur", True),
        (PageLook(3, faults=("folded",)), "fold", False),
        (PageLook(3, faults=("scanned at 100 dpi",)), "resolution", False),
        (PageLook(3, faults=("pale",)), "pale", False),
        (PageLook(3, faults=("grainy",)), "grain", False),
        (PageLook(3, skew=-2.0), "skew", False),
        (PageLook(3, skew=5.0), "skew", True),
        (PageLook(3, blank=True), "blank", False),
        (PageLook(3, unreadable="torn"), "unreadable", True),
    ],
)
def test_each_fault_of_a_side_has_its_kind(look, kind, again):
    [found] = faults_of_pages([GOOD, look])
    assert (found.kind, found.page, found.again) == (kind, 3, again)


def test_a_good_side_has_none():
    assert list(faults_of_pages([GOOD, PageLook(2, skew=1.9)])) == []


def test_a_stack_that_faces_the_other_way_is_red():
    found = list(faults_of_pages([PageLook(1, blank=True), PageLook(2, blank=True)]))
    assert [fault.again for fault in found] == [False, False, True]
    assert list(faults_of_pages([])) == []


@pytest.mark.parametrize(
    ("sheets", "sides", "wrong"),
    [(10, 10, False), (10, 20, False), (10, 17, False), (10, 9, True), (10, 21, True)],
)
def test_sides_fit_sheets_or_do_not(sheets, sides, wrong):
    found = fault_of_count(sheets, sides)
    assert (found is not None) == wrong
    if found:
        assert found.again
        assert f"{sides} sides of {sheets} sheets" in found.says


@pytest.mark.parametrize(
    ("looked", "sheets", "state"),
    [
        (None, 2, "looking"),
        (None, None, "looking"),
        ((), None, "count"),
        ((TOLD,), None, "count"),
        ((WANTED,), None, "red"),
        ((), 2, "green"),
        ((TOLD,), 2, "green"),
        ((WANTED,), 2, "red"),
        ((), 3, "red"),
    ],
)
def test_one_word_for_all(looked, sheets, state):
    assert state_of(looked, 2, sheets) == state


def test_the_count_stands_first():
    assert [f.kind for f in all_faults([TOLD], 2, 3)] == ["count", "blank"]
    assert all_faults([TOLD], 2, None) == (TOLD,)
