"""Fields of a form read from lines as they are printed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import DocumentType
from pipeline.entries import SHAPES
from pipeline.index.entryreading import normal, proposals_of
from pipeline.settings import entry_forms
from tests.index.printed import RULES, page_of

FORMS = entry_forms()


def read(kind, *texts):
    pages = [page_of(text, n) for n, text in enumerate(texts, 1)]
    form = FORMS.of(DocumentType(kind))
    return {one.place: one for one in proposals_of(pages, form, RULES)}


def values(kind, *texts):
    told = read(kind, *texts)
    return {
        key if not row else (key, row): one.value for (key, row), one in told.items()
    }


FACE = """
               FACE SHEET
Name: DOE, JANE M              Date of Birth: 03/04/1961
MRN: 00123456                  Sex: F
Address: 12 Elm Street         City: Harlan, OH 44290
Home phone: (330) 555-0171     Marital status: M
SSN: XXX-XX-1234               Religion: Catholic

GUARANTOR
Guarantor: Robert Doe          Relationship: husband
Guarantor DOB: 02/03/1958      Guarantor phone: 330-555-0111

EMERGENCY CONTACT
Contact: Mary Smith            Relationship: sister
Phone: 330-555-0199

INSURANCE
Primary insurance: Blue Shield of Ohio    Policy: 123456789
Group: 55512                   Subscriber: Robert Doe
"""


def test_a_face_sheet_has_each_persons_own():
    assert values("face_sheet", FACE) == {
        "name": "DOE, JANE M",
        "born": "1961-03-04",
        "mrn": "00123456",
        "ssn4": "1234",
        "sex": "F",
        "address": "12 ELM STREET",
        "city": "Harlan, OH 44290",
        "phone": "3305550171",
        "marital": "M",
        "religion": "Catholic",
        "guarantor": "DOE, ROBERT",
        "contact": "SMITH, MARY",
        "contact_phone": "3305550199",
        "insurer": "Blue Shield of Ohio",
        "policy": "123456789",
        "group": "55512",
        "subscriber": "DOE, ROBERT",
    }


def test_a_proposal_says_where_it_was_read_and_nothing_in_its_repr():
    born = read("face_sheet", "FACE SHEET", FACE)["born", 0]
    assert born.page == 2
    assert born.text == "03/04/1961"
    assert 0 < born.box.left < born.box.right < 2550
    assert born.probability == 0.95
    assert "1961" not in repr(born)


def test_a_word_that_is_read_badly_makes_its_field_unsure():
    page = page_of("Plan: Blue Shield", confidence=0.4)
    [plan] = proposals_of([page], FORMS.of(DocumentType("insurance_card")), RULES)
    assert plan.probability == 0.4


def test_a_card():
    assert values(
        "insurance_card",
        """
        Plan: Blue Shield of Ohio
        Member name: Jane Doe
        Member ID: XW123456789
        Group: 55555      Rx BIN: 610014
        Office visit: $20   Specialist: $40
        """,
    ) == {
        "plan": "Blue Shield of Ohio",
        "member": "DOE, JANE",
        "member_id": "XW123456789",
        "group": "55555",
        "rx_bin": "610014",
        "office_copay": "20",
        "specialist_copay": "40",
    }


VACCINES = """
Provider: Riverside Clinic

VACCINES GIVEN
Vaccine           Date given    Lot #      Mfr      Site   VIS date  Init
DTaP              03/04/2001    U1234AA    Merck    RA     03/98     AB
Hepatitis B       03/05/2001                        LA     03/98     AB
MMR               04/05/2002    C1234      Merck    LT     04/98     CD

SCREENING QUESTIONS
[ ] Sick today      [X] Pregnant
"""


def test_a_table_is_as_many_rows_as_it_has():
    told = values("immunization_record", VACCINES)
    assert told["provider"] == "Riverside Clinic"
    assert [told["vaccine", n] for n in (1, 2, 3)] == ["DTaP", "Hepatitis B", "MMR"]
    assert told["given", 2] == "2001-03-05"
    assert ("lot", 2) not in told
    assert told["lot", 3] == "C1234"
    assert (
        max(row for place in told if isinstance(place, tuple) for row in [place[1]])
        == 3
    )


def test_a_page_without_its_table_has_no_rows():
    assert values("medication_list", "Pharmacy: Main Street Pharmacy") == {
        "pharmacy": "Main Street Pharmacy"
    }
    assert values("medication_list", "") == {}


def test_a_title_is_no_label_where_one_with_a_colon_stands():
    page = """
CONSENT TO OPERATION
One University Circle, Northgate
Operation: Laparoscopic cholecystectomy
"""
    told = values("consent_procedure", page)
    assert told["procedure"] == "Laparoscopic cholecystectomy"


def test_a_second_page_goes_on_counting():
    told = values("immunization_record", VACCINES, VACCINES)
    assert told["vaccine", 4] == "DTaP"


def test_lines_of_one_cell_are_one_value():
    page = """
Medication        Dose       How often        Reason
Lisinopril        10 mg      daily            blood
                                              pressure
Aspirin           81 mg      daily            heart
"""
    told = values("medication_list", page)
    assert told["reason", 1] == "blood pressure"
    assert told["drug", 2] == "Aspirin"


def test_a_ticked_box_is_the_choice_and_not_the_one_in_its_words():
    told = values(
        "advance_directive",
        """
        Date signed: 03/04/2001   Physician: John Roe, M.D.
        Contact person: Mary Smith (sister) 330-555-0111
        [ ] Attempt resuscitation (CPR)   [X] Do not attempt resuscitation (DNR)
        """,
    )
    assert told == {
        "signed": "2001-03-04",
        "physician": "ROE, JOHN",
        "agent": "SMITH, MARY",
        "code_status": "Do not attempt resuscitation (DNR)",
    }


@pytest.mark.parametrize(
    ("shape", "said", "value"),
    [
        ("day", "3/4/1961", "1961-03-04"),
        ("day", "1961-03-04", "1961-03-04"),
        ("day", "soon", None),
        ("phone", "1-330-555-0171", "3305550171"),
        ("phone", "555-0171", None),
        ("ssn4", "123-45-6789", "6789"),
        ("ssn4", "12", None),
        ("sex", "female", "F"),
        ("sex", "x", None),
        ("number", "xw 123-456", "XW123456"),
        ("mrn", "12-34-56-78", "12345678"),
        ("name", "baker, anna m", "BAKER, ANNA M"),
        ("name", "Anna Baker", "BAKER, ANNA"),
        ("name", "1234", None),
        ("text", "  two   words ", "two words"),
    ],
)
def test_what_is_typed_is_brought_into_one_form(shape, said, value):
    assert normal(shape, said, RULES) == value


@given(st.sampled_from(SHAPES), st.text(max_size=40))
def test_the_normal_form_is_its_own(shape, said):
    value = normal(shape, said, RULES)
    if value and shape != "name":  # a name's parts may be read anew
        assert normal(shape, value, RULES) == value


def vaccines(*rows):
    head = "Vaccine             Date given    Lot #     Mfr       Site       VIS date"
    return "Vaccines given\n" + "\n".join([head, *rows])


def test_strokes_of_a_frame_before_a_row_do_not_end_the_table():
    page = vaccines(
        "- Tdap              12/23/2001    ' U9823   MedImm    L thigh    08/96",
        ": Hepatitis B #2    12/23/2001    989-503   * Sanofi  ‘ L arm    09/96",
        ", MMR               06/16/2002    | B2492   SKB       R arm      11/98",
    )
    told = values("immunization_record", page)
    assert [told["vaccine", n] for n in (1, 2, 3)] == ["Tdap", "Hepatitis B #2", "MMR"]
    assert (told["lot", 1], told["maker", 2], told["site", 2]) == (
        "U9823",
        "Sanofi",
        "L arm",
    )
    assert told["lot", 3] == "B2492"


def test_a_stroke_or_another_date_is_no_column():
    page = (
        vaccines(
            "Tdap                12/23/2001    U9823     MedImm    L thigh    08/20/96",
        )
        .replace("VIS date", "Date")
        .replace("Vaccine      ", "[ Vaccine    ")
    )
    told = values("immunization_record", page)
    assert told["vaccine", 1] == "Tdap"
    assert told["given", 1] == "2001-12-23"


def test_a_column_whose_name_is_misread_is_known_by_the_others():
    page = (
        vaccines(
            "Tdap                12/23/2001    U9823     MedImm    L thigh    08/96",
        )
        .replace("Date given", "pate qiven")
        .replace("Mfr", "Mtr")
    )
    told = values("immunization_record", page)
    assert told["given", 1] == "2001-12-23"
    assert told["maker", 1] == "MedImm"


def close(page):
    """The same lines with little white between them, as in the cells of a table."""
    words = []
    for word in page.words:
        top = 100 + word.line * 36
        box = replace(word.box, top=top, bottom=top + word.box.height)
        words.append(replace(word, box=box))
    return replace(page, words=tuple(words))


def test_lines_above_and_below_a_rows_first_cell_are_its_own():
    page = vaccines(
        "",
        "                    June 21,                          L",
        "Hib #3                            A4662     Sanofi               01/98",
        "                    2001                              deltoid",
        "",
        "Pneumococcal        August 11,",
        "                                  B4257     Wyeth     R thigh    03/98",
        "conjugate           2001",
        "",
        "MMR                 4-Feb-        C5327     Merck     R arm      02/99",
        "                    01",
    )
    form = FORMS.of(DocumentType("immunization_record"))
    read = {
        one.place: one.value
        for one in proposals_of([close(page_of(page))], form, RULES)
    }
    rows = [
        [read.get((key, n)) for key in ("vaccine", "given", "lot", "site")]
        for n in (1, 2, 3)
    ]
    assert rows == [
        ["Hib #3", "2001-06-21", "A4662", "L deltoid"],
        ["Pneumococcal conjugate", "2001-08-11", "B4257", "R thigh"],
        ["MMR", "2001-02-04", "C5327", "R arm"],
    ]


@pytest.mark.parametrize(
    "other",
    [
        "Record of Immunizations Given\nPAT NAME     PHAM JUAN     PAT NO    12345",
        "Date given: 01/02/2001    Vaccine: see below\nDOE JANE      SMITH JOHN",
        "The vaccine was explained before it was given, says the\n"
        "nurse who had it      in her      own hand",
    ],
)
def test_a_title_a_field_or_a_sentence_is_no_head_of_a_table(other):
    told = values("immunization_record", other)
    assert not [place for place in told if isinstance(place, tuple)]


def test_what_stands_elsewhere_than_the_rows_do_is_no_row():
    page = vaccines(
        "Tdap                12/23/2001    U9823     MedImm    L thigh    08/96",
        "MMR                 12/24/2001    U9824     MedImm    R thigh    08/96",
        "",
        "Consent",
        "Ernest Watkins (parent)      Theodore Jablonski      RN",
    )
    told = values("immunization_record", page)
    assert max(place[1] for place in told if isinstance(place, tuple)) == 2
