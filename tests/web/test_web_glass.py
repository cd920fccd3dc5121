"""Breaking the glass, the supervisor's list, and the auditor's question."""

import re

import pytest

from tests.web.houses import (
    ANNA,
    BERTA,
    CLOSED,
    FILED,
    HTML,
    NORTHERN,
    SOUTHERN,
    house,
    token,
)

WHY = "SENTINEL-REASON: in the emergency room"


@pytest.fixture
def here(tmp_path):
    made = house(tmp_path)
    made.add("ada", "clerk", facilities=("NORTH",))
    return made


def smash(browser, **form):
    page = browser.get("/glass", headers=HTML)
    data = {"csrf": token(page), "reason": WHY, **form}
    return browser.post("/glass", data=data, headers=HTML)


@pytest.mark.parametrize("id_", [SOUTHERN, CLOSED])
def test_a_reason_opens_one_document_for_its_time(here, id_):
    browser = here.at_work("ada")
    refused = browser.get(f"/documents/{id_}", headers=HTML)
    assert refused.status_code == 403
    assert "Break the glass" in refused.text
    assert "SENTINEL" not in refused.text
    answer = smash(browser, document=id_)
    assert answer.headers["location"] == f"/documents/{id_}"
    page = browser.get(f"/documents/{id_}", headers=HTML)
    assert page.status_code == 200
    assert ("BERTA" if id_ == SOUTHERN else "ANNA") in page.text
    assert here.catalogue.about[-1][1:] == (
        "viewed", id_, BERTA.id if id_ == SOUTHERN else ANNA.id, "emergency, glass 1",
    )  # fmt: skip
    assert browser.get(f"/documents/{id_}/pages/1/160.png").status_code == 200
    other = {SOUTHERN: CLOSED, CLOSED: SOUTHERN}[id_]
    assert browser.get(f"/documents/{other}", headers=HTML).status_code == 403
    here.clock.turn(minutes=9)
    browser.get("/", headers=HTML)
    for _ in range(6):
        here.clock.turn(minutes=9)
        browser.get("/", headers=HTML)
    assert browser.get(f"/documents/{id_}", headers=HTML).status_code == 403


def test_a_glass_does_not_open_for_others(here):
    smash(here.at_work("ada"), document=SOUTHERN)
    here.add("eve", "clerk", facilities=("NORTH",))
    answer = here.at_work("eve").get(f"/documents/{SOUTHERN}", headers=HTML)
    assert answer.status_code == 403


def test_a_patients_glass_opens_chart_and_filed_paper(here):
    browser = here.at_work("ada")
    answer = smash(browser, mrn=BERTA.mrn)
    chart = browser.get(answer.headers["location"], headers=HTML)
    assert FILED in chart.text
    assert browser.get(f"/filed/{FILED}/{FILED}.pdf").status_code == 200
    assert browser.get(f"/documents/{SOUTHERN}", headers=HTML).status_code == 200


def test_an_administrator_sees_paper_through_a_glass_only(here):
    browser = here.at_work("administrator")
    path = f"/documents/{NORTHERN}"
    assert browser.get(path, headers=HTML).status_code == 403
    smash(browser, document=NORTHERN)
    assert browser.get(path, headers=HTML).status_code == 200
    csrf = {"x-csrf-token": token(browser.get("/account", headers=HTML))}
    form = {"action": "reject", "reason": "x"}
    assert browser.post(f"{path}/answer", data=form, headers=csrf).status_code == 403
    assert here.catalogue.kept == {}


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"document": SOUTHERN, "reason": "so"}, "Say why"),
        ({"document": SOUTHERN, "reason": "x" * 501}, "Say why"),
        ({"document": "b-guess"}, "Nobody has this number"),
        ({"mrn": "99999999"}, "Nobody has this number"),
        ({"chart": "guess"}, "Nobody has this number"),
        ({}, "Nobody has this number"),
    ],
)
def test_no_glass_breaks_without_paper_and_reason(here, form, says):
    browser = here.at_work("ada")
    answer = smash(browser, **form)
    assert answer.status_code == 422
    assert says in answer.text
    assert here.entry.glasses.newest(9) == ()


@pytest.mark.parametrize("name", ["station", "auditor"])
def test_who_may_not_break_one(here, name):
    browser = here.at_work(name)
    csrf = {"x-csrf-token": token(browser.get("/account", headers=HTML))}
    form = {"document": NORTHERN, "reason": WHY}
    assert browser.post("/glass", data=form, headers=csrf).status_code == 403
    page = browser.get(f"/documents/{NORTHERN}", headers=HTML)
    assert page.status_code == 403
    assert "Break the glass" not in page.text


def test_the_supervisor_reads_who_and_why_and_the_books_do_not(here, caplog):
    smash(here.at_work("ada"), document=SOUTHERN)
    page = here.at_work("supervisor").get("/glass/list", headers=HTML).text
    assert WHY in page
    assert "ada" in page
    with here.entry.users.database.reading() as rows:
        told = str(rows.exec_driver_sql("SELECT * FROM audit").all())
    assert "SENTINEL" not in told + str(here.catalogue.about) + caplog.text
    assert here.at_work("clerk").get("/glass/list", headers=HTML).status_code == 403


def test_the_auditor_asks_who_saw_a_patients_paper(here):
    here.entry.trail.database  # noqa: B018 - the trail of the same folder
    with here.entry.trail.database.writing() as rows:
        rows.exec_driver_sql(
            "INSERT INTO audit (seq, at, who, did, what, hash, patient, purpose) SELECT"
            " max(seq) + 1, '2026-11-26T12:00:00', 'clerk eve', 'viewed', 'b-7', '',"
            f" '{ANNA.id}', 'filing' FROM audit"
        )
    browser = here.at_work("auditor")
    page = browser.get("/audit", headers=HTML)
    form = {"csrf": token(page), "mrn": f" {ANNA.mrn} "}
    told = browser.post("/audit", data=form).text
    row = re.search(r"<tr><td>\d+</td><td>2026-11-26 12:00:00</td>(.*?)</tr>", told)[1]
    assert re.findall(r"<td>(.*?)</td>", row) == [
        "clerk eve",
        "viewed",
        "b-7",
        "filing",
    ]
    assert "SENTINEL" not in told  # who saw it, not whose it is by name
    assert here.catalogue.about[-1] == (
        "clerk auditor", "read audit trail", ANNA.id, ANNA.id, "audit",
    )  # fmt: skip
    none = browser.post("/audit", data=form | {"mrn": "99999999"})
    assert none.status_code == 422
