"""Whom the search box finds: as typed, begun, heard, mistyped; and nobody else."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_people import Rows, person

from pipeline.document import Name
from pipeline.index.keys import patient_keys
from pipeline.index.namewords import bare, patient_words
from pipeline.index.search import find, joined, told_apart
from pipeline.index.seen import Seen

GARCIA = person("12345678", "García-Márquez|Ana María|Luz", "1961-03-04")
SMYTHE = person("20002222", "Smythe|John|Q", "1950-07-08")
CRUZ = person(
    "30003333",
    "de la Cruz|Katherine",
    "1980-01-01",
    aliases=(Name("Meier", "Kate", alias=True),),
)
CYRILLIC = person("40004444", "Иванов|Пётр", "1970-12-31")
SMITH = person("50005555", "Smith|Jon", "1950-07-08")
ROWS = Rows([GARCIA, SMYTHE, CRUZ, CYRILLIC, SMITH])


def found(text, limit=5):
    return [one.mrn for one in find(text, ROWS, limit)]


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("garcia", GARCIA),
        ("MARQ ana", GARCIA),
        ("ana garcia", GARCIA),
        ("maria garcia-marquez", GARCIA),
        ("GARCÍA-M", GARCIA),
        ("luz", GARCIA),
        ("ana luz", GARCIA),
        ("1234-5678", GARCIA),
        ("12345678", GARCIA),
        ("123456", GARCIA),
        ("5678", GARCIA),
        ("garcia 45678", GARCIA),
        ("gar 1961-03-04", GARCIA),
        ("3/4/1961", GARCIA),
        ("grcia ana", GARCIA),
        ("gacria ana", GARCIA),
        ("cruz kat", CRUZ),
        ("delacruz", CRUZ),
        ("Cruz, Katherine", CRUZ),
        ("maier kate", CRUZ),
        ("Иванов", CYRILLIC),
        ("smythe j", SMYTHE),
        ("john q smythe", SMYTHE),
    ],
)
def test_what_is_typed_finds_who_is_meant(typed, who):
    assert found(typed)[0] == who.mrn


def test_the_nearest_comes_first_and_no_more_than_asked():
    assert found("smith 1950-07-08") == [SMITH.mrn, SMYTHE.mrn]  # they sound alike
    assert found("smi 1950-07-08")[0] == SMITH.mrn
    assert set(found("1950-07-08")) == {SMYTHE.mrn, SMITH.mrn}
    assert found("smith")[0] == SMITH.mrn
    assert found("smitj") == [SMITH.mrn]
    assert len(found("sm", 1)) == 1


def test_who_fits_by_a_slip_only_does_not_end_the_search_before_its_round():
    """CARK begins no word; one Mark of a crowd came up by the other one, and fitted."""
    mark = person("60006666", "Zadako|Mark", "1950-07-08")
    crowd = [person(f"8{n:07}", "Zadako|Pedro", "1950-07-08") for n in range(100)]
    clark = person("70007777", "Clark|Zadako", "1950-07-09")
    assert clark in find("cark zadako", Rows([mark, *crowd, clark]), 5)


TYPED = (
    "smith", "sm", "smythe j", "smitj", "1950-07-08", "smi 1950-07-08", "garcia",
    "5678", "12345678", "19610304", "", "nobody", "john q smythe", "maier kate",
)  # fmt: skip
EVERYBODY = (GARCIA, SMYTHE, CRUZ, CYRILLIC, SMITH)


@given(st.sampled_from(TYPED), st.sets(st.sampled_from(EVERYBODY)))
def test_who_is_joined_stands_where_a_search_would_have_put_them(text, others):
    index = Rows([one for one in EVERYBODY if one not in others])
    told = joined(text, find(text, index, 5), list(others), 5)
    whole = find(text, ROWS, 5)
    assert tuple(one for one in told if one in whole) == whole


def test_who_is_joined_puts_nobody_out_who_fits_better():
    crowd = [person(f"8{n:07}", "Smith|Jon", "1950-07-08") for n in range(9)]
    early = person("90000000", "Smithers|Al", "1950-07-08")
    told = joined("smith", crowd, [early], 8)
    assert told == tuple(crowd[:8])
    assert joined("smi al", (), [early, GARCIA], 8) == (early,)


NOBODY = "- nobody 99999999 garcia_2222 garcia_john 1899-01-01 cruz_1961-03-04"


@pytest.mark.parametrize("typed", ["", "  ", *NOBODY.split()])
def test_nobody_is_found_where_something_does_not_fit(typed):
    assert found(typed.replace("_", " ")) == []


def test_digits_that_name_a_day_are_a_number_first():
    """One eight-digit MRN in 27 is a day as well, and was found by nobody."""
    one = person("58140830", "Lind|Ada", "1990-02-03")
    rows = Rows([GARCIA, one])
    assert find("58140830", rows, 5) == (one,)
    assert find("lind 58140830", rows, 5) == (one,)
    assert find("19610304", rows, 5) == (GARCIA,)
    assert find("garcia 19610304", rows, 5) == (GARCIA,)
    assert find("lind 19610304", rows, 5) == ()


def test_what_is_typed_is_told_apart():
    typed = told_apart("Ó'Brien, 12-34 1961-03-04 13/45/1961")
    assert typed.names == ("OBRIEN",)
    assert typed.numbers == ("1234", "13451961")
    assert typed.days == (dt.date(1961, 3, 4),)


def test_every_word_of_a_name_is_a_key_and_no_initial_is():
    words = {(one.part, one.word) for one in patient_words(GARCIA)}
    assert {("family", "GARCIA"), ("given", "ANA"), ("middle", "LUZ")} <= words
    assert {one.key for one in patient_words(GARCIA)} <= set(patient_keys(GARCIA))
    assert not [one for one in patient_words(SMYTHE) if one.word == "Q"]
    assert bare("Ó'Brien 2") == "OBRIEN2"


@given(st.lists(st.integers(1, 2**64 - 1)))
def test_an_id_is_seen_once(numbers):
    seen, known = Seen(), set()
    for number in [*numbers, *range(1, 4000), *numbers]:
        assert seen.add(number) == (number not in known)
        known.add(number)
