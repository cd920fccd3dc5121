"""Accounts at the desk: by administrators alone, with passwords that open once."""

import re

import pytest

from pipeline.access.accounts import one_time_password
from pipeline.users import User
from tests.web.houses import FILED, HTML, PASSWORD, house, sign_in, token

NEW = {
    "name": "Nora",
    "roles": ["clerk", "supervisor"],
    "facilities": "NORTH, SOUTH",
    "restricted": "PSY",
}


@pytest.fixture
def here(tmp_path):
    return house(tmp_path)


@pytest.fixture
def root(here):
    return At(here, "administrator")


class At:
    """Somebody before the accounts."""

    def __init__(self, here, name):
        self.here, self.browser = here, here.at_work(name)

    def get(self, path="/users"):
        return self.browser.get(path, headers=HTML)

    def post(self, path="/users", **form):
        csrf = token(self.get("/account"))
        return self.browser.post(path, data=form | {"csrf": csrf}, headers=HTML)

    def password(self, **form):
        """The one-time password that a page shows."""
        page = self.post(**form)
        assert page.status_code == 200, page.text
        return re.search(r'<code class="once">([^<]+)</code>', page.text)[1]


def kept(here, name):
    return here.entry.users.get(name)


def test_somebody_is_added_and_chooses_their_own_password_first(here, root):
    once = root.password(**NEW)
    nora = kept(here, "nora")
    assert nora.roles == ("clerk", "supervisor")
    assert (nora.facilities, nora.restricted) == (("NORTH", "SOUTH"), ("PSY",))
    assert once not in root.get("/users/nora").text
    browser = here.browser()
    assert sign_in(browser, "nora", once).headers["location"]
    for path in ("/", "/patients", f"/filed/{FILED}"):
        told = browser.get(path, headers=HTML)
        assert told.headers["location"].startswith("/account?next="), path
    assert browser.get("/queue/alarm").status_code == 401
    page = browser.get("/account", headers=HTML)
    assert "made for you by somebody else" in page.text
    own = "my own words are better"
    form = {"old": once, "new": once, "again": once, "csrf": token(page)}
    assert "is the one now" in browser.post("/account/password", data=form).text
    form |= {"new": own, "again": own}
    assert browser.post("/account/password", data=form).status_code == 303
    assert kept(here, "nora").one_time is None
    assert "do not fit together" in sign_in(browser, "nora", once).text
    sign_in(browser, "nora", own)
    assert browser.get("/", headers=HTML).status_code == 200


def test_a_one_time_password_opens_for_three_days_only(here, root):
    once = root.password(**NEW)
    here.clock.turn(days=3)
    assert "do not fit together" in sign_in(here.browser(), "nora", once).text


@pytest.mark.parametrize(
    ("spoiled", "why"),
    [
        ({"name": "1 bad name"}, "begins with a letter"),
        ({"name": "clerk"}, "there is a user clerk"),
        ({"roles": []}, "choose a role"),
        ({"roles": ["king"]}, "king is no role"),
        ({"restricted": "XYZ"}, "no restricted class"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(here, root, spoiled, why):
    told = root.post(**(NEW | spoiled))
    assert told.status_code == 422
    assert why in told.text.casefold()
    assert kept(here, "nora") is None


def test_roles_are_changed_and_an_account_closed_and_opened(here, root):
    changed = {"roles": ["auditor"], "facilities": "*", "restricted": ""}
    assert root.post("/users/clerk", action="change", **changed).status_code == 303
    assert kept(here, "clerk").roles == ("auditor",)
    browser = here.at_work("clerk")
    assert root.post("/users/clerk", action="disable").status_code == 303
    assert kept(here, "clerk").disabled
    assert browser.get("/account", headers=HTML).status_code == 303
    assert "do not fit together" in sign_in(here.browser(), "clerk").text
    root.post("/users/clerk", action="enable")
    browser = here.at_work("clerk")
    root.post("/users/clerk", action="sign out")
    assert browser.get("/account", headers=HTML).status_code == 303


def test_another_password_ends_what_the_old_one_opened(here, root):
    browser = here.at_work("clerk")
    once = root.password(path="/users/clerk", action="password")
    assert browser.get("/account", headers=HTML).status_code == 303
    assert "do not fit together" in sign_in(here.browser(), "clerk").text
    assert sign_in(here.browser(), "clerk", once).status_code == 303


ACTS = ("change", "password", "disable", "enable", "sign out")


@pytest.mark.parametrize("act", ACTS)
def test_nobody_changes_their_own_nor_the_sealed_account(here, root, act):
    here.add("sealed", "administrator", emergency=True)
    for name, why in (
        ("administrator", "another administrator"),
        ("sealed", "machine only"),
    ):
        before = kept(here, name)
        form = {"action": act, "roles": ["clerk"]}
        told = root.post(f"/users/{name}", **form)
        assert told.status_code == 422
        assert why in told.text.casefold()
        assert kept(here, name) == before
        assert "<button name=" not in root.get(f"/users/{name}").text


@pytest.mark.parametrize("act", ["change", "password"])
def test_who_the_directory_sends_is_changed_there(here, root, act):
    here.entry.users.add(User("dora", ("clerk",), subject="42"), "clerk root")
    told = root.post("/users/dora", action=act, roles=["administrator"])
    assert "directory" in told.text
    assert kept(here, "dora").roles == ("clerk",)


def test_where_local_accounts_are_off_none_is_made(tmp_path):
    here = house(tmp_path, local_accounts=True)
    root = At(here, "administrator")
    object.__setattr__(here.entry, "local_accounts", False)
    assert "switched off" in root.post(**NEW).text
    assert kept(here, "nora") is None


def test_only_an_administrator_comes_here_and_nobody_guesses(here, root):
    assert root.get("/users/nobody").status_code == 404
    assert root.post("/users/nobody", action="disable").status_code == 404
    assert root.post("/users/clerk", action="crown").status_code == 404
    for name in (
        "clerk",
        "senior.clerk",
        "supervisor",
        "auditor",
        "release",
        "station",
    ):
        other = At(here, name)
        assert "/users" not in other.get("/account").text
        for path in ("/users", "/users/clerk"):
            assert other.get(path).status_code == 403
            form = NEW | {"action": "disable"}
            assert other.post(path, **form).status_code == 403
    assert kept(here, "nora") is None
    assert kept(here, "clerk").disabled is None


def test_without_a_user_the_first_is_made_at_the_machine(tmp_path):
    here = house(tmp_path, people=False)
    browser = here.browser()
    assert "at the machine" in browser.get("/users", headers=HTML).text
    assert "at the machine" in browser.post("/users", data=NEW, headers=HTML).text
    assert not here.entry.users.any()


def test_every_change_is_in_the_trail_and_no_password(here, root):
    once = root.password(**NEW)
    root.post("/users/nora", action="disable")
    with here.entry.users.database.reading() as rows:
        told = rows.exec_driver_sql("SELECT who, did, what FROM audit").all()
    did = [(who, did) for who, did, what in told if "nora" in what]
    assert did == [
        ("clerk administrator", "added user"),
        ("clerk administrator", "disabled user"),
    ]
    assert once not in str(told)
    assert once not in repr(kept(here, "nora"))


def test_one_time_passwords_are_told_apart_at_a_glance():
    made = {one_time_password() for _ in range(50)}
    assert len(made) == 50
    assert not set("il1o0") & set("".join(made))
    assert all(len(one) >= 12 for one in made)
    assert PASSWORD not in made
