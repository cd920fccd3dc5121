"""After something was set right: the papers that may be wrong for the same reason."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from pipeline.document import Decision, DocumentId, Doubt, FiledDocument, Key, Review
from pipeline.review.modes import SECOND, SHADOW
from pipeline.store.database import utc_now
from pipeline.web.app import make_app
from tests.web.live import ANNA, BERTA, CARL, CONSULT, LAB, LETTER, opened, reading_of

ONE, SIBLINGS = "b1-0001", "/siblings/b1-0001"
OF_TYPE = (Doubt("unsure of the type"),)


def browser(desk, **more):
    app = make_app(replace(desk, **more))
    client = TestClient(app, base_url="http://127.0.0.1:8417")
    client.follow_redirects = False
    return client


@pytest.fixture
def at(tmp_path):
    books = []

    def at(*readings, **more):
        desk = opened(tmp_path, *(readings or map(waits, (1, 2))), **more)
        books.append(desk.catalogue)
        desk.rank()
        return browser(desk), desk

    yield at
    for one in books:
        one.close()


def waits(nth, patient=ANNA, **more):
    return replace(reading_of(nth, (nth,), patient), doubts=OF_TYPE, **more)


def answer(client, document=ONE, **said):
    form = {"action": "file", "mrn": ANNA.mrn, "type": LETTER, "date": "2013-05-06"}
    sent = client.post(f"/documents/{document}/answer", data=form | said)
    assert sent.status_code == 303, sent.text


def file(desk, document, **said):
    """As the machine would, beyond doubt."""
    decision = Decision(ANNA.id, LETTER, None, None, "rules 1")
    reading = desk.catalogue.reading(document)
    decision = replace(decision, date=reading.dates[0].value, **said)
    id_ = DocumentId(document)
    desk.catalogue.file(FiledDocument(id_, id_, decision, Key("cafe"), utc_now()))


def test_it_is_offered_when_a_suggestion_was_wrong_and_only_then(at):
    client, desk = at(*map(waits, (1, 2, 3)))
    answer(client, "b1-0003")
    assert SIBLINGS not in client.get("/").text
    answer(client, type=CONSULT)
    for page in ("/", "/documents/b1-0002"):
        assert f'href="{SIBLINGS}" data-key="f"' in client.get(page).text
    assert SIBLINGS not in browser(desk, clerk="clerk ben").get("/").text
    lately = client.get("/siblings").text
    assert lately.count(SIBLINGS) == 2  # in the list, and as the last one
    assert "<td>type</td>" in lately
    assert (
        "You said nothing otherwise"
        in browser(desk, clerk="clerk ben").get("/siblings").text
    )


def test_what_waits_and_what_is_filed_is_listed_and_nothing_is_changed(at):
    client, desk = at(*map(waits, (1, 2, 3)), waits(4, types=()), waits(5))
    file(desk, "b1-0003")
    file(desk, "b1-0005", type=LAB)  # somebody has set it right before
    answer(client, type=CONSULT)
    answers = desk.catalogue.answers()
    page = client.get(SIBLINGS).text
    assert "2 siblings of b1-0001" in page
    assert 'href="/documents/b1-0002?back=/siblings/b1-0001"' in page
    assert 'href="/filed/b1-0003?back=/siblings/b1-0001"' in page
    assert "same batch, same type suggested" in page
    assert desk.catalogue.answers() == answers
    assert desk.worklist.counts().held == 0


def test_what_is_answered_or_in_other_hands(at):
    client, desk = at(*map(waits, (1, 2, 3)))
    answer(client, type=CONSULT)
    answer(client, "b1-0002")
    browser(desk, clerk="clerk ben").get("/documents/b1-0003")
    page = client.get(SIBLINGS).text
    assert "1 sibling of" in page
    assert "clerk ben has it in hand" in page


def test_of_a_wrong_patient_the_papers_of_the_same(at):
    client, _ = at(waits(1), waits(2), waits(3, BERTA))
    answer(client, mrn=CARL.mrn)
    page = client.get(SIBLINGS).text
    assert "1 sibling of" in page
    assert "same batch, same patient" in page
    assert "b1-0003" not in page


def test_a_blind_answer_remembers_and_tells_nothing(at):
    client, desk = at(waits(1), waits(2), replace(waits(3), doubts=(Doubt(SHADOW),)))
    waiting = desk.catalogue.asked("b1-0003")
    assert desk.blind(waiting)
    form = {"action": "file", "mrn": CARL.mrn, "confirmed": CARL.mrn, "type": CONSULT}
    assert client.post("/documents/b1-0003/answer", data=form).status_code == 303
    assert desk.siblings.fields_of("b1-0003") == ()
    client.post("/documents/b1-0003/undo")
    assert "0 siblings" in client.get("/siblings/b1-0003").text
    answer(client, type=CONSULT)
    assert "b1-0003" not in client.get(SIBLINGS).text.split("<main>")[1]


def test_whoever_keys_it_again_is_not_told_what_the_first_one_changed(at):
    client, desk = at(waits(1), waits(2))
    answer(client, type=CONSULT)
    client.post(f"/documents/{ONE}/undo")
    assert "Set right there: type." in client.get(SIBLINGS).text
    blind = replace(desk.catalogue.asked(ONE), review=Review((Doubt(SECOND),)))
    asked = desk.catalogue.asked
    desk.catalogue.asked = lambda one: blind if one == ONE else asked(one)
    page = browser(desk, clerk="clerk ben").get(SIBLINGS).text
    assert "Set right there: patient, type, date." in page
    assert "0 siblings" in page


def test_a_correction_of_what_is_filed_leads_to_its_siblings_as_well(at):
    client, desk = at()
    file(desk, ONE)
    assert "Find siblings" not in client.get(f"/filed/{ONE}").text
    form = {"action": "change", "of": ONE, "type": CONSULT, "reason": "a consult"}
    sent = client.post(
        f"/filed/{ONE}/correct",
        params={"back": "/siblings/b1-0002"},
        data=form | {"date": "2013-05-06"},
    )
    assert sent.headers["location"] == f"/filed/{ONE}?back=%2Fsiblings%2Fb1-0002"
    page = client.get(sent.headers["location"]).text
    assert f'<a href="{SIBLINGS}">Find siblings' in page
    assert '<a href="/siblings/b1-0002">Back to the list' in page
    assert desk.siblings.fields_of(ONE) == ("type",)
    assert "1 sibling of" in client.get(SIBLINGS).text


def test_a_guessed_document_has_none(at):
    client, _ = at()
    assert client.get("/siblings/none").status_code == 404


def test_without_its_books_nothing_is_offered(at):
    _, desk = at()
    bare = browser(desk, siblings=None)
    answer(bare, type=CONSULT)
    assert SIBLINGS not in bare.get("/").text
    assert "0 siblings" in bare.get(SIBLINGS).text
