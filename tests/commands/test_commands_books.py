"""Paper comes in by ``process``; the books tell what became of it."""

import datetime as dt
import json

import pytest

from pipeline.commands import tables
from tests.commands.conftest import ANNA, BERTA, NOBODY, paper
from tests.flow.papers import HEAD, TAIL

FIELDS = [
    "source", "page", "disposition", "removed_as", "duplicate_of", "document",
    "document_page", "document_type", "local_type", "mrn", "encounter",
    "service_date", "rotation", "confidence", "reasons", "quality",
]  # fmt: skip


def rows(house, *options):
    told = house.run("pages", "--format", "jsonl", *options)
    return [json.loads(line) for line in told.splitlines()]


@pytest.fixture
def mixed(house):
    """A filed page, one that waits, a torn file and a copy of the filed one."""
    house.scan("a.pdf", paper(ANNA))
    house.scan("b.pdf", NOBODY)
    house.scan("c.pdf", "BROKEN")
    house.run("process", house.folder / "scans")
    copy = house.folder / "again" / "box" / "copy.pdf"
    copy.parent.mkdir(parents=True)
    copy.write_bytes((house.folder / "scans" / "a.pdf").read_bytes())
    house.run("process", house.folder / "again")
    return house


def test_process_says_what_came_of_each_and_ends_well_though_some_wait(house):
    house.scan("a.pdf", paper(ANNA), paper(BERTA))
    house.scan("b.pdf", NOBODY)
    house.scan("[/c].pdf", "BROKEN")
    told = house.run("process", house.folder / "scans")
    assert "3 batches, 3 pages" in told
    assert "2 filed, 1 in review, 1 rejected" in told
    assert "set aside: [/c].pdf: the file is torn: scan it again" in told
    assert (house.folder / "scans" / "a.pdf").exists()


def test_a_long_row_of_evidence_cuts_no_patients_number(house, monkeypatch):
    monkeypatch.setattr(tables, "deciding_bits", lambda reading: "birth date +15, " * 9)
    house.scan("a.pdf", paper(ANNA))
    house.run("process", house.folder / "scans")
    told = house.run("outcomes")
    assert ANNA in told
    assert "2013-05-06" in told


def test_process_ends_with_2_when_nothing_could_be_taken(house):
    torn = house.scan("c.pdf", "BROKEN")
    told = house.run("process", torn, code=2)
    assert "1 rejected" in told


def test_process_of_a_path_that_is_not_there_takes_nothing(house):
    good = house.scan("a.pdf", paper(ANNA))
    told = house.run("process", good, house.folder / "SECRET-NAME", code=2)
    assert "nothing at path 2" in told
    assert "SECRET-NAME" not in told
    assert rows(house) == []


def test_an_empty_folder_is_no_fault(house):
    (house.folder / "empty").mkdir()
    told = house.run("process", house.folder / "empty")
    assert "nothing to file" in told


def test_the_same_command_again_changes_nothing(mixed):
    before = rows(mixed)
    (mixed.folder / "scans" / "c.pdf").unlink()  # a rejected one is tried again
    mixed.run("process", mixed.folder / "scans")
    assert rows(mixed) == before


def test_pages_keep_the_contract_to_the_letter(mixed):
    told = {row["source"]: row for row in rows(mixed)}
    assert all(list(row) == FIELDS for row in told.values())
    filed, asked, torn, copy = (
        told[name] for name in ("a.pdf", "b.pdf", "c.pdf", "box/copy.pdf")
    )
    plain = [key for key in FIELDS if key not in ("document", "reasons", "quality")]
    assert {key: filed[key] for key in plain} == {
        "source": "a.pdf", "page": 1, "disposition": "filed", "removed_as": None,
        "duplicate_of": None, "document_page": 1, "document_type": "18842-5",
        "local_type": "discharge_summary", "mrn": ANNA, "encounter": None,
        "service_date": "2013-05-06", "rotation": 0,
        "confidence": filed["confidence"],
    }  # fmt: skip
    assert list(filed["confidence"]) == ["patient", "type", "boundary"]
    assert all(0.9 <= value <= 1 for value in filed["confidence"].values())
    assert (filed["quality"]["searchable"], filed["quality"]["scan_again"]) == (
        True,
        [],
    )
    assert torn["quality"] is None
    assert asked["disposition"] == "review"
    assert (asked["mrn"], asked["confidence"]["patient"]) == (None, None)
    assert asked["local_type"] == "letter"
    assert asked["reasons"]
    assert (torn["page"], torn["disposition"]) == (0, "rejected")
    assert torn["reasons"] == ["the file is torn: scan it again"]
    assert torn["confidence"] == {"patient": None, "type": None, "boundary": None}
    assert torn["document"] is torn["mrn"] is torn["document_type"] is None
    assert copy == filed | {"source": "box/copy.pdf", "duplicate_of": "a.pdf"}


def test_texts_are_written_for_copies_too(mixed):
    into = mixed.folder / "texts"
    rows(mixed, "--text", into)
    assert sorted(path.name for path in into.iterdir()) == [
        "a.pdf.1.txt", "b.pdf.1.txt", "box__copy.pdf.1.txt",
    ]  # fmt: skip
    assert into.stat().st_mode & 0o077 == 0
    text = (into / "a.pdf.1.txt").read_text()
    assert "Patient Name: SENTINEL, ANNA" in text
    assert (into / "box__copy.pdf.1.txt").read_text() == text


def test_texts_of_equal_names_do_not_write_over_each_other(mixed):
    other = mixed.folder / "other" / "a.pdf"
    other.parent.mkdir()
    other.write_text(HEAD + paper(BERTA) + TAIL)
    mixed.run("process", other)
    into = mixed.folder / "texts"
    rows(mixed, "--text", into)
    assert "SENTINEL" in (into / "a.pdf.1.txt").read_text()
    assert "BERTA" in (into / "a.pdf.1-2.txt").read_text()
    assert all(path.stat().st_mode & 0o077 == 0 for path in into.iterdir())


def test_pages_that_cannot_be_told_so(mixed):
    assert "knows jsonl" in mixed.run("pages", "--format", "csv", code=3)
    told = mixed.run("pages", "--text", mixed.folder / "scans" / "a.pdf", code=2)
    assert "--text cannot be written" in told


def test_status_counts(mixed):
    told = json.loads(mixed.run("status", "--json"))
    assert dt.datetime.fromisoformat(told.pop("index_as_of")).tzinfo
    counts = {key: told[key] for key in list(told)[:13]}
    assert counts == {
        "unopened": 0, "received": 2, "read": 2, "settled": 2, "rejected": 1,
        "unfinished": [], "parked": [], "claims": [], "waiting": 1, "scan_again": 0,
        "certified": False, "alert_share": 0.0, "to_weigh_again": 0,
    }  # fmt: skip
    assert "uncertified" in mixed.run("status")


def test_status_before_anything_came(bare):
    assert "none yet" in bare.run("status")
    assert "none received yet" in bare.run("verify")


def test_a_claim_that_stays_in_work_is_told(mixed):
    (mixed.data / "inbox" / ".work" / "1a2b").mkdir(parents=True)
    assert json.loads(mixed.run("status", "--json"))["claims"] == ["1a2b"]
    assert "1 claims are being taken in" in mixed.run("status")
    assert "claim 1a2b: unfinished" in mixed.run("verify", code=1)


def test_outcomes_show_what_decided_and_what_waits(mixed):
    told = mixed.run("outcomes")
    assert "mrn +" in told
    assert "no patient of the index fits" in told
    assert "the file is torn" in told


def test_verify_proves_or_names_what_is_gone(mixed):
    assert "every page accounted for" in mixed.run("verify")
    assert json.loads(mixed.run("verify", "--json"))["faults"] == []
    key = mixed.site.catalogue.batch(next(mixed.site.catalogue.ledger()).batch)
    [file] = key.files
    [stored] = [p for p in mixed.data.joinpath("objects").rglob(f"*{file.key[8:]}*")]
    stored.chmod(0o600)
    whole = stored.read_bytes()
    stored.write_bytes(b"rotten")
    assert file.key[:8] in mixed.run("verify", code=1)
    stored.unlink()
    told = json.loads(mixed.run("verify", "--json", code=1))
    assert any(file.key[:8] in fault for fault in told["faults"])
    stored.write_bytes(whole)
    mixed.run("verify")


def test_a_rejected_file_is_tried_again_from_its_original(mixed, monkeypatch):
    (mixed.folder / "scans" / "c.pdf").unlink()
    again = mixed.run("retry")
    assert "rejected batches: 1 (1 rejected)" in again
    monkeypatch.setattr("tests.flow.papers.FakePool.count", lambda *_: 1)
    assert "rejected batches: 1 (1 in review)" in mixed.run("retry")
    assert "rejected batches: 0" in mixed.run("retry")
