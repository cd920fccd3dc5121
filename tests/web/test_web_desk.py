"""The clerk's screens over a desk with made-up paper."""

import datetime as dt
import logging
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from pipeline.document import (
    Batch,
    BatchId,
    Decision,
    DocumentId,
    DocumentType,
    Doubt,
    Encounter,
    Key,
    Review,
    ScannedDocument,
    SourceFile,
    SourcePage,
)
from pipeline.finding import Evidence, Finding
from pipeline.review.identifiers import IdentifierRow
from pipeline.store.answers import Rejection
from pipeline.web.app import make_app
from pipeline.web.origin import Origins
from pipeline.web.overlay import evidence_lines, surely
from tests.review.readings import CERTAIN, found
from tests.web.desks import ANNA, BERTA, BOX, NOW, PNG, SENTINEL, FakeCatalogue, desk

ID = DocumentId("b-0001")
MRN = Evidence("mrn", 26.1, "11111111", 1, BOX, exact=True)
READING = replace(
    CERTAIN,
    patients=(Finding(ANNA, 0.98, (MRN,), "t"), found(BERTA, 0.01)),
    contradictions=(Evidence("mrn", -20.0, "22222222", 2, BOX),),
    encounters=(),
)
REVIEW = Review((Doubt("an identifier belongs to another patient"),))
ANSWER = f"/documents/{ID}/answer"


@pytest.fixture
def catalogue():
    return FakeCatalogue((READING, REVIEW))


def test_the_queue_shows_what_waits_and_why(client):
    page = client.get("/").text
    assert "1 document waits" in page
    assert "an identifier belongs to another patient" in page
    assert f"/documents/{ID}" in page


def test_an_empty_queue_says_so():
    app = make_app(desk(FakeCatalogue()))
    assert "Nothing waits" in TestClient(app, base_url="http://localhost").get("/").text


def test_a_document_shows_boxes_bits_and_suggestions(client, catalogue):
    page = client.get(f"/documents/{ID}").text
    assert '<rect class="for" x="92" y="192"' in page
    assert '<rect class="against"' in page
    assert "+26.1" in page
    assert "File it" in page
    assert ("clerk ada", "viewed", ID) in catalogue.trail


def test_a_document_shows_its_dates_and_where_they_stand():
    said = Evidence("admitted", 8.0, "04/01/2013", 1, BOX)
    day = Finding(dt.date(2013, 4, 1), 0.97, (said,), "t")
    reading = replace(READING, dates=(), admitted=(day,))
    app = make_app(desk(FakeCatalogue((reading, REVIEW)), ANNA, BERTA))
    page = TestClient(app, base_url="http://localhost").get(f"/documents/{ID}").text
    assert "<th>Admitted</th>" in page
    assert "2013-04-01" in page
    assert "admitted p. 1" in page
    assert "<th>Discharged</th>" not in page
    assert '<rect class="date"' in page


def two_stays():
    stays = [Encounter(n, "", ANNA.id, "E", dt.date(2020, 1, 1)) for n in ("V1", "V2")]
    return replace(READING, encounters=tuple(found(stay, 0.45) for stay in stays))


def test_a_clerk_chooses_between_two_stays():
    catalogue = FakeCatalogue((two_stays(), REVIEW))
    client = TestClient(
        make_app(desk(catalogue, ANNA, BERTA)), base_url="http://localhost"
    )
    page = client.get(f"/documents/{ID}").text
    assert '<option value="V2">V2 E 2020-01-01</option>' in page
    assert "selected>V" not in page  # neither is the likelier one
    said = {"action": "accept", "encounter": "V2"}
    client.post(ANSWER, data=said, follow_redirects=False)
    assert catalogue.kept[ID].encounter == "V2"


@pytest.mark.parametrize("said", ["", "V3"])
def test_a_stay_that_was_not_offered_is_none(said):
    catalogue = FakeCatalogue((two_stays(), REVIEW))
    client = TestClient(
        make_app(desk(catalogue, ANNA, BERTA)), base_url="http://localhost"
    )
    form = {"action": "accept", "encounter": said}
    client.post(ANSWER, data=form, follow_redirects=False)
    assert catalogue.kept[ID].encounter is None


def test_the_only_stay_is_chosen_beforehand():
    reading = replace(READING, encounters=two_stays().encounters[:1])
    app = make_app(desk(FakeCatalogue((reading, REVIEW)), ANNA, BERTA))
    page = TestClient(app, base_url="http://localhost").get(f"/documents/{ID}").text
    assert '<option value="V1" selected>' in page


def test_pictures_of_its_pages_only(client):
    assert client.get(f"/documents/{ID}/pages/1/160.png").content == PNG
    for path in ("3/160.png", "0/160.png", "1/99999.png"):
        assert client.get(f"/documents/{ID}/pages/{path}").status_code == 404
    assert client.get("/documents/other/pages/1/160.png").status_code == 404


def test_accept_files_the_best_patient_under_the_clerk(client, catalogue):
    answer = client.post(ANSWER, data={"action": "accept", "date": "2020-01-02"})
    assert answer.status_code == 303
    assert catalogue.kept[ID] == Decision(
        ANNA.id, DocumentType("letter"), dt.date(2020, 1, 2), None, "clerk ada"
    )
    assert "1 answer kept" in client.get("/").text


def test_change_shows_the_patient_back_before_it_files(client, catalogue):
    form = {"action": "change", "mrn": "22222222", "type": "consultation"}
    shown = client.post(ANSWER, data=form)
    assert "BERTA" in shown.text
    assert catalogue.kept == {}
    client.post(ANSWER, data=form | {"confirmed": "22222222"})
    kept = catalogue.kept[ID]
    assert (kept.patient, kept.type, kept.date) == (BERTA.id, "consultation", None)


def test_a_confirmation_of_another_mrn_does_not_count(client, catalogue):
    form = {"action": "change", "mrn": "22222222", "confirmed": "11111111"}
    client.post(ANSWER, data=form)
    assert catalogue.kept == {}


def test_reject_needs_a_reason(client, catalogue):
    refused = client.post(ANSWER, data={"action": "reject"})
    assert refused.status_code == 422
    assert "Say why" in refused.text
    client.post(ANSWER, data={"action": "reject", "reason": "a menu"})
    assert catalogue.kept[ID] == Rejection("a menu", "clerk ada")


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"action": "dance"}, "Choose whose"),
        ({"action": "change"}, "Type the MRN"),
        ({"action": "change", "mrn": "99999999"}, "Nobody in the index"),
        ({"action": "accept", "date": "yesterday"}, "Write the service date"),
        ({"action": "accept", "date": "2999-01-01"}, "in the future"),
        ({"action": "accept", "type": "poem"}, "Choose a document type"),
    ],
)
def test_a_wrong_form_says_what_is_wrong_and_keeps_nothing(
    client, catalogue, form, says
):
    answer = client.post(ANSWER, data=form)
    assert answer.status_code == 422
    assert says in answer.text
    assert catalogue.kept == {}


def test_accept_without_a_suggestion_is_refused():
    catalogue = FakeCatalogue((replace(READING, patients=(), types=()), REVIEW))
    app = make_app(desk(catalogue))
    client = TestClient(app, base_url="http://127.0.0.1:1")
    assert (
        "No patient is suggested" in client.post(ANSWER, data={"action": "accept"}).text
    )
    assert "Nobody of the index fits" in client.get(f"/documents/{ID}").text


def test_a_settled_document_is_not_answered_twice(client, catalogue):
    catalogue.open.clear()
    late = client.post(ANSWER, data={"action": "accept"})
    assert late.status_code == 409
    assert "no longer waits" in late.text
    assert client.get(f"/documents/{ID}").status_code == 404


def test_a_document_whose_answer_waits_is_not_answered_again(client, catalogue):
    first = Decision(ANNA.id, DocumentType("letter"), None, None, "clerk bob")
    catalogue.answer(ID, first)
    late = client.post(ANSWER, data={"action": "reject", "reason": "a menu"})
    assert late.status_code == 409
    assert "is being carried out" in late.text
    assert catalogue.kept == {ID: first}


def test_a_chart_leads_to_the_pdf_and_no_url_names_a_patient(client, catalogue):
    decision = Decision(ANNA.id, DocumentType("letter"), None, None, "rules 1")
    catalogue.keep(ID, decision, "cafe")
    found = client.post("/patients", data={"text": "anna"}).text
    [chart] = [
        part.split('"')[0] for part in found.split('href="') if "/charts/" in part[:9]
    ]
    assert ANNA.mrn not in chart
    page = client.get(chart).text
    assert "undated" in page
    assert f"/filed/{ID}/{ID}.pdf" in page
    pdf = client.get(f"/filed/{ID}/{ID}.pdf")
    assert pdf.content == b"%PDF-1.7 cafe"
    assert pdf.headers["cache-control"] == "no-store"
    assert ("clerk ada", "viewed", ID) in catalogue.trail


def test_what_is_not_there(client):
    assert client.get("/charts/guess").status_code == 404
    assert client.get(f"/filed/{ID}/{ID}.pdf").status_code == 404
    assert "Nobody found" in client.post("/patients", data={"text": "zzz"}).text
    assert client.get("/patients").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example:8417"},
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_foreign_callers_are_refused(client, catalogue, headers):
    assert client.get("/", headers=headers).status_code == 403
    refused = client.post(ANSWER, data={"action": "accept"}, headers=headers)
    assert refused.status_code == 403
    assert catalogue.kept == {}


def test_its_own_page_is_not_foreign(client):
    own = {"origin": "http://127.0.0.1:8417", "sec-fetch-site": "same-origin"}
    assert client.get("/", headers=own).status_code == 200


def test_a_failure_tells_a_number_and_no_patient(catalogue, caplog):
    def fails():
        raise RuntimeError(SENTINEL)

    catalogue.progress = fails
    app = make_app(desk(catalogue))
    with caplog.at_level(logging.DEBUG):
        answer = TestClient(app, base_url="http://localhost").get("/healthz")
    assert answer.status_code == 500
    assert SENTINEL not in answer.text + caplog.text
    assert "RuntimeError" in caplog.text


def test_no_name_is_logged(client, caplog):
    with caplog.at_level(logging.DEBUG):
        client.post("/patients", data={"text": SENTINEL})
        client.get(f"/documents/{ID}")
    assert SENTINEL not in caplog.text


def test_health(client):
    assert client.get("/healthz").json() == {"ok": True, "received": 10, "read": 8}


def test_the_enter_key_never_accepts(client, catalogue):
    """A form's first button is what Enter presses: here it only shows a patient."""
    page = client.get(f"/documents/{ID}").text
    assert page.index('class="enter"') < page.index('class="accept"')
    shown = client.post(ANSWER, data={"action": "", "mrn": "22222222"})
    assert "File it in the chart of" in shown.text
    assert client.post(ANSWER, data={"action": ""}).status_code == 422
    assert catalogue.kept == {}


def test_accept_beside_a_typed_mrn_is_asked_back(client, catalogue):
    wrong = client.post(ANSWER, data={"action": "accept", "mrn": "22222222"})
    assert "You typed an MRN" in wrong.text
    assert catalogue.kept == {}


def test_queue_and_document_tell_where_the_sheet_is(client):
    for page in (client.get("/").text, client.get(f"/documents/{ID}").text):
        assert f"{SENTINEL}.pdf, page" in page
        assert "box B-17" in page
    assert "from scan-3" in page


def test_a_long_queue_shows_its_first():
    many = [
        (
            replace(
                READING, document=replace(READING.document, id=DocumentId(f"b-{n}"))
            ),
            REVIEW,
        )
        for n in range(130)
    ]
    app = make_app(desk(FakeCatalogue(*many)))
    page = TestClient(app, base_url="http://localhost").get("/").text
    assert "130 documents wait" in page
    assert page.count('class="card"') == 50
    assert "the first 50, STAT papers, then appointments, then the oldest" in page


def test_what_is_not_certain_never_reads_as_certain():
    assert surely(0.999999) == "99.99 %"
    assert surely(1.0) == "100.00 %"
    assert surely(0.000001) == "under 0.01 %"


def test_a_bar_grows_from_the_middle_by_its_bits():
    prior = IdentifierRow("prior", "50000 patients", "", "", -15.0)
    mrn = IdentifierRow("MRN", "11111111", "11111111", "agree", 26.1, 1, BOX)
    page = FakeCatalogue().pages("b", (1,))[0]
    first, second = evidence_lines((prior, mrn), (page,), {})
    assert (first.start, first.length, first.crop) == (25.0, 25.0, None)
    assert second.start == 50
    assert second.crop.view == "52 176 296 88"  # the box and what is around it
    assert second.crop.size == page.size


def test_pages_of_a_box_are_named_by_their_files():
    files = tuple(SourceFile(f"box/img_{n}.tif", Key("k"), 1) for n in (1, 2, 3))
    catalogue = FakeCatalogue()
    catalogue.batch = lambda _: Batch(BatchId("b"), NOW, "scan-3", files)
    catalogue.source_pages = lambda _: tuple(SourcePage(n, n - 1, 1) for n in (1, 2, 3))
    document = ScannedDocument(DocumentId("b-1"), BatchId("b"), (2, 3))
    origin = Origins(catalogue).of(document)
    assert (origin.source, origin.pages) == ("box", "files img_2.tif to img_3.tif")
    assert "img" not in repr(origin)
