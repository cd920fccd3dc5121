"""Answers, checks, lanes and certificates: kept once, never changed, audited by id."""

from dataclasses import replace

import pytest
from sqlalchemy import insert

from pipeline.checks import Lane, LaneEvent
from pipeline.document import BatchId, DocumentId, PatientId
from pipeline.store.answers import Rejection
from pipeline.store.check_schema import machine_answer
from pipeline.store.packing import MACHINE
from pipeline.store.sql_checks import SqlChecks
from tests.builders import (
    NOON,
    cut_of,
    decision_of,
    empty_books,
    filed_of,
    reading_of,
    receive,
    review_of,
)
from tests.review.answered import ANSWER, CERTIFICATE, NOW, said

DOCUMENT = DocumentId("b1-1")
BLIND = replace(ANSWER, document=DOCUMENT, at=NOON)
MARGARET = "SENTINEL MARGARET"  # a person's name, in a person's own words


@pytest.fixture
def books(tmp_path):
    books = empty_books(tmp_path / "catalogue.sqlite")
    batch = receive(books)
    books.keep_cut(batch, cut_of("b1", (1,), (2,), (3,)))
    books.ask(reading_of("b1-1"), review_of())
    yield books
    books.close()


@pytest.fixture
def checks(books):
    return SqlChecks(books.database, lambda: NOON)


def test_what_the_machine_said_first_stands(checks):
    checks.keep_answer(BLIND)
    checks.keep_answer(replace(BLIND, patient=PatientId("9")))
    assert list(checks.answers()) == [BLIND]
    assert checks.answers_of(DOCUMENT) == (BLIND,)


def test_each_document_is_asked_about_once_whether_it_is_drawn(checks, monkeypatch):
    monkeypatch.setattr("pipeline.store.sql_checks.LATE", 0)
    asked = []

    def is_drawn(document):
        asked.append(document)
        return document != "b1-2"

    first, second, third = (
        replace(BLIND, document=DocumentId(f"b1-{n}")) for n in (1, 2, 3)
    )
    for answer in (first, second):
        checks.keep_answer(answer)
    assert list(checks.drawn(0.5, is_drawn)) == [first]
    checks.keep_answer(third)
    for _ in range(2):
        assert list(checks.drawn(0.5, is_drawn)) == [first, third]
    assert asked == ["b1-1", "b1-2", "b1-3"]
    assert list(checks.drawn(1.0, lambda _: True)) == [first, second, third]


def test_what_is_kept_a_little_late_is_not_overlooked(checks):
    """Of two transactions the one with the higher number may be kept first."""
    later = replace(BLIND, document=DocumentId("b1-2"))
    values = {"document": "b1-2", "answer": MACHINE.text(later), "at": NOON}
    with checks.database.writing() as rows:
        rows.execute(insert(machine_answer).values(seq=7, **values))
    assert list(checks.drawn(1.0, lambda _: True)) == [later]
    values |= {"document": "b1-1", "answer": MACHINE.text(BLIND)}
    with checks.database.writing() as rows:
        rows.execute(insert(machine_answer).values(seq=5, **values))
    assert list(checks.drawn(1.0, lambda _: True)) == [BLIND, later]


def test_what_is_filed_after_it_was_weighed_again_is_written_down(checks):
    filed = replace(BLIND, filed=True, blind=False)
    for answer in (BLIND, filed, filed):
        checks.keep_answer(answer)
    assert checks.answers_of(DOCUMENT) == (BLIND, filed)
    assert checks.uncertified() == 1


def test_each_other_machine_answers_once(checks):
    later = replace(BLIND, versions=replace(NOW, models="types 2"), replayed=True)
    for answer in (BLIND, replace(BLIND, replayed=True), later, later):
        checks.keep_answer(answer)
    assert checks.answers_of(DOCUMENT) == (BLIND, later)


def test_filed_without_a_certificate_is_marked(checks):
    filed = replace(BLIND, filed=True, blind=False)
    checks.keep_answer(filed)
    checks.keep_answer(replace(filed, document="b1-2", certificate="cafe"))
    assert checks.uncertified() == 1


def test_a_person_checks_a_document_once(checks):
    assert checks.keep_check(said(PatientId("1")))
    assert not checks.keep_check(said(PatientId("2")))
    assert checks.keep_check(said(None, "bob"))
    assert checks.checks_of(DOCUMENT) == [said(PatientId("1")), said(None, "bob")]
    assert checks.checks() == {DOCUMENT: checks.checks_of(DOCUMENT)}


def test_a_blind_answer_is_a_check(books, checks):
    checks.keep_answer(BLIND)
    books.answer(DOCUMENT, decision_of("777", "clerk ada"))
    [check] = checks.checks_of(DOCUMENT)
    assert (check.patient, check.by, check.why) == ("777", "clerk ada", "shadow")


def test_nobody_s_paper_is_an_answer_too(books, checks):
    checks.keep_answer(BLIND)
    books.answer(DOCUMENT, Rejection("an advertisement", "clerk ada"))
    assert checks.checks_of(DOCUMENT)[0].patient is None


def test_an_answer_with_the_suggestion_in_view_is_none(books, checks):
    checks.keep_answer(replace(BLIND, blind=False))
    books.answer(DOCUMENT, decision_of("777", "clerk ada"))
    books.answer(DocumentId("b1-2"), decision_of("777", "clerk ada"))  # not asked
    assert checks.checks() == {}


def test_a_correction_later_is_none(books, checks):
    checks.keep_answer(BLIND)
    books.answer(DOCUMENT, decision_of("777", "clerk ada"))
    books.file(filed_of("b1-1", decision_of("777", "clerk ada")))
    books.answer(DOCUMENT, decision_of("888", "clerk bob"))
    assert [check.by for check in checks.checks_of(DOCUMENT)] == ["clerk ada"]


def test_lanes_and_certificates_are_kept_in_order(checks):
    before = checks.newest()
    events = [
        LaneEvent(Lane("scan", form), "paused", "why", "ada", NOON, DOCUMENT, MARGARET)
        for form in ("a", "b")
    ]
    for event in events:
        checks.keep_event(event)
    checks.keep_certificate(CERTIFICATE)
    assert checks.events() == tuple(events)
    assert checks.certificates() == (CERTIFICATE,)
    assert checks.newest() != before


def test_the_audit_trail_has_every_act_and_no_person_s_words(books, checks):
    checks.keep_check(said(PatientId("1")))
    checks.keep_event(
        LaneEvent(Lane("s", "f"), "closed", "why", "ada", NOON, DOCUMENT, MARGARET)
    )
    checks.keep_certificate(CERTIFICATE)
    with books.database.reading() as rows:
        lines = rows.exec_driver_sql("SELECT who, did, what FROM audit").fetchall()
    told = [tuple(line) for line in lines][-3:]
    assert told == [
        ("ada", "checked (shadow)", "b1-1"),
        ("ada", "closed lane", "b1-1"),
        ("clerk ada", "certified", "cafe"),
    ]
    assert MARGARET not in repr(checks.events())


def test_the_secret_is_made_once(books, checks):
    first = checks.secret()
    assert len(first) == 32
    assert SqlChecks(books.database).secret() == first


def test_a_station_is_what_the_batch_says(checks):
    assert checks.station(BatchId("b1")) == "scan"
    assert checks.station(BatchId("none")) == ""
