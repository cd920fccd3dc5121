"""The catalogue under kills, a full disk, tampering and races of real processes."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from pipeline.checks import LaneEvent
from pipeline.document import (
    BatchId,
    Correction,
    DocumentId,
    DocumentType,
    Holding,
    PatientId,
    Relaid,
    TypeFacts,
    holding_id,
)
from pipeline.entries import Keyed
from pipeline.errors import SettingsError, StoreUnavailable
from pipeline.review.recutting import split
from pipeline.store.account_rows import SqlUsers
from pipeline.store.answers import Referral, Rejection
from pipeline.store.arrivals import Said
from pipeline.store.database import open_sqlite
from pipeline.store.desk_rows import SqlDesk
from pipeline.store.entry_rows import SqlEntries
from pipeline.store.glass_rows import SqlGlasses
from pipeline.store.holding_rows import SqlHoldings
from pipeline.store.import_rows import IndexChange, SqlIndexChanges
from pipeline.store.patient_rows import SqlPatients
from pipeline.store.patient_writing import Registered
from pipeline.store.recut_rows import SqlRecuts
from pipeline.store.relaid_rows import SqlRelaid, lay
from pipeline.store.schema import APPEND_ONLY, tables
from pipeline.store.second_key_rows import SqlSecondKeys
from pipeline.store.sql_arrivals import SqlArrivals
from pipeline.store.sql_catalogue import SqlCatalogue
from pipeline.store.sql_checks import SqlChecks
from pipeline.store.sql_worklist import SqlWorklist
from pipeline.store.steward_rows import SqlSteward
from pipeline.store.type_rows import SqlTypes
from pipeline.store.vigilance_rows import SqlVigilance
from pipeline.users import User
from tests.builders import (
    batch_of,
    cut_of,
    decision_of,
    empty_books,
    file_of,
    filed_of,
    key_of,
    page_of,
    patient_of,
    reading_of,
    review_of,
    sources,
)
from tests.faults.stores import Killed, killed_at
from tests.review.answered import ANSWER, CERTIFICATE, NOON, SCAN, said

B1 = BatchId("b1")
BEN = decision_of("778", "clerk ben")
MOVED = Correction(DocumentId("b1-1-v2"), BEN, "hers", misfiled=True, by="clerk ben")
NO_TIME = dt.timedelta()
ADA = decision_of("777", "clerk ada")
CBC = TypeFacts(DocumentType("cbc"), "58410-2", "Blood count", "laboratory", local=True)
JOURNEY = [  # every call that writes, in the order of a batch's life
    lambda books: books.receive(batch_of("b1", file_of("a"), file_of("b"))),
    lambda books: books.opened(B1, sources(3), {1: "truncated"}),
    lambda books: books.keep_pages(B1, [page_of(1), page_of(2), page_of(3)]),
    lambda books: books.keep_cut(B1, cut_of("b1", (1,), (2,), blank=[3])),
    lambda books: books.ask(reading_of("b1-1", "b1", (1,)), review_of()),
    lambda books: books.weighed(reading_of("b1-1", "b1", (1,)), review_of("new"), 1),
    lambda books: work(books).escalate(DocumentId("b1-1"), "clerk ada", "torn"),
    lambda books: work(books).take(DocumentId("b1-1"), "clerk ada", NO_TIME),
    lambda books: books.answer(DocumentId("b1-1"), ADA),
    lambda books: books.file(filed_of("b1-1", ADA)),
    lambda books: books.file(filed_of("b1-1", decision_of(), version=2)),
    lambda books: books.correct(MOVED, filed_of("b1-1", BEN, version=3)),
    lambda books: books.reject(DocumentId("b1-2"), Rejection("no", "clerk ada")),
    lambda books: SqlTypes(books.database).keep([CBC], "added", "clerk ada"),
    lambda books: books.finish(B1),
    lambda books: books.reopen(B1),
    lambda books: books.quarantine("x", key_of("x"), 1, "no scan", "scan"),
]


def work(books):
    return SqlWorklist(books.database)


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows but the moments of writing, which a repeat may not keep."""
    moments = {"at", "opened", "finished", "hash", "received", "until", "escalated"}
    with sqlite3.connect(path) as connection:
        found = {
            table.name: connection.execute(
                f"SELECT {','.join(c.name for c in table.c if c.name not in moments)}"
                f" FROM {table.name}"
            ).fetchall()
            for table in tables.sorted_tables
            if table.name != "answered"
        }
    connection.close()
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


def test_a_kill_between_any_two_statements_loses_and_doubles_nothing(tmp_path):
    whole = empty_books(tmp_path / "whole.sqlite")
    torn = empty_books(tmp_path / "torn.sqlite")
    kills = 0
    for step in JOURNEY:
        before = content(tmp_path / "torn.sqlite")
        for nth in range(1, 40):
            try:
                with killed_at(torn.database, nth):
                    step(torn)
                break
            except Killed:
                kills += 1
                assert content(tmp_path / "torn.sqlite") == before
        step(torn)  # once more, as after a kill that came just too late
        step(whole)
        assert content(tmp_path / "torn.sqlite") == content(tmp_path / "whole.sqlite")
    assert kills > 50
    assert torn.first_bad_audit_line() is None
    whole.close()
    torn.close()


def test_a_full_disk_is_loud_and_loses_nothing(tmp_path):
    books = empty_books(tmp_path / "catalogue.sqlite")
    books.receive(batch_of("b1"))
    books.opened(B1, sources(1), {})
    with books.database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 1}")
    huge = page_of(1, " ".join(str(n**3) for n in range(30_000)))
    with pytest.raises(StoreUnavailable, match="full") as caught:
        books.keep_pages(B1, [huge])
    assert "27" not in str(caught.value)
    assert books.pages(B1) == ()
    with books.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    books.keep_pages(B1, [huge])
    assert books.pages(B1) == (huge,)
    books.close()


def _race(path: Path, start, name: str, out) -> None:
    books = SqlCatalogue(path)
    start.wait()
    filed = filed_of("b1-1", decision_of(by=f"clerk {name}"), data=name)
    out.put(books.file(filed).key)
    books.audit(name, "viewed", "b1-1")
    books.close()


@pytest.mark.slow
def test_two_processes_that_file_the_same_file_it_once(tmp_path):
    path = tmp_path / "catalogue.sqlite"
    books = SqlCatalogue(path)
    for step in JOURNEY[:4]:
        step(books)
    here = multiprocessing.get_context("spawn")
    start, out = here.Barrier(2), here.Queue()
    racers = [
        here.Process(target=_race, args=(path, start, name, out)) for name in "ab"
    ]
    for racer in racers:
        racer.start()
    keys = {out.get(timeout=60) for _ in racers}
    for racer in racers:
        racer.join(60)
        assert racer.exitcode == 0
    (version,) = books.versions(DocumentId("b1-1"))
    assert keys == {version.key}
    assert books.first_bad_audit_line() is None
    books.close()


def _open(path: Path, start, out) -> None:
    start.wait()
    try:
        SqlCatalogue(path).close()
        out.put("")
    except Exception as error:
        out.put(repr(error))


@pytest.mark.slow
def test_processes_may_open_a_new_folder_together(tmp_path):
    here = multiprocessing.get_context("spawn")
    start, out = here.Barrier(3), here.Queue()
    openers = [
        here.Process(target=_open, args=(tmp_path / "new.sqlite", start, out))
        for _ in range(3)
    ]
    for opener in openers:
        opener.start()
    assert [out.get(timeout=60) for _ in openers] == ["", "", ""]
    for opener in openers:
        opener.join(60)


def at_the_desk(books):
    """What a clerk leaves behind: a note, a referral, a new cut."""
    document = DocumentId("b2-1")
    books.receive(batch_of("b2", file_of("c")))
    books.opened(BatchId("b2"), sources(2), {})
    books.keep_pages(BatchId("b2"), [page_of(1), page_of(2)])
    [reading] = books.keep_cut(BatchId("b2"), cut_of("b2", (1, 2))).readings
    books.ask(reading, review_of())
    SqlDesk(books.database).note(document, "asked the ward", "clerk ada")
    books.answer(document, Referral("rescan", "faint", "clerk ada"))
    waiting = books.asked(document)
    ada = decision_of(by="clerk ada")
    books.answer(document, ada)
    SqlSecondKeys(books.database).keep(document, ada, waiting.review)
    new = split((waiting.reading, waiting.review), 2, "clerk ada")
    SqlRecuts(books.database).keep(new)
    seeded = DocumentId("seeded")
    SqlVigilance(books.database).keep(seeded, "clerk ada", "twin", "caught")


@pytest.fixture
def used(tmp_path):
    books = empty_books(tmp_path / "catalogue.sqlite")
    for step in JOURNEY[:14]:
        step(books)
    checks = SqlChecks(books.database)
    checks.keep_answer(replace(ANSWER, document=DocumentId("b1-1")))
    checks.keep_check(said(None))
    checks.keep_event(LaneEvent(SCAN, "opened", "by hand", "clerk ada", NOON))
    checks.keep_certificate(CERTIFICATE)
    checks.secret()
    SqlArrivals(books.database).say(B1, Said("signed", None, "", "clerk ada", NOON))
    SqlIndexChanges(books.database).keep(IndexChange("imported encounters", "ada"))
    held = Holding(holding_id("B-17", "3", "12"), "B-17", "3", "12")
    SqlHoldings(books.database).open(held, "clerk ada")
    SqlUsers(books.database).add(User("ada", ("clerk",)), "clerk root")
    SqlGlasses(books.database).smash("ada", "b1-1", "emergency", dt.timedelta(hours=1))
    SqlPatients(books.database).keep([Registered(patient_of(n), ()) for n in "89"])
    both = PatientId("8"), PatientId("9")
    SqlSteward(books.database).merge(*both, "clerk ada", "registered twice")
    at_the_desk(books)
    [filed, *_] = books.versions(DocumentId("b1-1"))
    keyed = Keyed(filed.id, "plan", 0, "Blue Shield", 1, "clerk ada", NOON)
    SqlEntries(books.database).keep(keyed, filed)
    books.turn(B1, 1, 90, "clerk ada")
    books.reject(DocumentId("b2-0001-c1"), Rejection("a scan of b1", "clerk ada"))
    number = SqlRelaid(books.database).lend((BatchId("b2"), 1), B1, "clerk ada")
    with books.database.writing() as rows:
        lay(rows, DocumentId("b1-1"), Relaid((number,)), "clerk ada", NOON)
    yield books
    books.close()


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_append_only_tables_refuse_changes(used, table):
    with used.database.reading() as rows:
        assert rows.execute(text(f"SELECT count(*) FROM {table}")).scalar()
    for change in (f"DELETE FROM {table}", f"UPDATE {table} SET rowid = rowid + 1000"):
        with pytest.raises(StoreUnavailable, match="append-only"):
            with used.database.writing() as rows:
                rows.execute(text(change))


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ("UPDATE audit SET who = 'nobody' WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 1", 1),
        ("UPDATE audit SET hash = 'x' WHERE seq = 3", 3),
    ],
)
def test_tampering_with_the_audit_trail_is_seen(used, change, line):
    assert used.first_bad_audit_line() is None
    with used.database.writing() as rows:
        for name in ("update", "delete"):
            rows.execute(text(f"DROP TRIGGER audit_no_{name}"))
        rows.execute(text(change))
    assert used.first_bad_audit_line() == line


def test_a_page_cannot_lie_in_two_live_documents(used):
    with pytest.raises(StoreUnavailable, match="UNIQUE"):
        with used.database.writing() as rows:
            rows.execute(
                text(
                    "INSERT INTO place (batch, number, document, ordinal)"
                    " VALUES ('b1', 1, 'b1-2', 9)"
                )
            )


def test_the_migrations_make_the_tables_of_the_schema(used):
    with used.database.reading() as rows:
        assert compare_metadata(MigrationContext.configure(rows), tables) == []
        assert rows.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert rows.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert rows.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_newer_folder_is_refused(used, tmp_path):
    with used.database.writing() as rows:
        rows.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsError, match="newer"):
        open_sqlite(tmp_path / "catalogue.sqlite")


def test_a_file_that_is_no_database(tmp_path):
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreUnavailable, match="did not answer"):
        open_sqlite(path)
    with pytest.raises(StoreUnavailable, match="cannot be made"):
        open_sqlite(tmp_path / "none" / "catalogue.sqlite")


def test_a_moment_without_a_time_zone_is_refused(used):
    with pytest.raises(Exception, match="time zone"):
        used.receive(batch_of("b9", received=filed_of("x").filed.replace(tzinfo=None)))
