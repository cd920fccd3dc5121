"""How far a cover reaches: up to a stray, and no farther."""

import pytest
from index_people import ISO_FORMAT, clue, index_of, page_of, person, with_check_digit

from pipeline.index.covers import while_uncontradicted
from pipeline.index.matchrules import MatchRules
from pipeline.index.sheets import sort_sheets
from pipeline.index.subject import Matcher

DOE = person(with_check_digit(123456), "Whitfield|John|A", "1961-03-14")
ROE = person(with_check_digit(765432), "Castellano|Mary", "1948-11-02")
NEIGHBOUR = person(DOE.mrn[:-1] + "0", "Okafor|Anna", "1975-06-09")
MATCHER = Matcher(index_of([DOE, ROE, NEIGHBOUR]), MatchRules(), ISO_FORMAT)
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
    "said", [[("mrn", DOE.mrn)], [NAMED, BORN], [("mrn", NEIGHBOUR.mrn)], STRAY]
)
def test_behind_a_stray_each_page_must_say_itself_whose_it_is(said):
    """Also behind a page of the patient's, or of one whose number is a digit off."""
    assert in_force(STRAY, [], said, []) == [True, False, False, False]
