"""A page that a clerk turns stands so for the next one, and for whoever files it."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from pipeline.page import Box
from pipeline.web.app import make_app
from pipeline.web.overlay import crop_of, stand
from tests.web.live import ANNA, opened, page_of, reading_of

ONE = "b1-0001"
PAGE, TURN = f"/documents/{ONE}", f"/documents/{ONE}/pages/2/turn"
FILE = {"action": "file", "type": "letter", "mrn": ANNA.mrn}


@pytest.fixture
def desk(tmp_path):
    desk = opened(tmp_path, reading_of(1, (1, 2)))
    yield desk
    desk.catalogue.close()


def browser(desk, clerk="clerk ada"):
    app = make_app(replace(desk, clerk=clerk))
    client = TestClient(app, base_url="http://127.0.0.1:8417")
    client.follow_redirects = False
    return client


def test_it_stands_so_for_the_next_who_looks(desk):
    client = browser(desk)
    flat = client.get(f"{PAGE}/pages/2/160.png").content
    assert client.post(TURN, data={"turn": 90}).status_code == 204
    assert desk.worklist.release(ONE, "clerk ada")
    ben = browser(desk, "clerk ben")
    shown = ben.get(PAGE).text
    assert shown.count('data-turn="90"') == 1
    assert 'viewBox="0 0 2200 1700"' in shown
    assert "and by a clerk by 90°" in shown
    turned = ben.get(f"{PAGE}/pages/2/160.png").content
    assert turned != flat
    assert ben.get(f"{PAGE}/pages/2/160.png?turn=0").content == flat
    assert ben.get(f"{PAGE}/pages/2/160.png?turn=45").status_code == 404
    assert ben.post(TURN, data={"turn": 0}).status_code == 204
    trail = "SELECT who, what FROM audit WHERE did = 'turned a page'"
    with desk.catalogue.database.reading() as rows:
        told = [tuple(row) for row in rows.exec_driver_sql(trail)]
    assert told == [("clerk ada", ONE), ("clerk ben", ONE)]
    assert ben.get(f"{PAGE}/pages/2/160.png").content == flat


def test_a_cut_takes_the_turn_along(desk):
    client = browser(desk)
    client.post(TURN, data={"turn": 270})
    client.post(f"{PAGE}/cut", data={"did": "split", "before": 2})
    assert 'data-turn="270"' in client.get("/documents/b1-0002-c1").text


@pytest.mark.parametrize(
    ("path", "turn", "status"),
    [
        (TURN, 45, 404),
        (TURN, "right", 422),
        (TURN.replace("/2/", "/3/"), 90, 404),
        (TURN.replace("/2/", "/0/"), 90, 404),
        (TURN.replace(ONE, "none"), 90, 404),
    ],
)
def test_what_is_no_turn_of_a_page_that_waits(desk, path, turn, status):
    assert browser(desk).post(path, data={"turn": turn}).status_code == status
    assert desk.catalogue.turns("b1") == {}


def test_what_is_answered_is_turned_no_more_until_it_is_taken_back(desk):
    client = browser(desk)
    client.post(f"{PAGE}/answer", data=FILE)
    assert client.post(TURN, data={"turn": 90}).status_code == 409
    client.post(f"{PAGE}/undo")
    assert client.post(TURN, data={"turn": 90}).status_code == 204


def test_what_another_holds_is_not_turned(desk):
    browser(desk, "clerk ben").get(PAGE)
    assert browser(desk).post(TURN, data={"turn": 90}).status_code == 409
    assert desk.catalogue.turns("b1") == {}


def test_evidence_is_cut_out_of_the_page_as_it_stands():
    page = page_of(1, {})
    strip = crop_of(Box(300, 200, 500, 240), 1, page, 90)
    assert (strip.box, strip.view) == ("252 176 296 88", "1936 252 88 296")
    assert strip.transform == stand(page, 90).transform
    assert stand(page, 90).size == (2200, 1700)
