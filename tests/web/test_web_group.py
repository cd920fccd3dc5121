"""Papers side by side: what may be agreed to at a glance, and through which door."""

import datetime as dt
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from pipeline.document import DocumentId, Doubt
from pipeline.finding import Evidence, Finding
from pipeline.index.lookalikes import DOUBLE
from pipeline.keying import Keying
from pipeline.review.grouping import suggestion
from pipeline.review.modes import SECOND, SHADOW
from pipeline.review.queue import QueueRules
from pipeline.review.recutting import CUT
from pipeline.store.second_key_rows import SqlSecondKeys
from pipeline.web.app import make_app
from pipeline.web.doors import door_at
from pipeline.web.groups import alike, card, suggested
from tests.review.readings import RULES
from tests.web.live import (
    AMY,
    ANNA,
    BERTA,
    CONSULT,
    LETTER,
    STAY,
    TYPES,
    opened,
    reading_of,
    unsure,
)

OF_TYPE, OF_BOUNDARY = (
    Doubt("unsure of the type"),
    Doubt("unsure where the document begins or ends"),
)
GROUP = "/group?batch=b1&doubt=type"


def doubtful(nth, *doubts, patient=ANNA, pages=None):
    reading = unsure(reading_of(nth, pages or (nth,), patient), "types")
    return replace(reading, doubts=doubts or (OF_TYPE,))


@pytest.fixture
def at(tmp_path):
    books = []

    def at(*readings, **more):
        desk = opened(tmp_path, *readings, **more)
        books.append(desk.catalogue)
        return browser(desk), desk

    yield at
    for one in books:
        one.close()


def browser(desk, **more):
    app = make_app(replace(desk, **more))
    client = TestClient(app, base_url="http://127.0.0.1:8417")
    client.follow_redirects = False
    return client


def agreed(patient=ANNA, **more):
    told = {"mrn": patient.mrn, "type": LETTER, "date": "2013-05-06", "encounter": ""}
    return told | {"doubt": "type"} | more


def agree(client, document="b1-0001", **more):
    return client.post(f"/documents/{document}/agree", data=agreed(**more))


def answer(desk, document="b1-0001"):
    return dict(desk.catalogue.answers()).get(document)


# --- what may be agreed to


def test_only_papers_with_the_same_doubt_stand_side_by_side(at):
    both = doubtful(3, OF_TYPE, OF_BOUNDARY)
    undated = unsure(doubtful(4), "dates")
    client, desk = at(doubtful(1), doubtful(2, patient=BERTA), both, undated)
    page = client.get(GROUP).text
    assert "2 papers of one batch, unsure of the type" in page
    for document, shown in (("0001", 1), ("0002", 1), ("0003", 0), ("0004", 0)):
        assert page.count(f'action="/documents/b1-{document}/agree"') == shown
    assert "1 unsure of the type and where it begins or ends" in page
    assert "1 unsure of the type and the date" in page
    found = alike("b1", desk)
    assert {"-".join(fields) for fields in found} == {
        "type",
        "type-boundary",
        "type-date",
    }


ALERT = Evidence("name alert", 0.0, f"twin: MRN {AMY.mrn}")
ALIEN = Evidence("mrn", 0.0, BERTA.mrn, 1)
SPOILED = {
    "unsure patient": lambda r: unsure(r, "patients"),
    "no patient": lambda r: replace(r, patients=()),
    "another's number": lambda r: replace(r, contradictions=(ALIEN,)),
    "one group alone": lambda r: replace(
        r,
        patients=(replace(r.patients[0], evidence=r.patients[0].evidence[:2]),),
    ),
    "a twin": lambda r: replace(
        r,
        patients=(
            replace(
                r.patients[0],
                evidence=(
                    *(e for e in r.patients[0].evidence if e.source != "given name"),
                    ALERT,
                ),
            ),
        ),
    ),
    "two that fit": lambda r: replace(
        r, patients=(r.patients[0], replace(r.patients[0], value=AMY))
    ),
    "two stays": lambda r: replace(
        r,
        encounters=tuple(
            Finding(replace(STAY, number=n), 0.4, (), "t") for n in ("V1", "V2")
        ),
    ),
    "no type": lambda r: replace(r, types=()),
} | {
    reason: lambda r, reason=reason: replace(r, doubts=(*r.doubts, Doubt(reason)))
    for reason in (
        "unsure of the patient",
        "more than one encounter fits",
        "no type found",
        "a clerk's answer failed",
        SHADOW,
        SECOND,
        CUT,
    )
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_a_patient_in_doubt_is_never_agreed_to(at, spoil):
    spoiled = spoil(doubtful(1))
    client, desk = at(spoiled, doubtful(2))
    page = client.get(GROUP).text
    assert "b1-0001" not in page
    assert "b1-0002" in page
    assert agree(client).status_code == 409
    assert answer(desk) is None
    waiting = desk.catalogue.asked("b1-0001")
    assert suggestion(waiting.reading, waiting.review, RULES) is None


def test_without_thresholds_nothing_is_agreed_to(at):
    _, desk = at(doubtful(1))
    assert alike("b1", replace(desk, filing=None)) == {}


# --- to agree is to answer


def test_it_is_answered_as_by_itself(at):
    stay = Finding(STAY, 0.9, (), "t")
    client, desk = at(replace(doubtful(1), encounters=(stay,)), doubtful(2))
    by_hand, by_group = browser(desk, clerk="clerk ben"), client
    sent = agree(by_group, encounter="V1")
    assert sent.headers["location"] == GROUP
    said = answer(desk)
    assert (said.patient, said.type, said.by) == (ANNA.id, LETTER, "clerk ada")
    assert (said.date, said.encounter) == (dt.date(2013, 5, 6), "V1")
    [held] = desk.catalogue.held("clerk ada")
    assert held.document == "b1-0001"
    assert desk.catalogue.due_answers() == ()
    by_hand.post(
        "/documents/b1-0002/answer",
        data={"action": "file", "mrn": ANNA.mrn, "type": LETTER, "date": "2013-05-06"},
    )
    other = answer(desk, "b1-0002")
    assert replace(said, by="", encounter=None) == replace(other, by="")
    undo = by_group.post("/documents/b1-0001/undo", params={"back": GROUP})
    assert "/documents/b1-0001?back=%2Fgroup" in undo.headers["location"]
    assert answer(desk) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"mrn": BERTA.mrn},
        {"type": CONSULT},
        {"date": ""},
        {"date": "2013-05-07"},
        {"encounter": "V1"},
        {"doubt": "boundary"},
        {"doubt": ""},
    ],
)
def test_what_was_not_suggested_is_not_agreed_to(at, changed):
    client, desk = at(doubtful(1))
    sent = client.post("/documents/b1-0001/agree", data=agreed() | changed)
    assert sent.status_code == 409
    assert "not what was suggested" in sent.text
    assert answer(desk) is None


def test_who_looks_like_the_patient_makes_it_open(at):
    client, desk = at(doubtful(1))
    alarmed = browser(desk, alerts=lambda _: ((DOUBLE, AMY.mrn),))
    assert "somebody looks like this patient" in alarmed.get(GROUP).text
    assert "Open it" in agree(alarmed).text
    assert answer(desk) is None
    assert agree(client).status_code == 303


def test_a_draft_a_note_and_an_escalation_make_it_open(at):
    client, desk = at(*(doubtful(n) for n in (1, 2, 3, 4)))
    client.post("/documents/b1-0001/draft", data={"date": "2020-01-01"})
    desk.in_hand.note("b1-0002", "ask the ward", "clerk ben")
    desk.worklist.escalate("b1-0003", "clerk ben", "two sisters")
    page = client.get(GROUP).text
    for document, why in (
        ("b1-0001", "you have begun to answer it"),
        ("b1-0002", "somebody wrote a note"),
        ("b1-0003", "it was escalated"),
    ):
        assert why in page
        refused = agree(client, document)
        assert (refused.status_code, why in refused.text) == (409, True)
        assert answer(desk, document) is None
    assert page.count("/agree") == 1


def test_what_another_holds_is_told_and_not_agreed_to(at):
    client, desk = at(doubtful(1), doubtful(2))
    browser(desk, clerk="clerk ben").get("/documents/b1-0001")
    page = client.get(GROUP).text
    assert "clerk ben has it in hand" in page
    assert page.count("/agree") == 1
    refused = agree(client)
    assert refused.status_code == 409
    assert "clerk ben has this document in hand" in refused.text


def test_looking_at_a_group_takes_nothing_from_anybody(at):
    client, desk = at(doubtful(1), doubtful(2))
    client.get(GROUP)
    assert desk.worklist.counts().held == 0
    trail = "SELECT what FROM audit WHERE did = 'viewed in a group'"
    with desk.catalogue.database.reading() as rows:
        seen = rows.exec_driver_sql(trail).scalars().all()
    assert seen == ["b1-0001", "b1-0002"]


@pytest.mark.parametrize(("doubts", "kept"), [((), True), ((OF_BOUNDARY,), False)])
def test_a_boundary_is_agreed_to_only_where_every_page_is_seen(at, doubts, kept):
    pages = tuple(range(1, 11))
    client, desk = at(doubtful(1, OF_TYPE, *doubts, pages=pages))
    fields = "type-boundary" if doubts else "type"
    page = client.get(f"/group?batch=b1&doubt={fields}").text
    assert ("it has more pages than are seen here" in page) != kept
    agree(client, doubt=fields)
    assert (answer(desk) is not None) == kept


def test_where_another_must_key_as_well_it_is_one_key_of_two(at):
    client, desk = at(doubtful(1), doubtful(2), grace=0)
    books, keys = desk.catalogue, SqlSecondKeys(desk.catalogue.database)
    keyed = Keying(keys, books, TYPES, QueueRules(), accounts=lambda _: True)
    assert agree(client).status_code == 303
    assert not keyed(DocumentId("b1-0001"), answer(desk))  # not carried out
    [(first, _)] = keys.of("b1-0001")
    assert (first.by, first.type) == ("clerk ada", LETTER)
    for clerk in ("clerk ada", "clerk ben"):  # the second is given blind
        seat = browser(desk, clerk=clerk, keys=keys)
        assert "b1-0001" not in seat.get(GROUP).text
        assert agree(seat).status_code == 409
    assert answer(desk) is None


def test_a_retired_type_makes_it_open(at):
    client, desk = at(doubtful(1))
    retired = TYPES | {LETTER: replace(TYPES[LETTER], retired=True)}
    late = browser(desk, type_facts=retired)
    assert "its type is given no more" in late.get(GROUP).text
    assert agree(late).status_code == 409
    assert agree(client).status_code == 303


# --- what is shown


def test_the_field_in_doubt_is_shown_with_its_place_on_the_page(at):
    _, desk = at(unsure(doubtful(1, OF_TYPE, OF_BOUNDARY), "dates"))
    waiting = desk.catalogue.asked("b1-0001")
    shown = card(waiting, suggested(waiting, desk), desk)
    found = {field: crop and crop.view for field, crop in shown.crops}
    around = {"type": "240 50 520 110", "date": "252 476 316 88"}
    assert found == around | {"boundary": None}
    assert [field for field, _ in shown.confidence] == ["type", "date", "boundary"]


def test_a_type_without_a_place_shows_the_head_of_the_first_page(at):
    reading = doubtful(1)
    bare = replace(reading.types[0], evidence=(Evidence("text", 6.0, "words", 1),))
    _, desk = at(replace(reading, types=(bare,)))
    waiting = desk.catalogue.asked("b1-0001")
    [(_, crop)] = card(waiting, suggested(waiting, desk), desk).crops
    assert crop.view.startswith("0 0 1700")


def test_it_is_offered_where_others_have_the_same_doubt(at):
    client, _ = at(doubtful(1), doubtful(2), unsure(reading_of(3, (3,)), "patients"))
    assert (
        'href="/group?batch=b1&amp;doubt=type"' in client.get("/documents/b1-0001").text
    )
    assert "/group?" not in client.get("/documents/b1-0003").text
    assert 'href="/group?batch=b1&amp;doubt=type"' in client.get("/").text


def test_an_unknown_batch_has_no_group(at):
    client, _ = at(doubtful(1))
    for path in (
        "/group",
        "/group?batch=no",
        f"{GROUP}x",
        "/group?batch=b1&doubt=date",
    ):
        assert client.get(path).status_code == 200
        assert "/agree" not in client.get(path).text


# --- and back


@pytest.mark.parametrize(
    ("back", "leads"),
    [
        (GROUP, GROUP),
        ("/siblings/b1-0001", "/siblings/b1-0001"),
        ("https://evil.example/group?", "/next"),
        ("//evil.example/group?batch=b1", "/next"),
        ("/group?batch=b1\n", "/next"),
        ("/sign-out", "/next"),
        ("", "/next"),
    ],
)
def test_an_answer_leads_back_to_a_list_of_ours_only(at, back, leads):
    client, desk = at(doubtful(1))
    page = client.get("/documents/b1-0001", params={"back": back}).text
    assert ('data-key="b"' in page) == (leads != "/next")
    sent = client.post(
        "/documents/b1-0001/answer",
        params={"back": back},
        data={"action": "file", "mrn": ANNA.mrn, "type": LETTER},
    )
    assert sent.headers["location"] == leads
    assert answer(desk) is not None


def test_agreeing_is_behind_the_same_door_as_answering():
    doors = [door_at("POST", f"/documents/d/{what}")[0] for what in ("answer", "agree")]
    assert len({(door.permission, door.purpose) for door in doors}) == 1
