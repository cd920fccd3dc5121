"""What every Catalogue must do, whatever it is made of."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math

import pytest

from pipeline.document import Cut, DocumentId, PatientId
from pipeline.finding import Evidence
from pipeline.store.answers import Referral, Rejection
from pipeline.store.catalogue import PoorScan, Progress, Waiting
from tests.builders import (
    GOOD,
    NOON,
    batch_of,
    cut_of,
    decision_of,
    dispositions,
    file_of,
    filed_of,
    page_of,
    reading_of,
    receive,
    review_of,
    sources,
)

LATER = NOON + dt.timedelta(hours=1)


# --- what was read and cut


def test_pages_read_back_equal_and_the_first_reading_stands(books):
    batch = receive(books, pages=2)
    odd = dataclasses.replace(page_of(1, "other words"), troubles=("engine crashed",))
    books.keep_pages(batch, [odd])
    assert books.pages(batch) == (page_of(1), page_of(2))
    assert books.pages(batch, [2]) == (page_of(2),)
    assert books.read_numbers(batch) == (1, 2)


def test_the_first_cut_stands(books):
    batch = receive(books)
    assert books.cut(batch) is None
    cut = cut_of("b1", (1, 2), blank=[3])
    assert books.keep_cut(batch, cut) == cut
    assert books.keep_cut(batch, cut_of("b1", (1,), (2, 3))) == cut
    assert books.cut(batch) == cut
    assert books.reading(DocumentId("b1-1")) == cut.readings[0]
    with pytest.raises(KeyError):
        books.reading(DocumentId("b1-2"))


def test_a_batch_of_blank_pages_has_a_cut(books):
    batch = receive(books, pages=1)
    books.keep_cut(batch, cut_of("b1", blank=[1]))
    assert dispositions(books) == ["removed"]


@pytest.mark.parametrize(
    "cut",
    [
        cut_of("b1", (1, 2)),
        cut_of("b1", (1, 2, 3), blank=[3]),
        cut_of("b1", (1, 2), (2, 3)),
        cut_of("b1", (1, 2, 3, 4)),
        Cut((reading_of("x", "b2", (1, 2, 3)),)),
    ],
    ids=["lost", "twice", "two documents", "too many", "another batch"],
)
def test_a_cut_that_loses_or_doubles_a_page_is_refused(books, cut):
    batch = receive(books)
    with pytest.raises(ValueError, match="batch b1"):
        books.keep_cut(batch, cut)
    assert books.cut(batch) is None


def test_an_infinite_weight_survives(books):
    batch = receive(books, pages=1)
    veto = Evidence("mrn", -math.inf, "1", 1)
    reading = dataclasses.replace(reading_of("b1-1", "b1"), contradictions=(veto,))
    books.keep_cut(batch, Cut((reading,)))
    assert books.reading(DocumentId("b1-1")).contradictions == (veto,)


# --- the clerk


def test_a_question_waits_until_it_is_filed(books):
    batch = receive(books)
    first, second = books.keep_cut(batch, cut_of("b1", (1,), (2, 3))).readings
    assert not books.settled(first.document.id)
    books.ask(second, review_of("unsure of the type"))
    books.ask(second, review_of("another reason"))
    books.ask(first, review_of())
    assert books.settled(first.document.id)
    assert [w.reading for w in books.waiting()] == [second, first]
    assert [w.review.reasons[0].reason for w in books.waiting()] == [
        "unsure of the type",
        "two patients fit",
    ]
    books.file(filed_of("b1-2"))
    assert [w.reading for w in books.waiting()] == [first]
    assert books.asked(second.document.id) is None
    assert isinstance(books.asked(first.document.id), Waiting)
    assert dispositions(books) == ["review", "filed", "filed"]


def test_a_question_may_know_more_than_the_cut(books):
    batch = receive(books, pages=1)
    (reading,) = books.keep_cut(batch, cut_of("b1", (1,))).readings
    more = dataclasses.replace(reading, notes=("scanned twice",))
    books.ask(more, review_of())
    assert books.asked(reading.document.id).reading == more
    (line,) = books.ledger()
    assert line.reasons == ("two patients fit", "scanned twice")


def test_many_questions_come_in_order(books):
    batch = receive(books, pages=120)
    cut = books.keep_cut(batch, cut_of("b1", *((n,) for n in range(1, 121))))
    for reading in cut.readings:
        books.ask(reading, review_of())
    assert [w.reading for w in books.waiting()] == list(cut.readings)


def test_the_last_answer_counts_and_is_carried_out_once(books):
    batch = receive(books, pages=1)
    document = books.keep_cut(batch, cut_of("b1", (1,))).readings[0].document.id
    mine, yours = decision_of(by="clerk ada"), decision_of("777", by="clerk bob")
    books.answer(document, mine)
    books.answer(document, mine)
    assert books.answers() == ((document, mine),)
    books.answer(document, yours)
    assert books.answers() == ((document, yours),)
    books.file(filed_of(document, mine))
    assert books.answers() == ((document, yours),)
    books.file(filed_of(document, yours, version=2))
    assert books.answers() == ()
    assert books.filed(document).decision == yours
    with pytest.raises(KeyError):
        books.answer(DocumentId("none"), mine)


def asked_about(books):
    batch = receive(books, pages=1)
    [reading] = books.keep_cut(batch, cut_of("b1", (1,))).readings
    books.ask(reading, review_of())
    return reading.document.id


def test_of_two_answers_to_one_question_the_first_is_kept(books):
    document = asked_about(books)
    put = books.asked(document)
    assert books.pending(document) is None
    assert books.first_answer(document, Referral("rescan", "faint", "clerk eve"))
    mine, yours = decision_of(by="clerk ada"), decision_of("777", by="clerk ada")
    assert books.first_answer(document, mine, None, put)
    assert not books.first_answer(document, yours, None, put)
    assert not books.first_answer(document, mine, None, put)
    assert books.pending(document) == mine


def test_a_question_that_is_put_anew_is_not_answered_as_it_was(books):
    document = asked_about(books)
    put = books.asked(document)
    mine = decision_of(by="clerk ada")
    books.answer(document, mine)
    books.put_back(document, mine, "the index has nobody of that number")
    assert not books.first_answer(document, mine, None, put)
    books.file(filed_of(document, mine))
    assert not books.first_answer(document, mine, None, put)
    assert books.pending(document) is None


def test_a_rejection_gives_the_pages_its_reason(books):
    batch = receive(books, pages=2)
    document = books.keep_cut(batch, cut_of("b1", (1, 2))).readings[0].document.id
    books.ask(reading_of("b1-1", "b1", (1, 2)), review_of())
    no = Rejection("not a chart", "clerk ada")
    books.answer(document, no)
    books.reject(document, no)
    books.reject(document, no)
    assert books.answers() == ()
    assert list(books.waiting()) == []
    assert {(x.disposition, x.reasons) for x in books.ledger()} == {
        ("rejected", ("not a chart",))
    }


def test_a_filed_document_cannot_be_rejected(books):
    batch = receive(books, pages=1)
    books.keep_cut(batch, cut_of("b1", (1,)))
    books.file(filed_of("b1-1"))
    books.reject(DocumentId("b1-1"), Rejection("too late", "clerk ada"))
    assert dispositions(books) == ["filed"]


# --- the record


def test_filing_twice_files_once(books):
    batch = receive(books, pages=1)
    books.keep_cut(batch, cut_of("b1", (1,)))
    first = books.file(filed_of("b1-1"))
    other = filed_of("b1-1", decision_of("777"), data="another pdf")
    assert books.file(other) == first == filed_of("b1-1")
    assert books.versions(DocumentId("b1-1")) == (first,)


def test_a_correction_is_a_new_version(books):
    batch = receive(books, pages=1)
    books.keep_cut(batch, cut_of("b1", (1,)))
    one = books.file(filed_of("b1-1"))
    two = books.file(filed_of("b1-1", decision_of("777", "clerk ada"), version=2))
    assert books.file(two) == two
    late = filed_of("b1-1", decision_of("888", "clerk bob"), version=2)
    assert books.file(late) == two
    assert books.versions(DocumentId("b1-1")) == (one, two)
    assert books.filed(DocumentId("b1-1")) == two
    assert list(books.of_patient(PatientId("00123456"))) == []
    assert list(books.of_patient(PatientId("777"))) == [two]
    (line,) = books.ledger()
    assert (line.decision, line.filed) == (two.decision, two)


def test_a_chart_has_the_newest_first_and_the_undated_last(books):
    batch = receive(books)
    books.keep_cut(batch, cut_of("b1", (1,), (2,), (3,)))
    dates = (None, dt.date(2019, 1, 1), dt.date(2021, 1, 1))
    for n, date in enumerate(dates, start=1):
        books.file(filed_of(f"b1-{n}", dataclasses.replace(decision_of(), date=date)))
    chart = books.of_patient(PatientId("00123456"))
    assert [f.document for f in chart] == ["b1-3", "b1-2", "b1-1"]


def test_unknown_documents_and_wrong_versions_are_refused(books):
    batch = receive(books, pages=1)
    with pytest.raises(KeyError):
        books.file(filed_of("b1-1"))
    with pytest.raises(KeyError):
        books.ask(reading_of("b1-1", "b1"), review_of())
    with pytest.raises(KeyError):
        books.reject(DocumentId("b1-1"), Rejection("no", "clerk ada"))
    books.keep_cut(batch, cut_of("b1", (1,)))
    with pytest.raises(ValueError, match="version"):
        books.file(dataclasses.replace(filed_of("b1-1"), id=DocumentId("b1-1-v2")))
    assert books.filed(DocumentId("b1-1")) is None


# --- the books


def test_the_ledger_is_ordered_by_file_and_page(books):
    for id_ in ("z", "a", "m"):
        batch = books.receive(batch_of(id_, file_of(f"{id_}2"), file_of(f"{id_}1")))
        books.opened(batch, sources(2, 1), {})
    told = [(x.batch, x.source, x.page, x.number) for x in books.ledger()]
    assert told == [
        (b, f"{b}{f}", p, n)
        for b in ("z", "a", "m")
        for f, p, n in ((2, 1, 1), (2, 2, 2), (1, 1, 3))
    ]


def test_the_ledger_says_where_a_page_lies(books):
    batch = receive(books)
    books.keep_cut(batch, cut_of("b1", (1, 3), blank=[2]))
    books.file(filed_of("b1-1"))
    one, two, three = books.ledger()
    assert (three.document, three.document_page, three.rotation) == ("b1-1", 2, 90)
    assert (two.removed_as, two.document) == ("blank", None)
    assert one.reading == books.reading(DocumentId("b1-1"))


def test_progress_counts_pages_to_their_outcome(books):
    books.receive(batch_of("b0"))
    assert books.progress() == Progress(1, 0, 0, 0, 0)
    batch = receive(books, "b1", pages=4)
    assert books.progress() == Progress(1, 4, 4, 0, 0)
    cut = books.keep_cut(batch, cut_of("b1", (1, 2), (3,), blank=[4]))
    assert books.progress([batch]) == Progress(0, 4, 4, 1, 0)
    books.ask(cut.readings[1], review_of())
    books.file(filed_of("b1-1"))
    assert books.progress([batch]) == Progress(0, 4, 4, 4, 0)
    assert books.unfinished() == ("b0", "b1")
    books.finish(batch)
    books.finish(batch)
    assert books.unfinished() == ("b0",)


def test_the_audit_trail_takes_lines(books):
    books.audit("clerk ada", "viewed", "b1-1")


def test_a_poor_scan_is_offered_until_a_clerk_says_that_it_is_the_best(books):
    batch = books.receive(batch_of("b1"))
    books.opened(batch, sources(4), {})
    poor = dataclasses.replace(GOOD, faults=("folded", "pale"), again=("pale",))
    told = dataclasses.replace(GOOD, faults=("folded",))
    pages = [(1, GOOD), (2, poor), (3, told), (4, poor)]
    books.keep_pages(
        batch, [dataclasses.replace(page_of(n), quality=found) for n, found in pages]
    )
    assert books.poor_scans() == ()  # of no document yet
    books.keep_cut(batch, cut_of("b1", (1, 2, 3), blank=[4]))
    offered = PoorScan(batch, 2, DocumentId("b1-1"), 2, ("pale",))
    assert books.poor_scans() == (offered,)
    for _ in range(2):
        books.keep_best_scan(batch, 2, "clerk ada")
    assert books.poor_scans() == ()
    assert books.best_scans(batch) == {2}
    assert [line.best_scan for line in books.ledger()] == [False, True, False, False]
    assert [line.quality for line in books.ledger()][:2] == [GOOD, poor]
    with pytest.raises(KeyError):
        books.keep_best_scan(batch, 9, "clerk ada")


def test_a_rejected_document_is_not_scanned_again(books):
    batch = books.receive(batch_of("b1"))
    books.opened(batch, sources(1), {})
    poor = dataclasses.replace(GOOD, faults=("pale",), again=("pale",))
    books.keep_pages(batch, [dataclasses.replace(page_of(1), quality=poor)])
    books.keep_cut(batch, cut_of("b1", (1,)))
    books.reject(DocumentId("b1-1"), Rejection("not ours", "clerk ada"))
    assert books.poor_scans() == ()
