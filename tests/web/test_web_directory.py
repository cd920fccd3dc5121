"""Signing in by the house's directory, against one that runs in this process."""

import pytest
from joserfc.jwk import OctKey

from pipeline.access.groups import GroupRules
from pipeline.web.provider import Directory, Provider
from tests.web.directories import CLIENT, OTHER_KEY, SECRET, FakeDirectory
from tests.web.houses import HTML, PASSWORD, house, sign_in

RULES = GroupRules(
    {"chart-clerks": "clerk", "chart-boss": "supervisor"},
    {"chart-north": "NORTH", "chart-south": "SOUTH"},
    {"chart-psychiatry": "PSY"},
)


@pytest.fixture
def directory():
    made = FakeDirectory()
    yield made
    made.close()


@pytest.fixture
def here(tmp_path, directory):
    said = Directory(directory.issuer, CLIENT, "preferred_username", "groups", SECRET)
    return house(tmp_path, provider=Provider(said), groups=RULES)


def come(here, directory, browser=None):
    """A browser that went to the directory and came back, with the last answer."""
    browser = browser or here.browser()
    sent = browser.get("/sign-in/directory?next=/scans", headers=HTML)
    assert sent.status_code == 303, sent.text
    back = directory.visit(sent.headers["location"])
    foreign = HTML | {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    return browser, browser.get(back, headers=foreign)


def test_a_person_comes_in_with_the_rights_of_their_groups(here, directory):
    page = here.browser().get("/sign-in", headers=HTML).text
    assert "Sign in with the directory" in page
    browser, answer = come(here, directory)
    assert answer.status_code == 200
    assert 'content="0;url=/scans"' in answer.text
    assert "SameSite=strict" in answer.headers["set-cookie"]
    assert "clerk ada" in browser.get("/", headers=HTML).text
    user = here.entry.users.get("ada")
    assert (user.roles, user.facilities, user.restricted) == (
        ("clerk",), ("NORTH",), (),
    )  # fmt: skip
    assert browser.get("/documents/b-south", headers=HTML).status_code == 403


def test_groups_count_anew_at_each_sign_in(here, directory):
    come(here, directory)
    directory.person["groups"] = ["chart-boss", "chart-south", "chart-psychiatry"]
    directory.person["preferred_username"] = "ada.byron"
    come(here, directory)
    user = here.entry.users.get("ada")
    assert (user.roles, user.facilities, user.restricted) == (
        ("supervisor",), ("SOUTH",), ("PSY",),
    )  # fmt: skip
    assert here.entry.users.get("ada.byron") is None  # the same person, as the subject
    directory.person["groups"] = ["staff"]
    _, answer = come(here, directory)
    assert answer.status_code == 401
    assert "none of your groups" in answer.text


def test_a_name_that_a_local_account_has_is_not_taken_over(here, directory):
    directory.person["preferred_username"] = "supervisor"
    _, answer = come(here, directory)
    assert answer.status_code == 401
    assert here.entry.users.get("supervisor").subject == ""


def test_a_disabled_account_stays_closed(here, directory):
    come(here, directory)
    here.entry.users.disable("ada", "clerk root")
    _, answer = come(here, directory)
    assert "closed" in answer.text
    assert "desk=" not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize(
    "spoiled",
    [
        {"iss": "https://evil.example"},
        {"aud": "another client"},
        {"aud": "another client", "azp": CLIENT},
        {"azp": "another client"},
        {"exp": 1},
        {"exp": None},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"iat": 4_000_000_000},
        {"preferred_username": None},
        {"preferred_username": "../root"},
        {"groups": None},
        {"groups": {"chart-clerks": True}},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_lets_nobody_in(here, directory, spoiled, caplog):
    directory.spoiled = spoiled
    browser, answer = come(here, directory)
    assert answer.status_code == 401
    assert "desk" not in browser.cookies
    assert here.entry.users.get("ada") is None
    assert "ada" not in caplog.text.lower()


def test_only_the_issuers_keys_sign(here, directory):
    directory.key = OTHER_KEY
    assert come(here, directory)[1].status_code == 401
    directory.key, directory.alg = OctKey.import_key(SECRET), "HS256"
    assert come(here, directory)[1].status_code == 401
    assert here.entry.users.get("ada") is None


def test_a_way_back_is_good_once_and_in_its_own_browser(here, directory):
    browser = here.browser()
    sent = browser.get("/sign-in/directory", headers=HTML).headers["location"]
    back = directory.visit(sent)
    assert here.browser().get(back, headers=HTML).status_code == 401
    assert browser.get(back, headers=HTML).status_code == 401  # it was used up
    browser, _ = come(here, directory)
    assert browser.get("/sign-in/back?state=x&code=y").status_code == 401
    assert browser.get("/sign-in/back?error=access_denied").status_code == 401


def test_a_directory_that_is_another_or_down_is_told(here, directory):
    directory.says_issuer = "https://evil.example"
    answer = here.browser().get("/sign-in/directory", headers=HTML)
    assert "says that it is another one" in answer.text
    said = Directory("http://127.0.0.1:1", CLIENT, "n", "g", SECRET)
    here.entry.provider._directory = said
    answer = here.browser().get("/sign-in/directory", headers=HTML)
    assert answer.status_code == 401
    assert "does not answer" in answer.text
    assert SECRET not in repr(said)


def test_where_local_accounts_are_off_only_the_sealed_one_opens(tmp_path, directory):
    said = Directory(directory.issuer, CLIENT, "preferred_username", "groups", SECRET)
    here = house(tmp_path, provider=Provider(said), local_accounts=False)
    here.add("sealed", "administrator", emergency=True)
    assert sign_in(here.browser(), "clerk").status_code == 401
    assert sign_in(here.browser(), "administrator", PASSWORD).status_code == 401
    assert sign_in(here.browser(), "sealed").status_code == 303


def test_a_locked_session_of_the_directory_goes_on_by_the_directory(here, directory):
    browser, _ = come(here, directory)
    here.clock.turn(minutes=11)
    page = browser.get("/unlock", headers=HTML).text
    assert "/sign-in/directory" in page
    assert 'name="password"' not in page
    assert come(here, directory, browser)[1].status_code == 200
    assert browser.get("/scans", headers=HTML).status_code == 200


def test_without_a_directory_there_is_no_way_to_it(tmp_path):
    here = house(tmp_path)
    for path in ("/sign-in/directory", "/sign-in/back"):
        assert here.browser().get(path).status_code == 404
    assert "directory" not in here.browser().get("/sign-in", headers=HTML).text


def test_a_group_without_a_role_that_is_known_is_told():
    assert "king" in GroupRules({"staff": "king"}).fault()
    assert RULES.fault() == ""
