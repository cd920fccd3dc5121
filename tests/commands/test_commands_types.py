"""``types``, and a local type on its way from the list to the filed PDF."""

import json
import sqlite3

import pytest
from fastapi.testclient import TestClient

from pipeline import work
from pipeline.commands.user import clerk_name
from pipeline.document import DocumentId
from pipeline.web.app import make_app
from pipeline.web.desk import Desk
from tests.commands.conftest import ANNA, NOBODY, Pool, paper

TYPES = """key,title,like,codes
CBC,Blood count,laboratory_report,epic:4471
bmp,Basic panel,laboratory_report,
"""


@pytest.fixture
def listed(bare):
    def write(text):
        path = bare.folder / "types.csv"
        path.write_text(text)
        return path

    return write


def types(house):
    lines = house.run("types", "list", "--json").splitlines()
    return {row["key"]: row for row in map(json.loads, lines)}


def rows(house):
    return [json.loads(line) for line in house.run("pages").splitlines()]


def test_good_rows_come_in_and_bad_ones_are_told_by_line(bare, listed):
    path = listed(TYPES + "x y,Odd,letter,\nmemo,Memo,nothing,\n")
    told = bare.run("types", "import", path)
    assert "2 types imported, 2 rows refused" in told
    assert "line 4: key: " in told
    assert "line 5: like: " in told
    assert "2 of them are new or changed" in told
    assert "0 of them are new or changed" in bare.run("types", "import", path)
    cbc = types(bare)["cbc"]
    assert (cbc["loinc"], cbc["retention"], cbc["codes"]) == (
        "11502-2", "laboratory", {"epic": "4471"},
    )  # fmt: skip
    assert cbc["local"]


def test_the_list_can_be_imported_again(bare, listed):
    bare.run("types", "import", listed(TYPES))
    bare.run("types", "retire", "bmp")
    bare.run("types", "add", "sum", "title==1+1", "like=laboratory_report")
    before = types(bare)
    path = listed(bare.run("types", "list", "--csv"))
    assert ",'=1+1," in path.read_text()
    told = bare.run("types", "import", path)
    assert "45 types imported, 0 rows refused" in told
    assert "0 of them are new or changed" in told
    assert types(bare) == before


def test_a_type_is_added_changed_mapped_and_retired(bare):
    said = ("title=Blood  count", "like=laboratory_report", "priority=stat")
    assert "added cbc" in bare.run("types", "add", "CBC", *said)
    bare.run("types", "add", "cbc", "category=Labs")
    bare.run("types", "map", "CBC", "epic=4471", "onbase=LAB 7")
    bare.run("types", "map", "cbc", "epic=")
    assert "retired cbc" in bare.run("types", "retire", "cbc")
    assert "just so already" in bare.run("types", "retire", "cbc")
    cbc = types(bare)["cbc"]
    assert (cbc["title"], cbc["category"], cbc["codes"], cbc["retired"]) == (
        "Blood count", "Labs", {"onbase": "LAB 7"}, True,
    )  # fmt: skip
    shown = bare.run("types", "list")
    assert "retired, STAT" in shown
    told = bare.run("types", "list", "cbc")
    assert [told.count(word) for word in ("added", "mapped")] == [2, 2]
    assert clerk_name() in told
    bare.run("types", "add", "cbc", "retired=no")
    assert not types(bare)["cbc"]["retired"]


def test_a_shipped_type_takes_codes_and_can_be_retired(bare):
    assert "never changed here" in bare.run("types", "list", "letter")
    bare.run("types", "map", "letter", "epic=9")
    bare.run("types", "retire", "letter")
    letter = types(bare)["letter"]
    assert (letter["codes"], letter["retired"], letter["local"]) == (
        {"epic": "9"}, True, False,
    )  # fmt: skip


def test_every_change_is_in_the_audit_trail(bare, listed):
    bare.run("types", "import", listed(TYPES))
    bare.run("types", "retire", "cbc")
    with sqlite3.connect(bare.data / "catalogue.sqlite") as books:
        trail = list(books.execute("SELECT who, did, what FROM audit ORDER BY seq"))
    books.close()
    assert trail == [
        (clerk_name(), "imported type", "cbc"),
        (clerk_name(), "imported type", "bmp"),
        (clerk_name(), "retired type", "cbc"),
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "cbc", "title"), "equals sign"),
        (("add", "cbc", "key=x"), "there is no key"),
        (("add", "cbc", "titel=x"), "there is no titel"),
        (("add", "cbc", "title=X"), "loinc: empty"),
        (("add", "a b", "title=X", "like=letter"), "key: "),
        (("add", "letter", "title=X"), "a shipped type keeps its own"),
        (("map", "cbc", "epic=1"), "no type has this key"),
        (("map", "letter", "7=1"), "a target system is named"),
        (("retire", "cbc"), "types list tells them"),
        (("list", "cbc"), "types list tells them"),
    ],
)
def test_what_cannot_be_done_is_told_with_the_next_move(bare, words, says):
    assert says in bare.run("types", *words, code=2).replace("\n", " ")
    assert "cbc" not in types(bare)


@pytest.fixture
def desk(house):
    """One filed page of Anna's and one that waits, shown by a desk that stays open."""
    house.scan("a.pdf", paper(ANNA))
    house.scan("b.pdf", NOBODY)
    house.run("process", house.folder / "scans")
    site = house.site
    desk = Desk(
        site.catalogue, site.people, site.holdings, site.objects, site.type_facts,
        lambda *_: b"\x89PNG", clerk_name(), site.desk, site.worklist,
        site.arrivals,
        lambda: None,
    )  # fmt: skip
    with TestClient(make_app(desk), base_url="http://127.0.0.1:8417") as client:
        client.follow_redirects = False
        yield client


def test_a_clerk_files_a_type_that_came_since_the_desk_was_opened(
    house, desk, listed, monkeypatch
):
    made = []

    class Remembering(Pool):
        def pdf(self, pages, facts):
            made.append(facts)
            return super().pdf(pages, facts)

    monkeypatch.setattr(work, "reader_of", lambda *_, **__: Remembering())
    waits = next(r["document"] for r in rows(house) if r["disposition"] == "review")
    option = ">Blood count</option>"
    assert option not in desk.get(f"/documents/{waits}").text
    house.run("types", "import", listed(TYPES))
    assert option in desk.get(f"/documents/{waits}").text
    form = {"action": "change", "mrn": ANNA, "type": "cbc", "confirmed": ANNA}
    assert desk.post(f"/documents/{waits}/answer", data=form).status_code == 303
    with work.Work(house.site) as worker:
        worker.tick()
    row = next(r for r in rows(house) if r["document"] == waits)
    assert (row["disposition"], row["local_type"], row["document_type"]) == (
        "filed", "cbc", "11502-2",
    )  # fmt: skip
    assert [(f.type_key, f.loinc, f.title) for f in made] == [
        ("cbc", "11502-2", "Blood count")
    ]


def test_a_retired_type_is_offered_no_more_and_keeps_what_is_filed(house, desk, listed):
    house.run("types", "import", listed(TYPES))
    filed = next(r["document"] for r in rows(house) if r["disposition"] == "filed")
    house.run("refile", filed, "--type", "CBC")
    house.run("types", "retire", "cbc")
    house.run("types", "retire", "letter")
    waits = next(r["document"] for r in rows(house) if r["disposition"] == "review")
    shown = desk.get(f"/documents/{waits}").text
    assert '<option value="cbc">' not in shown
    assert '<option value="">choose…</option>' in shown  # its best type is retired
    for kind in ("cbc", "letter", ""):
        form = {"action": "change", "mrn": ANNA, "type": kind, "confirmed": ANNA}
        refused = desk.post(f"/documents/{waits}/answer", data=form)
        assert "Choose a document type" in refused.text
    said = house.run("refile", filed, "--type", "letter", code=2)
    assert "--type names no document type" in said
    row = next(r for r in rows(house) if r["document"] == filed)
    assert (row["local_type"], row["document_type"]) == ("cbc", "11502-2")
    assert house.site.catalogue.filed(DocumentId(filed)).decision.type == "cbc"
    assert "Blood count" in house.run("outcomes")


def test_refile_takes_a_code_that_means_one_type_only(house, desk, listed):
    path = listed(
        "key,title,loinc,retention\ncbc,Blood count,58410-2,laboratory\n"
        "m1,Culture,18725-2,laboratory\nm2,Stain,18725-2,laboratory\n"
    )
    house.run("types", "import", path)
    filed = next(r["document"] for r in rows(house) if r["disposition"] == "filed")
    house.run("refile", filed, "--type", "58410-2")
    assert next(r for r in rows(house) if r["document"] == filed)["local_type"] == "cbc"
    assert "several share" in house.run(
        "refile", filed, "--type", "18725-2", code=2
    ).replace("\n", " ")


def test_stat_paper_goes_first_in_the_list(house, desk):
    house.scan("c.pdf", NOBODY.replace("LETTER", "DISCHARGE SUMMARY"))
    house.run("process", house.folder / "scans")

    def queue():
        lines = house.run("review", "list", "--json").splitlines()
        return [(row["document"], row["stat"]) for row in map(json.loads, lines)]

    (letter, _), (summary, _) = queue()
    assert queue() == [(letter, False), (summary, False)]
    assert "STAT" not in house.run("review", "list")
    own = (house.data / "config") / "document_types.toml"
    own.parent.mkdir()
    own.write_text(
        '[[type]]\nkey = "discharge_summary"\nloinc = "18842-5"\ntitle = "Summary"\n'
        'retention = "clinical"\npriority = "stat"\n'
    )
    assert queue() == [(summary, True), (letter, False)]
    assert "STAT" in house.run("review", "list")
    house.override("[queue]\nstat_at_least = 1.1\n")
    assert queue() == [(letter, False), (summary, False)]
