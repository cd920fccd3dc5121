"""A blind question shows the pages and nothing that the machine made of them."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from pipeline.document import Decision, Doubt, Encounter, Review
from pipeline.review.modes import LANE, SHADOW
from pipeline.web.app import make_app
from tests.review.readings import found
from tests.web.desks import ANNA, BERTA, FakeCatalogue, desk
from tests.web.test_web_desk import ANSWER, ID, READING, REVIEW

BERTA_S = Encounter("V2", "", BERTA.id)
HELD = Review((Doubt(f"{LANE}this lane is paused"),))


@pytest.fixture(params=[Review((Doubt(SHADOW), *REVIEW.reasons)), HELD], ids=str)
def catalogue(request):
    return FakeCatalogue((READING, request.param))


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


@pytest.mark.parametrize(
    ("mrn", "stays", "holds"),
    [
        ("22222222", [BERTA_S], "V2"),
        ("11111111", [BERTA_S], None),
        ("22222222", [BERTA_S, replace(BERTA_S, number="V3")], None),
    ],
)
def test_the_one_stay_of_its_patient_goes_with_it_unseen(mrn, stays, holds):
    reading = replace(READING, encounters=tuple(found(one, 0.9) for one in stays))
    catalogue = FakeCatalogue((reading, HELD))
    app = make_app(desk(catalogue, ANNA, BERTA))
    with TestClient(app, base_url="http://127.0.0.1:8417") as client:
        assert "V2" not in client.get(f"/documents/{ID}").text
        post = {"action": "change", "mrn": mrn, "confirmed": mrn, "type": "letter"}
        client.post(ANSWER, data=post, follow_redirects=False)
    assert catalogue.kept[ID].encounter == holds
