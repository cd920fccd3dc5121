"""The list of identifiers: what was read beside what the index says."""

import datetime as dt
from dataclasses import replace

from pipeline.document import Name, Patient, PatientId
from pipeline.finding import Evidence, Finding
from pipeline.index.conflicts import as_evidence
from pipeline.index.lookalikes import TWIN, Alert
from pipeline.page import Box
from pipeline.review.identifiers import (
    alerts_in,
    apart,
    identifier_rows,
    lookalikes,
    total,
)
from tests.review.readings import CERTAIN

BOX = Box(10, 10, 90, 30)
ANNA = Patient(
    PatientId("1"),
    "00123456",
    (Name("DOE", "ANNA"), Name("ROE", "ANNA", alias=True)),
    dt.date(1961, 3, 4),
    "F",
    address="1 Elm St",
)
BERTA = replace(ANNA, id=PatientId("2"), mrn="00123465", names=(Name("DOE", "BERTA"),))
MRN = Evidence("mrn", 26.1, "00-12-34-56", 1, BOX, exact=True)
BORN = Evidence("birth date", -4.0, "03/05/1961", 1, BOX)
PRIOR = Evidence("prior", -15.0, "50000 people")
TOLD = as_evidence(Alert(TWIN, "00123465"))


def rows_of(*evidence, against=()):
    found = Finding(ANNA, 0.9, tuple(evidence), "t")
    reading = replace(CERTAIN, patients=(found,), contradictions=tuple(against))
    return identifier_rows(reading, found)


def told(rows):
    return {row.name: (row.read, row.held, row.says) for row in rows}


def test_each_identifier_is_beside_what_the_index_says():
    rows = told(rows_of(MRN, BORN, PRIOR))
    assert rows["MRN"] == ("00-12-34-56", "00123456", "agree")
    assert rows["Birth date"] == ("03/05/1961", "1961-03-04", "differ")
    assert rows["Last name"] == ("", "DOE, formerly ROE", "unread")
    assert rows["Sex"] == ("", "F", "unread")
    assert rows["prior"] == ("50000 people", "", "")


def test_what_the_index_does_not_know_is_not_missed():
    assert "Suffix" not in told(rows_of(MRN))
    assert "Phone" not in told(rows_of(MRN))


def test_identifiers_come_first_and_the_bits_add_up():
    rows = rows_of(PRIOR, BORN, MRN, TOLD)
    assert [row.name for row in rows][:3] == ["MRN", "Last name", "First name"]
    assert rows[-1].name == "prior"
    assert abs(total(rows) - (26.1 - 4.0 - 15.0)) < 1e-9


def test_someone_else_s_number_differs_and_vetoes():
    alien = Evidence("mrn", 0.0, "00123465", 2, BOX)
    first, second, *_ = rows_of(MRN, against=[alien])
    assert (first.says, first.vetoes, first.page) == ("differ", True, 2)
    assert (second.says, second.vetoes) == ("agree", False)
    alone = rows_of(PRIOR, against=[alien])
    assert [row.says for row in alone if row.name == "MRN"] == ["differ"]


def test_a_number_on_the_cover_is_a_number_that_was_read():
    cover = Evidence("cover", 26.1, "PATIENT 00123456", 1, BOX, exact=True)
    assert "MRN" not in told(rows_of(cover))
    assert told(rows_of(cover))["MRN on the cover"][2] == "agree"


def test_a_look_alike_is_shown_with_what_tells_the_two_apart():
    [one] = lookalikes(ANNA, alerts_in([MRN, TOLD]), {"00123465": BERTA}.get)
    assert (one.kind, one.other) == (TWIN, BERTA)
    assert one.apart == (
        ("MRN", "00123456", "00123465"),
        ("Last name", "DOE, formerly ROE", "DOE"),
        ("First name", "ANNA", "BERTA"),
    )
    assert not lookalikes(ANNA, [(TWIN, ANNA.mrn), (TWIN, "9")], {ANNA.mrn: ANNA}.get)


def test_the_same_person_twice_tells_nothing_apart():
    assert apart(ANNA, replace(ANNA, id=PatientId("3"))) == ()


def test_no_patient_text_in_a_repr():
    assert "DOE" not in repr(rows_of(MRN)) + repr(lookalikes(ANNA, (), {}.get))
