"""A data folder from before patient lists had a time."""

from __future__ import annotations

import datetime as dt

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from pipeline.store import database as opening
from pipeline.store.import_rows import SqlIndexChanges
from pipeline.store.sql_catalogue import SqlCatalogue

AT = "2026-01-02T03:04:05+00:00"
PERSON = "INSERT INTO patient (id, mrn, facility, facts) VALUES ('1', '1', '', '')"
LINE = f"INSERT INTO audit VALUES (1, '{AT}', 'a', 'imported', 'patients', '')"


def old_folder(path, monkeypatch, *, audited: bool):
    monkeypatch.setattr(opening, "_migrate", lambda _: None)
    database = opening.open_sqlite(path)
    config = Config()
    config.set_main_option("script_location", str(opening._MIGRATIONS))
    with database.writing() as rows:
        config.attributes["connection"] = rows
        command.upgrade(config, "0002")
        rows.execute(text(PERSON))
        if audited:
            rows.execute(text(LINE))
    database.close()
    monkeypatch.undo()


def test_the_time_of_its_last_import_holds(tmp_path, monkeypatch):
    old_folder(tmp_path / "c.sqlite", monkeypatch, audited=True)
    books = SqlCatalogue(tmp_path / "c.sqlite")
    changes = SqlIndexChanges(books.database)
    assert changes.as_of() == dt.datetime.fromisoformat(AT)
    assert [one.by for one in changes.all()] == ["migration"]


def test_without_an_audit_line_the_time_of_the_migration_does(tmp_path, monkeypatch):
    old_folder(tmp_path / "c.sqlite", monkeypatch, audited=False)
    books = SqlCatalogue(tmp_path / "c.sqlite")
    as_of = SqlIndexChanges(books.database).as_of()
    assert as_of is not None
    assert dt.datetime.now(dt.UTC) - as_of < dt.timedelta(minutes=5)


def test_a_new_folder_has_no_time(tmp_path):
    books = SqlCatalogue(tmp_path / "c.sqlite")
    assert SqlIndexChanges(books.database).as_of() is None
