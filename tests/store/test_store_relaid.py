"""Other pages for what is filed: each page in one place, whatever was asked for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.correcting import relaid_by
from pipeline.document import BatchId, Correction, DocumentId
from pipeline.errors import InputError
from pipeline.store.figures import SqlFigures
from pipeline.store.relaid_rows import SqlRelaid
from pipeline.store.verify import verify
from tests.builders import (
    NOON,
    batch_of,
    cut_of,
    decision_of,
    empty_books,
    file_of,
    filed_of,
    page_of,
    receive,
    review_of,
    sources,
)
from tests.faults.stores import Killed, killed_at
from tests.store.test_store_recut import NoObjects

ONE, B1, B2, BY = DocumentId("b1-1"), BatchId("b1"), BatchId("b2"), "clerk ada"

RECEIVED = [*((B1, n) for n in (1, 2, 3, 4)), *((B2, n) for n in (1, 2, 3))]


@pytest.fixture
def house(tmp_path):
    """Four pages filed as one document, and three in a file that came in later."""
    yield (books := filled(tmp_path))
    books.close()


def filled(folder):
    books = empty_books(folder / "catalogue.sqlite")
    receive(books, pages=4)
    books.keep_cut(B1, cut_of("b1", (1, 2, 3, 4)))
    books.file(filed_of(ONE, decision_of()))
    books.finish(B1)
    books.receive(batch_of("b2", file_of("again.pdf")))
    books.opened(B2, sources(3), {})
    books.keep_pages(B2, [page_of(n) for n in (1, 2, 3)])
    for reading in books.keep_cut(B2, cut_of("b2", (1, 2), (3,))).readings:
        books.ask(reading, review_of())
    books.finish(B2)
    return books


def lend(books, number):
    return SqlRelaid(books.database).lend((B2, number), B1, BY)


def lay(books, pages):
    standing = books.versions(ONE)[-1]
    said = Correction(standing.id, decision_of(by=BY), "x", False, BY, pages=pages)
    relaid = relaid_by(said, books.reading(ONE), books)
    version = len(books.versions(ONE)) + 1
    books.correct(said, filed_of(ONE, said.decision, version), relaid)


def sound(books):
    """Nothing is wrong but that there are no objects."""
    faults = [str(fault) for fault in verify(books, NoObjects())]
    return [f for f in faults if "original" not in f and "filed PDF" not in f]


def lying(books):
    return {
        (line.batch, line.number): line.document or line.removed_as
        for line in books.ledger()
    }


def test_a_page_is_lent_once_and_set_aside_until_it_is_wanted(house):
    assert [lend(house, n) for n in (3, 1, 3)] == [5, 6, 5]
    assert [file.name for file in house.batch(B1).files] == ["b1.pdf", "again.pdf"]
    assert lying(house)[B2, 3] == "b2-2"
    assert sorted(lying(house)) == RECEIVED
    assert house.pages(B1, (5,))[0].words == house.pages(B2, (3,))[0].words
    assert sound(house) == []


def test_a_page_that_is_not_read_is_not_lent(house):
    with pytest.raises(KeyError):
        lend(house, 9)
    assert len(house.batch(B1).files) == 1


def test_a_clerk_s_turn_goes_with_a_page_that_is_lent(house):
    house.turn(B2, 3, 90, BY)
    number = lend(house, 3)
    assert house.turns(B1) == {number: 90}


def test_a_lent_page_came_in_once(house):
    lend(house, 3)
    pages = [one.pages for one in SqlFigures(house.database).arrived(NOON)]
    assert sum(pages) == 7


def test_the_same_file_again_is_a_copy_of_where_it_came_in(house):
    lend(house, 3)
    house.receive(batch_of("b3", file_of("copy.pdf", "again.pdf")))
    firsts = {line.first_batch for line in house.ledger() if line.batch == "b3"}
    assert firsts == {B2}
    assert sound(house) == []


def test_older_versions_keep_their_pages_in_the_books(house):
    lay(house, (1, 2))
    assert SqlRelaid(house.database).before(ONE) == (1, 2, 3, 4)
    lay(house, (1,))
    assert SqlRelaid(house.database).before(ONE) == (1, 2)
    lay(house, (1, 2))
    assert SqlRelaid(house.database).before(ONE) == (1,)
    assert sound(house) == []


def test_a_repeat_changes_nothing(house):
    standing = house.versions(ONE)[-1]
    right = decision_of(by=BY)
    said = Correction(standing.id, right, "x", False, BY, pages=(1, 2))
    relaid = relaid_by(said, house.reading(ONE), house)
    for _ in range(2):
        house.correct(said, filed_of(ONE, right, 2), relaid)
    assert len(house.corrections(ONE)) == 1
    assert len(list(house.waiting())) == 3
    assert sound(house) == []


WANTED = st.lists(
    st.one_of(st.integers(1, 4), st.integers(11, 13)), min_size=1, unique=True
)


@settings(max_examples=settings.default.max_examples // 4, deadline=None)
@given(st.lists(WANTED, min_size=1, max_size=4))
def test_no_page_is_lost_or_doubled(tmp_path_factory, wanted):
    """Numbers from 11 are those of the file that came in later."""
    books = filled(tmp_path_factory.mktemp("books"))
    for some in wanted:
        pages = tuple(n if n < 10 else lend(books, n - 10) for n in some)
        before = books.reading(ONE).document.pages
        try:
            lay(books, pages)
        except InputError:
            pages = before
        assert books.reading(ONE).document.pages == pages
        lines = [(line.batch, line.number) for line in books.ledger()]
        assert sorted(lines) == RECEIVED
        assert None not in lying(books).values()
        assert sound(books) == []
        assert books.progress().settled == books.progress().received == len(RECEIVED)
    books.close()


@pytest.fixture
def other(house):
    """One more document, filed from a batch of its own."""
    receive(house, "b0", pages=1)
    house.keep_cut("b0", cut_of("b0", (1,)))
    house.file(filed_of("b0-1", decision_of()))
    house.finish(BatchId("b0"))
    return DocumentId("b0-1")


def test_one_scan_is_not_the_better_one_of_two_documents(house, other):
    lay(house, (1, 2, 3, lend(house, 3)))
    to = SqlRelaid(house.database).lend((B2, 3), BatchId("b0"), BY)
    right = decision_of(by=BY)
    said = Correction(other, right, "x", False, BY, pages=(to,))
    with pytest.raises(InputError, match="is filed in document b1-1"):
        relaid_by(said, house.reading(other), house)
    assert sound(house) == []
    gone = Correction(house.versions(ONE)[-1].id, None, "a menu", False, BY)
    house.correct(gone, None)
    relaid = relaid_by(said, house.reading(other), house)
    house.correct(said, filed_of(other, right, 2), relaid)
    assert lying(house)[B2, 3] == other
    assert sound(house) == []


def test_verify_names_a_page_that_lies_in_two_documents_by_two_batches(house, other):
    lay(house, (1, 2, 3, lend(house, 3)))
    to = SqlRelaid(house.database).lend((B2, 3), BatchId("b0"), BY)
    mischief = (
        f"UPDATE place SET removed_as = NULL, document = '{other}', ordinal = 2"
        f" WHERE batch = 'b0' AND number = {to}"
    )
    with house.database.writing() as rows:
        rows.exec_driver_sql(mischief)
    assert "batch b2 page 3: lies in two documents, lent" in sound(house)


@pytest.mark.parametrize("lent", [False, True])
def test_a_kill_between_any_two_statements_lays_all_or_nothing(house, lent):
    pages = (1, 2, lend(house, 1)) if lent else (1, 2)
    right = decision_of(by=BY)
    said = Correction(ONE, right, "x", False, BY, pages=pages)
    relaid = relaid_by(said, house.reading(ONE), house)
    before = lying(house), house.versions(ONE), len(list(house.waiting()))
    kills = 0
    for nth in range(1, 120):
        try:
            with killed_at(house.database, nth):
                house.correct(said, filed_of(ONE, right, 2), relaid)
            break
        except Killed:
            kills += 1
            stands = lying(house), house.versions(ONE), len(list(house.waiting()))
            assert stands == before
    assert kills > 20
    assert house.reading(ONE).document.pages == pages
    assert sound(house) == []


def test_a_kill_while_a_page_is_lent_lends_it_or_not(house):
    for nth in range(1, 60):
        try:
            with killed_at(house.database, nth):
                lend(house, 3)
            break
        except Killed:
            assert len(house.batch(B1).files) == 1
            assert sound(house) == []
    assert lend(house, 3) == 5
    assert sound(house) == []
