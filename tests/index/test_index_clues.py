import datetime as dt
import logging
import time
from dataclasses import replace

import pytest

from pipeline.index.clues import clues_of, find_clues
from pipeline.index.numbers import MrnFormat
from pipeline.page import Box, Mark
from tests.index.printed import RULES, clue_map, page_of

NAME, MRN, BORN = "DOE|JOHN|A|", "12345678", "1961-03-04"


def read(text: str, rules=RULES) -> dict:
    return clue_map(find_clues([page_of(text)], rules))


@pytest.mark.parametrize(
    "printed",
    [
        "Patient Name: DOE, JOHN A     MRN: 12-34-56-78   DOB: 03/04/1961",
        "PATIENT: DOE JOHN A   MEDICAL RECORD # 12345678   DATE OF BIRTH: 04 MAR 1961",
        "Pt Name: JOHN A DOE     MR#: 12345678\nD.O.B.: 03-04-1961",
        "NAME: DOE, JOHN A   HOSP. NO. 12345678   BIRTHDATE 4-Mar-61",
        "Patient's name: John A. Doe      Record number: 12345678\nBorn: 03/04/1961",
        "Name: Doe, John A.   Chart #: 12 34 56 78   Birthdate: March 4, 1961",
        "Patient Name       MRN          Date of Birth\n"
        "DOE, JOHN A        12345678     03/04/1961",
        "Name (Last, First, MI): DOE, JOHN A   Unit No: 12345678  Birth Date: 3/4/61",
        "DOE, JOHN A\nMRN 12345678\nDOB 03/04/1961 M",
        "Last Name: Doe    First Name: John   MI: A   Med Rec No. 12345678 DOB 3-4-61",
        "Patient: DOE^JOHN^A  Patient ID: 12345678  D.O.B. 1961-03-04",
        # as a recogniser damages it
        "Patlent Name: DOE, JOHN A   MRM: 1234S678  D0B: O3/04/l961",
        "Patient Narne: DOE, JOHN A   MR No.: I2345678   Date of Blrth: 03 / 04 / 1961",
    ],
)
def test_the_subject_however_the_label_is_worded(printed):
    found = read(printed)
    assert (found["name"], found["mrn"], found["born"]) == ([NAME], [MRN], [BORN])


def test_a_header_line_names_the_patient_without_labels():
    found = read("DOE, JOHN A   12345678   03/04/1961\nPROGRESS NOTE\n\nSeen today.")
    assert found["name"] == [NAME]
    assert found["mrn"] == [MRN]
    assert found["born/unlabelled"] == [BORN]
    assert "born" not in found


@pytest.mark.parametrize(
    ("runner", "page"),
    [
        ("John A. Doe   MRN: 12345678   Page 2 of 3", "2/3"),
        ("DOE, JOHN A - continued    2/3", "2/3"),
        ("John A. Doe   Page 2", "2/"),
    ],
)
def test_a_continuation_page_names_patient_and_page(runner, page):
    found = read(runner + "\n\nThe patient was seen by Dr. Mary Smith.")
    assert found["name"] == [NAME]
    assert found["page_of"] == [page]


def test_a_letter_names_its_patient_in_the_re_line():
    found = read(
        "March 4, 2001\n\nJohn Smith, M.D.\n12 Elm Street\n\n"
        "RE: Mr. John Doe, DOB 3/4/61\n\nDear Dr. Smith:\n"
        "Thank you for referring John Doe, a 39-year-old man, to my office"
    )
    assert found["name"] == ["DOE|JOHN||"]
    assert found["born"] == [BORN]
    assert found["sex"] == ["M"]
    assert found["dated"] == ["2001-03-04"]


@pytest.mark.parametrize(
    ("printed", "role", "name"),
    [
        ("Attending Physician: John Smith, M.D.", "clinician", "SMITH|JOHN||"),
        ("Name: Mary Jones, R.N.", "clinician", "JONES|MARY||"),
        ("Dictated by: Mary Jones", "clinician", "JONES|MARY||"),
        ("cc: John Smith, M.D.", "addressee", "SMITH|JOHN||"),
        ("Guarantor: DOE, PETER", "guarantor", "DOE|PETER||"),
        ("Guarantor Name: DOE, PETER", "guarantor", "DOE|PETER||"),
        ("Mother's Name: Jane Doe", "mother", "DOE|JANE||"),
        ("Baby of: DOE, JANE", "mother", "DOE|JANE||"),
        ("Donor Name: Jane Doe", "donor", "DOE|JANE||"),
        ("Emergency Contact: Jane Doe", "contact", "DOE|JANE||"),
        ("Next of kin: Jane Doe (wife) 330-555-9999", "contact", "DOE|JANE||"),
        ("Subscriber: Peter Doe", "guarantor", "DOE|PETER||"),
        ("Name: Peter Doe   Relationship: brother", "contact", "DOE|PETER||"),
    ],
)
def test_other_people_are_not_the_subject(printed, role, name):
    found = read("Patient: ROE, MARY ANN   DOB: 01/02/1980\n" + printed)
    assert found[f"name/{role}"] == [name]
    assert found["name"] == ["ROE|MARY|ANN|"]


def test_the_guarantors_birth_date_is_not_the_patients():
    found = read(
        "PATIENT INFORMATION\nName: John Doe     DOB: 03/04/1961\n\n"
        "GUARANTOR INFORMATION\nName: Peter Doe     DOB: 01/02/1930   SSN: xxx-xx-1234"
    )
    assert found["born"] == [BORN]
    assert found["born/guarantor"] == ["1930-01-02"]
    assert found["ssn4/guarantor"] == ["1234"]
    assert found["name"] == ["DOE|JOHN||"]


def test_a_second_birth_date_below_a_relative_is_the_relatives():
    found = read(
        "Patient: DOE, JOHN A   DOB: 03/04/1961\n"
        "Guarantor: DOE, PETER\nDOB: 01/02/1930   Phone: 330-555-1111"
    )
    assert found["born"] == [BORN]
    assert found["born/guarantor"] == ["1930-01-02"]


def test_mothers_numbers_on_a_newborns_page():
    found = read(
        "Mother's Name: Jane Doe    Mother's DOB: 02/03/1980   Mother's MRN: 87654321"
    )
    assert found == {
        "name/mother": ["DOE|JANE||"],
        "born/mother": ["1980-02-03"],
        "mrn/mother": ["87654321"],
    }


def test_another_houses_number_is_another_authoritys():
    foreign = read(
        "GILEAD VALLEY GENERAL HOSPITAL\n60 Chestnut Court, Three Mills, WV 26099\n\n"
        "Patient: DOE, JOHN A   MRN: 12345678\nDOB: 03/04/1961"
    )
    assert foreign["mrn/other authority"] == [MRN]
    assert "mrn" not in foreign
    assert foreign["born"] == [BORN]
    ours = read(
        "EASTVALE REGI0NAL HOSPITAL\n1400 Foundry Road, Eastvale Falls, OH 44299\n\n"
        "Patient: DOE, JOHN A   MRN: 12345678"
    )
    assert ours["mrn"] == [MRN]
    labelled = read("Outside MRN: 12345678   Patient ID: 87654321")
    assert labelled == {"mrn/other authority": [MRN], "mrn": ["87654321"]}


def test_without_authorities_no_letterhead_is_foreign():
    found = read(
        "GILEAD VALLEY GENERAL HOSPITAL\n60 Chestnut Court, Three Mills, WV 26099\n\n"
        "Patient: DOE, JOHN A   MRN: 12345678",
        replace(RULES, authorities=()),
    )
    assert found["mrn"] == [MRN]


def test_a_fax_banner_gives_no_more_than_its_date():
    found = read(
        "05/12/2013 14:22  FROM: GILEAD VALLEY  TO: 330-555-1212   P. 02/05\n"
        "Patient: DOE, JOHN A\nDate of Service: 04/12/2001"
    )
    assert found == {
        "name": [NAME],
        "service date": ["2001-04-12"],
        "printed": ["2013-05-12"],
    }


@pytest.mark.parametrize(
    "prose",
    [
        "The patient was admitted with chest pain and seen by the surgeon on call.",
        "Reviewed with patient.    Patient: agrees with the plan.",
        "Heart rate: 72   Same: yes   RE: Knee Pain",
        "John A. Doe, M.D.          04/12/2001 10:22",
        "Eastvale Falls, OH 44299",
        "DIET, STOOL, HYGIENE:",
        "The infant of 12345678 days was born in 1920.",
    ],
)
def test_sentences_and_signatures_identify_nobody(prose):
    found = read("PROGRESS NOTE\n\n" + prose)
    assert not {"name", "mrn", "born"} & found.keys()


@pytest.mark.parametrize(
    ("printed", "sex"),
    [
        ("Sex: F", "F"),
        ("Gender: Male", "M"),
        ("Age / Sex: 61 F", "F"),
        ("Sex: [ ] M [X] F", "F"),
        ("Sex: [X] Male [ ] Female", "M"),
        ("This is a 61 y/o F with a cough.", "F"),
        ("a 61-year-old white gentleman", "M"),
    ],
)
def test_sex_is_read(printed, sex):
    assert read(printed)["sex"] == [sex]


def test_sex_is_left_open_when_both_boxes_are_empty():
    assert "sex" not in read("Sex: [ ] M [ ] F")
    assert "sex" not in read("Her mother was a 61-year-old woman")


def test_dates_keep_their_roles():
    found = read(
        "Date of Admission: 04/12/2001   Date of Discharge: 04/15/2001\n"
        "Dictated: 04/16/2001   Received: 04/20/2001   Printed: 05/01/2001\n"
        "Date of injury: 04/11/2001   Chart seal: 04/10/2001\n"
        "Date         Service\n01/01/1999   Office visit\n02/02/1999   Laboratory"
    )
    assert found["admitted"] == ["2001-04-12"]
    assert found["discharged"] == ["2001-04-15"]
    assert found["dictated"] == ["2001-04-16"]
    assert found["received"] == ["2001-04-20"]
    assert found["printed"] == ["2001-05-01"]
    assert found["other date"] == ["2001-04-11", "1999-01-01"]
    assert found["unknown date"] == ["2001-04-10"]


def test_the_rest_of_a_face_sheet():
    found = read(
        "Patient: DOE, JOHN A   Acct #: H0012345   CSN: 99887766\n"
        "Address: 12 Elm Street, Larch Hill, PA 16899\n"
        "Home phone: (330) 555-1077   SSN: xxx-xx-1234\n"
        "Form EAS-345 (3/98)   Page 1 of 2"
    )
    assert found["account"] == ["H0012345"]
    assert found["encounter"] == ["99887766"]
    assert found["address"] == ["12 ELM STREET, LARCH HILL, PA 16899"]
    assert found["phone"] == ["3305551077"]
    assert found["ssn4"] == ["1234"]
    assert found["form_id"] == ["EAS-345 (3/98)"]
    assert found["page_of"] == ["1/2"]


def test_a_letterheads_telephone_is_not_the_patients():
    found = read("EASTVALE REGIONAL HOSPITAL\nTel 330-555-0140\nPatient: DOE, JOHN A")
    assert "phone" not in found


def test_a_site_adds_label_and_role_words():
    rules = replace(
        RULES, labels={"mrn": ("GVG No.",)}, roles={"clinician": ("hospitalist",)}
    )
    found = read("GVG No.: 12345678   Hospitalist: Mary Jones", rules)
    assert found == {"mrn": [MRN], "name/clinician": ["JONES|MARY||"]}


def test_known_given_names_settle_the_order_of_a_name():
    rules = replace(RULES, given_names=frozenset({"ZEBEDEE"}))
    assert read("PATIENT: DOE ZEBEDEE", rules)["name"] == ["DOE|ZEBEDEE||"]


def test_a_mended_label_costs_confidence_and_boxes_cover_the_value():
    (clue,) = clues_of(page_of("Medlcal Record No.: 12345678", confidence=0.9), RULES)
    assert 0.8 < clue.confidence < 0.9
    assert (clue.box.left, clue.box.right) == (100 + 20 * 18, 100 + 28 * 18)
    assert clue.text == MRN
    assert clue.by == "words"


def test_columns_recognised_as_separate_lines_are_one_row():
    page = page_of("MRN:\nx")
    left = page.words[0]
    right = replace(left, text="12345678", box=Box(300, 104, 500, 134), line=1)
    clues = clues_of(replace(page, words=(left, right)), RULES)
    assert clue_map(clues) == {"mrn": [MRN]}


@pytest.mark.parametrize("skew", [-3.0, 3.0])
def test_a_skewed_page_keeps_its_rows(skew):
    page = page_of("Name: DOE, JOHN A" + " " * 60 + "MRN: 12345678\nDOB: 03/04/1961")
    slope = 0.0524 if skew > 0 else -0.0524
    words = tuple(
        replace(
            w,
            box=Box(
                w.box.left,
                w.box.top + w.box.left * slope,
                w.box.right,
                w.box.bottom + w.box.left * slope,
            ),
        )
        for w in page.words
    )
    tilted = replace(page, words=words, quality=replace(page.quality, skew=skew))
    found = clue_map(clues_of(tilted, RULES))
    assert (found["name"], found["mrn"], found["born"]) == ([NAME], [MRN], [BORN])


def test_marks_come_first_and_bare_pages_are_no_trouble():
    mark = Mark("code128", MRN, Box(0, 0, 10, 10))
    page = page_of("MRN: 12345678", marks=(mark,))
    assert [c.by for c in clues_of(page, RULES)] == ["code128", "words"]
    assert clues_of(replace(page, words=(), marks=()), RULES) == ()


def test_a_check_digit_keeps_other_numbers_out_of_header_lines():
    form = MrnFormat((8,), "", "iso7064_mod11_10")
    found = read("DOE, JOHN A   12345678", replace(RULES, mrn=form))
    assert "mrn" not in found


def test_nothing_of_the_page_is_logged_or_shown(caplog):
    with caplog.at_level(logging.DEBUG):
        clues = clues_of(page_of("Patient: SENTINEL, JOHN   MRN: 12345678"), RULES)
    assert "SENTINEL" not in caplog.text
    assert "SENTINEL" not in repr(clues)


def test_a_page_is_read_at_once():
    # 10 to 15 ms by benchmarks.clue_recall; coverage's tracing makes it five times that
    prose = (
        "the patient was seen in the clinic and has a heart rate of 72 at rest today"
    )
    page = page_of("Patient: DOE, JOHN A   MRN: 12345678\n" + "\n".join([prose] * 45))
    clues_of(page, RULES)
    spent = []
    for _ in range(3):
        start = time.process_time()
        clues_of(page, RULES)
        spent.append(time.process_time() - start)
    assert min(spent) < 0.2


def test_future_dates_are_no_clues():
    rules = replace(RULES, received=dt.date(2000, 1, 1))
    assert "service date" not in read("Date of Service: 04/12/2001", rules)


def test_a_typewriters_wide_blanks_do_not_end_a_name():
    page = page_of("NAME: DOE, JOHN A    HOSP. NO.: 12345678\nthe usual wide blanks")
    words = tuple(
        replace(
            w, box=Box(w.box.left + 6, w.box.top + 4, w.box.right - 6, w.box.top + 22)
        )
        for w in page.words
    )
    found = clue_map(clues_of(replace(page, words=words), RULES))
    assert (found["name"], found["mrn"]) == ([NAME], [MRN])


def test_a_number_beside_a_labelled_name_needs_its_check_digit():
    form = replace(RULES, mrn=MrnFormat((8,), "", "iso7064_mod11_10"))
    assert read("Patient: DOE, JOHN A     MN 09920361", form)["mrn"] == ["09920361"]
    assert "mrn" not in read("Patient: DOE, JOHN A     MN 09920362", form)
    assert "mrn" not in read("Patient: DOE, JOHN A     MN 09920361")


def test_strokes_of_a_forms_lines_are_passed_over():
    found = read("Born: i 03/04/1961\npete DOE, JOHN A   MRN: 12345678")
    assert (found["name"], found["born"]) == ([NAME], [BORN])


def test_a_card_holder_is_not_the_patient():
    assert read("Member name: Jane Doe") == {"name/guarantor": ["DOE|JANE||"]}


def test_a_role_of_a_house_is_not_a_heading_over_people():
    found = read("OUTSIDE MEDICAL RECORDS\nPatient: DOE, JOHN A   DOB: 03/04/1961")
    assert (found["name"], found["born"]) == ([NAME], [BORN])
