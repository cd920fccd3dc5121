"""A clerk corrects what is filed: shown back, kept with its reason, told when late."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from pipeline.document import Correction, DocumentId, PatientId
from pipeline.web.app import make_app
from tests.builders import cut_of, decision_of, empty_books, filed_of, receive
from tests.web.desks import ANNA, BERTA, TYPES, FakeCatalogue, desk

DOCUMENT = DocumentId("b1-1")
FILED = replace(decision_of(ANNA.id), type="letter")
PAGE, SEND = f"/filed/{DOCUMENT}", f"/filed/{DOCUMENT}/correct"


@pytest.fixture
def books(tmp_path):
    books = empty_books(tmp_path / "catalogue.sqlite")
    receive(books, "b1", 1)
    books.keep_cut("b1", cut_of("b1", (1,)))
    books.file(filed_of(DOCUMENT, FILED))
    yield books
    books.close()


@pytest.fixture
def client(books):
    here = replace(desk(FakeCatalogue(), ANNA, BERTA), catalogue=books)
    client = TestClient(make_app(here), base_url="http://localhost")
    client.follow_redirects = False
    return client


def said(**fields):
    date = FILED.date.isoformat()
    form = {"action": "change", "of": DOCUMENT, "type": "letter", "date": date}
    return form | {"reason": "the label is hers"} | fields


def test_a_patient_is_shown_back_before_it_moves(client, books):
    assert "SENTINEL-NAME, ANNA" in client.get(PAGE).text
    shown = client.post(SEND, data=said(mrn=BERTA.mrn))
    assert "Move it into the chart of" in shown.text
    assert "BERTA" in shown.text
    assert books.answers() == ()
    sent = client.post(SEND, data=said(mrn=BERTA.mrn, confirmed=BERTA.mrn))
    assert sent.headers["location"] == PAGE
    right = replace(FILED, patient=BERTA.id, encounter=None, by="clerk ada")
    told = Correction(DOCUMENT, right, "the label is hers", True, "clerk ada")
    assert books.answers() == ((DOCUMENT, told),)
    assert "A correction is kept" in client.get(PAGE).text
    assert client.post(SEND, data=said(type="consultation")).status_code == 409


def test_type_and_date(client, books):
    client.post(SEND, data=said(type="consultation", date=""))
    [(_, told)] = books.answers()
    assert (told.decision.type, told.decision.date) == ("consultation", None)
    assert told.decision.patient == ANNA.id
    assert not told.misfiled


def test_a_page_is_turned_and_nothing_else_is_changed(client, books):
    client.post(SEND, data=said(turn_pages="1", turn_by="270"))
    [(_, told)] = books.answers()
    assert replace(told.decision, by=FILED.by) == FILED
    assert told.turns == ((books.reading(DOCUMENT).document.pages[0], 270),)


@pytest.mark.parametrize("misfiled", ["", "yes"])
def test_retract(client, books, misfiled):
    client.post(SEND, data=said(action="retract", misfiled=misfiled))
    [(_, told)] = books.answers()
    assert (told.decision, told.misfiled) == (None, bool(misfiled))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"reason": " "}, "Say why"),
        ({}, "filed just so already"),
        ({"mrn": ANNA.mrn}, "filed just so already"),
        ({"mrn": "99"}, "Nobody in the index has this MRN"),
        ({"type": "no such"}, "Choose a document type"),
        ({"date": "3 April"}, "Write the service date as"),
        ({"date": "2999-01-01"}, "lies in the future"),
        ({"action": "retract", "mrn": BERTA.mrn}, "You typed an MRN"),
        ({"turn_pages": "two", "turn_by": "90"}, "by their numbers"),
        ({"turn_pages": "99", "turn_by": "90"}, "no such page"),
        ({"turn_pages": "1", "turn_by": "45"}, "how far"),
    ],
)
def test_what_cannot_be_taken_is_told_and_kept_in_the_form(client, books, fields, why):
    answer = client.post(SEND, data=said(**fields))
    assert answer.status_code == 422
    assert why in answer.text
    assert books.answers() == ()
    assert answer.text.count('value="the label is hers"') == ("reason" not in fields)


def test_who_corrects_an_older_version_is_told(client, books):
    books.correct(
        Correction(DOCUMENT, replace(FILED, date=None), "undated", False, "clerk ben"),
        filed_of(DOCUMENT, replace(FILED, date=None), version=2),
    )
    answer = client.post(SEND, data=said(type="consultation"))
    assert answer.status_code == 409
    assert "Somebody corrected this document while you looked" in answer.text
    assert books.answers() == ()


def test_the_history_and_both_charts_tell_where_it_went(client, books):
    moved = replace(FILED, patient=PatientId(BERTA.id), by="clerk ada")
    why = "hers, not Anna's"
    books.correct(
        Correction(DOCUMENT, moved, why, True, "clerk ada"),
        filed_of(DOCUMENT, moved, version=2),
    )
    page = client.get(PAGE).text
    assert "hers, not Anna&#39;s" in page
    assert f"{PAGE}/{DOCUMENT}-v2.pdf" in page
    assert f"{PAGE}/{DOCUMENT}.pdf" not in page
    charts = {}
    for text in ("ANNA", "BERTA"):
        found = client.post("/patients", data={"text": text}).text
        charts[text] = client.get(f"/charts/{found.split('/charts/')[1][:24]}").text
    assert "No longer in this chart" in charts["ANNA"]
    assert ".pdf" not in charts["ANNA"]
    assert "Corrected: history" in charts["BERTA"]
    assert client.get(f"{PAGE}/{DOCUMENT}.pdf").status_code == 404


def test_what_is_retracted_can_be_filed_again(client, books):
    gone = Correction(DOCUMENT, None, "a menu", False, "clerk ada")
    books.correct(gone, None)
    page = client.get(PAGE).text
    assert "in no record now" in page
    assert "taken out of the record by clerk ada" in page
    assert client.post(SEND, data=said(action="retract")).status_code == 422
    assert client.post(SEND, data=said()).status_code == 303
    [(_, told)] = books.answers()
    assert told.decision == replace(FILED, by="clerk ada")


def test_a_guessed_document_shows_nothing(client):
    assert client.get("/filed/nobody").status_code == 404
    assert client.post("/filed/nobody/correct", data=said()).status_code == 404


def test_the_form_s_types_are_those_on_offer(client):
    assert all(facts.title in client.get(PAGE).text for facts in TYPES.values())
