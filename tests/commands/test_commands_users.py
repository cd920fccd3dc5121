"""``users`` and ``audit`` in a terminal: accounts, and who saw whose paper."""

import io
import json
import sys

import pytest

from pipeline.access import passwords
from tests.commands.conftest import ANNA, BERTA, paper
from tests.web.houses import CHEAP, PASSWORD


@pytest.fixture(autouse=True)
def passwords_cost_little(monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", CHEAP)


@pytest.fixture
def desk(house):
    """A house in which a paper of Anna's was filed."""
    house.scan("a.pdf", paper(ANNA))
    house.run("process", house.folder / "scans")
    return house


@pytest.fixture
def pipe(monkeypatch):
    def given(text):
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))

    return given


def add(bare, pipe, name, *roles, code=0, password=PASSWORD):
    pipe(password + "\n")
    told = [f"--role={role}" for role in roles]
    return bare.run("users", "add", name, *told, "--password-stdin", code=code)


def listed(bare):
    rows = [json.loads(r) for r in bare.run("users", "list", "--json").splitlines()]
    return {row.pop("name"): row for row in rows}


def test_the_first_user_is_an_administrator(bare, pipe):
    assert "no users" in bare.run("users", "list")
    told = add(bare, pipe, "ada", "clerk", code=2)
    assert "the first user is an administrator" in told
    assert "everybody" in add(bare, pipe, "root", "administrator")
    assert "none of the" in add(bare, pipe, "ada", "clerk").replace("\n", " ")
    assert listed(bare)["ada"] == {
        "roles": ["clerk"],
        "facilities": ["*"],
        "restricted": [],
        "second_step": False,
        "emergency": False,
        "directory": False,
        "new": True,
        "right_in_a_row": 0,
        "disabled": None,
    }
    assert "new: 0 of 100 right in a row" in " ".join(bare.run("users", "list").split())


@pytest.mark.parametrize(
    ("name", "options", "password", "says"),
    [
        ("root", ("--role=clerk",), PASSWORD, "there is a user root"),
        ("Ada Byron", ("--role=clerk",), PASSWORD, "begins with a letter"),
        ("ada", ("--role=king",), PASSWORD, "king is no role"),
        ("ada", (), PASSWORD, "say what they may do"),
        ("ada", ("--role=clerk", "--restricted=XXX"), PASSWORD, "no restricted class"),
        ("ada", ("--role=clerk",), "short", "at least 12"),
        ("ada", ("--role=clerk",), "", "at least 12"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_added(
    bare, pipe, name, options, password, says
):
    add(bare, pipe, "root", "administrator")
    pipe(password + "\n")
    told = bare.run("users", "add", name, *options, "--password-stdin", code=2)
    assert says in told.replace("\n", " ")
    assert list(listed(bare)) == ["root"]


def test_a_password_is_asked_for_on_a_terminal_alone(bare, monkeypatch):
    asked = bare.run("users", "add", "root", "--role=administrator", code=2)
    assert "--password-stdin" in asked
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    for answers, code in (((PASSWORD, "another one, wrong"), 2), ((PASSWORD,) * 2, 0)):
        typed = iter(answers)
        monkeypatch.setattr("getpass.getpass", lambda _, typed=typed: next(typed))
        bare.run("users", "add", "root", "--role=administrator", code=code)
    assert passwords.matches(bare.site.users.get("root").password, PASSWORD)


def test_roles_facilities_and_classes_change_one_by_one(bare, pipe):
    add(bare, pipe, "root", "administrator")
    add(bare, pipe, "ada", "clerk")
    run = bare.run
    run("users", "role", "ada", "--role=senior_clerk", "--role=supervisor")
    run("users", "role", "ada", "--facility=NORTH", "--facility=SOUTH")
    run("users", "role", "ada", "--restricted=PSY,SUD")
    row = listed(bare)["ada"]
    assert row["roles"] == ["senior_clerk", "supervisor"]
    assert row["facilities"] == ["NORTH", "SOUTH"]
    assert row["restricted"] == ["PSY", "SUD"]
    run("users", "role", "ada", "--restricted=")
    assert listed(bare)["ada"]["restricted"] == []
    assert "say what changes" in run("users", "role", "ada", code=2)
    assert "no user eve" in run("users", "role", "eve", "--role=clerk", code=2)


def test_the_last_administrator_stays(bare, pipe):
    add(bare, pipe, "root", "administrator")
    add(bare, pipe, "ada", "clerk")
    for command in (("disable", "root"), ("role", "root", "--role=clerk")):
        assert "the last administrator" in bare.run("users", *command, code=2)
    bare.run("users", "role", "ada", "--role=administrator")
    bare.run("users", "disable", "root")
    assert listed(bare)["root"]["disabled"]
    assert "the last administrator" in bare.run("users", "disable", "ada", code=2)
    bare.run("users", "enable", "root")
    assert listed(bare)["root"]["disabled"] is None


def test_another_password_and_a_sign_out_end_the_sessions(bare, pipe):
    add(bare, pipe, "root", "administrator")
    sessions = bare.site.sessions
    sessions.begin("root", "10.0.0.7", passed=True)
    assert "1 sessions ended" in bare.run("users", "sign-out", "root")
    token = sessions.begin("root", "10.0.0.7", passed=True)
    pipe("another four words then\n")
    bare.run("users", "password", "root", "--password-stdin")
    assert sessions.get(token).ended
    kept = bare.site.users.get("root").password
    assert passwords.matches(kept, "another four words then")


def test_a_secret_for_codes_is_shown_once_and_can_be_removed(bare, pipe):
    add(bare, pipe, "root", "administrator")
    told = bare.run("users", "totp", "root")
    secret = bare.site.users.get("root").second
    assert f"secret {secret}" in told
    assert secret not in bare.run("users", "list", "--json")
    assert listed(bare)["root"]["second_step"]
    bare.run("users", "totp", "root", "--remove")
    assert not listed(bare)["root"]["second_step"]


def test_there_is_one_emergency_account(bare, pipe):
    for name, code in (("root", 0), ("ada", 2)):
        pipe(PASSWORD + "\n")
        bare.run(
            "users", "add", name, "--role=administrator", "--emergency",
            "--password-stdin", code=code,
        )  # fmt: skip
    assert listed(bare)["root"]["emergency"]


def test_the_audit_trail_is_proved_and_read(desk):
    told = desk.run("audit", "verify")
    assert "the audit trail holds" in told
    end = json.loads(desk.run("audit", "verify", "--json"))
    assert end["bad_line"] is None
    expect = f"{end['lines']}:{end['hash']}"
    desk.run("audit", "show", "--patient", ANNA)
    desk.run("audit", "verify", "--expect", expect)
    cut = desk.run("audit", "verify", "--expect", f"99999:{end['hash']}", code=1)
    assert "cut off" in cut
    assert "NUMBER:HASH" in desk.run("audit", "verify", "--expect", "x", code=2)
    with desk.site.users.database.writing() as rows:
        rows.exec_driver_sql("DROP TRIGGER audit_no_update")
        rows.exec_driver_sql("UPDATE audit SET who = 'nobody' WHERE seq = 2")
    assert "broken at line 2" in desk.run("audit", "verify", code=1)


def test_who_saw_a_patients_paper_is_listed_by_its_mrn(desk):
    site = desk.site
    owner = site.people.mrn_owner(ANNA)
    filed = next(site.catalogue.of_patient(owner))
    site.catalogue.audit("clerk eve", "viewed", filed.id, owner, "record")
    lines = [
        json.loads(line)
        for line in desk.run("audit", "show", "--patient", ANNA, "--json").splitlines()
    ]
    assert ("clerk eve", "viewed", filed.id, "record") in [
        (line["who"], line["did"], line["what"], line["purpose"]) for line in lines
    ]
    assert "filed" in {line["did"] for line in lines}
    again = desk.run("audit", "show", "--patient", ANNA)
    assert "read audit trail" in again.replace("\n", " ")
    other = desk.run("audit", "show", "--patient", BERTA)
    assert "clerk eve" not in other
    assert "no patient" in desk.run("audit", "show", "--patient", "99999999", code=2)
