"""New cuts by hand: one transaction, no page lost, and the way back."""

import math
from dataclasses import replace

import pytest

from pipeline.document import BatchId, DocumentId, Review
from pipeline.review.recutting import (
    CUT,
    NoSuchCut,
    merge,
    move,
    reorder,
    set_aside,
    split,
    undone,
)
from pipeline.store.answers import Referral, Rejection
from pipeline.store.desk_rows import SqlDesk
from pipeline.store.objects import Key
from pipeline.store.recut_rows import SqlRecuts, Superseded
from pipeline.store.verify import verify
from tests.builders import (
    cut_of,
    decision_of,
    filed_of,
    page_of,
    receive,
    review_of,
)
from tests.faults.stores import Killed, killed_at

ONE, TWO = DocumentId("b1-1"), DocumentId("b1-2")
B1 = BatchId("b1")
BY = "clerk ada"


@pytest.fixture
def house(books):
    """Five pages in two open documents: three and two."""
    batch = receive(books, pages=5)
    for reading in books.keep_cut(batch, cut_of("b1", (1, 2, 3), (4, 5))).readings:
        books.ask(reading, review_of())
    books.finish(batch)
    return books


@pytest.fixture
def recuts(house):
    return SqlRecuts(house.database)


def asked(house, document):
    waiting = house.asked(document)
    return waiting.reading, waiting.review


def lying(house):
    """Pages by document, and what each page that lies in none was set aside as."""
    return {
        line.number: (line.document, line.document_page, line.removed_as)
        for line in house.ledger()
    }


def sound(house):
    with house.database.reading() as rows:
        rows.exec_driver_sql("SELECT 1")
    faults = [str(fault) for fault in verify(house, NoObjects())]
    return [fault for fault in faults if "original" not in fault]


class NoObjects:
    def stat(self, key: Key):
        return None


def test_split_makes_two_questions_and_closes_the_old_one(house, recuts):
    made = recuts.keep(split(asked(house, ONE), 2, BY))
    assert made == ("b1-0001-c1", "b1-0002-c1")
    assert house.asked(ONE) is None
    assert [w.reading.document.pages for w in house.waiting()] == [(4, 5), (1,), (2, 3)]
    assert lying(house)[3] == ("b1-0002-c1", 2, None)
    assert [r.document.id for r in house.cut(B1).readings] == [*made, TWO]
    assert {line.disposition for line in house.ledger()} == {"review"}
    assert sound(house) == []


def test_what_no_page_of_its_own_says_is_not_suggested(house, recuts):
    _, rest = recuts.keep(split(asked(house, ONE), 2, BY))
    first, second = (house.asked(one).reading for one in ("b1-0001-c1", rest))
    assert first.patients
    assert first.types
    assert second.patients == second.types == ()
    assert [doubt.reason for doubt in house.asked(rest).review.reasons] == [CUT]


def test_merge_set_aside_move_and_reorder(house, recuts):
    [whole] = recuts.keep(merge(asked(house, ONE), asked(house, TWO), BY))
    assert house.asked(whole).reading.document.pages == (1, 2, 3, 4, 5)
    [less] = recuts.keep(set_aside(asked(house, whole), [2], "duplicate", BY))
    assert lying(house)[2] == (None, None, "duplicate")
    [turned] = recuts.keep(reorder(asked(house, less), [3, 1, 4, 5], BY))
    assert house.asked(turned).reading.document.pages == (3, 1, 4, 5)
    assert [lying(house)[n][1] for n in (3, 1, 4, 5)] == [1, 2, 3, 4]
    front, back = recuts.keep(split(asked(house, turned), 3, BY))
    assert house.asked(front).reading.document.pages == (3, 1)
    moved = recuts.keep(move([4], asked(house, back), asked(house, front), BY))
    pages = [house.asked(one).reading.document.pages for one in moved]
    assert sorted(pages) == [(3, 1, 4), (5,)]
    assert sound(house) == []


def test_a_document_all_of_which_is_set_aside_asks_no_more(house, recuts):
    assert recuts.keep(set_aside(asked(house, TWO), [4, 5], "blank", BY)) == ()
    assert [line.disposition for line in house.ledger()][3:] == ["removed"] * 2
    assert house.asked(TWO) is None
    assert sound(house) == []


@pytest.mark.parametrize("aside", [False, True])
def test_the_way_back_asks_what_was_asked_before(house, recuts, aside):
    before = house.asked(ONE)
    if aside:
        recuts.keep(set_aside(asked(house, ONE), [2], "blank", BY))
    else:
        recuts.keep(split(asked(house, ONE), 2, BY))
    last = recuts.last(BY)
    [back] = recuts.keep(undone(last.recut, last.made, last.before, last.nth, BY))
    now = house.asked(back)
    assert now.reading.document.pages == (1, 2, 3)
    assert replace(now.reading, document=before.reading.document) == before.reading
    assert now.review == before.review
    assert recuts.last(BY) is None
    assert [one.nth for one in recuts.unread()] == [1]  # the way back needs no reading
    assert sound(house) == []


def test_the_way_back_knows_a_weight_without_end(house, recuts):
    """A veto's: it was kept as a gap, and the cut could not be taken back."""
    reading, review = asked(house, ONE)
    veto = replace(reading.patients[0].evidence[0], weight=-math.inf)
    vetoed = replace(reading, contradictions=(veto,))
    recuts.keep(split((vetoed, review), 2, BY))
    assert recuts.last(BY).recut.asked[0][0].contradictions == (veto,)


def test_only_who_cut_takes_it_back_and_not_once_it_is_answered(house, recuts):
    first, _ = recuts.keep(split(asked(house, ONE), 2, BY))
    assert recuts.last("clerk bob") is None
    house.answer(first, decision_of(by="clerk bob"))
    assert recuts.last(BY) is None


def test_a_kill_between_any_two_statements_cuts_all_or_nothing(house, recuts):
    new = split(asked(house, ONE), 2, BY)
    before = lying(house)
    kills = 0
    for nth in range(1, 60):
        try:
            with killed_at(house.database, nth):
                recuts.keep(new)
            break
        except Killed:
            kills += 1
            assert lying(house) == before
            assert house.asked(ONE)
    assert kills > 10
    assert lying(house)[2][0] == "b1-0002-c1"
    assert sound(house) == []


@pytest.mark.parametrize("how", ["answered", "filed", "rejected", "cut"])
def test_what_somebody_else_did_first_stands(house, recuts, how):
    mine = split(asked(house, ONE), 2, BY)
    if how == "answered":
        house.answer(ONE, decision_of(by="clerk bob"))
    elif how == "filed":
        house.file(filed_of("b1-1"))
    elif how == "rejected":
        house.reject(ONE, Rejection("no", "clerk bob"))
    else:
        recuts.keep(split(asked(house, ONE), 3, "clerk bob"))
    before = lying(house)
    with pytest.raises(Superseded):
        recuts.keep(mine)
    assert lying(house) == before


def test_a_lost_or_doubled_page_is_refused(house, recuts):
    whole = split(asked(house, ONE), 2, BY)
    for wrong in (
        replace(whole, asked=whole.asked[:1]),
        replace(whole, asked=(*whole.asked, whole.asked[0])),
        replace(whole, removed=((9, "blank"),)),
    ):
        with pytest.raises(ValueError, match="each page once"):
            recuts.keep(wrong)
    assert lying(house)[1][0] == ONE
    assert house.asked(ONE)


def test_cuts_that_make_no_sense(house):
    one, two = asked(house, ONE), asked(house, TWO)
    for wrong in (
        lambda: split(one, 1, BY),
        lambda: split(one, 4, BY),
        lambda: merge(one, one, BY),
        lambda: set_aside(one, [], "blank", BY),
        lambda: set_aside(one, [4], "blank", BY),
        lambda: set_aside(one, [1], "cover", BY),
        lambda: reorder(one, [1, 2], BY),
        lambda: move([4], one, two, BY),
    ):
        with pytest.raises(NoSuchCut):
            wrong()


def test_drafts_and_referrals_of_the_old_documents_go(house, recuts):
    desk = SqlDesk(house.database)
    desk.keep_draft(ONE, BY, {"mrn": "1"})
    house.answer(ONE, Referral("rescan", "faint", BY))
    recuts.keep(split(asked(house, ONE), 2, BY))
    assert desk.draft(ONE, BY) == {}
    assert desk.referred("rescan") == house.answers() == ()


def test_what_the_machine_reads_takes_the_question_s_place(house, recuts):
    first, rest = recuts.keep(split(asked(house, ONE), 2, BY))
    assert not recuts.is_read(rest)
    [kept] = recuts.unread()
    reading, _ = asked(house, rest)
    told = replace(reading, notes=("read",))
    house.answer(first, decision_of(by=BY))
    untouched = asked(house, first)
    recuts.keep_read(
        kept.nth, [(told, review_of("new")), (untouched[0], review_of("late"))]
    )
    assert asked(house, rest) == (told, review_of("new"))
    assert asked(house, first) == untouched  # answered meanwhile
    assert recuts.is_read(rest)
    recuts.keep_read(kept.nth, [])
    assert recuts.unread() == ()


def test_who_waits_in_the_batch(house, recuts):
    assert recuts.waiting_of(B1) == ((ONE, 1), (TWO, 4))
    house.file(filed_of("b1-1"))
    assert recuts.waiting_of(B1) == ((TWO, 4),)


def test_a_blind_question_stays_blind(house, recuts):
    from pipeline.review.modes import SHADOW, is_blind

    reading, review = asked(house, ONE)
    blind = Review((*review_of(SHADOW).reasons, *review.reasons))
    new = split((reading, blind), 2, BY)
    assert all(is_blind(review) for _, review in new.asked)


def test_pages_are_still_read_by_their_numbers(house, recuts):
    recuts.keep(split(asked(house, ONE), 2, BY))
    assert house.pages(B1, [2]) == (page_of(2),)
