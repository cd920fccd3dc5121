"""Labels that stand under, or lower than, what was typed on the form."""

from dataclasses import replace

import pytest

from pipeline.index.clues import find_clues
from tests.index.printed import RULES, clue_map, page_of


def read(text, rules=RULES):
    return clue_map(find_clues([page_of(text)], rules))


def test_values_over_their_labels():
    found = read(
        "PROGRESS NOTE\n"
        "John A. Doe                12345678        03/04/1961      V1234567\n"
        "Re:                        MRN:            DOB:            Visit:\n"
        "He slept well and was seen on the ward this morning."
    )
    assert found["name"] == ["DOE|JOHN|A|"]
    assert (found["mrn"], found["born"]) == (["12345678"], ["1961-03-04"])
    assert found["encounter"] == ["V1234567"]


def test_what_stands_below_comes_first():
    found = read("99999999   note\nMRN           DOB\n12345678      03/04/1961")
    assert (found["mrn"], found["born"]) == (["12345678"], ["1961-03-04"])


@pytest.mark.parametrize(
    "text",
    [
        "12345678                   seen\nDOB:",  # no day
        "12345678 of the ward\nMRN:",  # it does not fill its cell
        "x\n" * 14 + "12345678\nMRN:",  # no longer the head of the page
        "MRN: 12345678\nVisit #:",  # it is the record's
    ],
)
def test_not_every_word_over_a_label_is_its_value(text):
    found = read(text)
    assert "born" not in found
    assert "encounter" not in found
    assert found.get("mrn", ["12345678"]) == ["12345678"]


def test_a_number_of_the_letterhead_beside_is_not_the_records():
    found = read(
        "DOE, JOHN A                             OUR LADY\n"
        "M.R. NUMBER                             1901 Cathedral Avenue, Lorne, PA\n"
    )
    assert "mrn" not in found


@pytest.mark.parametrize(
    ("number", "is_one"), [("123", False), ("1234", True), ("16/26/2005", False)]
)
def test_a_record_number_has_half_of_its_digits(number, is_one):
    assert ("mrn" in read(f"MEDICAL RECORD #: {number}")) is is_one


def test_a_number_beside_another_name_is_that_ones():
    rules = replace(RULES, given_names=frozenset({"JACOB", "MARIA"}))
    found = read(
        "NOTES\nx\nx\nDOE, MARIA A      12345678      05/25/1981\n"
        "03/08/2007      Jacob E. Fitz      gout\nx\nx\nx\nx\nx",
        rules,
    )
    assert found["name"] == ["DOE|MARIA|A|"]


@pytest.mark.parametrize(
    "line",
    [
        "ED Triage Assessment",
        "RECONCILIATION COMPLETED J",
        "HARTWELL, VERMONT",
        "Month DD, YYYY",
    ],
)
def test_titles_and_towns_are_nobody(line):
    assert "name" not in read(f"{line}\n\nHe slept well and was seen on the ward.")


def test_a_piece_of_our_houses_name_is_nobody():
    rules = replace(
        RULES,
        authorities=("Grace Hollow Medical Center",),
        given_names=frozenset({"GRACE"}),
    )
    head = "Grace Hollow\nMedical Center\n\nHe slept well."
    assert "name" not in read(head, rules)
    assert "name" in read(head, replace(rules, authorities=()))


@pytest.mark.parametrize(
    "signed", ["Rosalind R. Redfern, PTA", "Maurice Fairbairn      LPN"]
)
def test_a_degree_also_in_the_next_cell_makes_a_clinician(signed):
    rules = replace(RULES, given_names=frozenset({"ROSALIND", "MAURICE"}))
    found = read(f"x\n12345678\n{signed}\nx\nx\nx\nx", rules)
    assert "name" not in found


def test_a_mothers_number_on_her_row_is_hers():
    found = read("Patient: DOE, JOHN   MRN: 12345678\nMother: Jane Doe   MRN 87654321")
    assert found["mrn"] == ["12345678"]
    assert found["mrn/mother"] == ["87654321"]


def test_an_initial_is_followed_by_its_surname_however_far():
    found = read("Patient's name   Maria A.   Nakamura\nRecord no.   12345678")
    assert found["name"] == ["NAKAMURA|MARIA|A|"]


def test_a_heading_and_the_label_under_it_read_one_contact():
    found = read(
        "EMERGENCY CONTACT - - - -\nName :   Audrey Doe\nPhone :   555-555-0155"
    )
    assert "name" not in found
