"""Blocking keys and words of names: how new people become findable, and who comes."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import insert

from pipeline.document import NameWord
from pipeline.store import key_rows
from pipeline.store.key_rows import key_number
from pipeline.store.patient_rows import SqlPatients
from pipeline.store.patient_tables import patient_key
from pipeline.store.patient_writing import Registered, made_ready
from tests.builders import empty_books, patient_of


@pytest.fixture
def people(tmp_path):
    people = SqlPatients(empty_books(tmp_path / "catalogue.sqlite").database)
    yield people
    people.database.close()


def row(mrn, family="Doe", keys=()):
    return Registered(patient_of(mrn, family), keys or (f"m{mrn}", f"n{family}"))


def ids(found):
    return [one.id for one in found]


def test_new_people_are_found_once_they_are_settled(people):
    """A kill before or within the settling loses nothing: it is done again."""
    people.write([made_ready(row("1")), made_ready(row("2", "Roe"))])
    assert people.with_keys(["nDoe"]) == ()
    assert people.mrn_owner("1") == "1"
    people.write([made_ready(row("2", "Poe"))])  # changed before it was settled
    with people.database.writing() as rows:
        rows.execute(insert(patient_key).values(key=key_number("nDoe"), patient=1))
    people.settle()
    assert ids(people.with_keys(["nDoe", "nPoe"])) == ["1", "2"]
    people.settle()
    assert people.with_keys(["nRoe"]) == ()


def test_many_come_in_by_way_of_shelves(people, monkeypatch):
    monkeypatch.setattr(key_rows, "_SORTED_AT_ONCE", 1)
    monkeypatch.setattr(key_rows, "_WRITTEN_AT_ONCE", 7)
    monkeypatch.setattr(key_rows, "_READ_AT_ONCE", 10)
    people.keep([row(str(n), keys=("all", f"m{n}", f"t{n % 10}")) for n in range(50)])
    assert len(people.with_keys(["all"])) == 50
    assert ids(people.with_keys(["t7"])) == ["17", "27", "37", "47", "7"]
    assert ids(people.with_keys(["m13"])) == ["13"]


def test_those_who_share_most_come_first_and_a_rare_key_counts_more(people):
    people.keep([row(str(n), keys=("all", f"t{n % 4}", f"m{n}")) for n in range(20)])
    assert ids(people.with_keys(["all", "t3", "m7"], 3))[0] == "7"
    assert ids(people.with_keys(["all", "t3", "m6"], 2)) == ["6", "3"]
    assert len(people.with_keys(["all"], 5)) == 5
    assert people.with_keys(["none"], 5) == people.with_keys([], 5) == ()


def test_of_a_crowd_behind_a_key_some_are_looked_at(people, monkeypatch):
    monkeypatch.setattr(key_rows, "CROWD", 3)
    people.keep([row(str(n), keys=("all", f"m{n}")) for n in range(9)])
    assert len(people.with_keys(["all"], 50)) == 3
    assert ids(people.with_keys(["all", "m8"], 2))[0] == "8"


def test_given_names_are_those_that_more_bear_as_such(people):
    def named(mrn, family, given):
        told = NameWord("family", family, ""), NameWord("given", given, "")
        keys = (f"m{mrn}", *(one.key for one in told))
        return dataclasses.replace(row(mrn, keys=keys), words=told)

    bearers = (("DOE", "JOHN"), ("DOE", "PARKER"), ("PARKER", "ANN"), ("PARKER", "ANN"))
    people.keep([named(str(n), *names) for n, names in enumerate(bearers)])
    assert people.given_names(9) == {"JOHN", "ANN"}
    assert people.given_names(1) == {"ANN"}


def test_the_words_of_names_are_counted_as_they_come_and_go(people):
    def named(mrn, *words):
        told = tuple(NameWord("family", one, one[:1]) for one in words)
        keys = (f"m{mrn}", *(one.key for one in told))
        return dataclasses.replace(row(mrn, keys=keys), words=told)

    people.keep([named("1", "DOE"), named("2", "DOE", "ROE"), named("3", "DOLE")])
    keys = ["family:DOE", "family:ROE", "family:POE"]
    assert people.bearers(keys) == dict(zip(keys, (2, 1, 0), strict=True))
    assert people.commoner("family", 1) == {"DOE": 2}
    assert people.commoner("given", 0) == {}
    people.keep([named("2", "POE"), named("1", "DOE")])
    assert people.bearers(keys) == dict(zip(keys, (1, 0, 1), strict=True))
    people.keep([named("4", "DOE")])
    assert [one.word for one in people.words_that_begin("DO", 9)] == ["DOE", "DOLE"]
    assert [one.word for one in people.words_that_sound("P", 9)] == ["POE"]
    assert [one.word for one in people.words_among(["POE", "DOE"])] == ["DOE", "POE"]
    assert ids(people.mrn_begins("4", 9)) == ["4"]
