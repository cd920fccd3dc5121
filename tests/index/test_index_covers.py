"""How far a cover reaches: up to a stray, and on from the patient's own page."""

import pytest
from index_people import ISO_FORMAT, clue, index_of, page_of, person, with_check_digit

from pipeline.index.covers import while_uncontradicted
from pipeline.index.matchrules import MatchRules
from pipeline.index.sheets import sort_sheets
from pipeline.index.subject import Matcher

DOE = person(with_check_digit(123456), "Whitfield|John|A", "1961-03-14")
ROE = person(with_check_digit(765432), "Castellano|Mary", "1948-11-02")
MATCHER = Matcher(index_of([DOE, ROE]), MatchRules(), ISO_FORMAT)
NAMED, BORN = ("name", "WHITFIELD|JOHN||"), ("born", "1961-03-14")
STRAY = [("mrn", ROE.mrn)]


def in_force(*pages) -> list[bool]:
    """Whether the cover of DOE holds for each page, of these fields and values."""
    clues = {
        n: tuple(clue(field, value, n) for field, value in said)
        for n, said in enumerate(pages, 2)
    }
    clues[1] = (clue("cover patient", DOE.mrn, by="code128"),)
    body = [
        page_of(n, *["The patient slept well."] * 12) for n in range(2, len(pages) + 2)
    ]
    sheets = sort_sheets([page_of(1, "COVER"), *body], clues, 40)
    sheets = while_uncontradicted(sheets, clues, MATCHER.candidates, 0.7)
    return [bool(sheets.covers[page.number]) for page in body]


def test_a_stray_keeps_its_cover_and_ends_it():
    assert in_force([], STRAY, []) == [True, True, False]


@pytest.mark.parametrize(
    ("said", "again"),
    [
        ([("mrn", DOE.mrn)], True),
        ([NAMED, BORN], True),
        ([NAMED], False),  # a relative's may be printed alike
        ([BORN], False),
        ([BORN, ("name", "WHITFIELD|ANN||")], False),
        (STRAY, False),
    ],
)
def test_it_is_in_force_again_once_a_page_is_its_patients_to_the_letter(said, again):
    """A stray parted all papers behind it from their cover."""
    assert in_force(STRAY, [], said, []) == [True, False, again, again]


def test_another_stray_ends_it_again():
    assert in_force(STRAY, [("mrn", DOE.mrn)], STRAY, []) == [True, True, True, False]
