"""Two clerks at the desk: each gets their own, and who comes second is told."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from pipeline.document import DocumentId
from pipeline.store.sql_worklist import SqlWorklist
from pipeline.web.app import make_app
from tests.builders import cut_of, empty_books, reading_of, receive, review_of
from tests.web.desks import ANNA, FakeCatalogue, desk

REJECT = {"action": "reject", "reason": "made up"}


@pytest.fixture
def books(tmp_path):
    books = empty_books(tmp_path / "catalogue.sqlite")
    yield books
    books.close()


def ask(books, count):
    receive(books, "b1", count)
    books.keep_cut("b1", cut_of("b1", *[(n,) for n in range(1, count + 1)]))
    for n in range(1, count + 1):
        books.ask(reading_of(f"b1-{n}", "b1", (n,)), review_of("torn"))


@pytest.fixture
def sit(books):
    """A browser for each clerk, by name."""
    here = desk(FakeCatalogue(), ANNA)
    here = replace(here, catalogue=books, worklist=SqlWorklist(books.database))

    def sit(name):
        app = make_app(replace(here, clerk=f"clerk {name}"))
        client = TestClient(app, base_url="http://localhost")
        client.follow_redirects = False
        return client

    return sit


def place(answer):
    return answer.headers.get("location")


def test_next_takes_the_first_and_the_other_gets_the_second(books, sit):
    ask(books, 2)
    ada, ben = sit("ada"), sit("ben")
    assert place(ada.get("/next")) == "/documents/b1-1"
    assert place(ben.get("/next")) == "/documents/b1-2"
    assert place(ada.get("/next")) == "/documents/b1-1"
    assert place(sit("cleo").get("/next")) == "/"
    page = ben.get("/").text
    assert "clerk ada has it" in page
    assert "in your hands" in page


def test_the_next_but_this_one_can_be_fetched_beforehand(books, sit):
    ask(books, 2)
    ada = sit("ada")
    ada.get("/next")
    assert place(ada.get("/next?after=b1-1")) == "/documents/b1-2"


def test_who_comes_second_is_told_and_can_go_on(books, sit):
    ask(books, 1)
    ada, ben = sit("ada"), sit("ben")
    assert ada.get("/documents/b1-1").status_code == 200
    shown = ben.get("/documents/b1-1")
    assert shown.status_code == 409
    assert "clerk ada has this document in hand" in shown.text
    assert 'href="/next"' in shown.text
    assert ben.get("/documents/b1-1/pages/1/160.png").status_code == 200


def test_two_clerks_send_the_same_item_and_one_wins(books, sit):
    ask(books, 1)
    ada, ben = sit("ada"), sit("ben")
    ada.get("/documents/b1-1")
    with books.database.writing() as rows:  # her lease is over, and he opened it
        rows.execute(text("UPDATE work_item SET until = '2026-01-01 00:00:00'"))
    ben.get("/documents/b1-1")
    late = ada.post("/documents/b1-1/answer", data=REJECT)
    assert late.status_code == 409
    assert "What you sent was not kept" in late.text
    assert ben.post("/documents/b1-1/answer", data=REJECT).status_code == 303
    again = ada.post("/documents/b1-1/answer", data=REJECT)
    assert again.status_code == 409
    assert "has an answer that is being carried out" in again.text
    [(_, answer)] = books.answers()
    assert answer.by == "clerk ben"


def test_release_escalate_and_assign(books, sit):
    ask(books, 2)
    ada, ben = sit("ada"), sit("ben")
    ada.get("/next")
    assert "You have it in hand" in ada.get("/work/b1-1").text
    ada.post("/work/b1-1/release")
    assert "Nobody has it in hand" in ada.get("/work/b1-1").text
    assert ada.post("/work/b1-1/escalate", data={"comment": " "}).status_code == 422
    assert (
        ada.post("/work/b1-1/escalate", data={"comment": "a twin"}).status_code == 303
    )
    assert "a twin" in ben.get("/work/b1-1").text
    assert place(ben.get("/next")) == "/documents/b1-2"
    assert "b1-1" in ben.get("/?state=escalated").text
    assert ben.post("/work/b1-1/assign", data={"to": ""}).status_code == 422
    ben.post("/work/b1-1/assign", data={"to": "clerk ada"})
    assert place(ada.get("/next")) == "/documents/b1-1"
    for path in ("escalate", "assign"):
        form = {"comment": "x", "to": "x"}
        assert ada.post(f"/work/nobody/{path}", data=form).status_code == 404
    assert ada.get("/work/nobody").status_code == 404


def test_what_another_one_holds_is_not_escalated_from_under_them(books, sit):
    ask(books, 1)
    ada, ben = sit("ada"), sit("ben")
    ada.get("/next")
    assert "/escalate" not in ben.get("/work/b1-1").text
    told = ben.post("/work/b1-1/escalate", data={"comment": "a twin"})
    assert told.status_code == 422
    assert "Somebody has it in hand" in told.text
    page = ada.get("/work/b1-1").text
    assert "You have it in hand" in page
    assert "a twin" not in page


def test_filters_narrow_the_list_and_the_next(books, sit):
    ask(books, 2)
    ada = sit("ada")
    assert "0 of them are asked for here" in ada.get("/?reason=blurred").text
    assert "2 of them are asked for here" in ada.get("/?reason=torn").text
    assert "/next?reason=torn" in ada.get("/?reason=torn").text
    assert place(ada.get("/next?reason=blurred")) == "/"
    assert "torn (2)" in ada.get("/").text
    for bad in ("hours=nan", "hours=-1", "hours=1e300", "state=gone"):
        assert ada.get(f"/?{bad}").status_code == 422


def test_a_stat_paper_that_waits_too_long_is_told_loudly(books, sit):
    ask(books, 1)
    ada = sit("ada")
    ada.get("/")
    with books.database.writing() as rows:
        rows.execute(text("UPDATE work_item SET place = 0"))
    assert "must not wait" not in ada.get("/").text
    assert ada.get("/queue/alarm").json() == {"minutes": 0}
    early = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=20)
    with books.database.writing() as rows:
        rows.execute(text("UPDATE work_item SET at = :at"), {"at": f"{early:%F %T}"})
    assert "has waited for 20 minutes" in ada.get("/").text
    assert ada.get("/queue/alarm").json() == {"minutes": 20}


def test_two_clerks_clear_fifty_items_and_none_is_answered_twice(books, sit):
    ask(books, 50)
    start = threading.Barrier(2, timeout=60)

    def clear(client):
        won = []
        start.wait()
        while (where := place(client.get("/next"))) != "/":
            answer = client.post(f"{where}/answer", data=REJECT)
            if answer.status_code == 303:
                won.append(DocumentId(where.rpartition("/")[2]))
        return won

    # made here, not in the threads: FastAPI hushes its warnings for the whole
    # process while it builds an app, and two at once leave a warning to be raised
    browsers = {name: sit(name) for name in ("ada", "ben")}
    with ThreadPoolExecutor(2) as threads:
        lists = list(threads.map(clear, browsers.values()))
    won = dict(zip(browsers, lists, strict=True))
    assert len(won["ada"]) + len(won["ben"]) == 50
    assert {d: a.by for d, a in books.answers()} == {
        document: f"clerk {name}" for name, some in won.items() for document in some
    }
