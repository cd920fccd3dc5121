"""The patient list: every row is taken or told by its line, and no text leaks."""

import datetime as dt

import pytest

from pipeline.document import Identifier
from pipeline.errors import UnreadableFile
from pipeline.index.people import (
    EncounterRow,
    PatientRow,
    encounters_in,
    patient_id,
    patients_in,
    read_encounters,
    read_patients,
)
from pipeline.lists import BadRow

HEADER = (
    "mrn,last_name,first_name,middle_name,suffix,birth_date,sex,address,city,state,"
    "postal_code,phone,ssn_last4,aliases,merged_into,facility,other_ids,death_date,"
    "birth_order\n"
)
WHOLE = (
    '00123456,Doe,John,A,Jr,1961-03-04,M,"12 Elm St",Troy,NY,12180,518-555-0100,'
    '1234,"ROE, JANE B; POE, J",,GH,LAB:PI:77:1;VA:MR:9,2020-01-02,1\n'
)


def patients(*rows: str, header: str = HEADER) -> list[PatientRow | BadRow]:
    return list(patients_in([header, *rows]))


def test_a_whole_row():
    (row,) = patients(WHOLE)
    assert isinstance(row, PatientRow)
    who = row.patient
    assert (who.mrn, who.born, who.died) == (
        "00123456",
        dt.date(1961, 3, 4),
        dt.date(2020, 1, 2),
    )
    assert [(n.family, n.given, n.middle, n.alias) for n in who.names] == [
        ("Doe", "John", "A", False),
        ("ROE", "JANE", "B", True),
        ("POE", "J", "", True),
    ]
    assert who.identifiers == (
        Identifier("77:1", "LAB", "PI"),
        Identifier("9", "VA", "MR"),
    )
    assert (who.ssn_last4, who.birth_order, who.facility) == ("1234", 1, "GH")
    assert row.line == 2
    assert who.id == patient_id("00123456", "GH") != patient_id("00123456")
    assert "Doe" not in repr(row)
    assert "00123456" not in repr(row)


def test_only_four_columns_are_needed():
    header = "\ufeffMRN,last_name,first_name,birth_date\n"
    (row,) = patients("1,Doe,,\n", header=header)
    assert isinstance(row, PatientRow)
    assert row.patient.born is None
    assert row.merged_into == ""


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("00123456", "", "mrn"),
        ("Doe", "", "last_name"),
        ("1961-03-04", "3/4/61", "birth_date"),
        ("2020-01-02", "1920-01-02", "death_date"),
        (",1234,", ",12345,", "ssn_last4"),
        ("LAB:PI:77:1", "LAB", "other_ids"),
        ("ROE, JANE B", ", JANE", "aliases"),
        (",1\n", ",first\n", "birth_order"),
        (",1\n", ",1,one too many\n", "mrn"),
        (",,GH", ",00123456,GH", "merged_into"),
    ],
)
def test_a_bad_row_is_told_by_line_and_column(old, new, column):
    bad, good = patients(WHOLE.replace(old, new, 1), WHOLE.replace("00123456", "2"))
    assert isinstance(good, PatientRow)
    assert isinstance(bad, BadRow)
    assert bad.line == 2
    assert bad.reason.startswith(column)
    assert "Doe" not in bad.reason
    assert "3/4" not in bad.reason


def test_a_number_given_twice_is_taken_once():
    first, second = patients(WHOLE, WHOLE)
    assert isinstance(first, PatientRow)
    assert second == BadRow(3, "mrn: already given on an earlier line")


@pytest.mark.parametrize("text", ["", "a,b,c\n1,2,3\n", HEADER + '1,"Doe\n'])
def test_what_is_no_list_is_refused(text):
    with pytest.raises(UnreadableFile) as caught:
        list(patients_in(text.splitlines(keepends=True)))
    assert "Doe" not in str(caught.value)


def test_encounters():
    header = "encounter,facility,mrn,class,admit,discharge,service,attending\n"
    rows = [
        "E1,GH,00123456,I,2013-04-01,2013-04-09,MED,Smith\n",
        "E2,GH,00123456,O,2013-04-01,,,\n",
        "E3,GH,00123456,I,2013-04-09,2013-04-01,,\n",
        ",GH,00123456,,,,,\n",
    ]
    one, two, three, four = encounters_in([header, *rows])
    assert isinstance(one, EncounterRow)
    assert one.mrn == "00123456"
    assert one.encounter.patient == patient_id("00123456", "GH")
    assert (one.encounter.kind, one.encounter.discharge) == ("I", dt.date(2013, 4, 9))
    assert isinstance(two, EncounterRow)
    assert two.encounter.discharge is None
    assert three == BadRow(4, "discharge: before admit")
    assert isinstance(four, BadRow)
    assert four.reason.startswith("encounter")


def test_files(tmp_path):
    file = tmp_path / "people.csv"
    file.write_bytes(b"\xef\xbb\xbf" + (HEADER + WHOLE).encode())
    (row,) = read_patients(file)
    assert isinstance(row, PatientRow)
    file.write_text("encounter,mrn\nE1,7\n")
    (stay,) = read_encounters(file)
    assert isinstance(stay, EncounterRow)
    file.write_bytes((HEADER + WHOLE).replace("Doe", "Do\xeb").encode("latin-1"))
    with pytest.raises(UnreadableFile, match="UTF-8") as caught:
        list(read_patients(file))
    assert "Do" not in str(caught.value)
