"""The figures of a proposed model, on documents counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.classify.site_report import judged, write_report
from pipeline.document import DocumentType

A, B, NEW = (DocumentType(key) for key in ("a", "b", "b_new"))
TRUTH = [A, A, B, NEW]
SCORES = np.log([[0.95, 0.05], [0.85, 0.15], [0.65, 0.35], [0.25, 0.75]])


@pytest.fixture
def one():
    return judged("types-1 2026-11-26", (A, B), SCORES, TRUTH)


def test_a_type_that_the_model_does_not_know_is_wrong_for_sure(one):
    assert one.types == (A, B, NEW)
    assert one.measured().accuracy == pytest.approx(0.5)
    assert np.isneginf(one.scores[:, 2]).all()


def test_scores_are_normalised():
    raised = judged("m 1", (A, B), SCORES + 7.0, TRUTH)
    assert raised.sure.tolist() == pytest.approx([0.95, 0.85, 0.65, 0.75])


def test_what_would_be_filed_as_a_type(one):
    assert one.filed_as(A, 0.8) == (2, 0)
    assert one.filed_as(A, 0.6) == (3, 1)
    assert one.filed_as(B, 0.7) == (1, 1)
    assert one.filed_as(NEW, 0.0) == (0, 0)


def test_coverage_counts_the_surest_first(one):
    assert one.coverage(0.01) == pytest.approx(0.5)
    assert one.coverage(0.5) == pytest.approx(1.0)


def test_the_report_tells_each_type_and_each_confusion(one):
    old = judged("types 2026-11-24", (A, B), SCORES, TRUTH)
    told = write_report(["about"], old, one, {NEW: "not yet: 0 of 0 wrong"})
    assert told.startswith("# types-1 2026-11-26\n\nabout\n")
    for row in (
        "| accuracy | 0.500 | 0.500 |",
        "| a | 2 | 0.667 | 1.000 | as shipped |",
        "| b | 1 | 0.000 | 0.000 | as shipped |",
        "| b_new | 1 | - | 0.000 | not yet: 0 of 0 wrong |",
        "| b | a | 1 |",
        "| b_new | b | 1 |",
        "| 0.8 to 0.9 | 1 | 1.000 | 1 | 1.000 |",
    ):
        assert row in told


def test_a_model_without_faults_has_no_confusions():
    good = judged("m 1", (A, B), SCORES[:2], [A, A])
    assert "None." in write_report([], good, good, {})


def test_nothing_to_compare_on_is_said():
    none = judged("m 1", (A, B), np.zeros((0, 2)), [])
    assert "not measured" in write_report([], none, none, {})
