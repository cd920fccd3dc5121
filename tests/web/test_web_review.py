"""What the review screen's server does with what the clerk's hands send."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from pipeline.document import Decision, Doubt, Review
from pipeline.errors import InputError
from pipeline.finding import Evidence
from pipeline.index.lookalikes import DOUBLE, TWIN
from pipeline.review.modes import SHADOW
from pipeline.store.answers import Referral
from pipeline.web.answering import Refused, keep, to_answer
from pipeline.web.answers import Form
from pipeline.web.app import make_app
from pipeline.web.pictures import PAGE as PAGE_WIDTH
from pipeline.web.pictures import Remembered
from tests.web.live import AMY, ANNA, BERTA, CARL, LETTER, opened, reading_of, unsure

ONE, TWO = "b1-0001", "b1-0002"
PAGE, ANSWER = f"/documents/{ONE}", f"/documents/{ONE}/answer"
PEOPLE, WORDS = f"{PAGE}/people", f"{PAGE}/pages/1/words"
FILE = {"action": "file", "type": "letter"}


@pytest.fixture
def at(tmp_path):
    """A browser's end, and the desk behind it."""
    opened_books = []

    def at(*readings, **more):
        desk = opened(tmp_path, *(readings or (reading_of(1, (1,)),)), **more)
        opened_books.append(desk.catalogue)
        client = TestClient(make_app(desk), base_url="http://127.0.0.1:8417")
        client.follow_redirects = False
        return client, desk

    yield at
    for books in opened_books:
        books.close()


def answer(desk, document=ONE):
    return dict(desk.catalogue.answers()).get(document)


def test_what_was_said_when_it_was_escalated_stands_before_the_next_clerk(at):
    client, desk = at()
    assert f'href="/work/{ONE}"' in client.get(PAGE).text
    assert desk.worklist.escalate(ONE, desk.clerk, "two sisters, ask the ward")
    assert "two sisters, ask the ward" in client.get(PAGE).text


def test_of_two_tabs_that_send_at_the_same_moment_one_is_told(at):
    _, desk = at()
    waiting = to_answer(ONE, desk)
    both = [Decision(one.id, LETTER, None, None, desk.clerk) for one in (ANNA, BERTA)]
    keep(waiting, both[0], Form(notes="ask the ward"), desk)
    with pytest.raises(Refused, match="is being carried out"):
        keep(waiting, both[1], Form(notes="a slip"), desk)
    assert answer(desk) == both[0]
    assert [note.note for note in desk.in_hand.notes(ONE)] == ["ask the ward"]


# --- choosing


def test_whom_the_screen_showed_is_filed_and_anybody_else_shown_back(at):
    client, desk = at()
    shown = client.post(ANSWER, data=FILE | {"mrn": BERTA.mrn})
    assert "File it in the chart of" in shown.text
    assert "BAKER, BERTA" in shown.text
    assert answer(desk) is None
    client.post(ANSWER, data=FILE | {"mrn": CARL.mrn})
    assert answer(desk) == Decision(CARL.id, LETTER, None, None, "clerk ada")


def test_whom_the_search_showed_is_filed(at):
    client, desk = at()
    client.post(ANSWER, data=FILE | {"mrn": BERTA.mrn, "confirmed": BERTA.mrn})
    assert answer(desk).patient == BERTA.id


def test_a_search_left_unfinished_files_nothing(at):
    client, desk = at()
    told = client.post(ANSWER, data=FILE | {"mrn": ANNA.mrn, "other": "baker"})
    assert "Nobody in the index has this MRN" in told.text
    told = client.post(ANSWER, data=FILE | {"mrn": ANNA.mrn, "other": BERTA.mrn})
    assert "File it in the chart of" in told.text
    assert "BAKER, BERTA" in told.text
    assert answer(desk) is None


def test_what_passes_its_threshold_stands_in_the_form(at):
    client, _ = at()
    page = client.get(PAGE).text
    assert f'value="{ANNA.mrn}" data-nth="1" checked>' in page
    assert 'data-words="letter 51852-2 " selected' in page
    assert 'value="2013-05-06" pattern' in page


def test_what_is_below_its_threshold_does_not(at):
    reading = reading_of(1, (1,))
    for field in ("patients", "types", "dates"):
        reading = unsure(reading, field)
    client, desk = at(reading)
    page = client.get(PAGE).text
    assert "checked>" not in page
    assert 'data-words="letter 51852-2 " selected' not in page
    assert 'value="2013-05-06" pattern' not in page
    assert 'data-value="2013-05-06"' in page  # offered, to be chosen
    assert "not sure enough" in client.post(ANSWER, data={"action": "accept"}).text
    told = client.post(ANSWER, data={"action": "file", "mrn": ANNA.mrn})
    assert "Choose a document type" in told.text
    assert answer(desk) is None


def test_an_identifier_of_someone_else_prefills_nobody(at):
    alien = Evidence("mrn", 0.0, BERTA.mrn, 1)
    client, _ = at(replace(reading_of(1, (1,)), contradictions=(alien,)))
    page = client.get(PAGE).text
    assert "checked>" not in page
    assert "someone else's" in page


def test_the_evidence_is_beside_the_index_with_its_strip_of_the_page(at):
    client, _ = at()
    page = client.get(PAGE).text
    assert '<svg class="crop" viewBox="252 276 316 88"' in page  # around the MRN
    assert "<em>" not in page
    row = page.split('<th scope="row">Sex</th>')[1].split("</tr>")[0]
    assert "unread" in row
    assert ">F<" in row
    assert "+37.0 bits" in page


def test_a_look_alike_of_the_index_is_told_though_the_page_did_not_name_it(at):
    client, desk = at()
    client.get(PAGE)
    held = replace(desk, alerts=lambda _: ((DOUBLE, AMY.mrn), (TWIN, "99999999")))
    client = TestClient(make_app(held), base_url="http://127.0.0.1:8417")
    page = client.get(PAGE).text
    assert "Look twice" in page
    assert f"<strong>{DOUBLE}</strong>: SENTINEL, AMY" in page
    assert "99999999" not in page


# --- hands


def test_a_draft_is_the_clerk_s_and_ends_with_the_answer(at):
    client, desk = at(grace=0)
    typed = {
        "mrn": BERTA.mrn,
        "confirmed": BERTA.mrn,
        "date": "2020-01-0",
        "notes": "x",
    }
    assert client.post(f"{PAGE}/draft", data=typed).status_code == 204
    page = client.get(PAGE).text
    assert f'value="{BERTA.mrn}" data-nth="3" checked>' in page
    assert 'value="2020-01-0"' in page
    assert 'class="candidate chosen"' in page
    other = replace(desk, clerk="clerk bob")
    bob = TestClient(make_app(other), base_url="http://127.0.0.1:8417")
    assert BERTA.mrn not in bob.get(PAGE).text
    client.post(ANSWER, data=FILE | {"mrn": ANNA.mrn})
    client.post(f"{PAGE}/draft", data=typed)  # on its way when it was sent
    assert desk.in_hand.draft(ONE, "clerk ada") == {}


def test_patients_come_with_what_tells_them_apart(at):
    namesake = replace(CARL, id="4", mrn="40000048", born=None)
    client, _ = at(people=(ANNA, AMY, BERTA, CARL, namesake))
    found = client.post(PEOPLE, data={"text": "carter"}).json()
    assert [one["mrn"] for one in found] == [CARL.mrn, "40000048"]
    assert found[0]["same_name"] == ["40000048"]
    assert (found[0]["born"], found[1]["born"]) == ("1970-01-02", "")
    assert found[0]["where"] == "Springfield"
    by_day = client.post(PEOPLE, data={"text": "7/8/1950"}).json()
    assert [one["mrn"] for one in by_day] == [BERTA.mrn]
    assert client.post(PEOPLE, data={"text": " "}).json() == []
    assert client.post("/documents/none/people", data={"text": "a"}).status_code == 404


def test_words_of_a_box_and_under_a_point(at):
    client, _ = at()
    for box, field, says in (
        ((290, 190, 710, 250), "", "SENTINEL, ANNA"),
        ((710, 250, 290, 190), "", "SENTINEL, ANNA"),  # drawn from the other corner
        ((320, 320, 320, 320), "patient", ANNA.mrn),
        ((310, 510, 310, 510), "date", "2013-05-06"),
        ((310, 210, 310, 210), "date", ""),
        ((1, 1, 2, 2), "", ""),
    ):
        asked = dict(zip(("left", "top", "right", "bottom"), box, strict=True))
        told = client.post(WORDS, data=asked | {"field": field})
        assert told.json() == {"text": says}, (box, field)


def test_words_are_of_pages_that_wait_and_of_boxes_that_are(at):
    client, _ = at()
    box = {"left": 1, "top": 1, "right": 2, "bottom": 2}
    for path in (WORDS.replace("/1/", "/9/"), WORDS.replace(ONE, "none")):
        assert client.post(path, data=box).status_code == 404
    assert client.post(WORDS, data=box | {"left": "nan"}).status_code == 422
    assert client.post(WORDS, data={}).status_code == 422


def test_an_answer_is_held_and_may_be_taken_back_only_by_its_clerk(at):
    client, desk = at(reading_of(1, (1,)), reading_of(2, (2,)))
    sent = client.post(ANSWER, data=FILE | {"mrn": ANNA.mrn, "date": "2020-01-02"})
    assert sent.headers["location"] == "/next"
    assert client.get("/next").headers["location"] == f"/documents/{TWO}"
    assert desk.catalogue.due_answers() == ()
    assert "Take back" in client.get("/").text
    assert client.get(PAGE).text.count("Take back") == 1
    bob = TestClient(
        make_app(replace(desk, clerk="clerk bob")), base_url="http://127.0.0.1:8417"
    )
    assert "Take back" not in bob.get("/").text
    assert bob.post(f"{PAGE}/undo").status_code == 409
    back = client.post(f"{PAGE}/undo")
    assert back.headers["location"] == PAGE
    assert 'value="2020-01-02"' in client.get(PAGE).text
    assert client.get("/next").headers["location"] == PAGE
    assert "worker has this answer already" in client.post(f"{PAGE}/undo").text


def test_with_nothing_left_the_next_is_the_queue(at):
    client, _ = at()
    client.post(ANSWER, data=FILE | {"mrn": ANNA.mrn})
    assert client.get("/next").headers["location"] == "/"


# --- for others to see to


def test_a_referral_has_a_reason_and_a_list_and_comes_back(at):
    client, desk = at()
    refer = {"action": "refer", "to": "rescan", "reason": "too faint"}
    assert "Say why" in client.post(ANSWER, data=refer | {"reason": " "}).text
    assert "Choose who" in client.post(ANSWER, data=refer | {"to": "moon"}).text
    client.post(ANSWER, data=refer)
    assert answer(desk) == Referral("rescan", "too faint", "clerk ada")
    assert desk.catalogue.due_answers() == ()
    assert "too faint" in client.get("/referred/rescan").text
    assert "too faint" not in client.get("/referred/steward").text
    assert client.get("/referred/moon").status_code == 404
    assert "Referred to a rescan by clerk ada: too faint" in client.get(PAGE).text
    back = client.post(f"{PAGE}/return")
    assert back.headers["location"] == "/referred/rescan"
    assert answer(desk) is None
    assert client.post(f"{PAGE}/return").status_code == 404


def test_a_referred_document_can_be_answered(at):
    client, desk = at()
    client.post(ANSWER, data={"action": "refer", "to": "steward", "reason": "new"})
    client.post(ANSWER, data=FILE | {"mrn": ANNA.mrn})
    assert answer(desk).patient == ANNA.id
    assert "Nothing was referred" in client.get("/referred/steward").text


# --- what stays hidden


def test_a_blind_question_shows_no_note_and_no_look_alike(at):
    client, desk = at()
    desk.in_hand.note(ONE, "surely ANNA", "clerk bob")
    assert "surely ANNA" in client.get(PAGE).text
    waiting = desk.catalogue.asked(ONE)
    blind = replace(waiting, review=Review((Doubt(SHADOW),)))
    desk.catalogue.asked = lambda _: blind
    page = client.get(PAGE).text
    for hidden in ("ANNA", ANNA.mrn, "bits", "Look twice"):
        assert hidden not in page
    told = client.post(ANSWER, data=FILE | {"mrn": ANNA.mrn})
    assert "in the chart of" in told.text  # nobody was shown: shown back first


def test_no_patient_s_text_is_logged_or_audited(at, caplog):
    client, desk = at()
    with caplog.at_level(logging.DEBUG):
        client.post(PEOPLE, data={"text": "SENTINEL"})
        client.post(f"{PAGE}/draft", data={"notes": "SENTINEL"})
        client.post(WORDS, data={"left": 1, "top": 1, "right": 999, "bottom": 999})
    with desk.catalogue.database.reading() as rows:
        trail = rows.exec_driver_sql("SELECT who, did, what FROM audit").fetchall()
    assert ("clerk ada", "searched patients", ONE) in map(tuple, trail)
    assert "SENTINEL" not in caplog.text + str(trail)


# --- pictures


def test_pictures_are_drawn_once_until_there_are_too_many():
    drawn = []
    pictures = Remembered(lambda *what: drawn.append(what) or b"x" * 10, 25)
    for n in (1, 1, 2, 3, 3, 1):
        assert len(pictures.page("d", n, 160)) == 10
    assert [n for _, n, *_ in drawn] == [1, 2, 3, 1]
    pictures.close()


def test_what_is_being_drawn_ahead_is_waited_for_and_not_drawn_again():
    begun, go_on, drawn = threading.Event(), threading.Event(), []

    def slowly(*what):
        drawn.append(what)
        begun.set()
        assert go_on.wait(10)
        return b"x"

    pictures = Remembered(slowly)
    pictures.warm("d", 1)
    assert begun.wait(10)
    with ThreadPoolExecutor(1) as clerk:
        seen = clerk.submit(pictures.page, "d", 1, PAGE_WIDTH)
        go_on.set()
        assert seen.result() == b"x"
    pictures.close()
    assert drawn.count(("d", 1, PAGE_WIDTH, 0)) == 1


def test_a_picture_that_cannot_be_drawn_ahead_harms_nobody():
    def torn(*_):
        raise InputError("the page is torn: scan it again")

    pictures = Remembered(torn)
    pictures.warm("d", 2)
    pictures._ahead.shutdown()
    with pytest.raises(InputError):
        pictures.page("d", 1, 160)
