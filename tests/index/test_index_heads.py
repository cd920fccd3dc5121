"""Names, numbers and days in a page's head whose labels nobody could read."""

from dataclasses import replace

import pytest
from index_people import ISO_FORMAT, clue, index_of, person, with_check_digit
from index_people import page_of as sheet
from test_index_match_cut import BODY as LINES
from test_index_match_cut import DOE as WHITFIELD
from test_index_match_cut import cover, cut, told

from pipeline.index.clues import find_clues
from pipeline.index.evidence import compare
from pipeline.index.matchrules import MatchRules
from pipeline.index.subject import Matcher, Told
from tests.index.printed import RULES, page_of

DOE = person(with_check_digit(123456), "Whitfield|John|A", "1961-03-14")
KNOWN = Matcher(index_of([DOE]), MatchRules(), ISO_FORMAT).known([DOE], ())
AT_HOME = replace(KNOWN, at_home=frozenset({DOE.mrn}))
CHECKED = replace(RULES, mrn=ISO_FORMAT)
BODY = "\nHe slept well and was seen on the ward this morning." * 4


def perhaps(text, rules=CHECKED):
    """Field and value of what no label explains."""
    found = find_clues([page_of(text + BODY)], rules)
    return [(c.field, c.value) for c in found if c.role == "perhaps"]


@pytest.mark.parametrize(
    ("head", "told"),
    [
        # "NAME" under it was lost
        (
            "x\nx\nx\nWHITFIELD, JOHN A          SACRED WAY HOSPITAL",
            [("name", "WHITFIELD|JOHN|A|")],
        ),
        # "M.R. NUMBER" was read as "M.AL NUMBER"
        (f"M.AL NUMBER {DOE.mrn}", [("account", DOE.mrn)]),
        ("x 01-23-45-67", [("mrn", DOE.mrn)]),
        (
            "A  John A. Whitfield          V8171316",
            [("name", "WHITFIELD|JOHN|A|"), ("account", "V8171316")],
        ),
        # "Re: DOB" was read as "Re DOE"
        ("Name: WHITFIELD, J     03/14/1961", [("born", "1961-03-14")]),
        (
            "x\n" * 9 + "John A. Whitfield (patient signature)",
            [("name", "WHITFIELD|JOHN|A|")],
        ),
        ("x\n" * 9 + "John A. Whitfield (witness signature)", []),
        ("x\n" * 9 + "John A. Whitfield, patient representative", []),
        ("x\nx\nWhitfield, John    Policy holder    03/14/1961", []),
        ("Guarantor: WHITFIELD, JOHN A\nx\nx\nJohn Whitfield          SACRED WAY", []),
        ("Mother: x   Whitfield, Ann          V8171316", []),
        # no record's, by its check digit
        ("Tel 8145550162   12345678", [("account", "12345678")]),
        ("Dated x 03/14/1961", []),  # beside no name
        ("Name: WHITFIELD, J   ORDER: V8171316", [("account", "V8171316")]),
        ("Name: WHITFIELD, J   ORDER: 17", []),
    ],
)
def test_what_no_label_explains(head, told):
    assert perhaps(head) == told


def test_a_day_of_birth_behind_half_a_label():
    """ "BIRTH DATE" was read as "4 DATE", "NAME" behind a speck as no label."""
    found = find_clues([page_of("- NAME WHITFIELD, J\n4 DATE 03/14/1961")], CHECKED)
    told = [(c.field, c.value, c.role) for c in found if c.field in ("name", "born")]
    assert told == [
        ("name", "WHITFIELD|J||", "subject"),
        ("born", "1961-03-14", "perhaps"),
    ]


@pytest.mark.parametrize("label", ["Dep.: 01", "Dependent:", "DEPENDENT: 1"])
def test_a_card_names_its_dependent(label):
    card = f"Member name: Whitfield, Ann\n{label} John A. Whitfield"
    found = find_clues([page_of(card)], CHECKED)
    told = [(c.value, c.role) for c in found if c.field == "name"]
    assert told == [
        ("WHITFIELD|ANN||", "guarantor"),
        ("WHITFIELD|JOHN|A|", "dependent"),
    ]


@pytest.mark.parametrize("below", ["M.D.", "OTR/L, MD", "Nephrology"])
def test_a_degree_on_the_next_line_of_its_cell_makes_a_clinician(below):
    """Two papers of 244 were vetoed by a physician under an unread label."""
    text = f"x\n{DOE.mrn}   y\n11/28/2009   Lawrence D. Reed,\n             {below}"
    known = replace(CHECKED, given_names=frozenset({"LAWRENCE"}))
    found = find_clues([page_of(text + BODY)], known)
    named = [c.value for c in found if c.field == "name"]
    assert named == (["REED|LAWRENCE|D|"] if below == "Nephrology" else [])


def test_a_heading_under_a_name_makes_no_clinician():
    """ "RN Assessment" under a stranger took name, number and day of birth away."""
    mrn = with_check_digit(2222222)
    text = f"x\nx\nJulian Whitfield    {mrn}    06/01/2005\nRN Assessment"
    known = replace(CHECKED, given_names=frozenset({"JULIAN"}))
    found = find_clues([page_of(text + BODY)], known)
    told = {(c.field, c.value, c.role) for c in found}
    assert {
        ("name", "WHITFIELD|JULIAN||", "subject"),
        ("mrn", mrn, "subject"),
    } <= told


def test_a_foreign_house_has_numbers_of_its_own():
    head = f"MERCY HOSPITAL\n12 Elm Street, Lorne, PA 16882\nM.AL NUMBER {DOE.mrn}"
    assert ("mrn", DOE.mrn) not in perhaps(head)


def said(field, value, known, role="perhaps"):
    found = compare([clue(field, value, role=role)], DOE, known)
    return {e.source for e in found if e.weight > 0}, [e for e in found if e.weight < 0]


@pytest.mark.parametrize(
    ("field", "value", "sources"),
    [
        ("mrn", DOE.mrn, {"mrn"}),
        ("account", DOE.mrn, {"mrn"}),
        ("born", "1961-03-14", set()),  # perhaps the page's own day: see below
        ("name", "WHITFIELD|JOHN|A|", {"name", "given name"}),
    ],
)
def test_it_confirms_whom_the_place_names_and_nobody_else(field, value, sources):
    assert said(field, value, AT_HOME) == (sources, [])
    assert said(field, value, AT_HOME, role="dependent") == (sources, [])
    assert said(field, value, AT_HOME, role="contact") == (set(), [])
    assert said(field, value, KNOWN) == (set(), [])
    whole, _ = said(field, value, KNOWN, role="subject")
    assert whole >= sources


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("mrn", with_check_digit(123457)),
        ("born", "1961-03-15"),
        ("name", "WHITFIELD|J||"),
        ("name", "WHITFIELD|JON||"),
        ("name", "CASTELLANO|MARY||"),
        ("name", "CASTELLANO|JOHN||"),
    ],
)
def test_what_is_not_the_patients_to_the_letter_says_nothing(field, value):
    assert said(field, value, AT_HOME) == (set(), [])


def test_it_weighs_less_than_behind_a_label():
    (loose,) = compare([clue("mrn", DOE.mrn, role="perhaps")], DOE, AT_HOME)
    (labelled,) = compare([clue("mrn", DOE.mrn)], DOE, AT_HOME)
    assert loose.weight == pytest.approx(labelled.weight - 3)


@pytest.mark.parametrize(
    ("name", "role", "born"),
    [
        ("WHITFIELD|JOHN||", "subject", True),
        ("WHITFIELD|JOHN|A|", "perhaps", True),
        ("WHITFIELD|J||", "subject", False),
        ("CASTELLANO|MARY||", "perhaps", False),
        ("WHITFIELD|JOHN||", "clinician", False),
    ],
)
def test_a_day_is_one_of_birth_beside_the_whole_name_only(name, role, born):
    """A newborn's day of birth is the day of each paper written on it."""
    found = compare(
        [clue("born", "1961-03-14", role="perhaps"), clue("name", name, role=role)],
        DOE,
        AT_HOME,
    )
    assert any(e.source == "birth date" for e in found) is born
    elsewhere = [
        clue("born", "1961-03-14", role="perhaps"),
        clue("name", name, 2, role=role),
    ]
    found = compare(elsewhere, DOE, AT_HOME)
    assert not any(e.source == "birth date" for e in found)


def test_a_name_in_the_head_is_exact_behind_a_label_only():
    """Beside a cover it would file a letter about a son by his mother's address."""
    for role, exact in (("perhaps", False), ("dependent", False), ("subject", True)):
        found = compare([clue("name", "WHITFIELD|JOHN||", role=role)], DOE, AT_HOME)
        assert {e.exact for e in found} == {exact}


@pytest.mark.parametrize("name", ["WHITFIELD|JOHN||SR", "WHITFIELD|JOHN|B|"])
def test_a_namesakes_suffix_or_middle_name_confirms_nobody(name):
    junior = person(DOE.mrn, "Whitfield|John|A|JR", "1961-03-14")
    found = compare([clue("name", name, role="perhaps")], junior, AT_HOME)
    assert found == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("mrn", with_check_digit(765432)),
        ("born", "1988-11-02"),
        ("name", "CASTELLANO|M||"),
        ("name", "WHITFIELD|R||"),
        ("name", "WHITFIELD|JOHN||SR"),
    ],
)
def test_a_label_that_names_another_silences_the_head_of_its_page(field, value):
    """ "Name: CASTELLANO, M" over "Whitfield, Ann" was filed behind her cover."""
    junior = person(DOE.mrn, "Whitfield|John|A|JR", "1961-03-14")
    head = [
        clue("name", "WHITFIELD|JOHN|A|", role="perhaps"),
        clue("account", DOE.mrn, role="perhaps"),
    ]
    for page, heard in ((1, False), (2, True)):
        found = compare([*head, clue(field, value, page)], junior, AT_HOME)
        assert any(e.source == "mrn" and e.weight > 0 for e in found) is heard


@pytest.mark.parametrize(
    ("other", "role", "heard"),
    [
        ("WHITFIELD|BABY GIRL||", "perhaps", False),
        ("WHITFIELD|BABY GIRL||", "dependent", True),  # a card lists whom it covers
        ("CASTELLANO|MARY||", "perhaps", True),  # somebody of the house
        ("WHITFIELD|J||", "perhaps", True),
    ],
)
def test_a_relative_in_the_head_silences_it(other, role, heard):
    """A newborn's sheet bears the mother's name and number as well."""
    head = [
        clue("name", "WHITFIELD|JOHN|A|", role="perhaps"),
        clue("account", DOE.mrn, role="perhaps"),
        clue("name", other, role=role),
    ]
    found = compare(head, DOE, AT_HOME)
    assert bool(found) is heard


def test_at_home_are_the_folders_owner_and_the_covers_patient():
    told = Told((1,), (), (clue("cover patient", "12-34"), clue("doctype", "x")), DOE)
    assert told.at_home == {DOE.mrn, "1234"}
    assert Told((1,), ()).at_home == frozenset()


def test_another_phone_hardly_speaks_against():
    """A privacy notice prints the phones of friends; it held back its patient's."""
    with_phone = replace(DOE, phone="330-555-5476")
    (other,) = compare([clue("phone", "3305550120")], with_phone, KNOWN)
    assert other.weight == -1


@pytest.mark.parametrize(
    ("head", "filed"),
    [
        ("WHITFIELD, JOHN A  M.AL NUMBER " + WHITFIELD.mrn, True),
        ("WHITFIELD, JOHN A  4 DATE 03/14/1961", True),
        ("WHITFIELD, JOHN A  SACRED WAY HOSPITAL", False),  # perhaps the addressee
        ("WHITFIELD, MARY  4 DATE 03/14/1961", False),
        ("WHITFIELD, J  4 DATE 03/14/1961", False),
    ],
)
def test_a_paper_behind_its_cover_is_filed_by_the_words_of_its_head(head, filed):
    for pages in ([cover(1, WHITFIELD)], []):
        paper = sheet(2, "x", "x", "x", head, *LINES)
        mrn = WHITFIELD.mrn if filed and pages else None
        assert told(cut([*pages, paper])) == [((2,), mrn)]
