"""``holding`` as a steward meets it: held, registered, linked, taken back."""

import csv
import json
import stat

import pytest
from fastapi.testclient import TestClient

from pipeline import work
from pipeline.document import holding_id
from pipeline.web.app import make_app
from tests.commands.conftest import ANNA, BERTA, NOBODY
from tests.commands.test_privacy import desk_of

KEY = holding_id("", "", "90000099")
SAID = {
    "action": "hold",
    "type": "letter",
    "old_number": "90000099",
    "family": "NEWMAN",
    "given": "PAUL",
    "born": "1990-01-02",
}
NEWMAN = "mrn,last_name,first_name,birth_date\n30000036,NEWMAN,PAUL,1990-01-02\n"


@pytest.fixture
def held(house):
    """A house in which the letter of somebody unknown was held."""
    house.scan("a.pdf", NOBODY)
    house.run("process", house.folder / "scans")
    [line] = rows(house)
    assert line["disposition"] == "review"
    app = make_app(desk_of(house))
    with TestClient(app, base_url="http://127.0.0.1:8417") as client:
        answer = f"/documents/{line['document']}/answer"
        told = client.post(answer, data=SAID, follow_redirects=False)
        assert told.status_code == 303, told.text
    with work.Work(house.site) as worker:
        worker.tick()
    return house


def rows(house):
    return [json.loads(line) for line in house.run("pages").splitlines()]


def records(house):
    told = house.run("holding", "list", "--json").splitlines()
    return [json.loads(line) for line in told]


def test_nobody_is_held_at_first(house):
    assert "nobody is held" in house.run("holding", "list")
    assert "no holding record" in house.run("holding", "link", KEY, ANNA, code=2)


def test_a_held_page_is_filed_without_an_mrn(held):
    [line] = rows(held)
    assert line["disposition"] == "filed"
    assert line["mrn"] is None
    assert "held: not in the index" in line["reasons"]
    [one] = records(held)
    assert (one["holding"], one["pages"], one["mrn"]) == (KEY, 1, None)
    assert KEY in held.run("holding", "list")
    held.run("verify")
    assert KEY in held.run("outcomes")


def test_a_link_is_resolved_when_read_and_taken_back(held):
    people = held.folder / "new.csv"
    people.write_text(NEWMAN)
    held.run("patients", "import", people)
    before = held.site.catalogue.versions(rows(held)[0]["document"])
    assert "linked: 1 pages" in held.run("holding", "link", KEY, "30000036")
    [line] = rows(held)
    assert line["mrn"] == "30000036"
    assert "held: not in the index" not in line["reasons"]
    owner = held.site.people.mrn_owner("30000036")
    assert len(list(held.site.catalogue.of_patient(owner))) == 1
    assert held.site.catalogue.versions(line["document"]) == before
    assert records(held)[0]["mrn"] == "30000036"
    refused = held.run("holding", "link", KEY, ANNA, "--anyway", code=2)
    assert "unlink comes first" in refused
    assert "unlinked: 1 pages" in held.run("holding", "unlink", KEY)
    assert rows(held)[0]["mrn"] is None
    assert not list(held.site.catalogue.of_patient(owner))


def test_a_linked_record_follows_a_merge(held):
    people = held.folder / "new.csv"
    people.write_text(NEWMAN)
    held.run("patients", "import", people)
    held.run("holding", "link", KEY, "30000036")
    people.write_text(
        "mrn,last_name,first_name,birth_date,merged_into\n"
        f"30000036,NEWMAN,PAUL,1990-01-02,{BERTA}\n"
    )
    held.run("patients", "import", people)
    assert rows(held)[0]["mrn"] == BERTA
    owner = held.site.people.mrn_owner(BERTA)
    assert len(list(held.site.catalogue.of_patient(owner))) == 1


def test_another_person_is_not_linked_by_a_slip(held):
    told = held.run("holding", "link", KEY, BERTA, code=2)
    assert "birth date" in told
    assert "1990" not in told
    assert rows(held)[0]["mrn"] is None
    held.run("holding", "link", KEY, BERTA, "--anyway")
    assert rows(held)[0]["mrn"] == BERTA


def test_the_registration_desk_gets_a_list_for_its_eyes_only(held):
    file = held.folder / "register.csv"
    file.touch(0o644)
    assert "1 people to register" in held.run("holding", "export", file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with file.open(newline="") as lines:
        [row] = csv.DictReader(lines)
    assert (row["last_name"], row["birth_date"]) == ("NEWMAN", "1990-01-02")
    assert (row["old_number"], row["pages"], row["mrn"]) == ("90000099", "1", "")
    held.run("holding", "link", KEY, BERTA, "--anyway")
    assert "0 people" in held.run("holding", "export", file)
    assert "cannot be written" in held.run("holding", "export", held.folder, code=2)


def test_filled_in_it_comes_back_as_an_import(held):
    file = held.folder / "register.csv"
    held.run("holding", "export", file)
    text = file.read_text().splitlines()
    file.write_text(f"{text[0]}\n30000036{text[1]}\n")
    assert "1 patients imported" in held.run("patients", "import", file)
    held.run("holding", "link", KEY, "30000036")
    assert rows(held)[0]["mrn"] == "30000036"
