"""Signing in, the second step, locking, unlocking, and how a guesser fares."""

import datetime as dt
import itertools
import re
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed

import pytest

from pipeline.access import codes
from pipeline.users import User
from tests.web.houses import CHEAP, HTML, PASSWORD, house, sign_in, token

WRONG = "Name and password do not fit together"


@pytest.fixture
def here(tmp_path):
    return house(tmp_path)


def code_now(here, name):
    user = here.entry.users.get(name)
    return codes.code(user.second, codes.counter_at(here.clock.now))


def test_a_person_signs_in_and_out(here):
    browser = here.browser()
    assert browser.get("/", headers=HTML).headers["location"] == "/sign-in?next=/"
    page = browser.get("/sign-in?next=/scans", headers=HTML)
    assert "clerk ada" not in page.text  # nobody is told who runs the server
    assert 'value="/scans"' in page.text
    answer = sign_in(browser, " CLERK ", next="/scans")
    assert answer.headers["location"] == "/scans"
    queue = browser.get("/", headers=HTML)
    assert "clerk clerk" in queue.text
    assert "/steward" not in queue.text  # what they may not do is not offered
    assert browser.get("/sign-in", headers=HTML).headers["location"] == "/"
    out = browser.post("/sign-out", data={"csrf": token(queue)})
    assert out.headers["location"] == "/sign-in"
    assert browser.get("/", headers=HTML).status_code == 303


def test_a_stolen_cookie_is_worth_nothing_after_the_sign_out(here):
    browser = here.at_work("clerk")
    stolen = dict(browser.cookies)
    browser.post("/sign-out", data={"csrf": token(browser.get("/", headers=HTML))})
    thief = here.browser()
    thief.cookies.update(stolen)
    assert thief.get("/", headers=HTML).status_code == 303


def test_a_new_sign_in_has_a_new_token(here):
    browser = here.at_work("clerk")
    first = browser.cookies["desk"]
    page = browser.get("/", headers=HTML)
    sign_in(browser, "supervisor", csrf=token(page))
    assert browser.cookies["desk"] != first
    assert here.entry.session(first) is None


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("clerk", "four words are enouGh"),
        ("clerk", ""),
        ("nobody", PASSWORD),
        ("", ""),
        ("clerk' or 1=1--", PASSWORD),
        ("x" * 5000, "y" * 5000),
        ("\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "\0"),
    ],
)
def test_whatever_is_wrong_gets_the_same_answer(here, name, password):
    answer = sign_in(here.browser(), name, password)
    assert answer.status_code == 401
    assert WRONG in answer.text
    assert "set-cookie" not in answer.headers


def test_a_disabled_account_gets_the_same_answer(here):
    here.entry.users.disable("clerk", "clerk root")
    answer = sign_in(here.browser(), "clerk")
    assert answer.status_code == 401
    assert WRONG in answer.text


@pytest.mark.parametrize("name", ["clerk", "nobody", "no.password", "disabled"])
def test_whoever_it_is_costs_as_much_work(here, name):
    here.entry.users.add(User("no.password", ("clerk",)), "clerk root")
    disabled = here.add("disabled", "clerk")
    here.entry.users.disable(disabled.name, "clerk root")
    before = CHEAP.asked
    assert sign_in(here.browser(), name, "not the password").status_code == 401
    assert CHEAP.asked == before + 1


def test_a_guesser_waits_longer_and_longer(here):
    browser = here.browser()
    for _ in range(5):
        assert WRONG in sign_in(browser, "clerk", "wrong password").text
    for _ in range(3):  # while they wait nothing is looked at, the right one neither
        assert "Wait 11 seconds" in sign_in(browser, "clerk").text
    here.clock.turn(seconds=11)
    assert WRONG in sign_in(browser, "clerk", "wrong password").text
    assert "Wait 21 seconds" in sign_in(browser, "clerk").text
    here.clock.turn(seconds=21)
    assert sign_in(browser, "clerk").status_code == 303


def test_a_crowd_at_the_door_leaves_the_desk_its_threads(here, monkeypatch):
    open_ = threading.Event()
    monkeypatch.setattr(CHEAP, "verify", lambda *_: open_.wait(30))
    with ThreadPoolExecutor(12) as crowd:
        came = [crowd.submit(sign_in, here.browser(), f"n{n}") for n in range(12)]
        turned_away = list(itertools.islice(as_completed(came, 30), 4))
        open_.set()
    assert all("Wait 2 seconds" in one.result().text for one in turned_away)
    assert sum("Wait 2 seconds" in one.result().text for one in came) == 4


def test_one_address_cannot_try_many_names(here):
    browser = here.browser()
    for n in range(20):
        sign_in(browser, f"name{n}", "wrong password")
    assert "Wait" in sign_in(browser, "clerk").text


def test_a_failed_sign_in_names_nobody_who_is_not_a_user(here):
    sign_in(here.browser(), "hunter2 is my password", "x")
    with here.entry.users.database.reading() as rows:
        last = rows.exec_driver_sql("SELECT who, did, what FROM audit").all()[-1]
        kept = rows.exec_driver_sql("SELECT * FROM failed_sign_in").all()
    assert tuple(last) == ("nobody", "sign-in failed", "from 10.0.0.7")
    assert "hunter2" not in str(kept)


def test_the_second_step_is_asked_for_and_a_code_opens_once(here):
    here.add("ada", "clerk", second=codes.new_secret())
    browser = here.browser()
    assert sign_in(browser, "ada").headers["location"] == "/sign-in/code?next=/"
    half = browser.cookies["desk"]
    assert browser.get("/", headers=HTML).headers["location"].startswith("/sign-in/c")
    page = browser.get("/sign-in/code", headers=HTML)
    secret = here.entry.users.get("ada").second
    assert secret not in page.text  # it is shown when it is made, and never again
    form = {"csrf": token(page), "code": "000000"}
    assert browser.post("/sign-in/code", data=form).status_code == 401
    good = form | {"code": code_now(here, "ada")}
    assert browser.post("/sign-in/code", data=good).status_code == 303
    assert browser.get("/", headers=HTML).status_code == 200
    assert browser.cookies["desk"] != half
    assert here.entry.session(half) is None
    other = here.browser()
    sign_in(other, "ada")
    again = good | {"csrf": token(other.get("/sign-in/code", headers=HTML))}
    assert other.post("/sign-in/code", data=again).status_code == 401
    here.clock.turn(seconds=30)
    fresh = again | {"code": code_now(here, "ada")}
    assert other.post("/sign-in/code", data=fresh).status_code == 303


def test_codes_cannot_be_guessed_through(here):
    here.add("ada", "clerk", second=codes.new_secret())
    browser = here.browser()
    sign_in(browser, "ada")
    form = {"csrf": token(browser.get("/sign-in/code", headers=HTML))}
    for _ in range(5):
        browser.post("/sign-in/code", data=form | {"code": "123"})
    answer = browser.post("/sign-in/code", data=form | {"code": code_now(here, "ada")})
    assert "Wait 11 seconds" in answer.text


def test_where_a_code_is_demanded_a_new_user_sets_one_up(tmp_path):
    here = house(tmp_path, demands_code=True)
    browser = here.browser()
    assert "/sign-in/code" in sign_in(browser, "clerk").headers["location"]
    page = browser.get("/sign-in/code", headers=HTML)
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page.text)[1]
    assert "<svg" in page.text
    assert browser.get("/", headers=HTML).status_code == 303
    code = codes.code(secret, codes.counter_at(here.clock.now))
    form = {"csrf": token(page), "code": code}
    assert browser.post("/sign-in/code", data=form).status_code == 303
    assert browser.get("/", headers=HTML).status_code == 200
    assert here.entry.users.get("clerk").second == secret


def test_an_idle_session_locks_and_its_password_unlocks_it(here):
    browser = here.at_work("clerk")
    here.clock.turn(minutes=9)
    browser.get("/", headers=HTML)
    here.clock.turn(minutes=9)
    assert browser.get("/scans", headers=HTML).status_code == 200
    here.clock.turn(minutes=10)
    locked = browser.get("/scans", headers=HTML)
    assert locked.headers["location"] == "/unlock?next=/scans"
    script = browser.get("/documents/b-north/pages/1/160.png")
    assert (script.status_code, script.headers["x-first"]) == (401, "/unlock")
    page = browser.get("/unlock?next=/scans", headers=HTML)
    assert "Password of clerk" in page.text
    form = {"csrf": token(page), "next": "/scans"}
    wrong = browser.post("/unlock", data=form | {"password": "wrong password"})
    assert wrong.status_code == 401
    assert browser.get("/", headers=HTML).status_code == 303
    right = browser.post("/unlock", data=form | {"password": PASSWORD})
    assert right.headers["location"] == "/scans"
    assert browser.get("/scans", headers=HTML).status_code == 200


def test_what_was_sent_while_locked_leads_back_to_its_page(here):
    browser = here.at_work("clerk")
    csrf = token(browser.get("/", headers=HTML))
    here.clock.turn(minutes=11)
    sent = browser.post(
        "/documents/b-north/answer",
        data={"csrf": csrf, "action": "reject", "reason": "x"},
        headers=HTML | {"referer": "http://127.0.0.1:8417/documents/b-north"},
    )
    assert sent.headers["location"] == "/unlock?next=/documents/b-north"
    assert here.catalogue.kept == {}


def test_a_script_in_the_background_keeps_no_session_open(here):
    browser = here.at_work("clerk")
    for _ in range(4):
        here.clock.turn(minutes=3)
        answer = browser.get("/", headers={"x-background": "1"})
    assert answer.status_code == 401


def test_a_reader_keeps_the_session_open(here):
    browser = here.at_work("clerk")
    csrf = {"x-csrf-token": token(browser.get("/", headers=HTML))}
    for _ in range(4):
        here.clock.turn(minutes=3)
        assert browser.post("/alive", headers=csrf).status_code == 200
    assert browser.get("/", headers=HTML).status_code == 200


def test_a_locked_session_stays_locked_in_every_window(here):
    browser = here.at_work("clerk")
    page = browser.get("/", headers=HTML)
    browser.post("/lock", data={"csrf": token(page)})
    assert browser.get("/", headers=HTML).headers["location"].startswith("/unlock")


def test_no_session_outlives_its_day(here):
    browser = here.at_work("clerk")
    for _ in range(12 * 7):
        here.clock.turn(minutes=9)
        browser.get("/", headers=HTML)
    answer = browser.get("/", headers=HTML)
    assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize(
    "where", ["//evil.example", "https://evil.example", "/a?b=c", "/\\evil", "", "x"]
)
def test_nobody_is_led_away_after_signing_in(here, where):
    answer = sign_in(here.browser(), "clerk", next=where)
    assert answer.headers["location"] == "/"


def test_another_password_ends_every_session(here):
    browser, other = here.at_work("clerk"), here.at_work("clerk")
    page = browser.get("/account", headers=HTML)
    new = "another four words then"
    form = {"csrf": token(page), "old": PASSWORD, "new": new, "again": new}
    for wrong, says in (
        ({"old": "wrong password"}, "is another"),
        ({"again": "not the same one"}, "not the same both times"),
        ({"new": "short", "again": "short"}, "at least 12"),
    ):
        answer = browser.post("/account/password", data=form | wrong)
        assert answer.status_code == 422
        assert says in answer.text
    assert browser.post("/account/password", data=form).status_code == 303
    for one in (browser, other):
        assert one.get("/", headers=HTML).status_code == 303
    assert sign_in(here.browser(), "clerk").status_code == 401
    assert sign_in(here.browser(), "clerk", new).status_code == 303


def test_a_person_signs_out_on_every_machine(here):
    browser, other = here.at_work("clerk"), here.at_work("clerk")
    csrf = {"csrf": token(browser.get("/account", headers=HTML))}
    browser.post("/account/sign-out", data=csrf)
    for one in (browser, other):
        assert one.get("/", headers=HTML).status_code == 303


def test_the_books_tell_when_the_emergency_account_was_opened(here):
    here.add("sealed", "administrator", emergency=True)
    sign_in(here.browser(), "sealed")
    with here.entry.users.database.reading() as rows:
        did = rows.exec_driver_sql("SELECT did FROM audit").scalars().all()[-1]
    assert did == "opened the emergency account"


def test_a_person_turns_on_codes_for_themselves(here):
    browser = here.at_work("clerk")
    page = browser.get("/account", headers=HTML)
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page.text)[1]
    assert (
        secret in browser.get("/account", headers=HTML).text
    )  # the same when reloaded
    form = {"csrf": token(page), "code": "1"}
    assert browser.post("/account/second", data=form).status_code == 422
    assert not here.entry.users.get("clerk").second
    form["code"] = codes.code(secret, codes.counter_at(here.clock.now))
    assert browser.post("/account/second", data=form).status_code == 303
    assert here.entry.users.get("clerk").second == secret
    assert secret not in browser.get("/account", headers=HTML).text
    assert "/code" in sign_in(here.browser(), "clerk").headers["location"]


def test_the_trail_tells_who_came_from_where(here):
    here.at_work("clerk")
    sign_in(here.browser(), "clerk", "wrong password")
    with here.entry.users.database.reading() as rows:
        told = rows.exec_driver_sql("SELECT who, did, what FROM audit").all()[-2:]
    assert [tuple(one) for one in told] == [
        ("clerk clerk", "signed in", "from 10.0.0.7"),
        ("clerk clerk", "sign-in failed", "from 10.0.0.7"),
    ]
    assert dt.timedelta(0) <= here.entry.timing.idle
