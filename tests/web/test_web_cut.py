"""Cutting documents anew at the desk, by forms."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from pipeline.web.app import make_app
from tests.web.live import ANNA, BERTA, opened, reading_of

ONE, TWO = "b1-0001", "b1-0002"
FIRST = "b1-0001-c1"
CUT = f"/documents/{ONE}/cut"


@pytest.fixture
def desk(tmp_path):
    desk = opened(tmp_path, reading_of(1, (1, 2, 3)), reading_of(2, (4,), BERTA))
    yield desk
    desk.catalogue.close()


@pytest.fixture
def client(desk):
    client = TestClient(make_app(desk), base_url="http://127.0.0.1:8417")
    client.follow_redirects = False
    return client


def lying(desk):
    return [(line.document, line.removed_as) for line in desk.catalogue.ledger()]


def test_the_page_offers_what_can_be_cut(client):
    page = client.get(f"/documents/{ONE}").text
    assert page.count("data-split=") == 2
    assert f'name="other" value="{TWO}"' in page
    assert "Merge with before" not in page
    assert "Merge with before" in client.get(f"/documents/{TWO}").text


@pytest.mark.parametrize(
    ("wanted", "lies"),
    [
        (
            {"did": "split", "before": 2},
            ["b1-0001-c1", "b1-0002-c1", "b1-0002-c1", TWO],
        ),
        ({"did": "merge", "other": TWO}, [FIRST] * 4),
        ({"did": "merge", "other": TWO, "first": "true"}, ["b1-0004-c1"] * 4),
        (
            {"did": "aside", "pages": "2", "as_": "blank"},
            ["b1-0001-c1", None, "b1-0001-c1", TWO],
        ),
        ({"did": "reorder", "pages": "3 1 2"}, ["b1-0003-c1"] * 3 + [TWO]),
        (
            {"did": "move", "pages": "3", "other": TWO},
            ["b1-0001-c1"] * 2 + ["b1-0004-c1"] * 2,
        ),
    ],
    ids=lambda one: one["did"] if isinstance(one, dict) else "",
)
def test_a_cut_is_one_step_and_so_is_the_way_back(client, desk, wanted, lies):
    made = client.post(CUT, data=wanted)
    assert made.status_code == 303
    assert made.headers["location"].endswith("-c1")
    assert [document for document, _ in lying(desk)] == lies
    assert client.get(f"/documents/{ONE}").status_code == 404
    assert client.get(made.headers["location"]).status_code == 200
    back = client.post("/cuts/undo")
    assert back.status_code == 303
    lies = [document for document, _ in lying(desk)]
    assert len(set(lies[:3])) == 1
    assert lies[3] != lies[0]
    assert client.post("/cuts/undo").status_code == 409


NONSENSE = (
    {},
    {"did": "dance"},
    {"did": "split", "before": 1},
    {"did": "split", "before": 9},
    {"did": "aside", "pages": "", "as_": "blank"},
    {"did": "aside", "pages": "1", "as_": "cover"},
    {"did": "aside", "pages": "4", "as_": "blank"},
    {"did": "aside", "pages": "one", "as_": "blank"},
    {"did": "reorder", "pages": "1 2"},
    {"did": "merge", "other": ONE},
    {"did": "move", "pages": "", "other": TWO},
)


def test_a_cut_that_makes_no_sense_says_so_and_changes_nothing(client, desk):
    before = lying(desk)
    for wanted in NONSENSE:
        assert client.post(CUT, data=wanted).status_code == 422, wanted
        assert lying(desk) == before


def test_what_somebody_else_answered_is_not_cut(client, desk):
    client.post(
        f"/documents/{ONE}/answer",
        data={"action": "file", "mrn": ANNA.mrn, "type": "letter"},
    )
    told = client.post(CUT, data={"did": "split", "before": 2})
    assert told.status_code == 409
    assert "by now" in told.text
    none = client.post(CUT, data={"did": "merge", "other": "nobody"})
    assert none.status_code == 409


def test_everything_set_aside_leads_to_what_waits_next(client, desk):
    wanted = {"did": "aside", "pages": "1 2 3", "as_": "no record"}
    assert client.post(CUT, data=wanted).headers["location"] == "/next"
    assert client.get("/next").headers["location"] == f"/documents/{TWO}"
    assert {as_ for _, as_ in lying(desk)[:3]} == {"no record"}


def test_the_screen_waits_until_the_machine_has_read_the_parts(client, desk):
    client.post(CUT, data={"did": "split", "before": 2})
    part = "/documents/b1-0002-c1"
    assert "being read" not in client.get(part).text
    assert "data-being-read" in client.get(part).text
    assert client.get(f"{part}/read").json() == {"read": False}
    [kept] = desk.recuts.unread()
    desk.recuts.keep_read(kept.nth, [])
    assert client.get(f"{part}/read").json() == {"read": True}
    assert "data-being-read" not in client.get(part).text


def test_without_new_cuts_nothing_is_offered(desk):
    client = TestClient(
        make_app(replace(desk, recuts=None)), base_url="http://127.0.0.1:8417"
    )
    page = client.get(f"/documents/{ONE}").text
    assert "data-split=" not in page
    assert "Set aside" not in page
    assert client.post(CUT, data={"did": "split", "before": 2}).status_code == 404
    assert client.post("/cuts/undo").status_code == 409
    assert client.get(f"/documents/{ONE}/read").status_code == 404
