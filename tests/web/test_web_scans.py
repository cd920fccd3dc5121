"""Pages worth another scan, as a clerk sees and answers them."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from pipeline.document import Doubt, Review
from pipeline.web.app import make_app
from tests.review.readings import CERTAIN
from tests.web.desks import ANNA, QUALITY, FakeCatalogue, desk

ID, PAGES = CERTAIN.document.id, CERTAIN.document.pages
PAGE = f"/documents/{ID}"
BEST = f"{PAGE}/pages/1/best-scan"


@pytest.fixture
def catalogue():
    fake = FakeCatalogue((CERTAIN, Review((Doubt("unsure of the type"),))))
    fake.poor[PAGES[0]] = replace(QUALITY, faults=("blurred",), again=("blurred",))
    return fake


@pytest.fixture
def client(catalogue):
    app = make_app(desk(catalogue, ANNA))
    with TestClient(app, base_url="http://127.0.0.1:8417") as client:
        client.follow_redirects = False
        yield client


def test_a_poor_scan_is_offered_on_its_document_and_in_a_list(client):
    assert "scan again: blurred" in client.get(PAGE).text
    assert "1 page worth another scan" in client.get("/scans").text
    assert "1 page worth another scan" in client.get("/").text


@pytest.mark.parametrize(("back", "where"), [("document", PAGE), ("", "/scans")])
def test_best_possible_scan_ends_the_offer(client, catalogue, back, where):
    answer = client.post(BEST, data={"back": back})
    assert (answer.status_code, answer.headers["location"]) == (303, where)
    told = ("clerk ada", "best possible scan")
    assert told in [line[:2] for line in catalogue.trail]
    assert "scan again" not in client.get(PAGE).text
    assert "Best possible scan, as a clerk said" in client.get(PAGE).text
    assert "0 pages worth another scan" in client.get("/scans").text


def test_nothing_is_kept_about_a_page_that_is_not_there(client, catalogue):
    for path in (BEST.replace("/1/", "/99/"), BEST.replace(ID, "nobody")):
        assert client.post(path).status_code == 404
    assert not catalogue.best


def test_a_page_by_hand_says_that_it_is_not_searchable(client, catalogue):
    catalogue.poor[PAGES[0]] = replace(QUALITY, handwriting=0.8)
    page = client.get(PAGE).text
    assert "mostly handwritten, not searchable" in page
    assert "scan again" not in page
