"""What came in lately: counted from the books, looked at once, signed in the audit."""

import datetime as dt
from dataclasses import replace

import pytest

from pipeline.document import BatchId, Sidecar
from pipeline.page import SheetFault
from pipeline.store.arrivals import Look, Said
from pipeline.store.sql_arrivals import SqlArrivals
from tests.builders import (
    NOON,
    batch_of,
    empty_books,
    file_of,
    key_of,
    page_of,
    sources,
)

HOUR = dt.timedelta(hours=1)
LOOK = Look(3, (SheetFault("blur", "blurred", 2, again=True),), NOON)


@pytest.fixture
def books(tmp_path):
    books = empty_books(tmp_path / "catalogue.sqlite")
    yield books
    books.close()


@pytest.fixture
def arrivals(books):
    return SqlArrivals(books.database)


def test_what_came_in_newest_first_with_its_counts(books, arrivals):
    side = Sidecar(station="scan-3", box="B-17", volume="2", sheets=2)
    books.receive(replace(batch_of("b1"), sidecar=side))
    books.receive(batch_of("b2", file_of("new.pdf"), received=NOON + HOUR))
    books.opened(BatchId("b1"), sources(3), {})
    books.keep_pages(BatchId("b1"), [page_of(1)])
    new, old = arrivals.since(NOON)
    assert (new.batch, new.station, new.pages, new.look) == ("b2", "scan", 0, None)
    assert (old.station, old.box, old.volume, old.fed) == ("scan-3", "B-17", "2", 2)
    assert (old.pages, old.read, old.name) == (3, 1, "b1.pdf")
    assert [one.batch for one in arrivals.since(NOON, "scan")] == ["b2"]
    assert [one.batch for one in arrivals.since(NOON + HOUR)] == ["b2"]
    assert arrivals.of(BatchId("nobody")) is None


def test_a_look_is_kept_once(books, arrivals):
    books.receive(batch_of("b1"))
    assert arrivals.unlooked(NOON) == ["b1"]
    arrivals.keep_look(BatchId("b1"), LOOK)
    arrivals.keep_look(BatchId("b1"), replace(LOOK, sides=9))
    assert arrivals.of(BatchId("b1")).look == LOOK
    assert arrivals.unlooked(NOON) == []


def test_nobody_looks_at_copies_at_what_was_set_aside_or_is_old(books, arrivals):
    books.receive(batch_of("b1", received=NOON - HOUR))
    books.receive(batch_of("b2", file_of("copy.pdf", "b1.pdf")))
    books.quarantine("x", key_of("x"), 1, "no scan", "scan")
    assert arrivals.unlooked(NOON - HOUR) == ["b1"]
    assert arrivals.unlooked(NOON) == []


def test_the_last_count_holds_and_a_signature_until_the_next(books, arrivals):
    books.receive(batch_of("b1"))
    for sheets in (5, 4):
        said = Said("counted", sheets, "", "clerk ada", NOON)
        arrivals.say(BatchId("b1"), said)
    assert arrivals.of(BatchId("b1")).fed == 4
    signed = Said("signed", None, "", "clerk ada", NOON)
    arrivals.say(BatchId("b1"), signed)
    assert arrivals.of(BatchId("b1")).signed == signed
    arrivals.say(BatchId("b1"), Said("counted", 3, "", "clerk ada", NOON))
    assert arrivals.of(BatchId("b1")).signed is None
    with pytest.raises(KeyError):
        arrivals.say(BatchId("nobody"), signed)
    assert books.first_bad_audit_line() is None
