"""What every Catalogue knows of clerks' words, and of the model that is live."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.document import Decision, DocumentId, DocumentType
from pipeline.store.answers import Rejection
from pipeline.store.catalogue import Verified
from tests.builders import (
    LETTER,
    NOON,
    cut_of,
    decision_of,
    filed_of,
    reading_of,
    receive,
    review_of,
)

FIRST, SECOND = DocumentId("b1-1"), DocumentId("b1-2")
OWN = DocumentType("letter_cardiology")


@pytest.fixture
def cut(books):
    """One batch, cut into two documents that wait for a clerk."""
    receive(books)
    books.keep_cut("b1", cut_of("b1", (1, 2), (3,)))
    return books


def ask(books, document: str, pages=(1, 2)) -> None:
    books.ask(reading_of(document, "b1", pages), review_of())


def file_answer(books, document: str, decision: Decision, version: int = 1) -> None:
    books.answer(DocumentId(document), decision)
    books.file(filed_of(document, decision, version))


def said(kind: DocumentType, patient: str = "00123456") -> Decision:
    return replace(decision_of(patient, by="clerk ada"), type=kind)


def test_a_clerks_answer_is_an_example_with_its_provenance(cut):
    ask(cut, FIRST)
    file_answer(cut, FIRST, said(OWN))
    assert list(cut.verified()) == [
        Verified(
            document=reading_of(FIRST, "b1", (1, 2)).document,
            suggested=LETTER,
            type=OWN,
            patient=said(OWN).patient,
            by="clerk ada",
            at=NOON,
        )
    ]


def test_accepting_the_suggestion_is_an_example_as_well(cut):
    ask(cut, FIRST)
    file_answer(cut, FIRST, said(LETTER))
    [one] = cut.verified()
    assert (one.suggested, one.type) == (LETTER, LETTER)


def test_what_rules_filed_is_never_an_example(cut):
    cut.file(filed_of(FIRST))
    ask(cut, SECOND, (3,))
    assert list(cut.verified()) == []


def test_an_answer_that_waits_or_failed_is_none(cut):
    ask(cut, FIRST)
    cut.answer(FIRST, said(OWN))
    assert list(cut.verified()) == []
    cut.put_back(FIRST, said(OWN), "the PDF cannot be made")
    assert list(cut.verified()) == []


def test_a_rejected_document_is_none(cut):
    ask(cut, FIRST)
    word = Rejection("not ours", "clerk ada")
    cut.answer(FIRST, word)
    cut.reject(FIRST, word)
    assert list(cut.verified()) == []


def test_a_refiled_type_is_an_example(cut):
    cut.file(filed_of(FIRST))
    file_answer(cut, FIRST, said(OWN), version=2)
    [one] = cut.verified()
    assert (one.suggested, one.type) == (LETTER, OWN)


def test_a_refiled_patient_does_not_vouch_for_the_type_that_rules_gave(cut):
    cut.file(filed_of(FIRST))
    file_answer(cut, FIRST, said(LETTER, "00777777"), version=2)
    assert list(cut.verified()) == []


def test_a_clerks_type_stays_one_when_the_patient_is_corrected(cut):
    ask(cut, FIRST)
    file_answer(cut, FIRST, said(OWN))
    later = replace(said(OWN, "00777777"), by="clerk bob")
    file_answer(cut, FIRST, later, version=2)
    [one] = cut.verified()
    assert (one.type, one.by, one.patient) == (OWN, "clerk ada", "00777777")


def test_the_last_word_counts(cut):
    ask(cut, FIRST)
    file_answer(cut, FIRST, said(OWN))
    file_answer(cut, FIRST, said(LETTER), version=2)
    assert [one.type for one in cut.verified()] == [LETTER]


# --- which model is live


def names(books) -> list[str]:
    return [one.name for one in books.promotions()]


def test_no_model_is_promoted_at_first(books):
    assert books.promotions() == ()
    with pytest.raises(KeyError):
        books.take_back("clerk ada")


def test_promotions_are_taken_back_one_by_one(books):
    for name in ("types-1", "types-2", "types-3"):
        books.promote(name, f"hash of {name}", "clerk ada")
    assert names(books) == ["types-1", "types-2", "types-3"]
    books.take_back("clerk bob")
    assert names(books) == ["types-1", "types-2"]
    books.promote("types-4", "hash", "clerk ada")
    books.take_back("clerk bob")
    books.take_back("clerk bob")
    assert names(books) == ["types-1"]
    books.take_back("clerk bob")
    assert names(books) == []


def test_a_promotion_tells_who_when_and_which_bytes(books):
    books.promote("types-1", "abc", "clerk ada")
    [live] = books.promotions()
    assert (live.name, live.manifest, live.by) == ("types-1", "abc", "clerk ada")
    assert live.at.tzinfo is not None


def test_the_same_promotion_again_changes_nothing(books):
    books.promote("types-1", "abc", "clerk ada")
    books.promote("types-1", "abc", "clerk bob")
    assert [one.by for one in books.promotions()] == ["clerk ada"]
    books.promote("types-1", "other bytes", "clerk bob")
    assert len(books.promotions()) == 2


def test_promotions_are_in_the_audit_trail(books):
    books.promote("types-1", "abc", "clerk ada")
    books.take_back("clerk bob")
    with books.database.reading() as rows:
        told = rows.exec_driver_sql("SELECT who, did, what FROM audit ORDER BY seq")
        assert [tuple(row) for row in told] == [
            ("clerk ada", "promoted model", "types-1 abc"),
            ("clerk bob", "took back model", "types-1"),
        ]
    assert books.first_bad_audit_line() is None
