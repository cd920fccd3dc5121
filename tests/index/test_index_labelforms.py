"""Labels as real forms print them: joined, abbreviated, above and below their value.

Each form is held against one thing that is another person's: such a page waits.
"""

from dataclasses import replace

import pytest
from index_people import ISO_FORMAT, page_of, person, with_check_digit
from test_index_relatives import BODY, JOHN, cover, filed, header
from test_index_relatives import RULES as INDEX_RULES

from pipeline.index.clues import find_clues
from tests.index.printed import RULES
from tests.index.printed import page_of as printed

CHECKED = replace(RULES, mrn=ISO_FORMAT)
MRN = with_check_digit(123456)
MOTHER = person(with_check_digit(555111), "Whitfield|Margaret", "1934-08-20", sex="F")
TWIN = person(with_check_digit(777333), "Whitfield|James", "1961-03-14", sex="M")
NAMESAKE = person(with_check_digit(888444), "Whitfield|John", "1988-11-02", sex="M")
FATHER = person(with_check_digit(999222), "Whitfield|John|A|Sr", "1930-02-07", sex="M")
FORMS = {
    "abbreviated": ["Pat. Name: {name}", "Pat. No.: {mrn}  Birthdate/Age: {day} / 48"],
    "number in brackets": ["Patient: {name} ({mrn})", "DOB/Sex: {day}"],
    "parted by strokes": ["Patient: {name} / {mrn}", "DOB / Age / Sex: {day} / 48"],
    "named number": ["Patient: {name}  MRN: MR{mrn}", "B/D: {day}"],
    "how to write it": ["Name (Last, First): {name}", "MRN: {mrn}  DOB: {day}"],
    "under how to write it": [
        "x  Name (Last, First)      MRN      Date-of-Birth",
        "x  {name}      {mrn}      {day}",
    ],
    "two numbers named": ["Patient Name: {name}", "MRN/CSN: {mrn}  DOB/Age: {day}"],
    "after copies": ["cc: Robert Clark", "  Lawrence Reed",
                     "Patient: {name}  MRN: {mrn}  DOB: {day}"],
    "under a house": ["x", "Elm Street Associates, P.C.",
                      "Patient: {name}  MRN: {mrn}  DOB: {day}"],
}  # fmt: skip


def printed_of(form, name, number, born):
    """The form's lines with these people's name, number and day of birth."""
    shown = f"{name.names[0].family}, {name.names[0].given}".upper()
    told = {"name": shown, "mrn": number.mrn, "day": f"{born.born:%m/%d/%Y}"}
    return [*(line.format(**told) for line in FORMS[form]), *BODY]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("other", [MOTHER, TWIN, NAMESAKE, FATHER])
def test_who_is_named_is_filed(form, other):
    page = page_of(1, *printed_of(form, JOHN, JOHN, JOHN))
    assert filed((JOHN, other), [page]) == {1: JOHN.id}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("other", "spoiled"),
    [
        *((MOTHER, thing) for thing in ("name", "number", "born")),
        *((TWIN, thing) for thing in ("name", "number")),
        *(
            (other, thing)
            for other in (NAMESAKE, FATHER)
            for thing in ("number", "born")
        ),
    ],
)
def test_one_thing_of_another_person_waits(form, other, spoiled):
    whose = {"name": JOHN, "number": JOHN, "born": JOHN, spoiled: other}
    page = page_of(1, *printed_of(form, **whose))
    assert filed((JOHN, other), [page]) == {}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("other", [MOTHER, TWIN, NAMESAKE, FATHER])
@pytest.mark.parametrize(
    "beside",
    [
        "Insured: WHITFIELD, JOHN  Insured's DOB: 03/14/1961",
        "Next of kin: John A. Whitfield  03/14/1961",
        f"Guarantor: WHITFIELD, JOHN  Acct: {MRN}",
    ],
)
def test_a_relatives_page_is_not_the_insureds(form, other, beside):
    page = page_of(1, *printed_of(form, other, other, other), beside)
    assert filed((JOHN, other), [page]).get(1) in {other.id, None}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("other", [MOTHER, TWIN, NAMESAKE, FATHER])
@pytest.mark.parametrize(
    "above",
    [
        "x",
        "cc: Robert Clark  WHITFIELD, JOHN A",
        f"Referring: CLARK, ROBERT  {JOHN.mrn}",
        f"John A. Whitfield  {JOHN.mrn}",
    ],
)
def test_a_relatives_page_behind_the_cover_is_not_the_covers(form, other, above):
    page = page_of(2, above, *printed_of(form, other, other, other))
    assert JOHN.id not in filed((JOHN, other), [cover(1, JOHN), page]).values()
    stranger = filed((JOHN,), [cover(1, JOHN), page])  # the index does not know them
    assert JOHN.id not in stranger.values()


def clues_in(text, given=("LAWRENCE", "OLIVE")):
    """Field, value and role of what identifies people on a page of this text."""
    rules = replace(CHECKED, given_names=frozenset(given))
    body = "\nHe slept well and was seen on the ward this morning." * 4
    return {
        (c.field, c.value, c.role)
        for c in find_clues([printed(text + body)], rules)
        if c.field in {"name", "mrn", "born"}
    }


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Hosp. No.  {n}    Pat ID: {n}", "mrn", MRN),
        ("History # {n}", "mrn", MRN),
        ("Med.Rec.# {n}", "mrn", MRN),
        ("Med Rec Nbr: {n}", "mrn", MRN),
        ("MRN: MRN{n}", "mrn", MRN),
        ("Patient's Birthdate: 03/14/1961", "born", "1961-03-14"),
        ("Birth Date/Sex: 03/14/1961 M", "born", "1961-03-14"),
        ("Residents Name: WHITFIELD, JOHN", "name", "WHITFIELD|JOHN||"),
        ("Name (please print) WHITFIELD, JOHN", "name", "WHITFIELD|JOHN||"),
        (", NAME       WHITFIELD, J.     SACRED WAY", "name", "WHITFIELD|J||"),
        # the given name stands on the next line, under the label
        (
            "Patient Name: WHITFIELD,      MRN:  {n}\nJOHN A",
            "name",
            "WHITFIELD|JOHN|A|",
        ),
    ],
)
def test_a_label_in_real_use(text, field, value):
    assert (field, value, "subject") in clues_in(text.format(n=MRN))


def test_a_number_that_only_begins_as_the_records_is_another():
    """MR01234568 is no number of the house by its check digit."""
    wrong = f"MR{MRN[:-1]}{(int(MRN[-1]) + 1) % 10}"
    assert ("mrn", wrong, "subject") in clues_in(f"MRN: {wrong}")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # a scrawl at the foot was read as "Re", a letterhead stood under it
        ("x\n" * 4 + "Re\nPinehurst Specialty Associates, P.C.", "PINEHURST"),
        ("Patient:\nElm Street Physicians", "ELM"),
        ("Patient:\nCHIEF COMPLAINT", "COMPLAINT"),
        ("Patient:\nDATE OF SERVICE", "OF SERVICE"),
        ("Patient\nREGISTRATION FOI", "REGISTRATION"),
        # physical therapy, not patient: OTR/L was misread
        ("Patient's name  WHITFIELD, JOHN\nPT: Olive E. Kessler, OTRYE :", "KESSLER"),
        ("Patient's name  WHITFIELD, JOHN\nPT: Olive E. Kessler, OTRYE", "KESSLER"),
        ("Patient's name  WHITFIELD, JOHN\nPT: Ailsa E. Kessler, OTRYE", "KESSLER"),
        ("x\ncc: Robert Clark\n    Lawrence Reed\nPatient: WHITFIELD, JOHN", "REED"),
        (
            "x\nAttending: CLARK, ROBERT\n           REED, LAWRENCE\n"
            "Patient: WHITFIELD, JOHN",
            "REED",
        ),
        ("x\nDictating: CLARK, ROBERT\nPatient: WHITFIELD, JOHN", "CLARK"),
    ],
)
def test_a_house_or_a_clinician_is_not_the_patient(text, name):
    """Each stood against the patient as another person's name."""
    named = [v for f, v, role in clues_in(text) if f == "name" and role == "subject"]
    assert not any(value.startswith(name) for value in named)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("PT: KESSLER, OLIVE E", "KESSLER|OLIVE|E|"),
        ("PT: Olive E. Kessler, JR", "KESSLER|OLIVE|E|JR"),
        ("PT: Olive E. Kessler, MRN: 12345678", "KESSLER|OLIVE|E|"),
        ("Pt: Olive E. Kessler, ICU", "KESSLER|OLIVE|E|"),
        # a number beside the name: no list of clinicians goes on so
        (f"x\ncc: Robert Clark\n    Lawrence Reed    {MRN}", "REED|LAWRENCE||"),
        ("PT: DE LA CRUZ, ANA", "DE LA CRUZ|ANA||"),
        ("RE: REED, LAWRENCE", "REED|LAWRENCE||"),
    ],
)
def test_a_patient_in_the_same_place_still_is(text, name):
    assert ("name", name, "subject") in clues_in(text)


def test_a_houses_address_is_no_record_number():
    """The stamp RECEIVED, MEDICAL RECORDS stood over "1901 Cathedral Avenue"."""
    stamp = "RECEIVED\nMEDICAL RECORDS\n1901 Cathedral Avenue, Lorne, PA 16882"
    assert not any(field == "mrn" for field, _, _ in clues_in(stamp))
    for text in ("Medical Record No: 1901", "MRN 1901 WHITFIELD, JOHN"):
        assert ("mrn", "1901", "subject") in clues_in(text)


def test_without_a_label_that_names_the_patient_nobody_is_a_clinician_by_place():
    """A relative's page behind a cover must still speak against the cover."""
    below = "x\nAttending: CLARK, ROBERT\n           REED, LAWRENCE"
    assert ("name", "REED|LAWRENCE||", "subject") in clues_in(below)
    alone = "PT: Olive E. Kessler, OTRYE"
    assert ("name", "KESSLER|OLIVE|E|", "subject") in clues_in(alone)


@pytest.mark.parametrize(
    "lines",
    [
        # surnames that are a house's word, or a letter from one; initials, no company
        ["Patient Name: SENTER, MARY"],
        ["RE: Craig Venter"],
        ["Patient Name: FOUNDATION, MARY"],
        ["Patient Name: HOSPICE, MARY"],
        ["Patient Name: VAN BUREN, P.C."],
        ["Patient Name: DE LA CRUZ, PC"],
        ["Patient Name: Mary Anne Center"],
        # the second is the given name, or the page is a relative's
        ["Patient: JOHN A WHITFIELD, MARGARET"],
        ["Patient: JOHN A. WHITFIELD, MOTHER"],
        # a ward behind the name is no degree of a therapist
        ["Name: ____", "PT: Margaret E. Whitfield, ICU"],
        ["Name: WHITFIELD, JOHN", "PT: Margaret E. Whitfield, ER"],
        ["Insured Name: WHITFIELD, JOHN", "PT: Margaret E. Whitfield, RM 204"],
        # a sticker under "Attending", its day or number in the next line
        ["x", "Attending: CLARK, ROBERT", "  WHITFIELD, MARGARET", "  08/20/1934 F",
         "Patient: WHITFIELD, JOHN"],
        ["x", "Attending: CLARK, ROBERT", "  REED, OLIVE", f"  {MOTHER.mrn}",
         "Patient: WHITFIELD, JOHN"],
        # a surname is no street
        ["MRN: 55511 LANE, MARGARET"],
        ["Patient MRN: 55511 COURT, MARY"],
    ],
)  # fmt: skip
@pytest.mark.parametrize("first", [[], header(JOHN)[:2]])
def test_another_persons_page_is_not_the_folders(lines, first):
    """Each was filed with John's page before it, or by what is his on it."""
    given = frozenset({"JOHN", "MARGARET", "ROBERT", "OLIVE", "MARY", "CRAIG"})
    rules = replace(INDEX_RULES, clues=replace(INDEX_RULES.clues, given_names=given))
    before = page_of(1, *first, *BODY) if first else cover(1, JOHN)
    pages = [before, page_of(2, *lines, *BODY)]
    assert 2 not in filed((JOHN, MOTHER), pages, [4.0, -8.0], rules=rules)


@pytest.mark.parametrize(
    "lines",
    [
        [f"Representative: WHITFIELD, JOHN ({JOHN.mrn})"],
        [f"Roommate: WHITFIELD, JOHN / {JOHN.mrn}"],
        ["Patient Name: WHITFIELD, J", f"Representative History #: {JOHN.mrn}"],
    ],
)
def test_who_stands_for_the_patient_is_another(lines):
    page = page_of(1, *lines, *BODY)
    assert filed((JOHN, MOTHER), [page], rules=INDEX_RULES) == {}
