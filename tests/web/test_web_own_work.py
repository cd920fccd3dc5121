"""The work list shows and gives a person only what is theirs to see."""

import re

import pytest

from pipeline.users import ROLES
from tests.web.houses import CLOSED, HTML, NORTHERN, SOUTHERN, house, token


@pytest.fixture
def here(tmp_path):
    here = house(tmp_path, people=False, holds=True)
    here.add("boss", *ROLES, restricted=("*",))
    here.add("nora", "clerk", facilities=("NORTH",))
    here.add("sue", "clerk", facilities=("SOUTH",))
    here.add("psy", "clerk", facilities=("NORTH",), restricted=("PSY",))
    return here


def listed(browser):
    page = browser.get("/", headers=HTML).text
    assert re.search(r"<h1>(\d+) document", page)[1] == str(page.count('class="card"'))
    return re.findall(r'class="card" href="/documents/([^"]+)"', page)


def given(browser):
    answer = browser.get("/next", headers=HTML)
    return answer.headers.get("location", "").removeprefix("/documents/")


def test_each_is_shown_their_own(here):
    shown = {
        name: listed(here.at_work(name)) for name in ("boss", "nora", "sue", "psy")
    }
    assert sorted(shown["boss"]) == sorted([NORTHERN, SOUTHERN, CLOSED])
    assert shown["nora"] == [NORTHERN]
    assert shown["sue"] == [SOUTHERN]
    assert sorted(shown["psy"]) == sorted([NORTHERN, CLOSED])


def test_each_is_given_their_own_and_nothing_twice(here):
    sue, nora, psy = (here.at_work(name) for name in ("sue", "nora", "psy"))
    assert given(sue) == SOUTHERN
    assert given(nora) == NORTHERN
    assert given(nora) == NORTHERN
    assert given(psy) == CLOSED
    assert given(here.at_work("boss")) == "/"


def test_whose_a_stranger_s_document_is_stays_unknown(here):
    sue = here.at_work("sue")
    given(sue)
    nora = here.at_work("nora")
    assert nora.get(f"/work/{SOUTHERN}", headers=HTML).status_code == 403
    for path in ("release", "escalate", "assign"):
        form = {"csrf": token(nora.get("/account", headers=HTML)), "to": "clerk nora"}
        answer = nora.post(f"/work/{SOUTHERN}/{path}", data=form, headers=HTML)
        assert answer.status_code == 403


def test_only_who_supervises_puts_work_into_other_hands(here):
    nora, boss = here.at_work("nora"), here.at_work("boss")
    given(nora)
    page = nora.get(f"/work/{NORTHERN}", headers=HTML).text
    assert f"/work/{NORTHERN}/escalate" in page
    assert f"/work/{NORTHERN}/assign" not in page
    assert (
        f"/work/{NORTHERN}/assign" in boss.get(f"/work/{NORTHERN}", headers=HTML).text
    )
