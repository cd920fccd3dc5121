"""``review list``, ``refile`` and ``serve``: what a clerk does from a terminal."""

import json
import socket

import pytest

from pipeline.commands import serving
from pipeline.commands.user import clerk_name
from pipeline.errors import UnreadableFile
from pipeline.users import User
from tests.commands.conftest import ANNA, BERTA, NOBODY, Pool, paper


@pytest.fixture
def desk(house):
    """One filed page of Anna's and one that waits."""
    house.scan("a.pdf", paper(ANNA))
    house.scan("SECRET-NAME.pdf", NOBODY)
    house.run("process", house.folder / "scans")
    return house


def rows(house):
    return [json.loads(line) for line in house.run("pages").splitlines()]


def filed_id(house):
    return next(row["document"] for row in rows(house) if row["mrn"] == ANNA)


def test_the_queue_tells_ids_and_reasons_and_no_name(desk):
    shown = desk.run("review", "list")
    [told] = map(json.loads, desk.run("review", "list", "--json").splitlines())
    assert told["pages"] == [1]
    assert told["document"] in shown
    assert all(reason in shown for reason in told["reasons"])
    assert "SECRET-NAME" not in shown


def test_an_empty_queue_says_so(bare):
    assert "the queue is empty" in bare.run("review", "list")
    assert bare.run("review", "list", "--json") == ""


def test_refile_makes_a_new_version_and_restricts_the_old(desk):
    document = filed_id(desk)
    change = ("--mrn", BERTA, "--type", "letter", "--date", "2013-05-07")
    told = desk.run("refile", document, *change)
    assert f"filed as {document}-v2; {document} is kept, restricted" in told
    row = next(row for row in rows(desk) if row["document"] == document)
    assert (row["mrn"], row["local_type"], row["service_date"]) == (
        BERTA, "letter", "2013-05-07",
    )  # fmt: skip
    versions = desk.site.catalogue.versions(document)
    assert [version.replaces for version in versions] == [None, document]
    assert versions[1].decision.by == clerk_name()
    assert "every page accounted for" in desk.run("verify")


def test_refile_tells_why_it_cannot_be_done_and_ends(desk, monkeypatch):
    document = filed_id(desk)

    def torn(*_):
        raise UnreadableFile("the page is torn: scan it again")

    monkeypatch.setattr("tests.flow.papers.FakePool.pdf", torn)
    told = desk.run("refile", document, "--mrn", BERTA, code=2)
    assert f"{document} stands as it was" in told
    assert "the page is torn" in told
    assert desk.site.catalogue.answers() == ()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ((), "say what changes"),
        (("--mrn", "99999999"), "no patient of the index has that MRN"),
        (("--type", "poem"), "--type names no document type"),
        (("--date", "7.5.2013"), "ISO date"),
        (("--date", "2999-01-01"), "in the future"),
        (("--mrn", ANNA, "--date", "2013-05-06"), "just so already"),
    ],
)
def test_a_wrong_correction_changes_nothing_and_says_the_next_move(desk, change, says):
    before = rows(desk)
    told = desk.run("refile", filed_id(desk), *change, code=2)
    assert says in told
    assert "99999999" not in told
    assert rows(desk) == before


def test_refile_of_what_is_not_filed(desk):
    assert "outcomes lists them" in desk.run("refile", "b-1", "--mrn", ANNA, code=2)


def test_serve_refuses_other_addresses_and_taken_ports(desk, monkeypatch):
    monkeypatch.setattr(serving, "reader_of", lambda *_, **__: Pool())
    assert "no user yet" in desk.run("serve", "--host", "0.0.0.0", code=3)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = desk.run("serve", "--port", port, code=3)
    assert "choose another with --port" in told.replace("\n", " ")


def test_serve_beyond_this_machine_wants_a_user_tls_and_its_names(desk, monkeypatch):
    monkeypatch.setattr(serving, "reader_of", lambda *_, **__: Pool())
    root = User("root", ("administrator",))
    desk.site.users.add(root, "clerk root")
    told = desk.run("serve", "--host", "0.0.0.0", code=3).replace("\n", " ")
    assert "without TLS" in told
    desk.override("[web]\nbehind_proxy = true\n")
    told = desk.run("serve", "--host", "0.0.0.0", code=3).replace("\n", " ")
    assert "[web] names" in told
    desk.override("")
    told = desk.run("serve", "--tls-cert", "c.pem", code=3).replace("\n", " ")
    assert "go together" in told
    desk.override('[oidc]\nissuer = "http://login.example"\n')
    assert "https" in desk.run("status", code=3)
    desk.override('[oidc_roles]\nstaff = "king"\n')
    assert "king" in desk.run("serve", code=3)
