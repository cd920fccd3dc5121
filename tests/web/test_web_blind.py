"""A blind question shows the pages and nothing that the machine made of them."""

import pytest
from fastapi.testclient import TestClient

from pipeline.document import Decision, Doubt, Review
from pipeline.review.modes import LANE, SHADOW
from pipeline.web.app import make_app
from tests.web.desks import ANNA, BERTA, FakeCatalogue, desk
from tests.web.test_web_desk import ANSWER, ID, READING, REVIEW

HELD = Review((Doubt(f"{LANE}this lane is paused"),))


@pytest.fixture(params=[Review((Doubt(SHADOW), *REVIEW.reasons)), HELD], ids=str)
def catalogue(request):
    return FakeCatalogue((READING, request.param))


@pytest.fixture
def client(catalogue):
    app = make_app(desk(catalogue, ANNA, BERTA))
    with TestClient(app, base_url="http://127.0.0.1:8417") as client:
        client.follow_redirects = False
        yield client


@pytest.mark.parametrize("path", ["/", f"/documents/{ID}"])
def test_no_suggestion_no_evidence_no_reason_of_the_machine_s(client, path):
    page = client.get(path).text
    for hidden in ("ANNA", "11111111", "bits", "another patient", "letter selected"):
        assert hidden not in page
    assert "pages/1/" in page


def test_it_says_why_it_is_blind(client):
    assert "Answer from the pages alone" in client.get(f"/documents/{ID}").text


def test_there_is_nothing_to_accept(client, catalogue):
    post = {"action": "accept", "type": "letter"}
    assert "No patient is suggested" in client.post(ANSWER, data=post).text
    assert not catalogue.kept


def test_the_type_is_the_clerk_s_own(client, catalogue):
    post = {"action": "change", "mrn": "22222222", "confirmed": "22222222"}
    assert "Choose a document type" in client.post(ANSWER, data=post).text
    client.post(ANSWER, data=post | {"type": "letter"})
    assert catalogue.kept[ID] == Decision(BERTA.id, "letter", None, None, "clerk ada")
