"""SENTINEL goes through the whole house, and stays where it belongs.

It is a patient's name, a word on a page and a word in a file's name. It may stand in
the catalogue, in what ``pages`` and ``outcomes`` print, and on the clerk's page; never
in logs, reprs, errors, the engine's payloads, audit lines, URLs or object metadata.
"""

import json
import logging
import re
import sqlite3

import pytest
from fastapi.testclient import TestClient

from pipeline import work
from pipeline.commands.user import clerk_name
from pipeline.errors import PipelineError, StoreUnavailable, UnreadableFile
from pipeline.jobs import PlainJson, parked_in
from pipeline.web.app import make_app
from pipeline.web.desk import Desk
from tests.commands.conftest import ANNA, BERTA, Jobs, paper
from tests.flow.papers import FakePool

WORD = "SENTINEL"


@pytest.fixture
def travelled(house, caplog):
    """Everything that can happen to Anna's paper, at the most talkative level."""
    caplog.set_level(logging.DEBUG)
    bad = house.folder / "bad.csv"
    bad.write_text(f"mrn,last_name,first_name,birth_date\n9,{WORD},{WORD},{WORD}\n")
    house.run("patients", "import", bad)
    house.scan(f"{WORD}-1.pdf", paper(ANNA))
    house.scan(f"{WORD}-2.pdf", f"LETTER\nPatient Name: {WORD}, PAUL\nMRN: 90000099")
    house.scan(f"{WORD}-3.pdf", "BROKEN")
    house.scan(f"{WORD}-4.odd", "not a paper")
    house.run("process", house.folder / "scans")
    return house


def rows(house):
    return [json.loads(line) for line in house.run("pages").splitlines()]


def document(house, disposition):
    return next(r["document"] for r in rows(house) if r["disposition"] == disposition)


def desk_of(house):
    site = house.site
    return Desk(
        site.catalogue, site.people, site.holdings, site.objects, site.type_facts,
        lambda *_: b"\x89PNG", clerk_name(), site.desk, site.worklist,
        site.arrivals,
        lambda: None,
    )  # fmt: skip


def test_the_clerk_answers_and_no_url_or_log_names_the_patient(travelled, caplog):
    app = make_app(desk_of(travelled))
    urls = []
    with TestClient(app, base_url="http://127.0.0.1:8417") as client:
        client.follow_redirects = False
        waits = document(travelled, "review")
        for page in ("/", f"/documents/{waits}", "/patients"):
            urls += re.findall(r'(?:href|src|action)="([^"]*)"', client.get(page).text)
        found = client.post("/patients", data={"text": WORD})
        urls += [str(found.url), *re.findall(r'href="([^"]*)"', found.text)]
        form = {"action": "change", "mrn": ANNA, "type": "letter", "confirmed": ANNA}
        answer = client.post(f"/documents/{waits}/answer", data=form)
        urls.append(answer.headers["location"])
    assert answer.status_code == 303
    assert any("/charts/" in url for url in urls)
    assert WORD not in "".join(urls)
    assert ANNA not in "".join(urls)
    travelled.run("refile", document(travelled, "filed"), "--mrn", BERTA)
    assert document(travelled, "filed")
    assert WORD not in caplog.text
    assert WORD not in "".join(travelled.told)


def test_errors_and_stderr_name_nobody(travelled, caplog):
    filed = document(travelled, "filed")
    wrong = [
        ("refile", filed, "--mrn", WORD), ("refile", filed, "--type", WORD),
        ("refile", filed, "--date", WORD), ("process", WORD),
        ("patients", "import", WORD), ("pages", "--text", f"/proc/{WORD}"),
    ]  # fmt: skip
    for command in wrong:
        assert WORD not in travelled.call("--data", str(travelled.data), *command)[2]
    assert WORD not in caplog.text
    assert WORD not in "".join(travelled.told)


def test_nothing_prints_itself_with_a_name(travelled):
    site = travelled.site
    for line in site.catalogue.ledger():
        assert WORD not in repr(line)
        assert WORD not in repr(site.catalogue.batch(line.batch))
        assert WORD not in repr(site.catalogue.pages(line.batch))
    for waiting in site.catalogue.waiting():
        assert WORD not in repr(waiting)
    [anna] = site.people.find(ANNA, 2)
    assert WORD not in repr(anna)


def test_audit_and_history_hold_ids_only(travelled):
    travelled.run("patients", "find", WORD)
    with sqlite3.connect(travelled.data / "catalogue.sqlite") as books:
        for table in ("audit", "history"):
            told = books.execute(f"SELECT * FROM {table}").fetchall()
            assert told
            assert WORD not in repr(told)
            assert ANNA not in repr(told)
    books.close()


def test_objects_carry_no_name_beside_their_bytes(travelled):
    site = travelled.site
    keys = {line.filed.key for line in site.catalogue.ledger() if line.filed}
    assert keys
    for key in keys:
        assert WORD not in repr(site.objects.stat(key))
    for path in travelled.data.joinpath("objects").rglob("*"):
        assert WORD not in path.name
        if path.suffix == ".json":
            assert WORD not in path.read_text()


def test_what_crosses_a_durable_step_is_ids_and_codes():
    kept = PlainJson().serialize([ValueError(WORD), UnreadableFile("torn"), "b1", 3])
    assert WORD not in kept
    [foreign, own, *_] = PlainJson().deserialize(kept)
    assert isinstance(own, PipelineError)
    assert str(foreign) == "ValueError: "


def test_a_service_that_is_down_is_told_without_a_name(house, monkeypatch, caplog):
    def fails(*_):
        raise StoreUnavailable("the disk is full: make room")

    monkeypatch.setattr(FakePool, "count", fails)
    monkeypatch.setattr(Jobs, "submit", lambda *_: fails())
    site = house.site
    with work.Work(site) as holder:
        holder.tick()
        house.scan(f"{WORD}.pdf", paper(ANNA))
        assert holder.parked() == ()
    assert parked_in(house.data / "jobs.sqlite", ()) == ()
    assert WORD not in caplog.text
