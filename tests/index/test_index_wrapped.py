"""Names that a narrow cell breaks after the comma, and words that are no labels."""

from dataclasses import replace

import pytest

from pipeline.index.clues import find_clues
from tests.index.printed import RULES, clue_map, page_of

KNOWN = replace(RULES, given_names=frozenset({"KEVIN", "TYLER"}))


def read(text, rules=KNOWN):
    return clue_map(find_clues([page_of(text)], rules))


def test_the_given_name_stands_on_the_next_line_behind_a_label():
    found = read(
        "PATIENT RODRIGUEZ,         REQUISITION V4693034\n"
        "        KEVIN\n"
        "Operation Date: 2013-01-23"
    )
    assert found["name"] == ["RODRIGUEZ|KEVIN||"]


def test_or_over_a_label_that_was_lost():
    text = (
        "ESPARZA JR,         SACRED WAY HOSPITAL\nTYLER               1901 Main Ave\n"
    )
    found = read(text + "NAME\nHe slept well and was seen on the ward.")
    names = [value for key, more in found.items() if "name" in key for value in more]
    assert names == ["ESPARZA|TYLER||JR"]


@pytest.mark.parametrize(
    "text",
    [
        "PATIENT RODRIGUEZ          REQUISITION V4693034\n        KEVIN",  # no comma
        "PATIENT RODRIGUEZ,         REQUISITION V4693034\n   KEVIN",  # not under it
        "PATIENT RODRIGUEZ,         REQUISITION V4693034\n        kevin",
        "PATIENT RODRIGUEZ,         REQUISITION V4693034\n        12345",
        "PATIENT RODRIGUEZ,         REQUISITION V4693034\n        KEVIN of Hull",
        "PATIENT RODRIGUEZ,         REQUISITION V4693034",
    ],
)
def test_what_is_no_given_name_is_left_alone(text):
    assert "name" not in read(text)


def test_the_last_word_of_a_sentence_is_no_label():
    """ "...of the" "patient." in one column, "ADDENDUM October 28" in the next."""
    assert "name" not in read("patient.      ADDENDUM October 28, 2013")
    assert read("Pt.      ROE, MARY")["name"] == ["ROE|MARY||"]


@pytest.mark.parametrize("label", ["Patient.", "Patient Name.", "Patient name."])
def test_a_full_stop_makes_a_sentence_of_small_words_only(label):
    assert read(f"{label} ROE, MARY")["name"] == ["ROE|MARY||"]
    assert read(f"{label}      ROE, MARY")["name"] == ["ROE|MARY||"]


@pytest.mark.parametrize("label", ["Number.", "number."])
def test_a_number_behind_a_full_stop_is_the_pages(label):
    """A stranger's number behind "Medical Record Number." contradicted nothing."""
    for gap in (" ", "      "):
        found = read(f"x\nMedical Record {label}{gap}12345678")
        assert found["mrn"] == ["12345678"]


def test_what_stands_under_a_guarantors_heading_is_the_guarantors():
    text = "x\nGuarantor.\nName: Ann Whitfield   DOB: 03/14/1961"
    assert "name" not in read(text)
    assert "born" not in read(text)


@pytest.mark.parametrize(
    ("behind", "role"),
    [("son", "contact"), ("friend", "contact"), ("Ward", "subject")],
)
def test_who_is_listed_as_kin_is_no_patient(behind, role):
    """The head of its column, "Relationship", was read as "lationship"."""
    text = f"Name                  lationship   Phone\nMercedes E. Reed      {behind}"
    found = find_clues([page_of(text + "         555-0179")], KNOWN)
    assert [c.role for c in found if c.field == "name"] == [role]


def test_a_patient_is_listed_as_the_insureds_son():
    text = "Patient Name        Relationship to insured\nWHITFIELD, KEVIN    Son"
    assert read(text)["name"] == ["WHITFIELD|KEVIN||"]


def test_a_stamp_beside_the_letterhead_hides_no_foreign_house():
    text = (
        "ELLERY GENERAL HOSPITAL          SCANNED\n"
        "760 Front Street, Ellery, WV 26090\n"
        "Patient: RODRIGUEZ, KEVIN\n"
        "EGH Unit No. 92-61-14-22"
    )
    assert "mrn" not in read(text)
