"""Risky answers wait for another person's, blind; a third decides where two differ."""

import datetime as dt
import math
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from pipeline import flow
from pipeline.document import Decision, DocumentType, TypeFacts
from pipeline.finding import Evidence
from pipeline.keying import Keying, gist, trial_of
from pipeline.review.modes import SECOND, is_blind
from pipeline.review.queue import QueueRules
from pipeline.review.second_key import (
    DIFFER,
    Asked,
    Risk,
    Trial,
    may_key,
    risk,
    standing,
    trial,
    within,
)
from pipeline.store.answers import Rejection
from pipeline.store.second_key_rows import SqlSecondKeys
from pipeline.store.sql_worklist import SqlWorklist
from pipeline.store.verify import verify
from pipeline.web.app import make_app
from tests.flow.papers import head, person, take, tools
from tests.review.readings import ANNA as BEST
from tests.review.readings import CERTAIN, found
from tests.web.desks import FakeInHand
from tests.web.desks import desk as fake_desk

ANNA = person("10000012", "SENTINEL", "ANNA", dt.date(1961, 3, 4))
TWIN = person("10000020", "SENTINEL", "AMY", dt.date(1961, 3, 4))
LETTER, LAB = DocumentType("letter"), DocumentType("laboratory_report")
SECRET = TypeFacts(DocumentType("therapy"), "1-9", "Therapy", "clinical", ("PSY",))
NOW = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
ADA = Decision(ANNA.id, LETTER, None, None, "clerk ada")
BOB = replace(ADA, by="clerk bob")
CYD = replace(ADA, by="clerk cyd")


class House:
    """One paper of a twin's that waits, and a worker that asks for second keys."""

    def __init__(self, folder, papers=1, rules=None, accounts=()):
        house = tools(folder, ANNA, TWIN)
        self.books = house.catalogue
        self.keys = SqlSecondKeys(self.books.database)
        self.keyed = Keying(
            self.keys,
            self.books,
            house.type_facts,
            rules or QueueRules(second_key=True),
            accounts.__contains__,
        )
        paper = head(ANNA, "LETTER").replace("ANNA", "A")
        each = [f"{paper}\npaper {nth}" for nth in range(papers)]
        for batch in take(folder, house, *each):
            list(flow.process(batch, house))
        self.tools = replace(house, keyed=self.keyed)
        self.documents = [one.reading.document.id for one in self.books.waiting()]
        self.document = self.documents[0]

    def say(self, said, document=None):
        self.books.answer(document or self.document, said)
        flow.sweep(self.tools, flow.RunNow(self.tools))

    @property
    def reasons(self):
        waiting = self.books.asked(self.document)
        return [doubt.reason for doubt in waiting.review.reasons] if waiting else []

    @property
    def filed(self):
        filed = self.books.filed(self.document)
        return filed.decision if filed else None


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


def test_two_who_agree_file_it(house):
    house.say(ADA)
    assert house.filed is None
    assert house.books.answers() == ()
    assert house.reasons[0] == SECOND
    assert is_blind(house.books.asked(house.document).review)
    house.say(BOB)
    assert house.filed == BOB
    assert list(verify(house.books, house.tools.objects)) == []
    assert house.books.first_bad_audit_line() is None


def test_where_two_differ_a_third_decides_whatever_they_say(house):
    house.say(ADA)
    house.say(replace(BOB, patient=TWIN.id))
    assert house.filed is None
    assert house.reasons[0] == DIFFER
    assert SECOND not in house.reasons
    assert not is_blind(house.books.asked(house.document).review)
    house.say(replace(CYD, type=LAB))
    assert house.filed == replace(CYD, type=LAB)


def test_a_correction_is_asked_of_nobody_twice(house):
    house.say(ADA)
    house.say(BOB)
    house.say(replace(ADA, patient=TWIN.id))
    assert house.filed.patient == TWIN.id


def test_a_kill_after_the_key_asks_nobody_twice(house):
    house.books.answer(house.document, ADA)
    review = house.books.asked(house.document).review
    assert house.keys.keep(house.document, ADA, review)
    assert not house.keys.keep(house.document, ADA, review)
    assert len(house.keys.of(house.document)) == 1


def test_what_is_risky():
    types = {SECRET.key: SECRET}
    said = Decision(BEST.id, LETTER, None, None, "clerk ada")
    alert = Evidence("name alert", 0.0, "twin: MRN 2")
    alike = replace(CERTAIN, patients=(found(BEST, 0.9, alert),))
    alien = replace(CERTAIN, contradictions=(Evidence("mrn", 0.0, "2", 1),))
    assert risk(CERTAIN, said, types) is Risk.NONE
    assert risk(alike, said, types) is Risk.ALIKE
    assert risk(alien, said, types) is Risk.CONTRADICTION
    assert risk(CERTAIN, replace(said, type=SECRET.key), types) is Risk.RESTRICTED
    assert risk(replace(CERTAIN, patients=()), said, types) is Risk.NONE


def test_the_date_alone_is_no_difference():
    first, other = gist(ADA), gist(replace(BOB, type=LAB))
    assert standing([], first) == SECOND
    assert standing([first], gist(replace(BOB, date=NOW.date()))) == ""
    assert standing([first], other) == DIFFER
    assert standing([first], gist(Rejection("a menu", "clerk bob"))) == DIFFER
    assert standing([first, first], other) == ""


def test_nobody_gives_both_keys_before_a_day_is_over():
    first = [(ADA.by, NOW)]
    assert may_key([], ADA.by, NOW)
    assert may_key(first, BOB.by, NOW)
    assert not may_key(first, ADA.by, NOW + dt.timedelta(hours=23))
    assert may_key(first, ADA.by, NOW + dt.timedelta(days=1))


def test_at_the_desk_the_second_key_is_another_person_s(house):
    house.say(ADA)
    here = replace(
        fake_desk(house.books, ANNA, TWIN),
        keys=house.keys,
        in_hand=FakeInHand(),
        worklist=SqlWorklist(house.books.database),
        rules=QueueRules(second_key=True),
    )
    page = f"/documents/{house.document}"
    form = {"action": "file", "mrn": ANNA.mrn, "confirmed": ANNA.mrn, "type": "letter"}
    ada = TestClient(make_app(here), base_url="http://localhost")
    for told in (ada.get(page), ada.post(f"{page}/answer", data=form)):
        assert told.status_code == 409
        assert "another person" in told.text
    assert ada.get("/next", follow_redirects=False).headers["location"] == "/"
    there = replace(here, clerk="clerk bob")
    bob = TestClient(make_app(there), base_url="http://localhost")
    assert bob.get("/next", follow_redirects=False).headers["location"] == page
    assert "SENTINEL" not in bob.get(page).text
    bob.post(f"{page}/answer", data=form, follow_redirects=False)
    assert dict(house.books.answers())[house.document] == BOB


def test_second_keys_fill_their_share_and_the_worst_fills_it_last():
    asked = Asked(0, 0)
    assert asked.share == 0.0
    assert within(Risk.RESTRICTED, asked, 0.05)  # the first one always
    told = {r: within(r, Asked(3, 99), 0.05) for r in Risk}
    assert told == {
        Risk.NONE: False,
        Risk.RESTRICTED: False,
        Risk.ALIKE: True,
        Risk.CONTRADICTION: True,
    }
    assert not within(Risk.ALIKE, Asked(4, 99), 0.05)
    assert within(Risk.CONTRADICTION, Asked(4, 99), 0.05)
    assert not within(Risk.CONTRADICTION, Asked(5, 99), 0.05)
    assert not within(Risk.CONTRADICTION, Asked(0, 99), 0.0)


@given(st.lists(st.sampled_from(Risk), max_size=300), st.floats(0.0, 1.0))
def test_never_more_second_keys_than_their_share_rounded_up(risks, share):
    keys = 0
    for documents, one in enumerate(risks):
        keys += within(one, Asked(keys, documents), share)
        assert keys <= math.ceil(round(share * (documents + 1), 9))


def test_at_the_desk_the_share_is_of_what_was_answered(tmp_path):
    house = House(tmp_path, papers=3, rules=QueueRules(second_key=True))
    for document in house.documents:
        house.say(ADA, document)
    asked = house.keys.lately()
    assert (asked.documents, asked.risky, asked.new) == (2, 1, 0)
    assert [bool(house.books.filed(one)) for one in house.documents] == [
        False,
        True,
        True,
    ]


def test_a_run_of_right_ones_begins_again_after_a_wrong_one():
    assert trial([]) == Trial()
    assert trial([True, True, False, True]) == Trial(run=1, longest=2, wrong=1)
    assert trial([True, True, False]).passed(2)  # who is trusted stays so
    assert not trial([True, False, True]).passed(2)


NEWCOMERS = QueueRules(new_clerk_answers=2)


def test_each_answer_of_a_new_clerk_is_another_s_too_until_enough_were_right(tmp_path):
    house = House(tmp_path, papers=4, rules=NEWCOMERS, accounts=[ADA.by])
    first, second, third, fourth = house.documents
    for document in (first, second):
        house.say(ADA, document)
        assert house.books.filed(document) is None
        house.say(BOB, document)  # has no account, so that nobody asks for a third
        assert house.books.filed(document)
    assert trial_of(ADA.by, house.keys).passed(2)
    for document in (third, fourth):
        house.say(ADA, document)
        assert house.books.filed(document).decision == ADA
    asked = house.keys.lately()
    assert (asked.documents, asked.risky, asked.new) == (4, 0, 2)


def test_a_wrong_answer_of_a_new_clerk_begins_their_count_again(tmp_path):
    house = House(tmp_path, papers=3, rules=NEWCOMERS, accounts=[ADA.by])
    first, second, third = house.documents
    house.say(ADA, first)
    house.say(BOB, first)
    house.say(replace(ADA, patient=TWIN.id), second)
    house.say(BOB, second)
    house.say(CYD, second)
    assert house.books.filed(second).decision == CYD
    assert trial_of(ADA.by, house.keys) == Trial(run=0, longest=1, wrong=1)
    house.say(ADA, third)
    assert house.keyed.is_new(ADA.by)
    assert house.books.filed(third) is None


def test_a_new_clerk_rejects_nothing_alone(tmp_path):
    house = House(tmp_path, rules=NEWCOMERS, accounts=[ADA.by])
    house.say(Rejection("a menu", ADA.by))
    assert house.reasons[0] == SECOND
    house.say(Rejection("no paper of a patient", BOB.by))
    assert house.books.asked(house.document) is None
    assert house.filed is None
    assert trial_of(ADA.by, house.keys) == Trial(run=1, longest=1)


def test_without_an_account_nobody_is_new(tmp_path):
    house = House(tmp_path, rules=NEWCOMERS)
    house.say(ADA)
    assert house.filed == ADA
    assert not house.keyed.is_new(ADA.by)
