"""Paper of one's own facilities and classes: what is shown, named, listed."""

import re
from dataclasses import replace

import pytest

from pipeline.document import Decision, DocumentId
from pipeline.users import ROLES
from tests.web.houses import (
    ANNA,
    BERTA,
    CLOSED,
    FILED,
    HTML,
    LETTER,
    NORTHERN,
    PSYCH,
    SOUTHERN,
    house,
    token,
)
from tests.web.test_web_gate import PRIVATE, filled


@pytest.fixture
def here(tmp_path):
    return house(tmp_path)


def paper_of(id_, n=1):
    return (
        f"/documents/{id_}",
        f"/documents/{id_}/pages/{n}/160.png",
        f"/documents/{id_}/pages/{n}/1100.png",
        f"/filed/{id_}/{id_}.pdf",
    )


@pytest.mark.parametrize(
    ("id_", "person"),
    [
        (SOUTHERN, {"facilities": ("NORTH",)}),
        (CLOSED, {"facilities": ("NORTH",)}),
        (CLOSED, {"facilities": ("*",), "restricted": ("SUD",)}),
        (FILED, {"facilities": ("NORTH",)}),
    ],
)
def test_paper_of_another_facility_or_class_is_closed(here, id_, person):
    here.add("ada", "clerk", **person)
    browser = here.at_work("ada")
    for path in paper_of(id_):
        answer = browser.get(path)
        assert answer.status_code == 403, path
        assert b"PNG" not in answer.content
    csrf = {"x-csrf-token": token(browser.get("/", headers=HTML))}
    answer = browser.post(f"/documents/{id_}/answer", data={}, headers=csrf)
    assert answer.status_code == 403
    refusals = [line for line in here.catalogue.about if line[1].startswith("refused")]
    assert len(refusals) == 5
    assert {line[2] for line in refusals} == {id_}
    assert {line[3] for line in refusals} <= {ANNA.id, BERTA.id}
    assert here.catalogue.kept == {}


def test_no_spelling_of_an_address_leads_past_the_gate(here):
    here.add("ada", "clerk", facilities=("NORTH",))
    browser = here.at_work("ada")
    for spelled in ("b%2Dsouth", "%62-south", "b-south%0A", "b-south%3F", "b-south;x"):
        for path in paper_of(spelled):
            page = browser.get(path, headers=HTML)
            assert page.status_code in (403, 404), path
            assert "BERTA" not in page.text
    for path in (
        "//documents/b-south",
        "/./documents/b-south",
        "/x/../documents/b-south",
    ):
        assert browser.get(f"http://127.0.0.1:8417{path}").status_code in (403, 404)


@pytest.mark.parametrize(
    ("id_", "person"),
    [
        (NORTHERN, {"facilities": ("NORTH",)}),
        (CLOSED, {"facilities": ("NORTH",), "restricted": ("PSY",)}),
        (CLOSED, {"facilities": ("*",), "restricted": ("*",)}),
        (SOUTHERN, {"facilities": ("NORTH", "SOUTH")}),
    ],
)
def test_paper_of_ones_own_is_shown_and_written_down(here, id_, person):
    here.add("ada", "clerk", **person)
    browser = here.at_work("ada")
    assert browser.get(f"/documents/{id_}", headers=HTML).status_code == 200
    assert browser.get(f"/documents/{id_}/pages/1/1100.png").status_code == 200
    whose = BERTA.id if id_ == SOUTHERN else ANNA.id
    assert here.catalogue.about[-2:] == [
        ("clerk ada", "viewed", id_, whose, "filing"),
        ("clerk ada", "viewed pages", id_, whose, "filing"),
    ]
    browser.get(f"/documents/{id_}/pages/2/1100.png")
    assert len(here.catalogue.about) == 2  # the pages of one look are one line


def test_a_page_that_is_not_there_is_not_written_down(here):
    browser = here.at_work("supervisor")
    assert browser.get(f"/documents/{NORTHERN}/pages/9/160.png").status_code == 404
    assert browser.get("/documents/b-guess/pages/1/160.png").status_code == 404
    assert here.catalogue.about == []


def test_lists_show_only_what_is_ones_own(here):
    here.add("ada", "clerk", facilities=("NORTH",))
    browser = here.at_work("ada")
    queue = browser.get("/", headers=HTML).text
    assert NORTHERN in queue
    assert "1 document waits" in queue
    assert SOUTHERN not in queue
    assert CLOSED not in queue
    csrf = {"csrf": token(browser.get("/patients", headers=HTML))}
    found = browser.post("/patients", data={"text": "SENTINEL", **csrf}).text
    assert ANNA.mrn in found
    assert BERTA.mrn not in found
    assert "BERTA" not in found


def test_no_page_names_another_facilitys_paper_or_people(here):
    """Also a page that is added tomorrow: whatever can be opened is looked through."""
    roles = [role for role in ROLES if role != "auditor"]
    here.add("ada", *roles, facilities=("NORTH",), restricted=("SUD",))
    browser = here.at_work("ada")
    csrf = {"csrf": token(browser.get("/", headers=HTML))}
    foreign = (SOUTHERN, CLOSED, FILED, "BERTA", BERTA.mrn)
    shown = 0
    for door in PRIVATE:
        if door.method == "POST" and door.path != "/patients":
            continue
        form = {"data": {"text": "SENTINEL", **csrf}} if door.method == "POST" else {}
        page = browser.request(door.method, filled(door.path), headers=HTML, **form)
        shown += page.status_code == 200
        assert not [word for word in foreign if word in page.text], door.path
    assert shown > 8


def test_a_chart_of_another_facility_is_closed(here):
    here.add("ada", "clerk", facilities=("NORTH",))
    boss, browser = here.at_work("clerk"), here.at_work("ada")
    csrf = {"csrf": token(boss.get("/patients", headers=HTML))}
    found = boss.post("/patients", data={"text": "BERTA", **csrf}).text
    [chart] = re.findall(r'href="(/charts/[^"]*)"', found)
    assert FILED in boss.get(chart, headers=HTML).text
    assert browser.get(chart, headers=HTML).status_code == 403
    assert here.catalogue.about[-1] == (
        "clerk ada", "refused chart", "chart", BERTA.id, "record",
    )  # fmt: skip
    assert browser.get("/charts/guess", headers=HTML).status_code == 404


@pytest.mark.parametrize(("classes", "seen"), [((), False), (("PSY",), True)])
def test_a_chart_shows_paper_of_ones_classes_only(here, classes, seen):
    letter, psych = DocumentId("f-letter"), DocumentId("f-psych")
    for id_, kind in ((letter, LETTER), (psych, PSYCH)):
        here.catalogue.keep(id_, Decision(ANNA.id, kind, None, None, "x"), "beef")
    here.add("ada", "clerk", restricted=classes)
    browser = here.at_work("ada")
    csrf = {"csrf": token(browser.get("/patients", headers=HTML))}
    found = browser.post("/patients", data={"text": "ANNA", **csrf}).text
    [chart] = re.findall(r'href="(/charts/[^"]*)"', found)
    page = browser.get(chart, headers=HTML).text
    assert letter in page
    assert (psych in page) is seen
    assert here.catalogue.about[-1] == (
        "clerk ada", "viewed chart", ANNA.id, ANNA.id, "record",
    )  # fmt: skip
    pdf = browser.get(f"/filed/{psych}/{psych}.pdf")
    assert pdf.status_code == (200 if seen else 403)


def test_unlikely_patients_of_another_facility_are_not_named(here):
    reading, review = here.catalogue.open[NORTHERN].reading, here.catalogue.open
    second = replace(reading.patients[0], value=BERTA, confidence=0.01)
    both = replace(reading, patients=(*reading.patients, second))
    review[NORTHERN] = replace(review[NORTHERN], reading=both)
    here.add("ada", "clerk", facilities=("NORTH",))
    page = here.at_work("ada").get(f"/documents/{NORTHERN}", headers=HTML).text
    assert "ANNA" in page
    assert "BERTA" not in page
    assert BERTA.mrn not in page


def test_a_typed_number_of_another_facilitys_patient_names_nobody(here):
    here.add("ada", "clerk", facilities=("NORTH",))
    browser = here.at_work("ada")
    csrf = {"csrf": token(browser.get("/", headers=HTML))}
    path = f"/documents/{NORTHERN}/answer"
    form = {"action": "change", "mrn": BERTA.mrn, "type": "letter", **csrf}
    told = browser.post(path, data=form)
    assert told.status_code == 422
    assert "Nobody in the index has this MRN" in told.text
    assert "BERTA" not in told.text
    sure = browser.post(path, data=form | {"confirmed": BERTA.mrn})
    assert sure.status_code == 422
    assert here.catalogue.kept == {}
    own = browser.post(path, data=form | {"mrn": ANNA.mrn})
    assert "File it in the chart of" in own.text
