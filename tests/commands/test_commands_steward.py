"""``patients`` show, merge, unmerge, duplicates and crosswalk, as a steward meets."""

import csv
import json
import stat

import pytest

from tests.commands.conftest import ANNA, BERTA, PATIENTS, paper

TWICE = "30000036,SENTINEL,ANNA,1961-03-04,F"


@pytest.fixture
def twice(house):
    """Anna is registered twice, and her letter lies under her first number."""
    listed = house.folder / "twice.csv"
    listed.write_text(f"{PATIENTS}{TWICE}\n")
    house.run("patients", "import", listed)
    house.scan("a.pdf", paper(ANNA))
    house.run("process", house.folder / "scans")
    return house


def shown(house, mrn):
    return json.loads(house.run("patients", "show", mrn, "--json"))


def test_one_patient_is_shown_whole(twice):
    told = shown(twice, ANNA)
    assert told["mrn"] == ANNA
    assert told["birth_date"] == "1961-03-04"
    assert told["alerts"] == [{"kind": "same name and birth date", "mrn": "30000036"}]
    assert "SENTINEL, ANNA" in twice.run("patients", "show", ANNA)
    assert "no one patient" in twice.run("patients", "show", "99", code=2)
    assert twice.site.catalogue.first_bad_audit_line() is None


def test_a_merge_leads_to_the_survivor_and_an_unmerge_back(twice):
    before, changes = shown(twice, ANNA), twice.site.changes.all()
    why = ("--reason", "registered twice", "--by", "ada")
    told = twice.run("patients", "merge", "30000036", ANNA, *why)
    assert "weighed again" in told
    after = shown(twice, "30000036")
    assert (after["mrn"], after["alerts"]) == (ANNA, [])
    assert after["identifiers"][0]["value"] == "30000036"
    [act] = after["merges"]
    assert (act["did"], act["by"]) == ("merged", "clerk ada")
    assert act["reason"] == "registered twice"
    assert "not merged" in twice.run(
        "patients", "merge", "30000036", BERTA, *why, code=2
    )
    twice.run("patients", "unmerge", "30000036", "--reason", "two people")
    again = shown(twice, ANNA)
    assert [a["did"] for a in again.pop("merges")] == ["merged", "unmerged"]
    before.pop("merges")
    assert again == before
    assert [c.did for c in twice.site.changes.all()[len(changes) :]] == [
        "merged",
        "unmerged",
    ]
    assert "not merged" in twice.run("patients", "unmerge", BERTA, *why, code=2)
    assert "say why" in twice.run(
        "patients", "merge", "30000036", ANNA, "--reason", " ", code=2
    )


def test_documents_are_the_survivor_s_and_named_when_a_merge_is_taken_back(twice):
    [filed] = twice.site.catalogue.of_patient(twice.site.people.mrn_owner(ANNA))
    why = ("--reason", "why")
    assert "1 documents" in twice.run("patients", "merge", ANNA, "30000036", *why)
    assert shown(twice, "30000036")["documents"] == 1
    told = twice.run("patients", "unmerge", ANNA, *why)
    assert filed.document not in told  # it was filed before the merge, under its own
    assert shown(twice, "30000036")["documents"] == 0
    assert shown(twice, ANNA)["documents"] == 1


def test_suspected_duplicates_are_listed_by_their_evidence(twice):
    least = ("--least", "-99")
    told = twice.run("patients", "duplicates", *least, "--json")
    [pair] = [json.loads(line) for line in told.splitlines()]
    assert {pair["mrn"], pair["other_mrn"]} == {ANNA, "30000036"}
    assert pair["kind"] == "same name and birth date"
    file = twice.folder / "d.csv"
    assert "1 suspects" in twice.run("patients", "duplicates", *least, "--csv", file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with file.open() as rows:
        assert [row["mrn"] for row in csv.DictReader(rows)] == [pair["mrn"]]
    assert "SENTINEL" in twice.run("patients", "duplicates", *least)
    assert "no suspects" in twice.run("patients", "duplicates", "--least", "99")


def test_an_old_number_brings_up_its_patient(twice):
    file = twice.folder / "old.csv"
    file.write_text(
        f"old_number,authority,mrn\nA-17,GENERAL,{ANNA}\nA-18,GENERAL,99\n,,{ANNA}\n"
    )
    told = twice.run("patients", "crosswalk", file)
    assert "1 old numbers imported, 2 rows refused" in told
    assert "line 3: no one person has its MRN" in told
    assert {"value": "A-17", "authority": "GENERAL", "type": "MR"} in shown(
        twice, ANNA
    )["identifiers"]
    assert ANNA in twice.run("patients", "find", "A-17")
