"""Seeded items at the desk: like any item, told at once, and of no consequence."""

import re
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import MetaData, select

from pipeline import seeding
from pipeline.document import Decision, DocumentType, Doubt, TypeFacts
from pipeline.review.modes import SHADOW
from pipeline.review.queue import QueueRules
from pipeline.seeded.people import Numbers
from pipeline.seeding import Seeding, books_over
from pipeline.store.vigilance_rows import SqlVigilance
from pipeline.store.worklist import ALL, Wanted
from pipeline.users import User
from pipeline.vigilance import Vigilance
from pipeline.web.app import make_app
from pipeline.web.eyes import Eyes, Papers
from pipeline.web.seeded_desk import before, seeded_item
from tests.builders import empty_books
from tests.review.readings import RULES
from tests.web.live import ANNA, BERTA, TYPES, opened, reading_of, unsure

UNSURE = (Doubt("unsure of the type"),)
NUMBERS = Numbers(lambda mrn: mrn not in (ANNA.mrn, BERTA.mrn))
PSYCH = TypeFacts(DocumentType("psychiatry"), "1-1", "Psychiatry", "x", ("PSY",))


@pytest.fixture
def make(tmp_path, monkeypatch):
    """A desk on which two papers wait, and whose every next item is seeded."""
    monkeypatch.setattr(seeding, "AT_ONCE", ())  # half a second each, mostly unseen
    made = []

    def at(draw=lambda: 0.0, share=1.0, rules=RULES, numbers=NUMBERS, **more):
        waits = [
            replace(unsure(reading_of(n, (n,), who), "types"), doubts=UNSURE)
            for n, who in ((1, ANNA), (2, BERTA))
        ]
        here = opened(tmp_path, *waits, **more)
        kept = SqlVigilance(here.catalogue.database)
        seeds = Seeding(share, rules, lambda: numbers, kept, draw, books)
        assert seeds.books  # made
        made.append((here, seeds))
        return replace(here, seeds=seeds)

    yield at
    for here, seeds in made:
        seeds.close()
        here.catalogue.close()


def books():
    """Their own books, in a copy of empty ones."""
    folder = tempfile.TemporaryDirectory(prefix="chartfiler-seeded-")
    return books_over(folder, empty_books(Path(folder.name, "seeded.sqlite")))


class Browser:
    def __init__(self, desk):
        self.desk = desk
        self.client = TestClient(make_app(desk), base_url="http://localhost")
        self.client.follow_redirects = False

    def next(self, **asked):
        answer = self.client.get("/next", params=asked)
        return answer.headers["location"].rpartition("/")[2]

    def page(self, document):
        return self.client.get(f"/documents/{document}")

    def send(self, document, **form):
        answer = self.client.post(f"/documents/{document}/answer", data=form)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def file(self, document, patient, kind):
        form = {"mrn": patient.mrn, "confirmed": patient.mrn, "type": kind}
        return self.send(document, action="file", **form)

    def item(self, trap):
        """The next items, until one with this trap."""
        while True:
            document = self.next()
            item = self.desk.seeds._items[document]
            if item.trap == trap:
                return document, item
            self.file(document, *item.right)

    @property
    def vigilance(self):
        kept = SqlVigilance(self.desk.catalogue.database).by_person()
        return kept.get("clerk ada", Vigilance())


@pytest.fixture
def ada(make):
    return Browser(make())


def everything(catalogue):
    """Every value of every row of the site's database, by table."""
    tables = MetaData()
    with catalogue.database.reading() as rows:
        tables.reflect(rows)
        return {
            name: [str(value) for row in rows.execute(select(table)) for value in row]
            for name, table in tables.tables.items()
        }


@pytest.mark.parametrize("trap", ["none", "twin", "type", "number"])
def test_right_is_told_at_once(ada, trap):
    document, item = ada.item(trap)
    before = ada.vigilance
    where = ada.file(document, *item.right)
    assert where == f"/documents/{document}/told"
    page = ada.client.get(where).text
    assert ("Caught" if trap != "none" else "<h1>Right</h1>") in page
    assert item.right[0].mrn in page
    assert ada.vigilance.caught == before.caught + (trap != "none")
    assert ada.vigilance.right == before.right + (trap == "none")
    assert ada.vigilance.missed == ada.vigilance.spoiled == 0


@pytest.mark.parametrize("trap", ["twin", "type", "number"])
def test_so_is_a_suggestion_that_was_believed(ada, trap):
    document, item = ada.item(trap)
    best = item.reading
    ada.file(document, best.patients[0].value, best.types[0].value)
    page = ada.client.get(f"/documents/{document}/told").text
    assert "<h1>Missed</h1>" in page
    assert ada.vigilance.missed == 1


def test_another_patient_of_the_index_is_wrong(ada):
    document, item = ada.item("none")
    ada.file(document, BERTA, item.right[1])
    assert "somebody else" in ada.client.get(f"/documents/{document}/told").text
    assert ada.vigilance.spoiled == 1


ANSWER = "documents/{}/answer"
PASSED_ON = {
    "rejected": (ANSWER, {"action": "reject", "reason": "a menu"}),
    "referred": (ANSWER, {"action": "refer", "to": "rescan", "reason": "too faint"}),
    "held": (
        ANSWER,
        {"action": "hold", "old_number": "1", "family": "X", "type": "letter"},
    ),
    "escalated": ("work/{}/escalate", {"comment": "what is this?"}),
    "cut": ("documents/{}/cut", {"did": "aside", "pages": "1", "as_": "blank"}),
}


@pytest.mark.parametrize("way", PASSED_ON)
def test_passing_it_on_is_neither_caught_nor_missed(ada, way):
    path, form = PASSED_ON[way]
    answer = ada.client.post(f"/{path.format(ada.next())}", data=form)
    assert ada.client.get(answer.headers["location"]).status_code == 200
    assert "Passed on" in ada.client.get(answer.headers["location"]).text
    assert ada.vigilance == Vigilance(passed_on=1)
    assert ada.desk.holdings.all() == ()


def agreed(ada, document, reading):
    """Whether a group's way of answering took it; it is told as any answer."""
    form = {
        "mrn": reading.patients[0].value.mrn,
        "type": reading.types[0].value,
        "date": str(reading.dates[0].value),
        "doubt": "type",
    }
    answer = ada.client.post(f"/documents/{document}/agree", data=form)
    assert answer.status_code == 409 or answer.headers["location"].endswith("/told")
    return answer.status_code == 303


def worked(ada):
    """All that can be done to the next item, then its answer; what it was."""
    document = ada.next()
    item, page = ada.desk.seeds._items[document], f"/documents/{document}"
    ada.page(document)
    post, words = ada.client.post, {"left": 0, "top": 0, "right": 9, "bottom": 9}
    post(f"{page}/draft", data={"other": item.right[0].mrn})
    post(f"{page}/people", data={"text": item.right[0].mrn})
    post(f"{page}/pages/1/words", data=words)
    assert ada.client.get(f"{page}/pages/1/160.png").status_code == 200
    assert post(f"{page}/pages/1/turn", data={"turn": 90}).status_code == 204
    post(f"/work/{document}/assign", data={"to": "clerk ada"})
    ada.client.get(f"/siblings/{document}")
    if not agreed(ada, document, item.reading):
        ada.file(document, *item.right)
    post(f"{page}/undo")
    post(f"{page}/return")
    return document, item


def test_nothing_of_it_is_in_the_site_s_books_but_the_lesson(ada):
    """Whatever reads the catalogue: its database has no row to read."""
    site = ada.desk.catalogue
    nothing = everything(site)
    items = [worked(ada) for _ in range(8)]
    now = everything(site)
    changed = {name for name in now if now[name] != nothing[name]}
    assert changed == {"audit", "vigilance", "work_item"}  # ranked
    for document, item in items:
        named = [document, item.reading.document.batch]
        assert not any(one in value for one in named for value in now["work_item"])
        for patient in item.people:
            words = (patient.mrn, patient.names[0].family)
            for name, values in now.items():
                found = [v for v in values for word in words if word in v]
                assert not found, name
    kept = set(now["vigilance"])
    assert not any(document in kept for document, _ in items)
    assert {line.batch for line in site.ledger()} == {"b1"}
    assert site.first_bad_audit_line() is None


def test_its_screen_is_that_of_any_document(ada):
    real = ada.page("b1-0001").text
    ada.client.post("/work/b1-0001/release")
    seeded = ada.page(ada.next()).text
    for part in (
        'class="quiet origin"',
        "release or escalate",
        'id="evidence"',
        'data-split="1"',
        'id="unreadable"',
        "Another patient: name parts",
    ):
        assert (part in real) == (part in seeded), part
    assert "seeded" not in seeded
    assert "made up" not in seeded
    shape = re.compile(r"<(\w+)[^>]*?(?: class=\"([^\"]*)\")?")
    tags = [{m.group(1) for m in shape.finditer(page)} for page in (real, seeded)]
    assert tags[0] ^ tags[1] <= {"section", "strong", "text", "rect", "title"}


def test_its_picture_is_drawn_before_it_is_asked_for(ada, monkeypatch):
    drawn = []
    monkeypatch.setattr(seeding, "AT_ONCE", (1100, 160))
    monkeypatch.setattr(seeding, "_drawn", lambda _, width, turn: drawn.append(width))
    ada.next()
    ada.desk.seeds._opening.submit(int).result()  # one after the other
    assert drawn == [1100, 160]


def test_its_page_turns_as_any_and_it_is_of_no_list(ada):
    document = ada.next()
    turned = ada.client.post(f"/documents/{document}/pages/1/turn", data={"turn": 90})
    assert turned.status_code == 204
    assert 'data-turn="90"' in ada.page(document).text
    assert ada.client.get(f"/siblings/{document}").status_code == 404
    page = ada.page(document).text
    assert "/group?" not in page
    reading = ada.desk.seeds.books.catalogue.asked(document).reading
    whose, kind = reading.patients[0].value.mrn, reading.types[0].value
    agreed = {"mrn": whose, "type": kind, "doubt": "type"}
    refused = ada.client.post(f"/documents/{document}/agree", data=agreed)
    assert refused.status_code == 409
    assert document not in dict(ada.desk.catalogue.answers())


def test_the_search_finds_its_people_among_the_real_ones(ada):
    document, item = ada.item("number")
    page, right = f"/documents/{document}/people", item.right[0]
    found = ada.client.post(page, data={"text": right.mrn}).json()
    assert [one["mrn"] for one in found] == [right.mrn]
    found = ada.client.post(page, data={"text": "baker"}).json()
    assert [one["mrn"] for one in found] == [BERTA.mrn]
    found = ada.client.post("/patients", data={"text": right.mrn}).text
    assert "/charts/" not in found
    trail = everything(ada.desk.catalogue)["audit"]  # real people were looked through
    at = trail.index("searched patients")
    assert trail[at - 1 : at + 2] == ["clerk ada", "searched patients", document]


def test_who_has_work_in_hand_goes_on_with_it(ada):
    assert ada.page("b1-0002").status_code == 200
    assert ada.next() == "b1-0002"


def test_who_has_one_in_hand_is_given_it_again_and_nobody_else(ada):
    document = ada.next()
    assert ada.next() == document
    bob = Browser(replace(ada.desk, clerk="clerk bob"))
    assert bob.page(document).status_code == 409
    assert bob.client.get(f"/documents/{document}/told").status_code == 404
    ada.client.post(f"/work/{document}/release")
    assert ada.next() != document


def test_it_is_answered_once(ada):
    document, item = ada.item("twin")
    ada.file(document, *item.right)
    answer = ada.client.post(f"/documents/{document}/answer", data={"action": "file"})
    assert answer.status_code == 409
    assert ada.page(document).status_code == 404
    ada.desk.seeds.judge(document, None, "clerk ada")
    assert ada.vigilance.passed_on == 0


def test_once_in_a_while_is_what_the_setting_says(make):
    drawn = iter([0.5, 0.01, 0.02])
    ada = Browser(make(draw=lambda: next(drawn), share=0.02))
    assert ada.next() == "b1-0001"
    ada.client.post("/work/b1-0001/release")
    assert ada.desk.seeds.has(ada.next())
    ada.client.post(f"/work/{ada.next()}/release")
    assert ada.next() == "b1-0001"


def test_where_nothing_waits_nobody_is_tried(ada):
    asked = Wanted(reason="no such reason")
    assert seeded_item(ada.desk, asked, None) is None
    assert ada.next(reason="no such reason") == ""


def test_a_filter_gives_items_that_pass_it(ada):
    document = ada.next(reason="unsure of the type")
    review = ada.desk.seeds.books.catalogue.asked(document).review
    assert "unsure of the type" in [doubt.reason for doubt in review.reasons]


def test_where_no_number_can_be_made_up_there_is_none(make):
    ada = Browser(make(numbers=Numbers(lambda _: False)))
    assert not ada.desk.seeds.has(ada.next())


def test_books_that_cannot_be_opened_hold_nobody_up(make):
    def broken():
        raise OSError("disk full")

    desk = make()
    kept = SqlVigilance(desk.catalogue.database)
    seeds = Seeding(1.0, RULES, lambda: NUMBERS, kept, lambda: 0.0, broken)
    while not seeds._books.done():
        time.sleep(0.01)
    assert not Browser(replace(desk, seeds=seeds)).next().startswith("seeded")
    assert not seeds.turn()
    seeds.close()


def test_of_two_answers_at_once_one_counts(ada):
    document, item = ada.item("twin")
    before = ada.vigilance.caught
    said = Decision(item.right[0].id, item.right[1], None, None, "clerk ada")
    call = (ada.desk.seeds.judge, document, said, "clerk ada")
    with ThreadPoolExecutor(4) as threads:
        judged = [threads.submit(*call) for _ in range(8)]
    assert [one.result() for one in judged] == [None] * 8
    assert ada.vigilance.caught == before + 1


def test_one_that_was_forgotten_can_be_sent_again(ada, monkeypatch):
    monkeypatch.setattr("pipeline.seeding.REMEMBERED", 0)
    document, item = ada.item("twin")
    said = Decision(item.right[0].id, item.right[1], None, None, "clerk ada")
    seeds, caught = ada.desk.seeds, ada.vigilance.caught
    for _ in range(2):
        seeds.judge(document, said, "clerk ada")
    assert ada.vigilance.caught == caught + 1
    assert seeds.people(document) == frozenset()
    assert ada.page(document).status_code == 404


def test_in_shadow_mode_it_is_blind_as_the_rest(make):
    ada = Browser(make(rules=replace(RULES, mode="shadow")))
    document = ada.next()
    asked = ada.desk.seeds.books.catalogue.asked(document)
    assert asked.review.reasons[0].reason == SHADOW
    page = ada.page(document).text
    assert asked.reading.patients[0].value.mrn not in page


def test_of_types_that_are_closed_there_is_none(make):
    ada = Browser(replace(make(), type_facts={PSYCH.key: PSYCH}))
    assert not ada.desk.seeds.has(ada.next())


def test_whoever_works_for_one_facility_may_know_its_people(make):
    desk = make()
    user = User("nora", ("clerk",), facilities=("NORTH",))
    eyes = Eyes(user, Papers(desk.catalogue, desk.people, TYPES))
    nora = replace(desk, eyes=eyes, clerk=user.by, rules=QueueRules())
    document = seeded_item(nora, ALL, None)
    there = before(nora, document)
    item = desk.seeds._items[document]
    assert there.shown(there.catalogue.asked(document)).reading == item.reading
    assert {patient.facility for patient in item.people} == {"NORTH"}
