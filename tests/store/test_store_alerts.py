"""Name alerts as rows: brought together group by group, kept, replaced, counted."""

from __future__ import annotations

import dataclasses

import pytest

from pipeline.document import PatientId
from pipeline.store import alert_rows
from pipeline.store.alert_rows import SqlAlerts
from pipeline.store.import_rows import PATIENTS, IndexChange, SqlIndexChanges
from pipeline.store.patient_rows import SqlPatients
from pipeline.store.patient_writing import Registered
from tests.builders import NOON, empty_books, patient_of

ONE, TWO, THREE = (PatientId(str(n)) for n in (1, 2, 3))


@pytest.fixture
def books(tmp_path):
    books = empty_books(tmp_path / "catalogue.sqlite")
    people = SqlPatients(books.database)
    people.keep([Registered(patient_of(n), (f"m{n}",)) for n in "123"])
    people.keep([Registered(patient_of("9"), ("m9",), "1")])
    yield books
    books.close()


@pytest.fixture
def alerts(books):
    return SqlAlerts(books.database)


def both(one, other, kind="twin"):
    return [(one, other, kind), (other, one, kind)]


def test_before_the_first_import_nothing_is_known(books, alerts):
    assert alerts.of(ONE) is None
    SqlIndexChanges(books.database).keep(IndexChange(PATIENTS, "ada"))
    assert alerts.of(ONE) == ()


def test_all_are_replaced_and_old_ones_go(alerts):
    alerts.replace_all(both(ONE, TWO))
    assert alerts.of(ONE) == (("twin", "2"),)
    alerts.replace_all(both(ONE, THREE, "Jr or Sr"))
    assert alerts.of(ONE) == (("Jr or Sr", "3"),)
    assert not alerts.of(TWO)


def test_until_a_run_has_ended_what_was_known_holds(alerts, monkeypatch):
    monkeypatch.setattr(alert_rows, "_AT_ONCE", 1)
    alerts.replace_all(both(ONE, TWO))

    def killed():
        yield from both(ONE, THREE)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        alerts.replace_all(killed())
    assert {mrn for _, mrn in alerts.of(ONE)} == {"2", "3"}
    alerts.replace_all(both(ONE, THREE))
    assert alerts.of(ONE) == (("twin", "3"),)


def test_some_are_replaced_and_the_others_stay(alerts):
    alerts.replace_all([*both(ONE, TWO), *both(TWO, THREE)])
    alerts.replace([ONE], both(ONE, THREE))
    assert alerts.of(ONE) == (("twin", "3"),)
    assert {mrn for _, mrn in alerts.of(THREE)} == {"1", "2"}
    assert alerts.of(TWO) == (("twin", "3"),)


def test_one_who_was_merged_away_is_nobody_s_alert(alerts):
    alerts.replace_all(both(TWO, PatientId("9")))
    assert not alerts.of(TWO)


def test_counts_are_of_patients(alerts):
    alerts.replace_all([*both(ONE, TWO), *both(TWO, THREE, "Jr or Sr")])
    counts = alerts.counts()
    assert counts.kinds == (("Jr or Sr", 2), ("twin", 2))
    assert (counts.alerted, counts.patients, counts.share) == (3, 3, 1.0)
    alerts.replace_all([])
    assert (alerts.counts().share, alerts.counts().kinds) == (0.0, ())


def test_the_index_is_as_old_as_the_list_that_came_last(books):
    changes = SqlIndexChanges(books.database, lambda: NOON)
    assert (changes.as_of(), changes.all()) == (None, ())
    day = dataclasses.replace(IndexChange(PATIENTS, "ada"), as_of=NOON, rows=3)
    assert changes.keep(day) == 1
    older = dataclasses.replace(day, as_of=NOON.replace(year=2020), file="ab")
    changes.keep(older)
    changes.keep(IndexChange("imported encounters", "ada"))
    assert changes.as_of() == NOON.replace(year=2020)
    assert changes.all()[:2] == (day, older)
    assert books.first_bad_audit_line() is None
