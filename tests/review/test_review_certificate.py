"""The exact binomial, against docs/SCIENCE.md §4.1; and splits that never move."""

import pytest

from pipeline.document import BatchId, DocumentType
from pipeline.review.certificate import (
    Checked,
    certified,
    chance,
    open_types,
    upper_bound,
)
from pipeline.review.splits import split_of


@pytest.mark.parametrize(
    ("wrong", "error", "documents"),
    [
        (0, 0.01, 299), (1, 0.01, 473), (2, 0.01, 628), (5, 0.01, 1049),
        (10, 0.01, 1693), (0, 0.005, 598), (3, 0.005, 1549), (0, 0.001, 2995),
        (10, 0.001, 16959), (0, 0.0001, 29956), (5, 0.0001, 105128),
    ],
)  # fmt: skip
def test_so_many_documents_are_needed(wrong, error, documents):
    assert certified(Checked(documents, wrong), error)
    assert not certified(Checked(documents - 1, wrong), error)
    assert upper_bound(Checked(documents, wrong)) <= error
    assert upper_bound(Checked(documents - 1, wrong)) > error


def test_the_ends_of_the_bound():
    assert upper_bound(Checked(0, 0)) == pytest.approx(1)
    assert upper_bound(Checked(3, 3)) == pytest.approx(1)
    assert upper_bound(Checked(1, 0)) == pytest.approx(0.95)
    assert chance(Checked(5, 1), 0.0) == 1
    assert chance(Checked(5, 1), 1.0) == 0
    assert chance(Checked(2, 1), 0.5) == pytest.approx(0.75)


def test_unchecked_types_stay_closed():
    checked = {
        DocumentType("a"): Checked(299, 0),
        DocumentType("b"): Checked(299, 1),
        DocumentType("c"): Checked(0, 0),
    }
    assert open_types(checked, 0.01) == {"a"}
    assert open_types({}, 0.5) == frozenset()


def test_a_batch_is_split_once_and_by_its_share():
    batches = [BatchId(f"b{n}") for n in range(4000)]
    found = [split_of(batch) for batch in batches]
    assert found == [split_of(batch) for batch in batches]
    shares = {name: found.count(name) / 4000 for name in set(found)}
    assert shares["train"] == pytest.approx(0.70, abs=0.03)
    assert shares["frozen"] == pytest.approx(0.15, abs=0.03)
    assert shares["certificate"] == pytest.approx(0.15, abs=0.03)


def test_the_split_of_a_batch_is_what_it_was_when_it_was_written():
    """Another hash would move batches that were learned from into the certificate."""
    found = [split_of(BatchId(f"b{n}")) for n in (1, 2, 3, 5, 6, 9)]
    assert found == ["train", "frozen", "frozen", "certificate", "train", "certificate"]
