"""``entry export``: the proposal leaves in a file for its maker's eyes only."""

import csv
import json
import stat

import pytest
from sqlalchemy import select

from pipeline.document import Decision, DocumentId, DocumentType
from pipeline.entries import Keyed
from pipeline.site import open_site
from pipeline.store.entry_rows import SqlEntries
from pipeline.store.schema import audit
from tests.builders import cut_of, filed_of, page_of, receive, sources
from tests.commands.conftest import ANNA

ONE = DocumentId("b1-1")


@pytest.fixture
def keyed(house):
    """A house in which the sex on Anna's face sheet was keyed."""
    site = open_site(house.site.data)
    books = site.catalogue
    batch = receive(books, "b1", 1)
    books.opened(batch, sources(1), {})
    books.keep_pages(batch, [page_of(1)])
    books.keep_cut(batch, cut_of("b1", (1,)))
    anna = site.people.mrn_owner(ANNA)
    decided = Decision(anna, DocumentType("face_sheet"), None, None, "clerk ada")
    filed = filed_of("b1-1", decided)
    books.file(filed)
    entries = SqlEntries(books.database)
    for field, value in (("sex", "M"), ("city", "=Harlan"), ("born", "1961-03-04")):
        entries.keep(Keyed(ONE, field, 0, value, 1, "clerk ada", entries.now()), filed)
    books.close()
    return house


def exported(house, *more):
    file = house.folder / "proposal.csv"
    told = house.run("entry", "export", file, *more)
    with file.open(encoding="utf-8", newline="") as rows:
        return told, list(csv.DictReader(rows)), file


def test_what_is_settled_is_exported_and_what_waits_is_not(keyed):
    told, rows, file = exported(keyed)
    assert "2 fields, 1 differ" in told
    assert {row["field"]: row["proposed"] for row in rows} == {
        "sex": "M",
        "city": "'=Harlan",
    }
    assert (rows[0]["mrn"], rows[0]["current"], rows[0]["differs"]) == (
        ANNA,
        "F",
        "yes",
    )
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with keyed.site.catalogue.database.reading() as rows:
        last = select(audit.c.did, audit.c.what).order_by(audit.c.seq.desc())
        assert tuple(rows.execute(last).first()) == ("exported", "data entry")


def test_the_same_as_fhir_for_its_maker_s_eyes_only(keyed):
    file = keyed.folder / "proposal.json"
    exported(keyed, "--fhir", file)
    [entry] = json.loads(file.read_text())["entry"]
    patient = entry["resource"]
    assert (patient["resourceType"], patient["gender"]) == ("Patient", "male")
    assert patient["identifier"][0]["value"] == ANNA
    assert patient["address"] == [{"text": "=Harlan"}]
    assert "birthDate" not in patient  # waits for its second key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_since_leaves_out_what_was_before(keyed):
    _, rows, _ = exported(keyed, "--since", "2999-01-01")
    assert rows == []


def test_a_day_that_is_none_is_refused(keyed):
    keyed.run("entry", "export", keyed.folder / "x.csv", "--since", "soon", code=2)
