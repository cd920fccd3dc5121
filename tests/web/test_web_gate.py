"""Each address, and who is let through it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.access.permissions import PERMISSIONS, may
from pipeline.document import Decision, DocumentId
from pipeline.users import ROLES, User
from pipeline.web.doors import DOORS, door_at
from pipeline.web.guard import Front
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
    sign_in,
    token,
)

TEMPLATES = Path(__file__).parents[2] / "pipeline/web/templates"
NAMES = {"document": NORTHERN, "n": "1", "width": "160", "version": FILED}


@pytest.fixture
def here(tmp_path):
    return house(tmp_path)


def addresses(app):
    """Every address that the application itself knows."""
    return {
        (method.upper(), path)
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    }


def test_every_address_has_a_door_and_every_door_an_address(here):
    doors = {(door.method, door.path) for door in DOORS}
    assert addresses(here.app) == doors - {("GET", "/static/{path:path}")}
    assert {door.permission for door in DOORS} <= {"open", *PERMISSIONS}


def test_only_signing_in_is_open_to_everybody():
    open_ones = {door.path for door in DOORS if door.permission == "open"}
    assert open_ones == {
        "/static/{path:path}", "/healthz", "/sign-in", "/sign-in/code", "/unlock",
        "/sign-in/directory", "/sign-in/back",
        "/lock", "/sign-out",
    }  # fmt: skip


def filled(path):
    return re.sub(r"\{(\w+)(:path)?\}", lambda m: NAMES.get(m[1], "x"), path)


PRIVATE = [door for door in DOORS if door.permission != "open"]


def test_nobody_passes_without_signing_in(here):
    browser = here.browser()
    for door in PRIVATE:
        answer = browser.request(door.method, filled(door.path), headers=HTML)
        assert answer.status_code == 303, door
        assert answer.headers["location"].startswith("/sign-in?next=/")
        script = browser.request(door.method, filled(door.path))
        assert (script.status_code, script.headers["x-first"]) == (401, "/sign-in")
    assert here.catalogue.about == []


def test_each_role_opens_its_own_doors_only(here):
    for role in ROLES:
        browser = here.at_work(role.replace("_", "."))
        csrf = {"x-csrf-token": token(browser.get("/account", headers=HTML))}
        for door in PRIVATE:
            if door.path == "/account/sign-out":
                continue  # everybody's own, and nothing is open behind it
            path = filled(door.path)
            answer = browser.request(door.method, path, headers=HTML | csrf)
            opens = may(User("x", (role,)), door.permission)
            assert (answer.status_code != 403) is opens, (role, door)
            if not opens:
                told = here.catalogue.about[-1]
                assert told[0] == f"clerk {role.replace('_', '.')}"
                assert told[1] == f"refused {door.permission}"


def test_an_address_without_a_door_is_nothing(here):
    browser, stranger = here.at_work("supervisor"), here.browser()
    for path in ("/nothing", "/documents/", "/documents/a/b/c", "/openapi.json"):
        assert browser.get(path).status_code == 404
        assert stranger.get(path).status_code == 404


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


def test_everybody_lands_on_a_page_that_they_may_open(here):
    for role in ROLES:
        browser = here.browser()
        home = sign_in(browser, role.replace("_", ".")).headers["location"]
        assert browser.get(home, headers=HTML).status_code == 200, role


WEIRD = ("%00", "%2e%2e%2f", "%ff", "é", "x" * 3000, "{7*7}", "-1", "1e9", "'--")


def test_no_address_makes_the_desk_stumble(here, caplog):
    here.add("boss", *ROLES, restricted=("*",))
    browser = here.at_work("boss")
    csrf = {"csrf": token(browser.get("/account", headers=HTML))}
    over = ("/sign-out", "/lock", "/account/sign-out")
    for door in DOORS:
        for weird in WEIRD if "{" in door.path else ("",):
            path = re.sub(r"\{\w+(:path)?\}", lambda _, to=weird: to, door.path)
            form = {} if door.method == "GET" or door.path in over else {"data": csrf}
            answer = browser.request(door.method, path, headers=HTML, **form)
            assert answer.status_code < 500, path
    assert "failed" not in caplog.text


def test_a_request_that_is_too_long_is_refused(here):
    browser = here.at_work("clerk")
    for body in (b"x" * 50_001, iter([b"x" * 30_000] * 2)):
        assert browser.post("/patients", content=body).status_code == 413
    assert here.browser().post("/sign-in", content=b"x" * 50_001).status_code == 413


def test_a_disabled_user_is_out_at_once(here):
    browser = here.at_work("clerk")
    assert browser.get("/", headers=HTML).status_code == 200
    here.entry.users.disable("clerk", "clerk root")
    answer = browser.get("/", headers=HTML)
    assert answer.headers["location"].startswith("/sign-in")
    other = here.at_work("supervisor")  # whose sessions were forgotten
    here.entry.users.change("supervisor", "x", "disabled", disabled=here.clock.now)
    answer = other.get("/", headers=HTML)
    assert answer.headers["location"].startswith("/sign-in")


def test_another_role_holds_at_once(here):
    browser = here.at_work("clerk")
    here.entry.users.change("clerk", "clerk root", "changed user", roles=("auditor",))
    assert browser.get("/", headers=HTML).status_code == 403


def test_without_users_the_desk_is_open_as_before(tmp_path):
    here = house(tmp_path, people=False)
    browser = here.browser()
    page = browser.get("/", headers=HTML).text
    assert "3 documents wait" in page
    assert "clerk ada" in page
    form = {"action": "reject", "reason": "an advertisement"}
    assert browser.post(f"/documents/{NORTHERN}/answer", data=form).status_code == 303
    assert browser.get("/sign-in").headers["location"] == "/"
    browser.get(f"/documents/{SOUTHERN}/pages/1/160.png")
    assert here.catalogue.about[-1] == (
        "clerk ada", "viewed pages", SOUTHERN, BERTA.id, "",
    )  # fmt: skip
    here.add("root", "administrator")
    assert browser.get("/", headers=HTML).status_code == 303


def test_the_cookie_is_strict_and_hidden_from_scripts(here, tmp_path):
    plain = sign_in(here.browser(), "clerk").headers["set-cookie"]
    assert re.fullmatch(r"desk=[\w-]{43}; HttpOnly; Path=/; SameSite=strict", plain)
    (tmp_path / "tls").mkdir()
    front = Front(("desk.example",), secure=True)
    secure = house(tmp_path / "tls", front=front)
    answer = sign_in(secure.browser("https://desk.example"), "clerk")
    assert re.fullmatch(
        r"__Host-desk=[\w-]{43}; HttpOnly; Path=/; SameSite=strict; Secure",
        answer.headers["set-cookie"],
    )
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_a_tls_desk_answers_to_its_name_and_scheme_only(tmp_path):
    front = Front(("desk.example",), secure=True)
    here = house(tmp_path, front=front)
    assert here.browser("https://desk.example").get("/sign-in").status_code == 200
    for url in ("http://desk.example", "https://127.0.0.1", "https://evil.example"):
        assert here.browser(url).get("/sign-in").status_code == 403
    browser = here.browser("https://desk.example")
    for origin in ("http://desk.example", "https://evil.example", "null"):
        answer = browser.post("/sign-in", headers={"origin": origin})
        assert answer.status_code == 403


def test_a_door_is_found_by_method_and_whole_path():
    found = door_at("GET", "/filed/b-1/b-1-v2.pdf")
    assert found is not None
    assert found[1] == {"document": "b-1", "version": "b-1-v2"}
    assert door_at("POST", "/filed/b-1/b-1.pdf") is None
    assert door_at("GET", "/filed/b-1/b-1.pdf/more") is None
