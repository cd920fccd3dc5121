"""Drafts, notes, held answers and referrals: what a clerk has in hand."""

import datetime as dt

import pytest

from pipeline.document import DocumentId, PatientId
from pipeline.store.answers import Referral, Rejection
from pipeline.store.desk_rows import SqlDesk
from pipeline.store.sql_catalogue import SqlCatalogue
from tests.builders import NOON, cut_of, decision_of, filed_of, receive, review_of

ID = DocumentId("b1-1")
ADA = decision_of(by="clerk ada")
TEN = dt.timedelta(seconds=10)
UNREADABLE = Referral("rescan", "SENTINEL too faint", "clerk ada")


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def house(books, clock):
    """A catalogue with one question, whose clock the test winds."""
    house = SqlCatalogue(books.database, clock)
    batch = receive(house)
    [reading] = house.keep_cut(batch, cut_of("b1", (1, 2, 3))).readings
    house.ask(reading, review_of())
    house.finish(batch)
    return house


@pytest.fixture
def desk(house, clock):
    return SqlDesk(house.database, clock)


def test_a_draft_is_its_clerk_s_and_the_last_one_counts(desk):
    desk.keep_draft(ID, "clerk ada", {"mrn": "1"})
    desk.keep_draft(ID, "clerk ada", {"mrn": "12", "date": "2020-01-02"})
    assert desk.draft(ID, "clerk ada") == {"mrn": "12", "date": "2020-01-02"}
    assert desk.draft(ID, "clerk bob") == {}
    desk.drop_draft(ID, "clerk ada")
    assert desk.draft(ID, "clerk ada") == {}


def test_no_draft_of_what_is_settled_or_unknown(desk, house):
    desk.keep_draft(DocumentId("nobody"), "clerk ada", {"mrn": "1"})
    house.reject(ID, Rejection("no", "clerk ada"))
    desk.keep_draft(ID, "clerk ada", {"mrn": "1"})
    assert desk.draft(ID, "clerk ada") == {}


def test_notes_stay_and_no_repr_tells_them(desk, house):
    desk.note(ID, "SENTINEL asked the ward", "clerk ada")
    [note] = desk.notes(ID)
    assert (note.note, note.by, note.at) == (
        "SENTINEL asked the ward", "clerk ada", NOON,
    )  # fmt: skip
    assert "SENTINEL" not in repr(note)
    assert house.first_bad_audit_line() is None


def test_a_held_answer_is_nobody_else_s_business_and_not_yet_the_worker_s(house, clock):
    house.answer(ID, ADA, NOON + TEN)
    assert house.answers() == ((ID, ADA),)
    assert house.due_answers() == ()
    [held] = house.held("clerk ada")
    assert (held.document, held.answer, held.until) == (ID, ADA, NOON + TEN)
    assert house.held("clerk bob") == ()
    clock.now = NOON + TEN
    assert house.due_answers() == ((ID, ADA),)
    assert house.held("clerk ada") == ()


def test_an_answer_taken_back_never_was(house, clock):
    house.answer(ID, ADA, NOON + TEN)
    assert house.take_back_answer(ID, "clerk bob") is None
    assert house.take_back_answer(ID, "clerk ada") == ADA
    assert house.answers() == ()
    clock.now = NOON + 2 * TEN
    assert house.due_answers() == ()
    assert house.asked(ID)
    house.answer(ID, ADA)  # the same again is a new answer
    assert house.due_answers() == ((ID, ADA),)


def test_the_worker_has_it_so_it_is_too_late(house, clock):
    house.answer(ID, ADA, NOON + TEN)
    clock.now = NOON + TEN
    house.due_answers()
    assert house.take_back_answer(ID, "clerk ada") is None
    house.file(filed_of("b1-1", ADA))
    assert house.due_answers() == ()


def test_sent_twice_it_waits_no_longer(house, clock):
    house.answer(ID, ADA, NOON + TEN)
    house.answer(ID, ADA, NOON + 2 * TEN)
    clock.now = NOON + TEN
    assert house.due_answers() == ((ID, ADA),)


def test_a_referral_is_on_its_list_and_files_nothing(house, desk):
    house.answer(ID, UNREADABLE)
    assert house.due_answers() == ()
    assert house.answers() == ((ID, UNREADABLE),)
    [one] = desk.referred("rescan")
    assert (one.document, one.referral) == (ID, UNREADABLE)
    assert desk.referred("steward") == ()
    assert "SENTINEL" not in repr(one)


def test_a_referral_ends_when_it_is_taken_back_or_the_paper_settled(house, desk):
    house.answer(ID, UNREADABLE)
    assert house.take_back_answer(ID, "clerk bob") == UNREADABLE
    assert desk.referred("rescan") == ()
    house.answer(ID, UNREADABLE)
    house.file(filed_of("b1-1", decision_of(by="rules 1")))
    assert house.answers() == desk.referred("rescan") == ()


def test_a_steward_s_answer_takes_the_referral_s_place(house, desk):
    house.answer(ID, UNREADABLE)
    bob = decision_of(PatientId("2"), by="clerk bob")
    house.answer(ID, bob)
    assert house.due_answers() == ((ID, bob),)
    assert desk.referred("rescan") == ()
