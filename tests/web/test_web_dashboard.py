"""The supervisor's figures, as charts and as a spreadsheet takes them."""

import csv
import datetime as dt
import io
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from pipeline.overview import Day, Overview, Person, Rate, Source
from pipeline.web.app import make_app
from tests.web.desks import NOW, FakeCatalogue, desk

NONE = Rate(0, 0, 1.0)
DAYS = (Day(NOW.date(), 90, 4, 10), Day(NOW.date() + dt.timedelta(1), 0, 0, 0))
BOOKS = Overview(
    at=NOW + dt.timedelta(hours=5),
    mode="supervised",
    certified="uncertified: none yet",
    uncertified=7,
    held=("scan-1/letter",),
    ages=(("under an hour", 3), ("over a week", 12)),
    oldest=NOW,
    days=DAYS,
    people=(
        Person("clerk ada", (4, 0), Rate(50, 1, 0.0914)),
        Person("=X()", (0, 0), NONE),
    ),
    sources=(Source("scan-1", (200, 0), NONE),),
    sample=Rate(300, 0, 0.00993),
    due=2,
    corrected=1,
)


@pytest.fixture
def looks():
    return []


@pytest.fixture
def client(looks):
    def count():
        looks.append(1)
        return BOOKS

    here = replace(desk(FakeCatalogue()), overview=count)
    return TestClient(make_app(here), base_url="http://localhost")


def test_what_stands_on_it(client):
    page = client.get("/dashboard").text
    assert '<p class="big">5.0 h</p><p>the oldest' in page
    assert '<p class="big">90 %</p><p>filed without a clerk' in page
    assert "0 of 300 wrong, at most 0.993 %" in page
    assert '<p class="big">2</p><p>of the sample to be checked' in page
    assert "scan-1/letter" in page
    assert "uncertified: none yet" in page


def test_no_speed_without_its_errors(client):
    page = client.get("/dashboard").text
    ada = page.split("clerk ada</td>")[1].split("</tr>")[0]
    assert "1 of 50 wrong, at most 9.14 %" in ada
    scan = page.split("scan-1</td>")[1].split("</tr>")[0]
    assert "nothing checked yet" in scan


def test_the_bars_are_as_long_as_the_numbers(client):
    page = client.get("/dashboard").text
    assert '<rect class="fresh" width="25.0"' in page
    assert '<rect class="rules" x="4" y="10.0" width="15" height="100.0">' in page
    assert "<script>" not in page
    assert "style=" not in page


def test_the_numbers_as_csv(client):
    answer = client.get("/dashboard.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    found = {(r["what"], r["whose"], r["day"]): r["value"] for r in rows}
    day = str(NOW.date())
    assert found["waiting", "", ""] == "15"
    assert found["waiting", "over a week", ""] == "12"
    assert found["filed by rules", "", day] == "90"
    assert found["answers", "clerk ada", day] == "4"
    assert found["clerk wrong patient", "clerk ada", ""] == "1"
    assert found["sample wrong patient at most (95 %)", "", ""] == "0.00993"
    assert found["pages", "scan-1", day] == "200"
    assert found["automatic share", "", ""] == "0.9"
    assert found["answers", "'=X()", day] == "0"
    assert len(found) == len(rows)


def test_the_books_are_not_counted_at_each_look(client, looks):
    for path in ("/dashboard", "/dashboard.csv", "/dashboard"):
        client.get(path)
    assert looks == [1]


def test_an_empty_house(looks):
    nothing = replace(BOOKS, oldest=None, people=(), sources=(), sample=NONE, held=())
    nothing = replace(nothing, ages=(("a", 0),), days=(Day(NOW.date(), 0, 0, 0),))
    here = replace(desk(FakeCatalogue()), overview=lambda: nothing)
    client = TestClient(make_app(here), base_url="http://localhost")
    assert client.get("/dashboard").status_code == 200
    assert "automatic share,,,\n" in client.get("/dashboard.csv").text
