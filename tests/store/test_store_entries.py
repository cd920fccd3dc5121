"""The work list of data entry over a real catalogue."""

import datetime as dt
from dataclasses import replace

import pytest

from pipeline.document import Correction, DocumentId, DocumentType
from pipeline.entries import Keyed
from pipeline.store.entry_rows import SqlEntries
from tests.builders import cut_of, decision_of, empty_books, filed_of, receive, sources
from tests.builders import page_of as paper

NOON = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
FACE, LETTER = DocumentType("face_sheet"), DocumentType("letter")
LEASE = dt.timedelta(minutes=10)
ONE, TWO = DocumentId("b1-1"), DocumentId("b1-2")


class Clock:
    now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def books(tmp_path):
    books = empty_books(tmp_path / "catalogue.sqlite")
    batch = receive(books, "b1", 3)
    books.opened(batch, sources(3), {})
    books.keep_pages(batch, [paper(n) for n in (1, 2, 3)])
    books.keep_cut(batch, cut_of("b1", (1,), (2,), (3,)))
    for n, kind in ((1, FACE), (2, FACE), (3, LETTER)):
        decided = replace(decision_of(), type=kind)
        new = filed_of(f"b1-{n}", decided)
        books.file(replace(new, filed=NOON + dt.timedelta(minutes=n)))
    yield books
    books.close()


@pytest.fixture
def entries(books):
    made = SqlEntries(books.database, Clock())
    made.gather((FACE,))
    return made


def key(value="x", by="ada", at=NOON, field="plan"):
    return Keyed(ONE, field, 0, value, 1, by, at)


def waiting(entries):
    return [item.filed.document for item in entries.waiting((FACE,), 10)]


def test_only_types_with_a_form_wait_first_filed_first(entries):
    assert waiting(entries) == [ONE, TWO]
    assert entries.counts((FACE, LETTER)) == {FACE: 2}
    assert entries.item(DocumentId("b1-3")) is None
    assert [i.filed.document for i in entries.waiting((FACE,), 1, 1)] == [TWO]


def test_to_gather_again_adds_what_came_since_and_nothing_twice(books, entries):
    entries.gather((FACE,))
    assert waiting(entries) == [ONE, TWO]
    entries.gather((FACE, LETTER))  # a form more
    assert entries.counts((FACE, LETTER)) == {FACE: 2, LETTER: 1}


def test_a_correction_makes_its_paper_wait_anew(books, entries):
    entries.close(ONE, "nothing", "ada")
    assert waiting(entries) == [TWO]
    moved = replace(decision_of("00999999", "clerk ada"), type=FACE)
    said = Correction(ONE, moved, "moved", True, "clerk ada")
    books.answer(ONE, said)
    new = filed_of("b1-1", moved, version=2)
    books.correct(said, replace(new, filed=NOON + dt.timedelta(hours=2)))
    entries.gather((FACE,))
    assert [item.filed.id for item in entries.waiting((FACE,), 10)] == [TWO, new.id]
    assert entries.item(ONE) is None  # the version before is not live


def test_a_lease_keeps_others_off_until_it_ends(entries):
    assert entries.take(ONE, "ada", LEASE) == "ada"
    assert entries.take(ONE, "ben", LEASE) == "ada"
    assert entries.item(ONE).holder == "ada"
    entries.now.now = NOON + LEASE
    assert entries.item(ONE).holder == ""
    assert entries.take(ONE, "ben", LEASE) == "ben"
    entries.release(ONE, "ada")  # not theirs any more
    assert entries.item(ONE).holder == "ben"
    entries.release(ONE, "ben")
    assert entries.item(ONE).holder == ""
    entries.now.now = NOON


def test_what_is_done_is_nobodys_to_take(entries):
    entries.close(ONE, "nothing", "ada")
    assert entries.take(ONE, "ben", LEASE) == ""


def test_keys_come_back_as_they_were_and_stand_in_the_trail(books, entries):
    [filed] = books.versions(ONE)
    keys = (key(), replace(key("y", "ben"), page=None, row=3))
    for one in keys:
        entries.keep(one, filed)
    assert entries.keys(ONE) == keys
    assert books.first_bad_audit_line() is None


def test_second_keys_come_first_and_not_to_the_same_person(books, entries):
    [filed] = books.versions(TWO)
    entries.keep(replace(key(), version=TWO), filed)
    entries.close(TWO, "second", "ada")
    assert waiting(entries) == [TWO, ONE]
    item = entries.item(TWO)
    assert not item.is_for("ada", NOON)
    assert item.is_for("ada", NOON + dt.timedelta(days=1))
    assert item.is_for("ben", NOON)


def test_what_was_keyed_since(books, entries):
    [filed] = books.versions(ONE)
    entries.keep(key(), filed)
    assert list(entries.keyed_since(NOON)) == [filed]
    assert list(entries.keyed_since(NOON + dt.timedelta(seconds=1))) == []
