"""``why``: the list of identifiers on a terminal."""

import json

import pytest

from tests.commands.conftest import ANNA, NOBODY, paper


@pytest.fixture
def desk(house):
    """One page of Anna's with Berta's birth date on it, one of nobody's."""
    wrong = paper(ANNA).replace("03/04/1961", "07/08/1950")
    house.scan("a.pdf", wrong)
    house.scan("b.pdf", NOBODY)
    house.run("process", house.folder / "scans")
    return house


def document(house, source):
    rows = [json.loads(line) for line in house.run("pages").splitlines()]
    return next(row["document"] for row in rows if row["source"].endswith(source))


def test_each_identifier_stands_beside_the_index_and_the_bits_add_up(desk):
    told = json.loads(desk.run("why", document(desk, "a.pdf"), "--json"))
    rows = {row["what"]: row for row in told["rows"]}
    assert told["mrn"] == ANNA
    assert (rows["MRN"]["read"], rows["MRN"]["says"]) == (ANNA, "agree")
    assert rows["Birth date"]["says"] == "differ"
    assert rows["Birth date"]["index"] == "1961-03-04"
    assert rows["Sex"]["says"] == "unread"
    assert rows["MRN"]["box"]
    assert told["bits"] == pytest.approx(sum(r["bits"] for r in told["rows"]), abs=0.1)
    shown = desk.run("why", document(desk, "a.pdf"))
    for word in ("Birth date", "1961-03-04", "07/08/1950", "differ", "unread"):
        assert word in shown


def test_of_nobody_and_of_nothing(desk):
    assert "nobody of the index fits" in desk.run("why", document(desk, "b.pdf"))
    assert "chartfiler pages lists them" in desk.run("why", "b-1", code=2)


def test_a_look_is_in_the_audit_trail_and_a_blind_one_is_refused(desk):
    desk.run("why", document(desk, "a.pdf"))
    assert desk.site.catalogue.first_bad_audit_line() is None
    desk.override('[filing]\nmode = "shadow"\n')
    desk.scan("c.pdf", paper(ANNA, more="Again."))
    desk.run("process", desk.folder / "scans")
    assert "blind answer" in desk.run("why", document(desk, "c.pdf"), code=2)
