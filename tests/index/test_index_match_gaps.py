"""Page numbers, forms, days and people on both sides of a gap."""

from dataclasses import replace

import numpy as np
import pytest
from index_people import clue, page_of

from pipeline.index.decoder import CERTAIN
from pipeline.index.duplex import ONE_SIDED, Duplex
from pipeline.index.gaps import fed_twice, start_scores
from pipeline.index.sheets import sort_sheets

NAME, OTHER_NAME = "DOE|JOHN||", "ROE|MARY||"


def added(before, here) -> float:
    """What the clues of two pages add to the second one's log-odds."""
    pages = [page_of(1, "text"), page_of(2, "text")]
    clues = {1: tuple(before), 2: tuple(here)}
    sheets = sort_sheets(pages, clues, 40)
    return float(start_scores(np.array([0.5, 0.5]), sheets, clues)[1]) - 0.5


@pytest.mark.parametrize(
    ("field", "before", "here", "sign"),
    [
        ("page_of", "1/3", "2/3", -1),
        ("page_of", "2/", "3/", -1),
        ("page_of", "3/3", "1/2", 1),
        ("page_of", "3/3", "x", 1),
        ("page_of", "1/3", "2/4", 0),
        ("page_of", "1/3", "3/3", 0),
        ("page_of", "37/200", "38/200", 0),
        ("page_of", "2/2", "1/200", 1),
        ("form number", "GIL372", "GIL372", -1),
        ("form number", "GIL372", "G1L372", -1),
        ("form number", "GIL372", "GIL373", 0),
        ("form number", "GIL372", "GIL393", 1),
        ("form_id", "GIL-372", "Control of forms", 0),
        ("service date", "2013-04-03", "2013-04-03", 0),
        ("dated", "2013-04-03", "2013-04-04", 1),
        ("printed", "2013-04-03", "2013-04-04", 0),
        ("mrn", "12345678", "87654321", 1),
        ("mrn", "12345678", "12345673", 0),
        ("born", "1961-03-04", "1988-11-02", 1),
        ("born", "1961-03-04", "1961-03-05", 0),
        ("born", "1961-03-04", "?", 0),
        ("name", NAME, OTHER_NAME, 1),
        ("name", NAME, "JOHN|DOE||", 0),
    ],
)
def test_one_thing(field, before, here, sign):
    assert np.sign(added([clue(field, before)], [clue(field, here, 2)])) == sign


def test_another_day_outweighs_the_same_form():
    """A sheet of the same form without a name may be anybody's."""
    one = [clue("form number", "GIL372"), clue("dated", "2013-04-03")]
    two = [clue("form number", "GIL372", 2), clue("dated", "2013-04-04", 2)]
    assert added(one, two) > 0


def test_a_doubtful_number_of_a_form_speaks_if_it_is_far_off():
    one = [clue("form number", "GIL372")]
    for number, more in (("GIL372", -1.8), ("GIL393", 0), ("GIL495", 1.5)):
        faint = clue("form number", number, 2, confidence=0.2)
        assert added(one, [faint]) == more


def counted(*counts, starts=0.0) -> list[float]:
    """The log-odds of pages that count so, "" for no legible count."""
    pages = [page_of(n, "text") for n, _ in enumerate(counts, 1)]
    clues = {n: (clue("page_of", c, n),) for n, c in enumerate(counts, 1) if c}
    sheets = sort_sheets(pages, clues, 40)
    return start_scores(np.full(len(pages), starts), sheets, clues).tolist()


def test_two_counts_tell_of_the_pages_between_them():
    """Pages 2 and 5 of 6 of a poor scan: 3 and 4 had no legible count."""
    found = counted("", "2/6", "", "", "5/6", "", "")
    assert [odds < 0 for odds in found] == [*[False] * 2, *[True] * 3, *[False] * 2]


@pytest.mark.parametrize(
    "counts",
    [
        ("", "", "2/3", "3/3"),  # page 1 is missing, another's before it
        ("1/3", "", ""),
        ("1/1", "", "4/6"),
        ("1/3", "", "3/4"),
        ("3/3", "", "1/3"),
        ("2/", "", "4/"),
    ],
)
def test_a_count_alone_tells_of_no_page_beside_it(counts):
    """A son's page 2 was filed in his mother's papers, whose page 1 was missing."""
    found = counted(*counts)
    assert all(odds >= 0 or counts[row - 1] != "" for row, odds in enumerate(found))
    assert found[1] >= 0


def test_no_count_reaches_over_a_separator():
    pages = [page_of(n, *["text"] * 50) for n in (1, 2, 4)]
    counts = {1: (clue("page_of", "1/3", 1),), 4: (clue("page_of", "3/3", 4),)}
    pages.insert(2, page_of(3))
    counts[3] = (clue("separator", "separator", 3),)
    sheets = sort_sheets(pages, counts, 40)
    scores = start_scores(np.zeros(3), sheets, counts)
    assert scores.tolist()[1:] == [0.0, CERTAIN]


@pytest.mark.parametrize("between", [("1/3", "", "2/3"), ("1/2", "", "2/2")])
def test_a_sheet_too_many_is_part_of_nothing(between):
    """Somebody else's sheet, without a name, must not be drawn into the document."""
    assert counted(*between)[1:] == [0.0, 0.0]


@pytest.mark.parametrize(
    ("line", "then", "back"),
    [("ET ee", "2/3", True), ("ET ee", "3/3", False), ("ADDENDUM", "2/3", False)],
)
def test_a_dirty_back_inside_a_counted_document_begins_nothing(line, then, back):
    """Twelve pages of 227 waited for the ink that shone through a back."""
    confidence = 0.9 if line.isupper() and len(line) > 5 else 0.2
    side = page_of(2, line, confidence=confidence)
    side = replace(side, quality=replace(side.quality, ink=0.02))
    pages = [page_of(1, "text"), side, page_of(3, "text")]
    clues = {1: (clue("page_of", "1/3", 1),), 3: (clue("page_of", then, 3),)}
    sheets = sort_sheets(pages, clues, 40)
    scores = start_scores(np.array([9.0, 0.5, 0.5]), sheets, clues)
    assert bool(scores[1] == -5) is back
    assert not back or scores[2] < 0


@pytest.mark.parametrize(
    ("ink", "stack", "back"),
    [
        (0.02, ONE_SIDED, True),
        (0.055, ONE_SIDED, False),
        (0.055, Duplex(0.97), True),
        (0.055, Duplex(0.5), False),
    ],
)
def test_a_sheet_of_handwriting_inside_a_counted_document_is_no_back(ink, stack, back):
    """A note without one legible word may be anybody's, were it not for the stack."""
    side = page_of(2, "ev le wn ow", confidence=0.2)
    side = replace(side, quality=replace(side.quality, ink=ink))
    pages = [page_of(1, "text"), side, page_of(3, "text")]
    clues = {1: (clue("page_of", "1/2", 1),), 3: (clue("page_of", "2/2", 3),)}
    sheets = sort_sheets(pages, clues, 40)
    scores = start_scores(np.array([9.0, 9.0, 0.5]), sheets, clues, stack)
    assert bool(scores[1] == -5) is back


def test_what_one_page_only_says_counts_little():
    assert added([], [clue("page_of", "1/2", 2)]) > 0
    assert added([clue("page_of", "2/2")], []) > 0
    assert added([clue("name", NAME)], []) == 0
    assert added([], [clue("form number", "A12", 2)]) == 0


def test_one_agreement_outweighs_a_differing_name():
    before = [clue("name", NAME), clue("mrn", "12345678")]
    here = [clue("name", OTHER_NAME, 2), clue("mrn", "12345678", 2)]
    assert added(before, here) == 0


def test_the_illegible_and_the_others_do_not_speak():
    faint = clue("page_of", "1/2", 2, confidence=0.3)
    assert added([], [faint]) == 0
    doctor = clue("name", OTHER_NAME, 2, role="clinician")
    assert added([clue("name", NAME)], [doctor]) == 0


LETTER = [f"The patient was seen by doctor {name} today" for name in ("Le", "Ro", "Do")]


@pytest.mark.parametrize(
    ("figures", "again"),
    [
        ("MRN 12345678 03/04/2013 140 104", True),
        ("MRN 12345678 03/04/2013 140 1O4", True),
        ("MRN 12345678 03/05/2013 138 99", False),
        ("", False),
    ],
)
def test_a_sheet_fed_twice_says_the_same_figures(figures, again):
    first = page_of(1, *LETTER, "MRN 12345678 03/04/2013 140 104")
    then = page_of(2, *LETTER, figures)
    assert fed_twice(first, then) is again
    sheets = sort_sheets([first, then], {}, 40)
    assert bool(start_scores(np.array([3.0, 3.0]), sheets, {})[1] < 0) is again


def test_on_an_empty_side_no_document_begins():
    inked, unread = page_of(2), page_of(3, troubles=("engine timed out",))
    bare = replace(inked, quality=replace(inked.quality, ink=0.0001))
    pages = [page_of(1, "text"), bare, unread, replace(inked, number=4)]
    sheets = sort_sheets(pages, {}, 40)
    scores = start_scores(np.full(4, 9.0), sheets, {})
    assert (scores > 0).tolist() == [True, False, True, True]


@pytest.mark.parametrize(
    ("line", "confidence", "begins"),
    [
        ("ee a \\ De", 0.2, False),  # a back that shone through
        ("| ~ X \\", 0.8, False),  # specks
        ("DISCHARGE SUMMARY", 0.2, False),
        ("DISCHARGE SUMMARY", 0.9, True),
    ],
)
def test_on_a_dirty_back_no_document_begins(line, confidence, begins):
    back = page_of(2, line, confidence=confidence)
    back = replace(back, quality=replace(back.quality, ink=0.002))
    sheets = sort_sheets([page_of(1, "text"), back], {}, 40)
    assert bool(start_scores(np.full(2, 9.0), sheets, {})[1] > 0) is begins


def test_a_separator_is_certain():
    pages = [page_of(1, "text"), page_of(2), page_of(3, "text")]
    clues = {2: (clue("separator", "separator", 2),)}
    sheets = sort_sheets(pages, clues, 40)
    scores = start_scores(np.array([-9.0, -9.0]), sheets, clues)
    assert scores.tolist() == [-9.0, CERTAIN]
