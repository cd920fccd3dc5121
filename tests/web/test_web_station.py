"""The operator's page: one word across the room, the count, the signature."""

import datetime as dt
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from pipeline.document import BatchId
from pipeline.page import SheetFault
from pipeline.store.arrivals import Arrival, Look
from pipeline.web.app import make_app
from tests.web.desks import NOW, SENTINEL, FakeCatalogue, desk
from tests.web.worklists import FakeArrivals

BLURRED = SheetFault("blur", "blurred", 2, again=True)
BLANK = SheetFault("blank", "looks blank", 3, again=False)
LATER = NOW + dt.timedelta(seconds=4)


def arrival(n=1, faults=(), sheets=3, station="scan-1", looked=True):
    look = Look(3, tuple(faults), LATER) if looked else None
    return Arrival(
        BatchId(f"b{n}"), NOW, station, "B-17", "2", f"{SENTINEL}.pdf",
        sheets, 3, 1, 0, look, (),
    )  # fmt: skip


def page_of(*arrivals):
    books = FakeArrivals(*arrivals)
    app = make_app(replace(desk(FakeCatalogue()), arrivals=books))
    client = TestClient(app, base_url="http://localhost")
    client.follow_redirects = False
    return client, books


@pytest.mark.parametrize(
    ("one", "word", "state"),
    [
        (arrival(looked=False), "Being looked at", "looking"),
        (arrival(sheets=None), "How many sheets were fed?", "count"),
        (arrival(), "All there", "green"),
        (arrival(faults=(BLANK,)), "All there", "green"),
        (arrival(faults=(BLURRED,)), "Look at the paper", "red"),
        (arrival(sheets=4), "Look at the paper", "red"),
    ],
)
def test_one_word_and_its_colour(one, word, state):
    client, _ = page_of(one)
    page = client.get("/station").text
    assert f'<section class="board {state}"' in page
    assert f'<p class="word">{word}</p>' in page
    told = client.get("/station/state").json()
    assert told == {"key": f"b1 {state}", "state": state}
    assert f'data-key="{told["key"]}"' in page


def test_what_is_red_is_said_with_its_page_and_the_rest_below():
    client, _ = page_of(arrival(faults=(BLURRED, BLANK)))
    page = client.get("/station").text
    assert '<p class="fault">Page 2: blurred</p>' in page
    assert "1 remark that need no walk" in page
    assert "To be scanned again" in page
    assert "page 2: blurred" in page


def test_nothing_came_in():
    client, _ = page_of()
    assert "Nothing came in within a day" in client.get("/station").text
    assert client.get("/station/state").json() == {"key": "", "state": ""}


def test_each_station_sees_its_own():
    client, _ = page_of(arrival(2, station="scan-2"), arrival(1, faults=(BLURRED,)))
    assert client.get("/station/state").json()["key"] == "b2 green"
    assert client.get("/station/state?name=scan-1").json()["key"] == "b1 red"
    page = client.get("/station?name=scan-1").text
    assert "<option>scan-2</option>" in page
    assert page.count("<tr><td>") == 1


def test_the_count_is_kept_under_the_operator_s_name():
    client, books = page_of(arrival(sheets=None))
    for bad in ("", "three", "0", "-1", "99999", "٣"):
        answer = client.post("/station/b1/count", data={"sheets": bad})
        assert answer.status_code == 422
    assert books.kept == []
    sent = client.post("/station/b1/count", data={"sheets": " 3 ", "name": "scan-1"})
    assert sent.headers["location"] == "/station?name=scan-1"
    [(batch, said)] = books.kept
    assert (batch, said.did, said.sheets, said.by) == ("b1", "counted", 3, "clerk ada")
    assert client.get("/station/state").json()["state"] == "green"


def test_a_green_batch_is_signed_and_a_red_one_with_what_was_done():
    client, books = page_of(arrival())
    assert client.post("/station/b1/sign").headers["location"] == "/station"
    assert "Closed by clerk ada" in client.get("/station").text
    client, books = page_of(arrival(faults=(BLURRED,)))
    assert client.post("/station/b1/sign", data={"said": " "}).status_code == 422
    assert books.kept == []
    client.post("/station/b1/sign", data={"said": "the paper is like that"})
    page = client.get("/station").text
    assert "the paper is like that" in page


def test_who_counts_again_opens_the_batch_again():
    client, _ = page_of(arrival())
    client.post("/station/b1/sign")
    client.post("/station/b1/count", data={"sheets": "4"})
    page = client.get("/station").text
    assert "Closed by" not in page
    assert client.get("/station/state").json()["state"] == "red"


def test_a_guessed_batch_is_nothing():
    client, _ = page_of(arrival())
    assert client.post("/station/nobody/sign").status_code == 404
    answer = client.post("/station/nobody/count", data={"sheets": "3"})
    assert answer.status_code == 404


def test_its_script_and_style_are_its_own_files():
    client, _ = page_of(arrival())
    page = client.get("/station").text
    for path in ("/static/station.js", "/static/station.css"):
        assert path in page
        assert client.get(path).status_code == 200
    assert "<script>" not in page
