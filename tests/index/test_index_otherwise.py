"""What agrees with a patient is another's where the page gives the patient other parts.

Every page here was once filed to John or to Helen, who are a relative on it.
"""

import datetime as dt

import numpy as np
import pytest
from index_people import (
    ISO_FORMAT,
    batch_of,
    index_of,
    page_of,
    person,
    with_check_digit,
)

from pipeline.document import Decision, DocumentType
from pipeline.index.cluerules import ClueRules
from pipeline.index.cut import cut_batch
from pipeline.index.rules import IndexRules
from pipeline.index.typenumbers import TypeNumbers
from pipeline.review.rules import FilingRules, decide

NOTE = DocumentType("note")
FILING = FilingRules("rules", 0.9999, 16.6, 3.0, 0.8, 0.9, 0.01, 0.5, frozenset({NOTE}))
JOHN = person(with_check_digit(123456), "Doe|John|A", "1961-03-14", sex="M")
MARY = person(with_check_digit(555111), "Reed|Mary", "1964-08-20", sex="F")
JULIAN = person(with_check_digit(777123), "Doe|Julian", "1990-05-02", sex="M")
HELEN = person(with_check_digit(888123), "Doe|Helen", "1963-02-01", sex="F")
PEOPLE = (JOHN, MARY, JULIAN, HELEN)
BODY = ["The patient slept well and was seen on the ward this morning."] * 6
GIVEN = frozenset({"JOHN", "MARY", "JULIAN", "HELEN"})
RULES = IndexRules(ClueRules(dt.date(2026, 1, 1), ISO_FORMAT, given_names=GIVEN))


def filed(*pages, start=4.0):
    """Pages by the given name of the patient to whom they go without a clerk."""
    names = {p.id: p.names[0].given for p in PEOPLE}
    odds = np.array([4.0, start][: len(pages)])
    numbers = TypeNumbers((NOTE,), np.zeros((len(pages), 1)))
    found = cut_batch(batch_of(), pages, numbers, odds, index_of(PEOPLE), RULES)
    return {
        number: names[said.patient]
        for reading in found.readings
        for said in [decide(reading, FILING)]
        if isinstance(said, Decision)
        for number in reading.document.pages
    }


def sheet(*lines):
    return page_of(1, "REGISTRATION FORM", *lines, *BODY)


def born(patient):
    return f"DOB: {patient.born:%m/%d/%Y}"


@pytest.mark.parametrize(
    "label",
    [
        "Father Name:",
        "Guarantor Name:",
        "Insured Name:",
        "Emergency Contact:",
        "Next of Kin:",
        "Spouse:",
        "Witness:",
        "Power of Attorney Agent:",
        "Donor:",
        "Stepfather:",
        "Attorney-in-fact:",
        "Employee Name:",
        "Employer:",
        "Account holder:",
        "Bill to:",
        "FOB:",
        "Sibling:",
        "Father of patient:",
        "Brother of",
        "c/o",
        "Interpreter:",
        "Attending Physician:",
        "Recipient of organ of",
        "Donor for",
    ],
)
def test_who_is_named_as_anothers_relative_alone_is_not_the_patient(label):
    assert (
        filed(sheet(f"{label} JOHN DOE", born(JOHN), f"Patient ID: {JOHN.mrn}")) == {}
    )


@pytest.mark.parametrize(
    "heading",
    [
        "Insured Subscriber.",
        "Witness",
        "I appoint as my agent",
        "INSURED'S NAME (Last)",
    ],
)
def test_a_heading_over_a_name_says_whose_it_is(heading):
    name = f"DOE, JOHN  {JOHN.born:%m/%d/%Y}"
    assert filed(sheet(heading, name, f"Patient ID: {JOHN.mrn}")) == {}


def test_an_initial_does_not_make_the_guarantor_the_patient():
    guarantor = f"Guarantor: DOE, JOHN   Pat ID {JOHN.mrn}"
    assert filed(sheet("Name: DOE, J", guarantor)) == {}


def test_who_pays_for_themselves_is_the_patient():
    own = f"Patient Name: DOE, JOHN  MRN: {JOHN.mrn}"
    assert filed(sheet(own, "Guarantor: DOE, JOHN", born(JOHN))) == {1: "John"}


def test_a_patient_beside_relatives_keeps_the_page():
    own = f"DOE, JOHN  {JOHN.mrn}  {JOHN.born:%m/%d/%Y}"
    assert filed(sheet(own, "Wife Helen Doe called")) == {1: "John"}


@pytest.mark.parametrize("about", [[], ["Re: Julian Doe"]])
def test_a_letter_to_the_mother_behind_her_cover_is_not_about_her(about):
    cover = page_of(1, "COVER SHEET", marks=[("code128", f"PATIENT {HELEN.mrn}")])
    head = ["Mrs. Helen Doe", "12 Elm Street", "Salem", *about, "Dear Mrs. Doe,"]
    assert filed(cover, page_of(2, *head, *BODY)) == {}


@pytest.mark.parametrize(
    "called",
    [
        ["Patient: Julian"],
        ["Patient", "Julian"],
        ["First Name: Julian"],
        ["Re: your son Julian"],
    ],
)
def test_anothers_given_name_alone_forbids_to_file(called):
    assert filed(sheet(*called, born(JOHN), f"MRN: {JOHN.mrn}")) == {}


def test_the_patients_own_given_name_alone_forbids_nothing():
    page = sheet("Patient: John", born(JOHN), f"MRN: {JOHN.mrn}")
    assert filed(page) == {1: "John"}


@pytest.mark.parametrize("role", ["Referring", "Oncologist", "Dr."])
@pytest.mark.parametrize(
    ("number", "ours"),
    [(MARY.mrn, False), (with_check_digit(999), True), ("05551119", True)],
)
def test_a_number_behind_a_physician_is_a_patients_only_if_it_is_hers(
    role, number, ours
):
    head = [f"Patient Name: DOE, JOHN  MRN: {JOHN.mrn}", born(JOHN), *BODY]
    second = page_of(2, f"{role} REED, MARY {number}", *BODY)
    found = filed(page_of(1, *head), second, start=-8.0)
    assert (found == {1: "John", 2: "John"}) is ours


JOHNS = page_of(
    1, f"Patient Name: DOE, JOHN  MRN: {JOHN.mrn}", f"DOB: {JOHN.born:%m/%d/%Y}", *BODY
)
TITLES = [
    "GRANDVIEW MEDICAL CENTER",
    "Mother Baby Unit",
    "PARENT TEACHING RECORD",
    "Consent of Patient or Guardian",
    "CONTRAST AGENT RECORD",
]


@pytest.mark.parametrize("title", TITLES)
def test_a_title_over_a_header_line_makes_it_nobody_elses(title):
    """Such a page was filed to the patient of the page before, and John's waited."""
    header = "{0.names[0].family}, {0.names[0].given}  {0.mrn}  {0.born:%m/%d/%Y}"
    second = page_of(2, title, header.format(MARY), *BODY)
    assert filed(JOHNS, second, start=-8.0) == {1: "John", 2: "Mary"}
    assert filed(page_of(1, title, header.format(JOHN), *BODY)) == {1: "John"}
    running = page_of(2, title, "REED, MARY  Page 2", *BODY)
    assert 2 not in filed(JOHNS, running, start=-8.0)


@pytest.mark.parametrize("name", ["REED, MARY", "DOE, JULIAN"])
@pytest.mark.parametrize(
    "label",
    [
        "Twin Lakes Patient Name:",
        "Employee Health Patient:",
        "Patient or Parent Name:",
        "Employee Name:",
    ],
)
def test_kin_before_the_patients_label_does_not_silence_another_name(label, name):
    """The page was filed to the patient of the page before."""
    second = page_of(2, f"{label} {name}", *BODY)
    assert 2 not in filed(JOHNS, second, start=-8.0)


@pytest.mark.parametrize("label", ["Story of:", "Member:", "Holder:"])
def test_a_label_nobody_told_us_does_not_silence_another_name(label):
    numbers = [f"MRN: {JOHN.mrn}", born(JOHN)]
    assert filed(sheet(f"{label} DOE, JULIAN", *numbers)) == {}
    second = page_of(2, f"{label} REED, MARY  {MARY.mrn}", *BODY)
    assert 2 not in filed(JOHNS, second, start=-8.0)


@pytest.mark.parametrize("label", ["Ordered for:", "Chart of:", "Examinee:"])
def test_a_label_of_the_patients_that_says_it_otherwise_makes_no_doubt(label):
    own = sheet(f"{label} JOHN DOE", born(JOHN), f"MRN: {JOHN.mrn}")
    assert filed(own) == {1: "John"}
    marys = page_of(2, f"{label} REED, MARY  {MARY.mrn}", *BODY)
    assert filed(JOHNS, marys, start=-8.0) == {1: "John", 2: "Mary"}
    julians = sheet(f"{label} DOE, JULIAN", born(JOHN), f"MRN: {JOHN.mrn}")
    assert filed(julians) == {}


@pytest.mark.parametrize("label", ["FOB:", "Handed to:"])
def test_a_name_read_both_ways_is_not_the_patients(label):
    line = f"{label} DOE, JOHN  {JOHN.born:%m/%d/%Y}"
    assert filed(sheet(line, f"Patient ID: {JOHN.mrn}")) == {}


def test_a_letter_to_another_patient_does_not_follow_the_page_before():
    head = ["Ms. Mary Reed", "12 Elm Street", "Salem", "Dear Ms. Reed,"]
    assert 2 not in filed(JOHNS, page_of(2, *head, *BODY), start=-8.0)


def test_a_letter_to_the_wife_about_the_patient_is_his():
    head = ["Mrs. Helen Doe", "12 Elm Street", f"Re: John Doe  MRN: {JOHN.mrn}"]
    page = page_of(1, *head, born(JOHN), "Dear Mrs. Doe,", *BODY)
    assert filed(page) == {1: "John"}


@pytest.mark.parametrize(
    "lines",
    [
        ["Bill to patient: REED, MARY"],
        ["Bill to: REED, MARY {0}"],
        ["Account holder: REED, MARY {0}"],
        ["Bill to", "REED, MARY  {0}  Page 2"],
        ["Bill to: REED, MARY  DOB {1:%m/%d/%Y}"],
        ["Account holder: REED, MARY  DOB {1:%m/%d/%Y}"],
    ],
)
def test_whom_a_bill_goes_to_may_be_another_patient(lines):
    """Such a page was filed to the patient of the page before."""
    told = [line.format(MARY.mrn, MARY.born) for line in lines]
    found = filed(JOHNS, page_of(2, *told, *BODY), start=-8.0)
    assert found.get(2) != "John"
