"""The work list: its order, whose an item is, and that nobody gets another's."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text

from pipeline.document import DocumentId, DocumentType, PatientId, TypeFacts
from pipeline.ranking import rank_waiting
from pipeline.review.queue import QueueRules
from pipeline.store.answers import Rejection
from pipeline.store.second_key_rows import SqlSecondKeys
from pipeline.store.sql_catalogue import SqlCatalogue
from pipeline.store.sql_worklist import SqlWorklist
from pipeline.store.verify import work_list_faults
from pipeline.store.worklist import ALL, Place, Rank, Wanted
from tests.builders import (
    LETTER,
    NOON,
    cut_of,
    decision_of,
    empty_books,
    filed_of,
    reading_of,
    receive,
    review_of,
)
from tests.store.older import copied, folder_of

LEASE = dt.timedelta(minutes=10)
ADA, BEN = "clerk ada", "clerk ben"
PLAIN = Rank(stat=False, type=DocumentType("letter"), patient=PatientId("p1"))


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now

    def later(self, **by):
        self.now += dt.timedelta(**by)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def books(tmp_path):
    books = empty_books(tmp_path / "catalogue.sqlite")
    yield books
    books.close()


@pytest.fixture
def work(books, clock):
    return SqlWorklist(books.database, clock)


def ask(books, batch, count, reason="two patients fit"):
    """A batch of ``count`` documents of one page that all wait; their ids."""
    receive(books, batch, count)
    books.keep_cut(batch, cut_of(batch, *[(n,) for n in range(1, count + 1)]))
    for n in range(1, count + 1):
        books.ask(reading_of(f"{batch}-{n}", batch, (n,)), review_of(reason))
    return [DocumentId(f"{batch}-{n}") for n in range(1, count + 1)]


def order(work, wanted=ALL):
    return [item.waiting.reading.document.id for item in work.items(wanted, 100)]


def test_stat_first_then_appointments_by_day_then_the_oldest(books, work):
    a, b, c, d, e = ask(books, "b1", 5)
    patients = {c: "p3", d: "p4"}
    day = dt.date(2026, 11, 27)
    work.appoint({PatientId("p3"): day, PatientId("p4"): day.replace(day=26)}, ADA)

    def judge(reading):
        id_ = reading.document.id
        return Rank(id_ == e, None, PatientId(patients.get(id_, "p9")))

    assert work.rank(judge, 100) == 5
    assert order(work) == [e, d, c, a, b]
    assert [item.due for item in work.items(Wanted(), 3)] == [
        None, day.replace(day=26), day,
    ]  # fmt: skip
    work.appoint({PatientId("p9"): day}, ADA)
    assert work.rank(judge, 100) == 5  # whom the last list or this one names
    assert order(work) == [e, a, b, c, d]


def test_what_nobody_ranked_keeps_its_age_and_is_ranked_once(books, work):
    ids = ask(books, "b1", 3)
    assert order(work) == ids
    assert work.rank(lambda _: PLAIN, 2) == 2
    assert work.rank(lambda _: PLAIN, 2) == 1
    assert work.rank(lambda _: PLAIN, 2) == 0
    work.rebuild()
    assert order(work) == ids
    assert work.rank(lambda _: PLAIN, 9) == 3


def test_a_stat_type_ranks_by_the_site_s_rules(books, work):
    ask(books, "b1", 1)
    types = {LETTER: TypeFacts(LETTER, "1", "Letter", "clinical", priority="stat")}
    rank_waiting(work, types, QueueRules(stat_at_least=0.5))
    assert [item.place for item in work.items(Wanted(), 9)] == [Place.STAT]
    assert work.counts().stat == 1


def test_each_gets_their_own_and_an_open_one_again(books, work):
    a, b, c = ask(books, "b1", 3)
    assert work.next(ADA, LEASE) == a
    assert work.next(BEN, LEASE) == b
    assert work.next(ADA, LEASE) == a  # still in hand
    assert work.next(ADA, LEASE, but=a) == c  # the one to fetch beforehand
    assert work.next("clerk cleo", LEASE) is None


def test_a_lease_ends_and_who_goes_on_keeps_it(books, work, clock):
    (a,) = ask(books, "b1", 1)
    work.next(ADA, LEASE)
    clock.later(minutes=9)
    assert work.take(a, ADA, LEASE).holder == ADA
    clock.later(minutes=9)
    assert work.next(BEN, LEASE) is None
    assert work.take(a, BEN, LEASE).holder == ADA
    clock.later(minutes=2)
    assert work.hold(a).holder == ""
    assert work.next(BEN, LEASE) == a
    assert work.take(a, ADA, LEASE).holder == BEN


def test_release_is_for_the_holder(books, work):
    (a,) = ask(books, "b1", 1)
    work.next(ADA, LEASE)
    assert not work.release(a, BEN)
    assert work.hold(a).holder == ADA
    assert work.release(a, ADA)
    assert work.next(BEN, LEASE) == a


def test_assigned_is_in_hands_for_longer_than_a_lease(books, work, clock):
    a, b = ask(books, "b1", 2)
    work.next(ADA, LEASE)
    assert work.assign(a, BEN, "clerk cleo", dt.timedelta(hours=12))
    clock.later(hours=2)
    assert work.next(ADA, LEASE) == b
    assert work.next(BEN, LEASE) == a
    assert work.hold(a).until == NOON + dt.timedelta(hours=12)
    assert not work.assign(DocumentId("nobody"), BEN, ADA, LEASE)


def test_escalated_is_given_to_nobody_and_can_be_taken(books, work):
    a, b = ask(books, "b1", 2)
    work.next(ADA, LEASE)
    assert work.escalate(a, ADA, "the twin signed")
    assert [one.said for one in work.comments(a)] == ["the twin signed"]
    assert work.next(BEN, LEASE) == b
    assert order(work, Wanted(state="escalated")) == [a]
    assert work.counts().escalated == 1
    assert work.take(a, "clerk cleo", LEASE).holder == "clerk cleo"


def test_filters(books, work, clock):
    old = ask(books, "b1", 2, "torn")
    with books.database.writing() as rows:
        rows.execute(text("UPDATE work_item SET at = '2026-11-22 12:00:00'"))
    new = ask(books, "b2", 2, "two patients fit")
    work.rank(lambda one: replace(PLAIN, type=DocumentType(one.document.id[-1:])), 100)
    assert order(work, Wanted(reason="torn")) == old
    assert order(work, Wanted(hours=12)) == old
    assert order(work, Wanted(type="2")) == [old[1], new[1]]
    assert order(work, Wanted(station="scan")) == old + new
    assert order(work, Wanted(station="elsewhere")) == []
    work.next(ADA, LEASE)
    assert order(work, Wanted(state="held")) == old[:1]
    assert order(work, Wanted(state="free")) == old[1:] + new
    assert work.count(Wanted(state="free")) == 3
    assert work.next(BEN, LEASE, Wanted(reason="two patients fit")) == new[0]
    assert work.kinds().reasons == {"torn": 2, "two patients fit": 2}
    assert work.kinds().stations == {"scan": 4}


def test_what_is_answered_waits_no_more_and_comes_back_when_it_fails(books, work):
    a, b = ask(books, "b1", 2)
    work.next(ADA, LEASE)
    answer = decision_of("777", ADA)
    books.answer(a, answer)
    assert order(work) == [b]
    assert work.hold(a) is None
    assert (work.counts().open, work.counts().kept) == (1, 1)
    books.put_back(a, answer, "no paper")
    assert order(work) == [a, b]
    assert order(work, Wanted(reason="no paper")) == [a]
    books.answer(a, answer)
    books.file(filed_of(a, answer))
    books.reject(b, Rejection("not ours", BEN))
    assert (work.counts().open, work.counts().kept) == (0, 0)


def test_a_question_put_anew_has_its_new_reasons_and_is_ranked_again(books, work):
    (a,) = ask(books, "b1", 1)
    work.rank(lambda _: PLAIN, 9)
    books.weighed(reading_of(a, "b1", (1,)), review_of("a twin"), 1)
    assert work.kinds().reasons == {"a twin": 1}
    assert work.rank(lambda _: PLAIN, 9) == 1


def test_an_item_tells_where_its_sheets_are(books, work):
    ask(books, "b1", 1)
    (item,) = work.items(Wanted(), 9)
    assert item.sheets == (("b1.pdf", 1),)
    assert item.station == "scan"


def test_verify_sees_a_list_that_does_not_fit_the_questions(books, work):
    a, b = ask(books, "b1", 2)
    with books.database.reading() as rows:
        assert list(work_list_faults(rows)) == []
    with books.database.writing() as rows:
        rows.execute(text("DELETE FROM work_item WHERE document = 'b1-1'"))
        rows.execute(text("UPDATE work_item SET document = 'b1-2'"))
    books.reject(b, Rejection("not ours", BEN))
    with books.database.writing() as rows:
        rows.execute(
            text(
                "INSERT INTO work_item (document, seq, batch, station, at, ranked,"
                " place, due, type) VALUES ('b1-2', 2, 'b1', 's', '2026-11-22', 1, 2,"
                " '9999-12-31', '')"
            )
        )
    with books.database.reading() as rows:
        faults = {fault.document: fault.what for fault in work_list_faults(rows)}
    assert set(faults) == {a, b}
    work.rebuild()
    with books.database.reading() as rows:
        assert list(work_list_faults(rows)) == []
    assert work.kinds().reasons == {"two patients fit": 1}


def test_two_clerks_race_for_fifty_items_and_each_is_got_once(books, work):
    ids = ask(books, "b1", 50)
    start = threading.Barrier(2, timeout=60)

    def clear(clerk):
        got = []
        start.wait()
        first = work.next(clerk, LEASE)
        start.wait()  # each has one in hand
        assert work.next(clerk, LEASE) == first
        while (found := work.next(clerk, LEASE)) is not None:
            got.append(found)
            books.answer(found, decision_of("777", clerk))
        return got

    with ThreadPoolExecutor(2) as threads:
        got = dict(zip((ADA, BEN), threads.map(clear, (ADA, BEN)), strict=True))
    assert sorted(got[ADA] + got[BEN]) == sorted(ids)
    assert all(got.values())
    assert {d: a.by for d, a in books.answers()} == {
        document: clerk for clerk, some in got.items() for document in some
    }


def test_a_folder_of_an_older_version_has_its_list_made(
    books, work, tmp_path, monkeypatch
):
    a, b, c = ask(books, "b1", 3, "torn")
    answer = decision_of("777", ADA)
    books.answer(b, answer)
    books.reject(c, Rejection("not ours", BEN))
    books.weighed(reading_of(a, "b1", (1,)), review_of("a twin"), 1)
    before = order(work), work.counts(), work.kinds()
    with folder_of(tmp_path / "older.sqlite", "0010", monkeypatch) as rows:
        copied(books, rows)
    again = SqlCatalogue(tmp_path / "older.sqlite")
    work = SqlWorklist(again.database)
    assert (order(work), work.counts(), work.kinds()) == before
    assert again.answers() == ((b, answer),)
    again.close()


def test_what_somebody_keyed_is_passed_over_for_a_while(books, work):
    first, second = ask(books, "b1", 2, "a twin")
    said = decision_of("777", ADA)
    books.answer(first, said)
    assert SqlSecondKeys(books.database).keep(first, said, review_of("a second key"))
    now = dt.datetime.now(dt.UTC)
    recent, past = (now - dt.timedelta(hours=hours) for hours in (1, -1))
    hour = dt.timedelta(hours=1)
    assert order(work) == [first, second]
    for who, since, given in (
        (ADA, recent, second),
        (ADA, past, first),
        (BEN, recent, first),
    ):
        wanted = Wanted(but_keyed=(who, since))
        assert work.items(wanted, 1)[0].waiting.reading.document.id == given
        assert work.next(who, hour, wanted) == given
        work.release(given, who)
