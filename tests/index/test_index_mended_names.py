"""Names that were lost or made up: letterheads, misread digits, two given names."""

import dataclasses

import pytest
from index_people import ISO_FORMAT, clue, person, with_check_digit
from printed import RULES, clue_map, page_of
from test_index_relatives import BODY, JOHN, filed
from test_index_relatives import page_of as sheet

from pipeline.document import Identifier
from pipeline.index.alike import given_agrees, names_other
from pipeline.index.clues import clues_of
from pipeline.index.evidence import Known, compare
from pipeline.index.frequency import NameCounts
from pipeline.index.keys import clue_keys, patient_keys
from pipeline.index.matchrules import MatchRules
from pipeline.index.names import name_from_value
from pipeline.index.numbers import MrnFormat

MRN = JOHN.mrn


def read(*lines):
    return clue_map(clues_of(page_of("\n".join(lines)), RULES))


@pytest.mark.parametrize(
    "house", ["MERCY VALLEY HOSPITAL", "SAINT CLARE HOSPITRL", "Mary Grace Clinic"]
)
def test_a_letterhead_is_nobodys_name(house):
    assert "name" not in read(house, "MRN: 12345678   DOB: 03/14/1961")


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("Mary P C1ark", "CLARK|MARY|P|"),
        ("CLARK, 8ENJAMIN", "CLARK|BENJAMIN||"),
        ("D0NNELLY, JOHN", "DONNELLY|JOHN||"),
        ("Carranza; Alice A", "CARRANZA|ALICE|A|"),
    ],
)
def test_a_digit_in_a_name_is_the_letter_that_it_was(printed, value):
    assert read(f"Patient Name: {printed}")["name"] == [value]


def test_a_number_is_no_name():
    assert read("Patient Name: CLARK, JOHN B12345")["name"] == ["CLARK|JOHN||"]


def test_a_surname_that_is_a_label_elsewhere_is_a_surname():
    assert read("Patient Name: WARD, ROBERT   MRN: 12345678") == {
        "name": ["WARD|ROBERT||"],
        "mrn": ["12345678"],
    }


def weighed(patient, *clues, form=ISO_FORMAT):
    known = Known(MatchRules(), NameCounts(), form=form)
    return {e.source: e for e in compare(clues, patient, known)}


def test_two_given_names_that_are_registered_as_one():
    lan = person(with_check_digit(5), "Nguyen|Thi Lan", "1970-05-05")
    found = weighed(lan, clue("name", "NGUYEN|THI|LAN|"))
    assert found["given name"].exact
    assert found["given name"].weight > 5
    assert "middle name" not in found
    asked = set(clue_keys((clue("name", "NGUYEN|THI|LAN|"),), ISO_FORMAT))
    assert asked & set(patient_keys(lan))
    mary = person(with_check_digit(6), "Doe|Mary|Ann", "1970-05-05")
    assert weighed(mary, clue("name", "DOE|MARY|ANN|"))["middle name"].exact


def test_a_number_given_away_by_its_check_digit_is_the_patients():
    slip = MRN[:3] + str((int(MRN[3]) + 4) % 10) + MRN[4:]
    two = slip[:5] + str((int(slip[5]) + 4) % 10) + slip[6:]
    assert weighed(JOHN, clue("mrn", MRN))["mrn"].exact
    assert weighed(JOHN, clue("mrn", slip))["mrn"].exact
    assert not weighed(JOHN, clue("mrn", two))["mrn"].exact
    assert not weighed(JOHN, clue("mrn", slip), form=MrnFormat())["mrn"].exact
    valid = with_check_digit(int(MRN[:-1]) + 1)  # somebody's own
    assert not weighed(JOHN, clue("mrn", valid))["mrn"].exact
    odd = dataclasses.replace(JOHN, mrn=slip)  # held without a right check digit
    assert not weighed(odd, clue("mrn", two))["mrn"].exact


def head(family, given, mrn, born="03/14/1961"):
    name = f"Patient Name: {family}, {given}".upper()
    return [name, f"MRN: {mrn}  DOB: {born}", *BODY]


def test_who_married_is_filed_by_number_birth_date_and_given_name():
    assert filed((JOHN,), [sheet(1, *head("Okafor", "John", MRN))]) == {1: JOHN.id}


@pytest.mark.parametrize(
    "lines",
    [
        head("Okafor", "Peter", MRN),
        head("Okafor", "John", MRN, "03/15/1961"),
        ["Patient Name: OKAFOR, JOHN  DOB: 03/14/1961", *BODY],
        ["Patient Name: OKAFOR, JOHN", f"MRN: {MRN}", *BODY],
    ],
)
def test_another_surname_with_less_beside_it_waits_for_a_clerk(lines):
    assert filed((JOHN,), [sheet(1, *lines)]) == {}


def test_the_given_name_alone_must_agree_in_full():
    assert given_agrees(name_from_value("OKAFOR|JON||"), JOHN)
    assert not given_agrees(name_from_value("OKAFOR|J||"), JOHN)
    assert not given_agrees(name_from_value("OKAFOR|PETER||"), JOHN)


def test_rn_is_m_only_where_it_was_m():
    sandra = person(with_check_digit(7), "Myers|Sandra", "1962-07-19")
    assert not names_other(name_from_value("MYERS|SRNDRA||"), sandra)
    morris = person(with_check_digit(8), "Myers|Morris", "1962-07-19")
    assert not names_other(name_from_value("MYERS|RNORRIS||"), morris)


def test_a_page_is_filed_by_a_number_that_its_check_digit_mends():
    slip = MRN[:3] + str((int(MRN[3]) + 4) % 10) + MRN[4:]
    page = sheet(1, "Patient Name: WHITFIELD, JOHN", f"MRN: {slip}", *BODY)
    assert filed((JOHN,), [page]) == {1: JOHN.id}
    other = sheet(1, "Patient Name: OKAFOR, ANNA", f"MRN: {slip}", *BODY)
    assert filed((JOHN,), [other]) == {}


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("Nome: CLARK, JOHN", {"name": ["CLARK|JOHN||"]}),  # or "note", or "home"
        ("Nae: CLARK, JOHN", {"name": ["CLARK|JOHN||"]}),
        ("Lost Nome: Clark   Fist Name: John", {"name": ["CLARK|JOHN||"]}),
        ("ast Name: Clark   First Nane: John", {"name": ["CLARK|JOHN||"]}),
        ("Date of Birnh: 03/14/1961", {"born": ["1961-03-14"]}),
        ("Dafe of Bltth: 03/14/1961", {"born": ["1961-03-14"]}),
        ("BIRTH DATE: Jau 14, 1961", {"born": ["1961-01-14"]}),
        ("DcOB: 03/14/1961", {"born": ["1961-03-14"]}),
        ("MRxN: 12345678", {"mrn": ["12345678"]}),
        ("Mai 14, 1961", {}),
    ],
)
def test_a_misread_label_is_told_by_its_neighbour_and_its_colon(printed, found):
    assert read("PROGRESS NOTE", printed) == found


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Patient Name: MITCHELL, GRACE   MRN: 12345678", "MITCHELL|GRACE||"),
        ("Patient Name: MCDONALD, ALAN   MRN: 12345678", "MCDONALD|ALAN||"),
        ("Last Name: Phan   First Name: Thi Ngoc", "PHAN|THI NGOC||"),
        ("Last Name: Wright   First Name: Joshua", "WRIGHT|JOSHUA||"),
    ],
)
def test_a_name_beside_a_label_is_no_label_misread(printed, name):
    """GRACE is no "race", PHAN and ALAN no "plan", WRIGHT no "weight"."""
    assert read(printed)["name"] == [name]


@pytest.mark.parametrize(
    ("held", "printed"),
    [("Guillermo", "MEMO"), ("Dmitri", "DIMA"), ("Aleksandr", "SASHA")],
)
def test_short_forms_of_every_origin_are_the_same_person(held, printed):
    patient = person(with_check_digit(11), f"Borenko|{held}", "1961-03-14")
    told = weighed(patient, clue("name", f"BORENKO|{printed}||"))
    assert told["given name"].weight > 0
    assert not names_other(name_from_value(f"BORENKO|{printed}||"), patient)


def test_who_share_a_short_form_are_not_one_person_for_it():
    alberto = person(with_check_digit(11), "Ruiz|Alberto", "1961-03-14")
    assert not names_other(name_from_value("RUIZ|BETO||"), alberto)
    assert names_other(name_from_value("RUIZ|ROBERTO||"), alberto)


@pytest.mark.parametrize(
    ("given", "against"),
    [
        ("CHRIST0PHFR", False),
        ("CHNSTOPHER", True),  # as long as a sister's or brother's name may be
        ("CHRISTOPHES", True),
        ("CHARLES", True),
        ("CHRISTIAN", True),  # a name, so that it may be a brother's
        ("CHNSTPHER", True),
    ],
)
def test_two_letters_of_a_long_name_misread_speak_against_nobody(given, against):
    counts = NameCounts(givens={"CHRISTIAN": 0.002, "CHARLES": 0.01})
    held = person(MRN, "Hubbard|Christopher", "1990-12-19")
    said = compare(
        [clue("name", f"HUBBARD|{given}||")], held, Known(MatchRules(), counts)
    )
    assert any(e.source == "given name" and e.weight < 0 for e in said) is against


@pytest.mark.parametrize(
    ("held", "printed"),
    [
        ("Okafor|Alexander", "OKAFOR|ALEXANDRA||"),
        ("Okafor|Gabrielle", "OKAFOR|GABRIEL||"),
        ("Hernandez|Ann", "FERNANDES|ANN||"),
    ],
)
def test_a_twins_name_or_another_surname_is_no_misreading(held, printed):
    patient = person(MRN, held, "2013-04-03")
    found = weighed(patient, clue("name", printed))
    assert min(e.weight for e in found.values()) < 0


def test_half_a_name_speaks_against_another_given_name():
    """ "Patient Name: Julian M." on a page among his mother's papers."""
    rules = dataclasses.replace(RULES, given_names=frozenset({"JULIAN"}))
    found = clues_of(page_of("Patient Name: Julian M."), rules)
    assert [c.role for c in found if c.field == "name"] == ["subject"]
    mother = person(MRN, "Whitfield|Ann", "1961-03-14")
    assert min(e.weight for e in weighed(mother, *found).values()) < 0


def test_a_speciality_is_nobodys_given_name():
    assert "name" not in read("Patient Name: Chaudhari, Urology")


@pytest.mark.parametrize(
    ("number", "against"),
    [
        (with_check_digit(1111111), False),
        (with_check_digit(1111111)[:-1] + "0", False),  # misread
        (with_check_digit(1111112), True),  # perhaps somebody's
    ],
)
def test_a_retired_number_misread_speaks_against_nobody(number, against):
    old = Identifier(with_check_digit(1111111), "", "MR")
    held = person(MRN, "Doe|John", "1961-03-14", identifiers=(old,))
    known = Known(
        MatchRules(), NameCounts(), retired=frozenset({old.value}), form=ISO_FORMAT
    )
    said = compare([clue("mrn", number)], held, known)
    assert any(e.weight < 0 for e in said) is against
