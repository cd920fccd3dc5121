"""Which pages count for a certificate, and what they show."""

from dataclasses import replace

import pytest

from pipeline.document import BatchId, DocumentId
from pipeline.review.certificate import Checked
from pipeline.review.ladder import Plan
from pipeline.review.proof import INHERITED, prove, types_certified
from pipeline.review.verdict import Verdict
from tests.review.answered import ANSWER, LETTER, answers

PLAN = Plan(((0.9999, 16.6), (0.999, 13.0)), page_a_batch=True, icc=0.2)
SECRET = b"secret"
RIGHT = Verdict(open=False, wrong_patient=False, wrong_type=False)
WRONG = Verdict(open=False, wrong_patient=True, wrong_type=True)
OPEN = Verdict(open=True, wrong_patient=True, wrong_type=False)


def proof(some, wrong=(), plan=PLAN):
    verdicts = {a.document: WRONG if a.document in wrong else RIGHT for a in some}
    return prove(some, verdicts, plan, SECRET)


def test_enough_clean_pages_open_supervised():
    assert proof(answers(2994)).rates == (1.0, 1.0)
    found = proof(answers(2995))
    assert found.rates == (1e-3, 1e-3)
    assert found.rungs[0].counts == Checked(2995, 0)
    assert found.rungs[0].bound <= 1e-3
    assert found.rungs[0].coverage == 1.0
    assert found.types == {LETTER: Checked(2995, 0)}
    assert types_certified(found, 0.01) == (LETTER,)


def test_one_wrong_page_costs_as_the_table_says():
    assert proof(answers(4741), ["b7-1"]).rates == (1.0, 1.0)
    assert proof(answers(4742), ["b7-1"]).rates == (1e-3, 1e-3)


def test_what_a_rung_would_not_have_filed_does_not_count_for_it():
    loose = [
        replace(a, document=DocumentId(f"x{a.document}"), batch=BatchId(f"x{a.batch}"))
        for a in answers(10, rung=1)
    ]
    found = proof([*answers(2995), *loose], [a.document for a in loose])
    assert found.rungs[0].counts == Checked(2995, 0)
    assert found.rungs[1].counts == Checked(3005, 10)
    assert found.rates == (1e-3, 1.0)
    assert found.rungs[0].coverage == pytest.approx(2995 / 3005)


def test_what_went_to_a_clerk_anyway_is_another_population():
    found = proof(answers(3000, rung=None))
    assert found.rungs[1].counts == Checked(0, 0)
    assert found.rungs[1].coverage == 0.0


def test_a_dispute_counts_as_wrong_until_somebody_decides():
    some = answers(3000)
    verdicts = {a.document: RIGHT for a in some} | {some[0].document: OPEN}
    found = prove(some, verdicts, PLAN, SECRET)
    assert (found.open, found.rungs[0].counts.wrong) == (1, 1)


def test_what_nobody_checked_is_told_and_not_counted():
    found = prove(answers(5), {}, PLAN, SECRET)
    assert (found.unseen, found.rungs[0].counts) == (5, Checked(0, 0))


def test_one_page_of_a_batch_or_the_design_effect():
    batch = [
        replace(ANSWER, document=DocumentId(f"b-{n}"), pages=(n,), own_pages=(n,))
        for n in range(1, 21)
    ]
    assert proof(batch).rungs[0].counts == Checked(1, 0)
    all_pages = replace(PLAN, page_a_batch=False)
    shown = proof(batch, plan=all_pages).rungs[0]
    assert (shown.pages, shown.effect) == (20, pytest.approx(4.8))
    assert shown.counts == Checked(4, 0)
    assert proof(batch, ["b-3"], all_pages).rungs[0].counts == Checked(4, 1)


def test_by_class_of_evidence_and_station():
    found = proof([ANSWER], plan=replace(PLAN, page_a_batch=False, icc=0.0)).rungs[0]
    assert found.grounds == {
        "two printed groups": Checked(1, 0),
        INHERITED: Checked(1, 0),
    }
    assert found.stations == {"scan-3": Checked(2, 0)}
    assert found.drawn == ((BatchId("b1"), 1), (BatchId("b1"), 2))
