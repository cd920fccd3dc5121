"""Merges are edges: what an unmerge gives back, and who is told of it."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.document import Identifier, Name, PatientId
from pipeline.store.encounter_rows import Stayed
from pipeline.store.patient_rows import SqlPatients
from pipeline.store.patient_writing import Registered
from pipeline.store.sql_catalogue import SqlCatalogue
from pipeline.store.steward_rows import OldNumber, SqlSteward
from tests.builders import NOON, empty_books, patient_of

FAMILIES = {"1": "Doe", "2": "Roe", "3": "Poe", "4": "Loe"}


def registered():
    rows = [row(n, name) for n, name in FAMILIES.items()]
    return [*rows, row("5", "Old", "4")]


def row(mrn, family, into=""):
    return Registered(patient_of(mrn, family), (f"n{family}",), into)


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    books = empty_books(tmp_path_factory.mktemp("steward") / "catalogue.sqlite")
    SqlPatients(books.database).keep(registered())
    yield books
    books.close()


@pytest.fixture
def people(books):
    return SqlPatients(books.database)


@pytest.fixture
def steward(books):
    return SqlSteward(books.database, lambda: NOON)


def state(people):
    """All that is read of anybody."""
    keys = [f"n{name}" for name in (*FAMILIES.values(), "Old")]
    owners = {mrn: people.mrn_owner(mrn) for mrn in "12345"}
    found = {key: people.with_keys([key]) for key in keys}
    return owners, found, people.count(), people.with_keys(keys, 9)


def test_a_merge_is_undone_by_taking_its_edge_away(people, steward, books):
    before = state(people)
    steward.merge(PatientId("1"), PatientId("2"), "clerk ada", "registered twice")
    [one] = people.with_keys(["nDoe"])
    assert (one.mrn, one.names[1]) == ("2", Name("Doe", "Jane", alias=True))
    assert one.identifiers == (Identifier("1", "", "MR"),)
    assert people.mrn_owner("1") == "2"
    assert people.count() == before[2] - 1
    with pytest.raises(ValueError, match="already"):
        steward.merge(PatientId("1"), PatientId("3"), "clerk ada", "again")
    with pytest.raises(ValueError, match="circle"):
        steward.merge(PatientId("2"), PatientId("1"), "clerk ada", "round")
    with pytest.raises(KeyError):
        steward.merge(PatientId("99"), PatientId("1"), "clerk ada", "nobody")
    assert not steward.unmerge(PatientId("1"), "clerk bea", "two people")
    assert state(people) == before
    with pytest.raises(ValueError, match="not merged"):
        steward.unmerge(PatientId("1"), "clerk bea", "again")
    acts = steward.acts([PatientId("1")])
    assert [(a.did, a.other, a.by, a.reason, a.at) for a in acts] == [
        ("merged", "2", "clerk ada", "registered twice", NOON),
        ("unmerged", "2", "clerk bea", "two people", NOON),
    ]
    assert books.first_bad_audit_line() is None


@settings(
    max_examples=settings.default.max_examples // 4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(st.tuples(st.sampled_from("1234"), st.sampled_from("1234")), max_size=5)
)
def test_merges_taken_back_in_any_order_leave_what_was(people, steward, pairs):
    before = state(people)
    done = []
    for one, other in pairs:
        try:
            steward.merge(PatientId(one), PatientId(other), "clerk ada", "why")
        except ValueError:
            continue
        done.append(one)
        assert people.count() == before[2] - len(done)
    for one in sorted(done):
        steward.unmerge(PatientId(one), "clerk ada", "why not")
    assert state(people) == before


def test_a_list_does_not_undo_a_steward_and_a_steward_undoes_a_list(people, steward):
    before = state(people)
    steward.merge(PatientId("3"), PatientId("2"), "clerk ada", "twice")
    people.keep(registered())
    assert people.mrn_owner("3") == "2"
    steward.unmerge(PatientId("3"), "clerk ada", "two")
    assert people.mrn_owner("5") == "4"
    assert steward.unmerge(PatientId("5"), "clerk ada", "the list is wrong")
    assert people.mrn_owner("5") == "5"
    people.keep(registered())
    assert state(people) == before


def test_old_numbers_lead_to_their_patient_and_outlive_the_next_list(people, steward):
    def old(value, mrn, authority="GEN"):
        return OldNumber(value, authority, mrn, f"m:{value}")

    rows = [old("A1", "1"), old("A2", "99"), old("A1", "2"), old("A3", "1", "EAST")]
    assert steward.keep_old_numbers(rows) == (1,)
    assert steward.keep_old_numbers(rows) == (1,)
    people.keep(registered())
    people.keep([Registered(patient_of("1", "Dough"), ("nDoe", "x"))])
    [one] = people.with_keys(["m:A3"])
    assert (one.mrn, one.identifiers) == ("1", (Identifier("A3", "EAST", "MR"),))
    assert Identifier("A1", "GEN", "MR") in people.get(PatientId("2")).identifiers
    people.keep(registered())


def test_a_row_is_told_from_whom_it_has_become(people, steward):
    assert steward.row_with("5") == "5"
    assert steward.row_with("77") is None
    assert people.row(PatientId("5")).names[0].family == "Old"
    assert people.row(PatientId("77")) is None
    assert people.rows_of(PatientId("4")) == ("4", "5")


def test_a_stay_before_birth_shows_a_record_of_two(tmp_path):
    from pipeline.document import Encounter

    books: SqlCatalogue = empty_books(tmp_path / "catalogue.sqlite")
    people = SqlPatients(books.database)
    people.keep([Registered(patient_of(n), ()) for n in "12"])
    born = patient_of().born
    days = (born.replace(year=1950), born.replace(year=2000))
    people.keep_encounters(
        Stayed(Encounter(f"E{n}", "", PatientId(n), "I", day), f"a:E{n}", n)
        for n, day in zip("12", days, strict=True)
    )
    assert [p.mrn for p in people.overlaid()] == ["1"]
    assert len(people.drawn(9, 1)) == 2
    assert people.drawn(1, 1) == people.drawn(1, 1)
    books.close()


def test_who_is_merged_keeps_what_the_list_says(people):
    whole = dataclasses.replace(patient_of("1", "Doe"), phone="555")
    people.keep([Registered(whole, ("nDoe",))])
    assert people.get(PatientId("1")).phone == "555"
    people.keep(registered())
