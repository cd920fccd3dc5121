"""Risky answers wait for another person's, blind; a third decides where two differ."""

import datetime as dt
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from pipeline import flow
from pipeline.document import Decision, DocumentType, TypeFacts
from pipeline.finding import Evidence
from pipeline.keying import Keying
from pipeline.review.modes import SECOND, is_blind
from pipeline.review.queue import QueueRules
from pipeline.review.second_key import DIFFER, may_key, risky, standing
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

    def __init__(self, folder):
        house = tools(folder, ANNA, TWIN)
        self.books = house.catalogue
        self.keys = SqlSecondKeys(self.books.database)
        keyed = Keying(self.keys, self.books, house.type_facts)
        [batch] = take(folder, house, head(ANNA, "LETTER").replace("ANNA", "A"))
        list(flow.process(batch, house))
        self.tools = replace(house, keyed=keyed)
        [waiting] = self.books.waiting()
        self.document = waiting.reading.document.id

    def say(self, said):
        self.books.answer(self.document, said)
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
    assert not risky(CERTAIN, said, types)
    assert risky(alike, said, types)
    assert risky(alien, said, types)
    assert risky(CERTAIN, replace(said, type=SECRET.key), types)
    assert not risky(replace(CERTAIN, patients=()), said, types)


def test_the_date_alone_is_no_difference():
    first = [(ADA, NOW)]
    assert standing([], ADA) == SECOND
    assert standing(first, replace(BOB, date=NOW.date())) == ""
    assert standing(first, replace(BOB, type=LAB)) == DIFFER
    assert standing([*first, (BOB, NOW)], replace(CYD, type=LAB)) == ""


def test_nobody_gives_both_keys_before_a_day_is_over():
    first = [(ADA, NOW)]
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
