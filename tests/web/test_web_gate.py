"""Each address, and who is let through it."""

import re
from pathlib import Path

import pytest

from pipeline.access.permissions import PERMISSIONS, may
from pipeline.users import ROLES, User
from pipeline.web.doors import DOORS, door_at
from pipeline.web.guard import Front
from tests.web.houses import (
    BERTA,
    FILED,
    HTML,
    NORTHERN,
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
