"""The sample on the screen: blind, by who did not have it in hand, one by one."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from pipeline.document import Decision, DocumentId
from pipeline.errors import InputError
from pipeline.web.app import make_app
from pipeline.web.sample_screen import KIND, NOBODY_FITS, NOT_YOURS, WHOSE
from tests.review.answered import ANSWER
from tests.web.desks import ANNA, BERTA, SENTINEL, FakeCatalogue, desk
from tests.web.test_web_desk import ID, READING, REVIEW

CHECK = f"/sample/{ID}"
SAID = {"action": "check", "mrn": BERTA.mrn, "type": "letter"}


class FakeSample:
    """One drawn document, until somebody has checked it."""

    def __init__(self):
        self.kept, self.asked = [], []

    def waiting(self, by=None):
        self.asked.append(by)
        if not self.kept:
            yield replace(ANSWER, document=DocumentId(ID), patient=ANNA.id)

    def waits(self, document, by):
        return document == ID and not self.kept

    def check(self, document, patient, kind, by):
        if by == "clerk late":
            raise InputError("clerk late has answered this document before")
        self.kept.append((document, patient, kind, by))


@pytest.fixture
def sample():
    return FakeSample()


@pytest.fixture
def here(sample):
    books = FakeCatalogue((READING, REVIEW))
    books.keep(ID, Decision(ANNA.id, "letter", None, None, "rules 1"), "cafe")
    return replace(desk(books, ANNA, BERTA), sample=sample)


@pytest.fixture
def client(here):
    return TestClient(make_app(here), base_url="http://localhost")


def test_the_pages_and_nothing_of_what_the_machine_or_the_record_says(client):
    page = client.get("/sample").text
    assert f"/documents/{ID}/pages/1/1100.png" in page
    for hidden in (SENTINEL, "ANNA", ANNA.mrn, "bits", "selected", "checked"):
        assert hidden not in page.replace(f"{SENTINEL}.pdf", "")
    assert "Nobody of the index" in page


def test_whoever_looks_is_asked_for_by_name_and_it_is_written_down(
    client, here, sample
):
    client.get("/sample")
    assert sample.asked == ["clerk ada"]
    assert here.catalogue.trail == [("clerk ada", "viewed", ID)]


def test_somebody_is_looked_up_then_chosen_and_the_next_follows(client, here, sample):
    page = client.post(CHECK, data={"action": "look", "text": "BERTA"}).text
    assert BERTA.mrn in page
    assert "born 1961-03-04" in page
    assert not sample.kept
    assert here.catalogue.trail[0] == ("clerk ada", "searched patients", ID)
    after = client.post(CHECK, data=SAID)
    assert sample.kept == [(ID, BERTA.id, "letter", "clerk ada")]
    assert "Nothing of the sample waits for you" in after.text


def test_nobody_of_the_index_is_an_answer(client, sample):
    client.post(CHECK, data=SAID | {"mrn": "nobody"})
    assert sample.kept == [(ID, None, "letter", "clerk ada")]


@pytest.mark.parametrize(
    ("spoiled", "says"),
    [
        ({"mrn": ""}, WHOSE),
        ({"mrn": "99999999"}, WHOSE),
        ({"type": ""}, KIND),
        ({"type": "no such type"}, KIND),
        ({"action": "look", "text": "QQQ"}, NOBODY_FITS),
        ({"action": "look", "text": " "}, NOBODY_FITS),
        ({"text": "QQQ", "looked": "BERTA"}, NOBODY_FITS),
    ],
)
def test_one_thing_spoiled_keeps_nothing_and_says_what_is_missing(
    client, sample, spoiled, says
):
    answer = client.post(CHECK, data=SAID | spoiled)
    assert (answer.status_code, says in answer.text) == (422, True)
    assert not sample.kept


def test_what_was_typed_and_chosen_comes_back(client):
    page = client.post(
        CHECK, data=SAID | {"text": "BERTA", "looked": "BERTA", "type": ""}
    ).text
    assert f'value="{BERTA.mrn}" checked' in page
    assert 'name="text" value="BERTA"' in page


@pytest.mark.parametrize("document", ["other", ID])
def test_what_does_not_wait_for_this_person_is_refused(client, sample, document):
    sample.kept.append("checked meanwhile")
    answer = client.post(f"/sample/{document}", data=SAID)
    assert (answer.status_code, NOT_YOURS in answer.text) == (409, True)


def test_a_check_that_is_refused_says_why(here):
    client = TestClient(
        make_app(replace(here, clerk="clerk late")), base_url="http://localhost"
    )
    answer = client.post(CHECK, data=SAID)
    assert (answer.status_code, "has answered" in answer.text) == (409, True)


def test_a_desk_without_a_sample_says_so(here):
    client = TestClient(
        make_app(replace(here, sample=None)), base_url="http://localhost"
    )
    assert "Nothing of the sample" in client.get("/sample").text
    assert client.post(CHECK, data=SAID).status_code == 409
