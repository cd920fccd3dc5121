"""Words of kin, payers and newborns in titles, headings and labels, rightly understood.

Every page here was once filed to the wrong patient, or its own patient's page waited.
"""

import pytest
from index_people import page_of
from test_index_otherwise import (
    BODY,
    HELEN,
    JOHN,
    JOHNS,
    JULIAN,
    MARY,
    born,
    filed,
    sheet,
)

HELENS = page_of(1, f"Patient Name: DOE, HELEN  MRN: {HELEN.mrn}", born(HELEN), *BODY)
NUMBERS = [f"MRN: {JOHN.mrn}", born(JOHN)]
OWN = [f"Patient Name: DOE, JOHN  MRN: {JOHN.mrn}", born(JOHN)]


def header(patient):
    name = patient.names[0]
    day = f"{patient.born:%m/%d/%Y}"
    return f"{name.family.upper()}, {name.given.upper()}  {patient.mrn}  {day}"


def behind(first, *lines):
    """To whom page 2, which is likely to go on, is filed."""
    return filed(first, page_of(2, *lines, *BODY), start=-8.0).get(2)


@pytest.mark.parametrize(
    "line",
    [
        f"GRANDVIEW MEDICAL CENTER  {header(MARY)}",
        f"{header(MARY)}  Mother Baby Unit",
        f"{header(MARY)}  Dr. Friend",
        f"Kidney of {header(MARY)}",
    ],
)
def test_a_word_of_kin_in_another_cell_does_not_silence_a_header(line):
    assert behind(JOHNS, line) == "Mary"


def test_a_patient_of_a_house_named_like_kin_is_found():
    line = f"GRANDVIEW MEDICAL CENTER  {header(JOHN)}"
    assert filed(page_of(1, "NOTE", line, *BODY)) == {1: "John"}


def test_a_relative_with_a_record_number_is_not_the_page_before():
    assert behind(JOHNS, f"Donor for {header(MARY)}") is None


@pytest.mark.parametrize(
    "lines",
    [
        ["NEWBORN", "Name: DOE, JULIAN", f"MRN: {JULIAN.mrn}  {born(JULIAN)}"],
        [f"Infant Name: DOE, JULIAN  Infant MRN: {JULIAN.mrn}"],
        ["DONOR", "Name: REED, MARY", f"MRN: {MARY.mrn}  {born(MARY)}"],
    ],
)  # fmt: skip
def test_a_page_with_no_other_identity_than_a_newborns_is_not_the_mothers(lines):
    assert behind(HELENS, *lines) is None


def test_a_newborns_block_under_the_mothers_header_is_hers():
    lines = ["NEWBORN INFORMATION", "Name: DOE, JULIAN", f"MRN: {JULIAN.mrn}"]
    assert behind(HELENS, f"Patient Name: DOE, HELEN  {born(HELEN)}", *lines) == "Helen"


@pytest.mark.parametrize(
    "heading",
    [
        "PRIMARY INSURED",
        "PARENT 1",
        "EMERGENCY CONTACT 1",
        "WITNESS #1",
        "FOSTER PARENT",
        "POTENTIAL DONOR",
        "Guarantor (person responsible for payment)",
        "Subscriber Information (if different from patient)",
    ],
)
def test_a_heading_with_more_words_says_whose_name_and_birth_date_follow(heading):
    block = [heading, "Name: DOE, JOHN", born(JOHN)]
    julians = page_of(1, f"Patient Name: DOE, JULIAN  MRN: {JULIAN.mrn}", *BODY)
    assert behind(julians, *block, f"Patient ID: {JOHN.mrn}") is None
    theirs = [heading, "Name: DOE, HELEN", born(HELEN)]
    assert filed(sheet(*OWN, *theirs)) == {1: "John"}


def test_a_sentence_with_a_wife_heads_nothing():
    lines = ["went home with his wife", *OWN]
    assert filed(sheet(*lines)) == {1: "John"}


@pytest.mark.parametrize(
    "label",
    [
        "Attending Physician: Patient Name:",
        "Emergency Contact: Patient Name:",
        "To: Patient Name:",
    ],
)
def test_a_label_that_was_left_empty_does_not_take_the_patient(label):
    assert behind(HELENS, f"{label} REED, MARY  MRN: {MARY.mrn}") == "Mary"
    assert filed(sheet(header(JOHN), f"{label} REED, MARY")) == {}


@pytest.mark.parametrize("house", ["Grandview", "Twin Lakes", "Employee Health"])
def test_a_house_before_the_patients_label_is_no_relative(house):
    own = [f"{house} Patient Name: DOE, JOHN", *NUMBERS]
    assert filed(sheet(*own)) == {1: "John"}
    assert filed(sheet(header(JOHN), f"{house} Patient: REED, MARY")) == {}


@pytest.mark.parametrize(
    "said", ["Patient: Ms. Reed", "Re: Ms. Reed", "Last name: REED"]
)
def test_anothers_surname_alone_forbids_to_file(said):
    assert filed(sheet(said, *NUMBERS)) == {}
    assert filed(
        sheet(said.replace("Ms. Reed", "Mr. Doe").replace("REED", "DOE"), *NUMBERS)
    ) == {1: "John"}


@pytest.mark.parametrize(
    "label",
    [
        "lnsured Name:", "Guaranter Name:", "Guar Name:", "Resp. Party:", "Att Phys:",
        "Ref by:",
    ],
)  # fmt: skip
def test_a_role_that_is_misread_or_shortened_is_one(label):
    numbers = [born(JOHN), f"Patient ID: {JOHN.mrn}"]
    assert filed(sheet(f"{label} DOE, JOHN", *numbers)) == {}


@pytest.mark.parametrize(
    "label",
    [
        "Paient:", "Patent:", "Patient Nanie:", "PatientName:", "Patient ID:",
        "Patient information:", "Claimant:", "Decedent:", "Injured worker:",
        "Participant:", "Name of child:", "Patient Signature:",
    ],
)  # fmt: skip
def test_what_may_be_the_patients_label_speaks_against_whom_it_does_not_fit(label):
    assert filed(sheet(f"{label} Mary Reed", *NUMBERS)) == {}
    assert behind(JOHNS, f"{label} Mary Reed") is None
    assert filed(sheet(f"{label} John Doe", *NUMBERS)) == {1: "John"}


@pytest.mark.parametrize(
    "line",
    [
        "Ordered for: Chest Pain", "Appointment for: Flu Shot", "Veteran: US Navy",
        "Chart of: Daily Weights", "Prepared For: Liberty Mutual",
        "Examinee: Claims Adjuster",
        "Patient advocate: Mary Reed", "Client services: Mary Reed", "Last UDS",
    ],
)  # fmt: skip
def test_words_behind_a_patients_label_that_name_nobody_make_no_doubt(line):
    assert filed(sheet(*OWN, line)) == {1: "John"}


@pytest.mark.parametrize(
    "line",
    ["Patient Signature: John Doe", "Signature: John Doe", "Completed by: John Doe",
     "I, John Doe, appoint Mary Reed my agent", "Bone marrow from John Doe"],
)  # fmt: skip
def test_who_signs_appoints_or_was_sampled_is_the_patient_all_the_same(line):
    assert filed(sheet(line, *NUMBERS)) == {1: "John"}


def test_whom_another_appoints_is_not_the_patient():
    line = "I, Mary Reed, appoint John Doe my agent"
    assert filed(sheet(line, *NUMBERS)) == {}
