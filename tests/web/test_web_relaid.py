"""A clerk splits what is filed, replaces a page by a better scan, and puts it back."""

import datetime as dt
import re
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from pipeline.correcting import relaid_by
from pipeline.document import Decision, DocumentId
from pipeline.rescanning import better_scans, scan_of
from pipeline.review.recutting import NoSuchCut
from pipeline.web.app import make_app
from tests.builders import filed_of
from tests.web.live import (
    ANNA,
    LETTER,
    came_later,
    opened,
    reading_of,
)

DOCUMENT = DocumentId("b1-0001")
FILED = Decision(ANNA.id, LETTER, dt.date(2013, 5, 6), None, "rules 1")
OF = (f"{DOCUMENT}/pages/2", "b2-0001/pages/1")
PAGE, SEND = f"/filed/{DOCUMENT}", f"/filed/{DOCUMENT}/correct"


def filed_desk(folder):
    """Three pages of Anna's in one filed document, and one that came in later."""
    here = opened(folder, reading_of(1, (1, 2, 3)))
    here.catalogue.file(filed_of(DOCUMENT, FILED))
    came_later(here.catalogue, ANNA, "LETTER, BETTER")
    return here


def carry_out(books):
    """What the worker does, without making a PDF."""
    for document, said in books.due_answers():
        relaid = relaid_by(said, books.reading(document), books)
        version = len(books.versions(document)) + 1
        books.correct(said, filed_of(document, said.decision, version), relaid)


@pytest.fixture
def here(tmp_path):
    here = filed_desk(tmp_path)
    yield here
    here.catalogue.close()


@pytest.fixture
def client(here):
    client = TestClient(make_app(here), base_url="http://localhost")
    client.follow_redirects = False
    return client


def said(action, **fields):
    form = {"action": action, "of": DOCUMENT, "reason": "two papers, stapled"}
    return form | fields


def test_it_is_split_where_the_clerk_says(client, here):
    sent = client.post(SEND, data=said("split", before="3", misfiled="yes"))
    assert (sent.status_code, sent.headers["location"]) == (303, PAGE)
    [(_, told)] = here.catalogue.answers()
    assert (told.pages, told.misfiled) == ((1, 2), True)
    assert told.decision == replace(FILED, by="clerk ada")
    carry_out(here.catalogue)
    page = client.get(PAGE).text
    assert 'href="/documents/b1-0003-c1">b1-0003-c1</a> now, which waits' in page
    assert "two papers, stapled" in page
    assert "Its 3 pages as before" in page
    assert re.findall(r"06</td><td>(\d)</td>", page) == ["2", "3"]  # newest first


def test_what_may_be_two_documents_as_well_is_offered(client, here):
    client.post(SEND, data=said("split", before="3"))
    assert here.siblings.fields_of(DOCUMENT) == ("pages",)
    carry_out(here.catalogue)
    assert f'href="/siblings/{DOCUMENT}"' in client.get(PAGE).text
    assert "0 siblings" in client.get(f"/siblings/{DOCUMENT}").text


def test_its_pages_are_put_back(client, here):
    client.post(SEND, data=said("split", before="3"))
    carry_out(here.catalogue)
    client.post(SEND, data=said("back", of=f"{DOCUMENT}-v2"))
    carry_out(here.catalogue)
    assert here.catalogue.reading(DOCUMENT).document.pages == (1, 2, 3)
    assert "which waits" not in client.get(PAGE).text


@pytest.mark.parametrize(
    "scan", [{"scan": "b2-0001:1"}, {"scan": "x", "other_scan": " b2-0001 "}]
)
def test_a_page_is_replaced_by_the_scan_that_is_chosen(client, here, scan):
    shown = client.get(f"{PAGE}/pages/2").text
    assert 'value="b2-0001:1"' in shown
    assert "% of the words alike" in shown
    assert client.post(SEND, data=said("replace", page="2", **scan)).status_code == 303
    carry_out(here.catalogue)
    assert here.catalogue.reading(DOCUMENT).document.pages == (1, 4, 3)
    assert here.catalogue.asked(DocumentId("b2-0001")) is None
    assert "Nothing came in after it" in client.get(f"{PAGE}/pages/2").text


def test_the_picture_of_a_replaced_page_is_the_new_one(client, here):
    shown, scan = (f"/documents/{one}/160.png" for one in OF)
    better = client.get(scan).content
    assert client.get(shown).content != better  # and is remembered so
    client.post(SEND, data=said("replace", page="2", scan="b2-0001:1"))
    carry_out(here.catalogue)
    assert client.get(shown).content == better


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"action": "split"}, "split before its second page"),
        ({"action": "split", "before": "4"}, "split before its second page"),
        ({"action": "split", "before": "2", "reason": " "}, "Say why"),
        ({"action": "back"}, "has had no other pages"),
        ({"action": "replace", "page": "2"}, "Say which page is the better scan"),
        ({"action": "replace", "page": "4", "scan": "b2-0001:1"}, "no such page"),
        ({"action": "replace", "page": "2", "scan": f"{DOCUMENT}:1"}, "take it out"),
    ],
)
def test_what_cannot_be_done_is_told_and_keeps_the_date(client, here, fields, why):
    answer = client.post(SEND, data=said("") | fields)
    assert answer.status_code == 422
    assert why in answer.text
    assert 'name="date" placeholder="2013-04-03" value="2013-05-06"' in answer.text
    assert here.catalogue.answers() == ()


def test_what_is_in_no_record_is_not_split(client, here):
    client.post(SEND, data=said("retract"))
    for document, word in here.catalogue.due_answers():
        here.catalogue.correct(word, None)
        assert document == DOCUMENT
    answer = client.post(SEND, data=said("split", before="2"))
    assert "file it again first" in answer.text
    assert client.get(f"{PAGE}/pages/1").status_code == 404


@pytest.mark.parametrize("where", ["b1-0009/pages/1", f"{DOCUMENT}/pages/4"])
def test_a_page_that_is_not_there_has_no_better_scan(client, where):
    assert client.get(f"/filed/{where}").status_code == 404


def test_a_scan_that_is_not_seen_is_neither_offered_nor_taken(here):
    paper = here.catalogue.reading(DOCUMENT).document
    [page] = here.catalogue.pages(paper.batch, (2,))

    def own(reading):
        return reading.document.batch == paper.batch

    assert better_scans(page, paper, here.catalogue, here.relaid, own) == []
    with pytest.raises(NoSuchCut, match="Say which page"):
        scan_of("b2-0001:1", here.catalogue, own)
