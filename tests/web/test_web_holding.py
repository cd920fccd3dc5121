"""Paper of someone whom the index does not know, at the clerk's desk."""

import datetime as dt
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from pipeline.document import (
    DocumentId,
    Doubt,
    Holding,
    PatientId,
    Review,
    holding_id,
    is_held,
)
from pipeline.web.app import make_app
from tests.review.readings import CERTAIN
from tests.web.desks import ANNA, BERTA, SENTINEL, FakeCatalogue, desk

ID = DocumentId("b-0001")
READING = replace(CERTAIN, patients=(), encounters=())
REVIEW = Review((Doubt("no patient of the index fits"),))
ANSWER = f"/documents/{ID}/answer"
KEY = holding_id("B-17", "3", "12-34")
SAID = {
    "action": "hold",
    "box": "B-17",
    "volume": "3",
    "old_number": "12-34",
    "family": SENTINEL,
    "given": "PAUL",
    "born": "1990-01-02",
    "type": "letter",
}
PAUL = Holding(KEY, "B-17", "3", "12-34", SENTINEL, "PAUL", dt.date(1990, 1, 2))


@pytest.fixture
def catalogue():
    return FakeCatalogue((READING, REVIEW))


@pytest.fixture
def at(catalogue):
    return desk(catalogue, ANNA, BERTA)


@pytest.fixture
def client(at):
    with TestClient(make_app(at), base_url="http://127.0.0.1:8417") as client:
        client.follow_redirects = False
        yield client


def test_the_form_knows_the_box(client):
    page = client.get(f"/documents/{ID}").text
    assert 'name="box" value="B-17"' in page
    assert "Hold: not in the index" in page


def test_a_held_document_is_filed_under_the_old_number(client, catalogue, at):
    assert client.post(ANSWER, data=SAID).status_code == 303
    assert at.holdings.get(KEY) == PAUL
    assert catalogue.kept[ID].patient == KEY
    assert is_held(KEY)
    assert catalogue.kept[ID].encounter is None


@pytest.mark.parametrize(
    "spoiled",
    [
        {"old_number": " - "},
        {"family": " "},
        {"born": "4.3.1961"},
        {"type": "unknown"},
        {"mrn": "11111111"},
        {"date": "soon"},
    ],
)
def test_one_thing_amiss_and_nothing_is_held(client, catalogue, at, spoiled):
    assert client.post(ANSWER, data=SAID | spoiled).status_code == 422
    assert not catalogue.kept
    assert not at.holdings.all()


@pytest.mark.parametrize(
    "other", [{"family": "OTHER"}, {"given": "PETER"}, {"born": "1990-01-03"}]
)
def test_another_person_under_the_same_number_is_seen(client, catalogue, at, other):
    at.holdings.open(PAUL, "clerk ada")
    refused = client.post(ANSWER, data=SAID | other)
    assert refused.status_code == 422
    assert "another name or birth date" in refused.text
    assert not catalogue.kept


def test_what_is_not_said_is_no_other_person(client, catalogue, at):
    at.holdings.open(PAUL, "clerk ada")
    client.post(
        ANSWER, data=SAID | {"given": "", "born": "", "family": "sentinel-name"}
    )
    assert catalogue.kept[ID].patient == KEY


def test_a_number_that_is_linked_shows_the_patient_first(client, catalogue, at):
    at.holdings.records[KEY] = replace(PAUL, patient=ANNA.id)
    page = client.post(ANSWER, data=SAID).text
    assert f'name="mrn" value="{ANNA.mrn}"' in page
    assert not catalogue.kept
    agreed = {"action": "change", "mrn": ANNA.mrn, "confirmed": ANNA.mrn}
    client.post(ANSWER, data=agreed | {"type": "letter"})
    assert catalogue.kept[ID].patient == ANNA.id


def test_the_steward_sees_who_is_to_be_registered_and_what_waits(client, catalogue, at):
    at.holdings.open(PAUL, "clerk ada")
    page = client.get("/steward").text
    assert "To be registered (1)" in page
    assert "probably not in the index (1)" in page
    assert "two records fit (0)" in page
    assert f"/documents/{ID}" in page
    assert KEY in page
    assert ("clerk ada", "listed", "holding records") in catalogue.trail
    at.holdings.records[KEY] = replace(PAUL, patient=ANNA.id)
    assert "Nobody is held." in client.get("/steward").text


def test_a_holding_record_has_its_chart_and_then_the_patient_s(client, at):
    at.holdings.open(PAUL, "clerk ada")
    chart = f"/charts/{at.names.of(KEY)}"
    page = client.get(chart).text
    assert "Not in the index" in page
    assert f"holding link {KEY} MRN" in page
    at.holdings.records[KEY] = replace(PAUL, patient=ANNA.id)
    assert f"MRN {ANNA.mrn}" in client.get(chart).text
    assert client.get(f"/charts/{at.names.of(PatientId('h1'))}").status_code == 404
