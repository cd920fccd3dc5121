"""Two blind answers that agree, or a third person: a table of who said what."""

import pytest

from pipeline.review.verdict import Verdict, settled, verdict
from tests.review.answered import ANNA, ANSWER, BERTA, LAB, said

RIGHT, WRONG, OPEN = (
    Verdict(open=False, wrong_patient=False, wrong_type=False),
    Verdict(open=False, wrong_patient=True, wrong_type=False),
    Verdict(open=True, wrong_patient=True, wrong_type=False),
)


@pytest.mark.parametrize(
    ("people", "holds"),
    [
        ([ANNA], (ANNA,)),
        ([BERTA], None),
        ([BERTA, BERTA], (BERTA,)),
        ([BERTA, ANNA], None),  # one with the machine, one against: a third decides
        ([ANNA, BERTA], None),
        ([BERTA, ANNA, ANNA], (ANNA,)),
        ([BERTA, ANNA, BERTA], (BERTA,)),
        ([None], None),
        ([None, None], (None,)),
    ],
)
def test_what_holds(people, holds):
    assert settled(ANNA, people) == holds


@pytest.mark.parametrize(
    ("checks", "holds"),
    [
        ([], None),
        ([said(ANNA)], RIGHT),
        ([said(BERTA)], OPEN),
        ([said(BERTA), said(BERTA, "bob")], WRONG),
        ([said(None), said(None, "bob")], WRONG),  # nobody of the index
        ([said(BERTA), said(ANNA, "bob"), said(ANNA, "eve")], RIGHT),
        ([said(BERTA, why="report")], None),  # a report is no draw
        ([said(BERTA, why="report"), said(ANNA, "bob", "qa")], RIGHT),
    ],
)
def test_the_patient(checks, holds):
    assert verdict(ANSWER, checks) == holds


def test_the_type_is_settled_by_itself():
    found = verdict(ANSWER, [said(ANNA, kind=LAB), said(ANNA, "bob", kind=LAB)])
    assert found == Verdict(open=False, wrong_patient=False, wrong_type=True)
    assert verdict(ANSWER, [said(ANNA, kind=None)]) == RIGHT
    found = verdict(ANSWER, [said(ANNA, kind=LAB)])
    assert found == Verdict(open=True, wrong_patient=False, wrong_type=True)


def test_merged_records_are_one_person():
    assert verdict(ANSWER, [said(BERTA)], lambda one: one and ANNA) == RIGHT
