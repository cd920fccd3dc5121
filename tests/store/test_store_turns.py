"""Pages that clerks turned: the last word holds, and each is in the history."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from pipeline.document import BatchId
from pipeline.page import QUARTERS, Box, quarter
from tests.builders import batch_of, empty_books, page_of, sources

B1, ADA, BEN = BatchId("b1"), "clerk ada", "clerk ben"
turns = st.sampled_from(QUARTERS)
sides = st.integers(1, 5000)


@pytest.fixture
def books(tmp_path):
    books = empty_books(tmp_path / "catalogue.sqlite")
    books.receive(batch_of("b1"))
    books.opened(B1, sources(2), {})
    books.keep_pages(B1, [page_of(n) for n in (1, 2)])
    yield books
    books.close()


def test_the_last_word_holds_and_turned_back_is_not_turned(books):
    assert books.turns(B1) == {}
    for turn, now in ((90, {2: 90}), (270, {2: 270}), (0, {})):
        books.turn(B1, 2, turn, ADA)
        assert books.turns(B1) == now
    assert books.turns(BatchId("other")) == {}


def test_said_twice_it_is_written_once(books):
    books.turn(B1, 2, 90, ADA)
    books.turn(B1, 2, 90, BEN)
    with books.database.reading() as rows:
        told = rows.execute(text("SELECT by, event FROM history WHERE batch = 'b1'"))
        told = [tuple(row) for row in told if row.event.startswith("turned")]
    assert told == [(ADA, "turned page 2 to 90 degrees")]


def test_a_page_that_was_not_read_is_not_turned(books):
    with pytest.raises(KeyError):
        books.turn(B1, 3, 90, ADA)


def test_the_ledger_tells_how_the_filed_page_stands(books):
    before = page_of().rotation
    books.turn(B1, 2, 270, ADA)
    told = [line.rotation for line in books.ledger([B1])]
    assert told == [before, quarter(before + 270)]


@given(turns, turns, sides, sides, st.data())
def test_turned_twice_is_turned_by_both(one, other, width, height, data):
    left, right = sorted(data.draw(st.tuples(*[st.integers(0, width)] * 2)))
    top, bottom = sorted(data.draw(st.tuples(*[st.integers(0, height)] * 2)))
    box, size = Box(left, top, right, bottom), (width, height)
    between = (height, width) if one in (90, 270) else size
    twice = box.turned(one, size).turned(other, between)
    assert twice == box.turned(quarter(one + other), size)


def test_the_head_of_a_page_turned_right_is_at_its_right():
    head = Box(0, 0, 100, 10)
    assert head.turned(90, (100, 200)) == Box(190, 0, 200, 100)
