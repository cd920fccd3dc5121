"""Accounts, sessions and glasses in the database; and the audit trail's new columns."""

import datetime as dt

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from pipeline.document import DocumentId, Holding, PatientId, holding_id
from pipeline.store import database as opening
from pipeline.store.account_rows import SqlUsers
from pipeline.store.audit_rows import SqlAudit
from pipeline.store.books import _link
from pipeline.store.glass_rows import SqlGlasses
from pipeline.store.holding_rows import SqlHoldings
from pipeline.store.session_rows import SqlSessions, digest
from pipeline.store.sql_catalogue import SqlCatalogue
from pipeline.users import User
from tests.builders import (
    batch_of,
    cut_of,
    decision_of,
    empty_books,
    filed_of,
    page_of,
    sources,
)

NOON = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
ADA = User("ada", ("clerk",), ("NORTH",), ("SUD",), password="$argon2id$x")


class Clock:
    now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def books(tmp_path):
    books = empty_books(tmp_path / "catalogue.sqlite")
    yield books
    books.close()


@pytest.fixture
def users(books):
    users = SqlUsers(books.database)
    users.add(ADA, "clerk root")
    return users


def trail(books):
    with books.database.reading() as rows:
        return [tuple(row) for row in rows.execute(text("SELECT who, did FROM audit"))]


def test_an_account_comes_back_as_it_was_kept(users, books):
    assert users.any()
    assert users.get("ada") == ADA
    assert users.all() == (ADA,)
    assert users.get("eve") is None
    with pytest.raises(KeyError):
        users.add(ADA, "clerk root")
    with pytest.raises(KeyError):
        users.change("eve", "clerk root", "changed user", roles=("auditor",))
    assert trail(books) == [("clerk root", "added user")]


def test_no_secret_is_in_a_repr_or_in_the_audit_trail(users, books):
    users.change("ada", "clerk root", "set second step", second="SENTINELSECRET")
    with books.database.reading() as rows:
        told = str(rows.execute(text("SELECT who, did, what FROM audit")).all())
    for words in (told, repr(users.get("ada"))):
        assert "SENTINEL" not in words
        assert "argon2" not in words


def test_an_old_password_is_gone(users, books, tmp_path):
    users.change("ada", "clerk root", "changed password", password="$argon2id$new")
    with books.database.reading() as rows:
        assert rows.execute(text("SELECT password FROM account")).scalar() == (
            "$argon2id$new"
        )


def test_a_session_is_known_by_its_token_alone(users, books):
    clock = Clock()
    sessions = SqlSessions(books.database, clock)
    token = sessions.begin("ada", "10.0.0.7", passed=True)
    session = sessions.get(token)
    assert session.user == "ada"
    assert session.passed == NOON
    assert token not in repr(session)
    assert session.csrf not in repr(session)
    assert sessions.get("guess") is None
    with books.database.reading() as rows:
        kept = str(rows.execute(text("SELECT * FROM session")).all())
    assert token not in kept
    assert digest(token) in kept


def test_a_session_moves_locks_unlocks_and_ends(users, books):
    clock = Clock()
    sessions = SqlSessions(books.database, clock)
    token = sessions.begin("ada", "10.0.0.7", passed=True)
    every = dt.timedelta(seconds=20)
    clock.now = NOON + dt.timedelta(seconds=19)
    sessions.touch(sessions.get(token), every)
    assert sessions.get(token).seen == NOON
    clock.now = NOON + dt.timedelta(seconds=20)
    sessions.touch(sessions.get(token), every)
    assert sessions.get(token).seen == clock.now
    sessions.lock(sessions.get(token))
    assert sessions.get(token).locked == clock.now
    sessions.unlock(sessions.get(token))
    assert sessions.get(token).locked is None
    sessions.end(sessions.get(token))
    assert sessions.get(token).ended == clock.now
    did = [line[1] for line in trail(books)]
    assert did == ["added user", "signed in", "locked", "unlocked", "signed out"]


def test_disabling_a_user_ends_every_session(users, books):
    sessions = SqlSessions(books.database)
    tokens = [sessions.begin("ada", "10.0.0.7", passed=True) for _ in range(2)]
    users.disable("ada", "clerk root")
    assert all(sessions.get(token).ended for token in tokens)
    assert users.get("ada").disabled is not None
    assert users.sign_out("ada", "clerk root") == 0


def test_failures_are_counted_by_name_and_by_address(users, books):
    clock = Clock()
    sessions = SqlSessions(books.database, clock)
    for name, address in (("ada", "a"), ("ada", "b"), ("eve", "a")):
        sessions.fail(name, address, known=name == "ada")
    since = NOON - dt.timedelta(minutes=15)
    assert sessions.failures("ada", "a", since) == (1, 2, 2, NOON)
    assert sessions.failures("ada", "c", since) == (0, 0, 2, NOON)
    assert sessions.failures("bob", "c", since) == (0, 0, 0, None)
    assert sessions.failures("ada", "a", NOON + dt.timedelta(seconds=1))[0] == 0
    sessions.forgive("ada", "a")
    assert sessions.failures("ada", "a", since)[0] == 0
    who = [line[0] for line in trail(books)][1:]
    assert who == ["clerk ada", "clerk ada", "nobody"]
    with books.database.reading() as rows:
        assert "eve" not in str(rows.execute(text("SELECT * FROM audit")).all())


def test_a_code_is_used_once(users, books):
    sessions = SqlSessions(books.database)
    assert sessions.use_code("ada", 7)
    assert not sessions.use_code("ada", 7)
    assert sessions.use_code("ada", 8)


def test_a_glass_is_open_for_its_time(users, books):
    clock = Clock()
    glasses = SqlGlasses(books.database, clock)
    glass = glasses.smash("ada", "b1-1", "SENTINEL is in the ER", dt.timedelta(hours=1))
    assert glasses.open_for("ada") == (glass,)
    assert glasses.open_for("eve") == ()
    assert glasses.newest(5) == (glass,)
    assert "SENTINEL" not in repr(glass)
    clock.now = NOON + dt.timedelta(hours=1)
    assert glasses.open_for("ada") == ()
    with books.database.reading() as rows:
        last = rows.execute(text("SELECT did, what, purpose FROM audit")).all()[-1]
    assert tuple(last) == ("broke glass", "b1-1", "emergency, glass 1")


def test_who_saw_a_patients_paper(books):
    batch = books.receive(batch_of("b1"))
    books.opened(batch, sources(3), {})
    books.keep_pages(batch, [page_of(1), page_of(2), page_of(3)])
    books.keep_cut(batch, cut_of("b1", (1,), (2,), (3,)))
    books.file(filed_of("b1-1", decision_of("777")))
    books.file(filed_of("b1-2", decision_of("888")))
    held = holding_id("B", "1", "2")
    SqlHoldings(books.database).open(Holding(held, "B", "1", "2"), "clerk root")
    books.file(filed_of("b1-3", decision_of(held)))
    SqlHoldings(books.database).link(held, PatientId("777"), "clerk root")
    for what in ("b1-1", "b1-2", "b1-3", "b9-9"):
        books.audit("clerk ada", "viewed", what)
    books.audit("clerk bob", "viewed", "b8-8", "777", "filing")
    books.answer(DocumentId("b1-2"), decision_of("777", "clerk eve"))
    lines = SqlAudit(books.database).of_patient(PatientId("777"))
    viewed = [(one.who, one.what, one.purpose) for one in lines if one.did == "viewed"]
    assert viewed == [
        ("clerk ada", "b1-1", ""),
        ("clerk ada", "b1-3", ""),
        ("clerk bob", "b8-8", "filing"),
    ]
    changed = [(one.who, one.did, one.what) for one in lines if one.patient == "777"]
    assert ("clerk eve", "answered", "b1-2") in changed
    assert "filed" in {did for _, did, _ in changed}
    assert [one.seq for one in lines] == sorted(one.seq for one in lines)
    assert books.first_bad_audit_line() is None


@pytest.mark.parametrize("column", ["patient", "purpose"])
@pytest.mark.parametrize("seq", [1, 2])
def test_whose_and_what_for_are_in_the_chain(books, column, seq):
    books.audit("clerk ada", "viewed", "b1-1")
    books.audit("clerk ada", "viewed", "b1-1", "777", "filing")
    assert books.first_bad_audit_line() is None
    with books.database.writing() as rows:
        rows.execute(text("DROP TRIGGER audit_no_update"))
        rows.execute(text(f"UPDATE audit SET {column} = 'x' WHERE seq = {seq}"))
    assert books.first_bad_audit_line() == seq


def test_an_older_trail_holds_after_the_migration(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "_migrate", lambda _: None)
    database = opening.open_sqlite(tmp_path / "c.sqlite")
    config = Config()
    config.set_main_option("script_location", str(opening._MIGRATIONS))
    line = (1, NOON.isoformat(), "clerk ada", "viewed", "b1-1")
    with database.writing() as rows:
        config.attributes["connection"] = rows
        command.upgrade(config, "0005")
        values = {"hash": _link("", line, ("", ""))}
        values |= dict(zip(("seq", "at", "who", "did", "what"), line, strict=True))
        insert = "INSERT INTO audit VALUES (:seq, :at, :who, :did, :what, :hash)"
        rows.execute(text(insert), values)
    database.close()
    monkeypatch.undo()
    books = SqlCatalogue(tmp_path / "c.sqlite")
    assert not SqlUsers(books.database).any()
    books.audit("clerk bob", "viewed", "b1-1", "777")
    assert books.first_bad_audit_line() is None
    assert SqlAudit(books.database).newest()[0] == 2
    with books.database.writing() as rows:
        with pytest.raises(Exception, match="append-only"):
            rows.execute(text("UPDATE audit SET patient = '1' WHERE seq = 1"))
    books.close()
