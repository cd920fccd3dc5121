"""The supervisor's figures, as charts and as a spreadsheet takes them."""

import csv
import datetime as dt
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import get_type_hints

import pytest
from fastapi.testclient import TestClient

from pipeline.overview import Day, Overview, Pace, Person, Rate, Source
from pipeline.review.second_key import Trial
from pipeline.store.second_key_rows import Lately
from pipeline.vigilance import Vigilance
from pipeline.web.app import make_app
from pipeline.web.dashboard_screen import lines
from pipeline.web.rendering import HERE
from tests.web.desks import NOW, FakeCatalogue, desk

NONE = Rate(0, 0, 1.0)
TEMPLATES = sorted((HERE / "templates").glob("*.html"))
MODULES = sorted(Path(HERE.parent).rglob("*.py"))
DAYS = (Day(NOW.date(), 90, 4, 10), Day(NOW.date() + dt.timedelta(1), 0, 0, 0))
WAKEFUL = Pace((4, 0), Vigilance(caught=8, missed=2, right=7, passed_on=1), 0.493)
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
        Person("clerk ada", WAKEFUL, Rate(50, 1, 0.0914), Trial(37, 60, 1)),
        Person("=X()", Pace((0, 0), Vigilance()), NONE),
    ),
    sources=(Source("scan-1", (200, 0), NONE),),
    sample=Rate(300, 0, 0.00993),
    due=2,
    corrected=1,
    pace=WAKEFUL,
    second=Lately(400, 12, 30),
    second_share=0.05,
    new_clerk_answers=100,
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
    assert (
        '<p class="big">2</p><p>of the <a href="/sample">sample</a> to be checked'
        in page
    )
    assert "scan-1/letter" in page
    assert "uncertified: none yet" in page


def test_no_speed_without_its_errors(client):
    page = client.get("/dashboard").text
    ada = page.split("clerk ada</td>")[1].split("</tr>")[0]
    assert "1 of 50 wrong, at most 9.14 %" in ada
    assert "80 % of 10 wrong suggestions caught, at least 49.3 %" in ada
    assert "37 of 100 right in a row, 1 wrong" in ada
    unseen = page.split("=X()</td>")[1].split("</tr>")[0]
    assert "no seeded item yet" in unseen
    assert '<p class="big">80 %</p><p>vigilance: 80 % of 10' in page
    assert '<p class="big">3 %</p><p>needed a second key' in page
    assert "at most 5 %; 30 more of new clerks" in page
    scan = page.split("scan-1</td>")[1].split("</tr>")[0]
    assert "nothing checked yet" in scan


def test_a_person_s_speed_is_known_with_their_vigilance_only():
    """Whoever adds a figure of speed adds it to Pace, which cannot be without both."""
    told = get_type_hints(Person)
    assert told.pop("name") is str
    assert set(told.values()) == {Pace, Rate, Trial | None}
    assert get_type_hints(Pace)["caught"] is Vigilance
    assert "caught" not in Pace.__dataclass_fields__ or not isinstance(
        Pace.__dataclass_fields__["caught"].default, Vigilance
    )
    readers = [path.stem for path in MODULES if "figures.done(" in path.read_text()]
    assert readers == ["overview"]


def test_where_a_pace_is_shown_its_vigilance_is():
    """Each screen and command that shows one shows both halves, or none."""
    for page in TEMPLATES:
        text = page.read_text()
        shown = re.sub(
            r"{% macro (caught|pace_cells)\(pace\) %}.*{% endmacro %}", "", text
        )
        shown = re.sub(r"(caught|pace_cells)\((one|now)\.pace\)", "", shown)
        shown = re.sub(r"now\.pace\.caught", "", shown)
        assert ".pace" not in shown, page.name
        assert not re.search(r"\.answers\b|per hour|(?<!over )an hour\b", shown), (
            page.name
        )
    cells = (HERE / "templates/dashboard.html").read_text()
    macro = cells.split("{% macro pace_cells(pace) %}")[1].split("{% endmacro %}")[0]
    assert "caught(pace)" in macro
    for path in MODULES:
        if re.search(r"\.pace\b", path.read_text()):
            assert path.stem in ("overview", "dashboard_screen"), path.name


def test_each_line_of_answers_has_its_line_of_vigilance():
    told = list(lines(BOOKS))
    answered = {whose for what, whose, _, _ in told if what == "answers"}
    tried = {whose for what, whose, _, _ in told if what == "seeded wrong suggestions"}
    caught = {w for what, w, _, _ in told if what == "seeded wrong suggestions caught"}
    assert answered == tried == caught
    assert answered >= {"", "clerk ada"}


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
    assert found["seeded wrong suggestions caught", "clerk ada", ""] == "8"
    assert found["seeded wrong suggestions", "'=X()", ""] == "0"
    assert found["right in a row, while new", "clerk ada", ""] == "37"
    assert found["second keys for a risk", "", ""] == "12"
    assert len(found) == len(rows)


def test_the_books_are_not_counted_at_each_look(client, looks):
    for path in ("/dashboard", "/dashboard.csv", "/dashboard"):
        client.get(path)
    assert looks == [1]


def test_an_empty_house(looks):
    nothing = replace(BOOKS, oldest=None, people=(), sources=(), sample=NONE, held=())
    nothing = replace(nothing, ages=(("a", 0),), days=(Day(NOW.date(), 0, 0, 0),))
    nothing = replace(nothing, pace=Pace((0,), Vigilance()))
    here = replace(desk(FakeCatalogue()), overview=lambda: nothing)
    client = TestClient(make_app(here), base_url="http://localhost")
    assert client.get("/dashboard").status_code == 200
    assert "automatic share,,,\n" in client.get("/dashboard.csv").text
