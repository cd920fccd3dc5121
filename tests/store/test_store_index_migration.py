"""A data folder from before patient lists had a time."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import text

from pipeline.store.import_rows import SqlIndexChanges
from pipeline.store.packing import PATIENT
from pipeline.store.patient_rows import SqlPatients
from pipeline.store.patient_writing import Registered
from pipeline.store.sql_catalogue import SqlCatalogue
from tests.builders import patient_of
from tests.store.older import folder_of

AT = "2026-01-02T03:04:05+00:00"
PERSON = "INSERT INTO patient (id, mrn, facility, facts) VALUES ('1', '1', '', '')"
LINE = f"INSERT INTO audit VALUES (1, '{AT}', 'a', 'imported', 'patients', '')"


def old_folder(path, monkeypatch, *, audited: bool):
    with folder_of(path, "0002", monkeypatch) as rows:
        rows.execute(text(PERSON))
        if audited:
            rows.execute(text(LINE))


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


def test_everybody_is_found_as_before(tmp_path, monkeypatch):
    said = "INSERT INTO patient (id, mrn, facility, facts) VALUES (:id, :id, '', :f)"
    kept = "INSERT INTO patient_key VALUES (:key, :id)"
    with folder_of(tmp_path / "c.sqlite", "0005", monkeypatch) as rows:
        for mrn in "123":
            facts = {"id": mrn, "f": PATIENT.text(patient_of(mrn))}
            rows.execute(text(said), facts)
            for key in (f"m:{mrn}", "n:DOE|JANE"):
                rows.execute(text(kept), {"id": mrn, "key": key})
    people = SqlPatients(SqlCatalogue(tmp_path / "c.sqlite").database)
    assert [p.mrn for p in people.with_keys(["n:DOE|JANE"])] == ["1", "2", "3"]
    assert [p.mrn for p in people.with_keys(["m:2"], 5)] == ["2"]
    assert people.count() == 3
    people.keep(
        [Registered(patient_of("2"), ("m:9",)), Registered(patient_of("4"), ())]
    )
    assert [p.mrn for p in people.with_keys(["n:DOE|JANE"])] == ["1", "3"]
    assert people.count() == 4
    people.database.close()
