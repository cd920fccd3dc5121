"""Blocking: a spoiled page still calls its patient to mind."""

import datetime as dt

import pytest
from index_people import ISO_FORMAT, clue, index_of, person, with_check_digit

from pipeline.document import Encounter, Identifier, Name, PatientId
from pipeline.index.keys import clue_keys, iso_day, misread_days, patient_keys
from pipeline.index.sounds import phonetic

MRN = with_check_digit(123456)
DOE = person(
    MRN,
    "Garcia-Lopez|Elizabeth|Ann",
    "1961-03-14",
    phone="(518) 555-0142",
    identifiers=(
        Identifier("777", "", "MR"),
        Identifier("A-9", "", "AN"),
    ),
    aliases=(Name("Meyer", "Elizabeth", alias=True),),
)
STAY = Encounter("V-100", "GH", PatientId(DOE.id))


def spoiled(mrn: str) -> str:
    other = "3" if mrn[3] != "3" else "7"
    return mrn[:3] + other + mrn[4:]


@pytest.mark.parametrize(
    "clues",
    [
        [clue("mrn", MRN)],
        [clue("mrn", f"{MRN[:4]}-{MRN[4:]}")],
        [clue("mrn", spoiled(MRN))],
        [clue("mrn", MRN[1:])],
        [clue("mrn", "777")],
        [clue("cover patient", MRN, by="code128")],
        [clue("account", "A9")],
        [clue("encounter", "V100")],
        [clue("born", "1961-03-14")],
        [clue("born", "1961-03-19"), clue("name", "GARCIA|X||")],
        [clue("born", "1967-03-14"), clue("name", "LOPEZ|X||")],
        [clue("born", "1961-03-19"), clue("name", "MAIER|E||")],
        [clue("born", "1960-01-01"), clue("born", "1961-01-01"),
         clue("name", "MAIER|E||")],
        [clue("name", "GARCIA LOPEZ|ELIZABETH||")],
        [clue("name", "GARCIALOPEZ|BETTY||")],
        [clue("name", "GARCIA|LIZ||")],
        [clue("name", "ELIZABETH|MEYER||")],
        [clue("phone", "5185550142")],
        [clue("phone", "5550142")],
    ],
)  # fmt: skip
def test_it_is_found(clues):
    assert index_of([DOE], [STAY]).candidates(clues) == (DOE,)


@pytest.mark.parametrize(
    "clues",
    [
        [],
        [clue("mrn", MRN, role="mother")],
        [clue("name", "GARCIA|E||")],
        [clue("born", "not a day")],
        [clue("phone", "0142")],
    ],
)
def test_it_is_not_found(clues):
    assert index_of([DOE], [STAY]).candidates(clues) == ()


def test_the_index_passes_on_size_and_encounters():
    index = index_of([DOE], [STAY], size=7)
    assert (index.size, index.encounters(DOE.id)) == (7, (STAY,))


def test_keys_are_few_sorted_and_single():
    keys = patient_keys(DOE, [STAY])
    assert list(keys) == sorted(set(keys))
    assert len(keys) < 40
    asked = clue_keys(
        [clue("mrn", MRN), clue("born", "1961-03-14"), clue("name", "DOE|JOHN||")],
        ISO_FORMAT,
    )
    assert len(asked) < 250


def test_sounds():
    assert phonetic("Smith") == phonetic("Smythe")
    assert phonetic("Meyer") == phonetic("Maier")
    assert phonetic("Philips") == phonetic("Fillips")
    assert phonetic("Smith") != phonetic("Jones")


def test_misread_days():
    days = misread_days(dt.date(1961, 3, 4))
    assert dt.date(1961, 4, 3) in days
    assert dt.date(1967, 3, 4) in days
    assert dt.date(1961, 3, 4) not in days
    assert misread_days(dt.date(999, 1, 1)) == frozenset()
    assert iso_day("x") is None
