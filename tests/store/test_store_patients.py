"""The patient index: merged records, numbers at two facilities, lookups."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from pipeline.document import Encounter, Identifier, Name, Patient, PatientId
from pipeline.store.encounter_rows import Stayed
from pipeline.store.patient_rows import SqlPatients
from pipeline.store.patient_writing import Registered
from pipeline.store.sql_catalogue import SqlCatalogue
from tests.builders import (
    batch_of,
    cut_of,
    decision_of,
    empty_books,
    filed_of,
    patient_of,
    sources,
)


@pytest.fixture
def people(tmp_path):
    people = SqlPatients(empty_books(tmp_path / "catalogue.sqlite").database)
    yield people
    people.database.close()


def row(mrn, family="Doe", into="", facility="", keys=()):
    person = dataclasses.replace(
        patient_of(mrn, family), id=PatientId(f"{facility}{mrn}"), facility=facility
    )
    return Registered(person, keys or (f"m{mrn}", f"n{family}"), into)


@pytest.mark.parametrize("others", [0, 9])
def test_who_is_there_is_found_among_a_stretch_of_others(people, others):
    """However many rows stand between the first id of a portion and the last."""
    people.keep([row("1"), row("5"), *(row(f"3{n}") for n in range(others))])
    people.keep([row("0"), row("1", "Roe"), row("5"), row("7"), row("2", "Roe")])
    assert ids(people.with_keys(["nRoe"])) == ["1", "2"]
    assert people.count() == 5 + others
    assert ids(people.with_keys(["m0", "m5", "m7"])) == ["0", "5", "7"]


def ids(found):
    return [one.id for one in found]


def test_importing_twice_is_importing_once(people):
    rows = [row("1"), row("2", "Roe")]
    assert people.keep(rows) == 2
    before = people.with_keys(["nDoe", "nRoe"])
    people.keep(rows)
    assert (
        people.with_keys(["nDoe", "nRoe"])
        == before
        == (
            rows[0].patient,
            rows[1].patient,
        )
    )
    assert people.count() == 2
    people.keep([row("2", "Poe")])
    assert people.with_keys(["nRoe"]) == ()
    assert ids(people.with_keys(["nPoe", "m2"])) == ["2"]


def test_a_merged_record_leads_to_its_survivor(people):
    account = Identifier("A9", "GEN", "AN")
    old = dataclasses.replace(row("1", "Maiden").patient, identifiers=(account,))
    people.keep(
        [
            Registered(old, ("m1",), "2"),
            row("2", "Middle", into="3"),
            row("3", "Doe"),
            row("9", "Lost", into="404"),
            row("7", "Round", into="8"),
            row("8", "Round", into="7"),
        ]
    )
    (person,) = people.with_keys(["m1", "m2", "m3"])
    assert (person.id, person.mrn) == ("3", "3")
    assert person.names == (
        Name("Doe", "Jane"),
        Name("Middle", "Jane", alias=True),
        Name("Maiden", "Jane", alias=True),
    )
    assert set(person.identifiers) == {
        Identifier("1", "", "MR"),
        Identifier("2", "", "MR"),
        account,
    }
    assert people.get(PatientId("1")) == person
    assert people.mrn_owner("1") == people.mrn_owner("3") == "3"
    assert people.with_keys(["m9", "m7"]) == ()
    assert people.get(PatientId("9")) is None
    assert people.count() == 1


def test_a_number_is_found_as_people_write_it(people):
    people.keep([row("12345678")])
    assert people.mrn_owner("12-34-56-78") == "12345678"
    assert people.mrn_owner(" 1234 5678 ") == "12345678"
    assert people.mrn_owner("12345679") is None


def test_a_number_at_two_facilities_is_two_people(people):
    people.keep(
        [
            row("1", facility="EAST"),
            row("1", "Roe", facility="WEST"),
            row("5", "Old", into="1", facility="WEST"),
        ]
    )
    assert people.mrn_owner("1") is None
    assert people.mrn_owner("1", "WEST") == "WEST1"
    assert people.mrn_owner("5") == "WEST1"
    assert people.get(PatientId("EAST1")).identifiers == ()
    assert people.get(PatientId("WEST1")).identifiers == (
        Identifier("5", "WEST", "MR"),
    )


def test_encounters_go_to_whom_they_belong(people):
    people.keep([row("1", facility="EAST"), row("2", "Old", into="1", facility="EAST")])
    day = dt.date(2020, 1, 1)
    stay = Encounter("E1", "EAST", PatientId("EAST1"), "I", day, None)
    by_mrn = Encounter("E2", "WEST", PatientId("WEST2"), "O")
    nobody = Encounter("E3", "EAST", PatientId("EAST9"), "O")
    rows = [
        Stayed(stay, "a:E1", "1"),
        Stayed(by_mrn, "a:E2", "2"),
        Stayed(nobody, "a:E3", "9"),
    ]
    for _ in range(2):
        assert people.keep_encounters(rows) == (2,)
    assert people.encounters(PatientId("EAST1")) == (
        stay,
        dataclasses.replace(by_mrn, patient=PatientId("EAST1")),
    )
    assert people.encounters(PatientId("EAST9")) == ()
    assert ids(people.with_keys(["a:E2"])) == ["EAST1"]
    people.keep([row("1", facility="EAST")])  # imported again
    assert ids(people.with_keys(["a:E1"])) == ["EAST1"]


def test_a_chart_follows_its_patient_through_a_merge(people):
    books = SqlCatalogue(people.database)
    batch = books.receive(batch_of("b1"))
    books.opened(batch, sources(1), {})
    books.keep_cut(batch, cut_of("b1", (1,)))
    filed = books.file(filed_of("b1-1", decision_of("1")))
    people.keep([row("1", into="2"), row("2")])
    assert list(books.of_patient(PatientId("2"))) == [filed]


@pytest.mark.slow
def test_a_crowd_comes_in_at_more_than_500_a_second(people):  # 3000 on an idle core
    def crowd():
        for n in range(10_000):
            mrn, family = f"{n:08}", f"F{n % 9973}"
            name = Name(family, f"G{n % 997}", "M")
            person = Patient(PatientId(mrn), mrn, (name,), dt.date(1950, 1, 1))
            yield Registered(person, tuple(f"{k}{n % 9973}" for k in "abcdef"))

    start = dt.datetime.now(dt.UTC)
    assert people.keep(crowd()) == people.count() == 10_000
    assert dt.datetime.now(dt.UTC) - start < dt.timedelta(seconds=20)
    assert ids(people.with_keys(["a7"], 3)) == ["00000007", "00009980"]
