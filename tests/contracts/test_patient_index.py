"""What every PatientIndex promises: over a list in memory, and over the database."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from pipeline.document import Encounter, Name, Patient, PatientId
from pipeline.finding import Clue
from pipeline.index.candidates import MOST, KeyedIndex
from pipeline.index.keys import encounter_key, patient_keys
from pipeline.index.namewords import patient_words
from pipeline.index.numbers import MrnFormat
from pipeline.index.search import find
from pipeline.page import Box
from pipeline.store.encounter_rows import Stayed
from pipeline.store.patient_rows import SqlPatients
from pipeline.store.patient_writing import Registered
from tests.builders import empty_books
from tests.index.index_people import Rows

BORN = dt.date(1961, 3, 14)
DOE = Patient(
    PatientId("id-1"),
    "10004000",
    (Name("Doe", "Jane", "Q"), Name("Meyer", "Jane", alias=True)),
    BORN,
    phone="518-555-0142",
)
TWIN = dataclasses.replace(
    DOE, id=PatientId("id-2"), mrn="10004001", names=(Name("Doe", "John"),), phone=""
)
STAY = Encounter("V-77", "", DOE.id, "I", dt.date(2020, 1, 1))
CROWD = tuple(
    Patient(PatientId(f"c{n}"), f"2{n:07}", (Name("Smith", "James"),), BORN)
    for n in range(MOST + 20)
)
PEOPLE = (DOE, TWIN, *CROWD)


def in_memory(_path):
    return Rows(PEOPLE, [STAY])


def in_database(path):
    people = SqlPatients(empty_books(path / "catalogue.sqlite").database)
    people.keep(Registered(p, patient_keys(p), "", patient_words(p)) for p in PEOPLE)
    people.keep_encounters([Stayed(STAY, encounter_key(STAY), DOE.mrn)])
    return people


@pytest.fixture(scope="module", params=[in_memory, in_database])
def rows(request, tmp_path_factory):
    return request.param(tmp_path_factory.mktemp("index"))


@pytest.fixture
def index(rows):
    return KeyedIndex(rows, MrnFormat((8,)))


def said(**fields):
    box = Box(0, 0, 1, 1)
    return [Clue(f.rstrip("_"), v, v, 1, box, 0.9) for f, v in fields.items()]


@pytest.mark.parametrize(
    "clues",
    [
        {"mrn": "10004000"},
        {"mrn": "1000400O"},  # a letter for a zero
        {"account": "V-77"},
        {"phone": "(518) 555-0142"},
        {"name": "DOE|JANE||"},
        {"name": "JANE|DOE||"},
        {"name": "MEYER|JANE||"},
        {"born": "1961-03-14", "name": "DOW|JANE||"},
        {"born": "1961-03-15", "name": "DOE|||"},
    ],
)
def test_whoever_shares_a_key_is_a_candidate(index, clues):
    assert DOE in index.candidates(said(**clues))


def test_of_a_crowd_those_come_who_share_most(index):
    found = index.candidates(said(name="DOE|JANE||", born="1961-03-14"))
    assert len(found) <= MOST
    assert DOE in found[:2]
    assert TWIN in found[:5]
    assert index.candidates(said(name="ROE|MARY||")) == ()
    assert index.candidates([]) == ()


def test_only_the_subject_is_asked_after(index):
    [clue] = said(mrn="10004000")
    assert index.candidates([dataclasses.replace(clue, role="clinician")]) == ()


def test_stays_and_size_are_told(index):
    assert index.encounters(DOE.id) == (STAY,)
    assert index.encounters(TWIN.id) == ()
    assert index.size == len(PEOPLE)
    assert index.alerts(DOE.id) is None


def test_how_common_a_name_is_comes_from_its_bearers(index):
    shares = index.frequencies(["SMITH", "DOE", "MEYER", "JAMES", "JANE"])
    assert shares.given("JAMES") > shares.given("JANE")
    assert shares.family("DOE") > shares.family("MEYER")
    assert shares.family("NOBODY") == shares.family("")


@pytest.mark.parametrize(
    "typed",
    [
        "doe jane",
        "jane d",
        "10004000",
        "meyer",
        "mayer jane",
        "doe 1961-03-14",
        "jaen doe",
    ],
)
def test_a_clerk_finds_whom_it_holds(rows, typed):
    found = find(typed.replace("_", " "), rows, 5)
    assert found[0].id == DOE.id or found[:2] == (TWIN, DOE)
