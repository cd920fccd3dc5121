"""A wrong sheet of labels carries name, number and bars together."""

from dataclasses import replace

import pytest
from index_people import page_of
from test_index_match_cut import ANN, BODY, DOE, cover, cut, reasons, told

from pipeline.finding import Clue
from pipeline.index.evidence import Known
from pipeline.index.frequency import NameCounts
from pipeline.index.matchrules import MatchRules
from pipeline.index.stickers import ONLY_A_LABEL, label_doubt
from pipeline.page import Box, Mark

NAME = DOE.names[0]
KNOWN = Known(MatchRules(), NameCounts())
BARS = Box(1600, 300, 2000, 360)
NEAR, FAR = Box(1600, 250, 1900, 280), Box(200, 1400, 600, 1440)


def clue(field, value, box, by="words", page=1, role="subject"):
    return Clue(field, value, value, page, box, 0.95, role, by)


LABEL = (
    clue("mrn", DOE.mrn, BARS, "code128"),
    clue("mrn", DOE.mrn, NEAR),
    clue("name", f"{NAME.family}|{NAME.given}||", NEAR),
)


def doubted(*clues):
    return [doubt.reason for doubt in label_doubt(clues, DOE, KNOWN)]


def test_a_label_is_one_witness():
    assert doubted(*LABEL) == [ONLY_A_LABEL]


@pytest.mark.parametrize(
    ("beside", "enough"),
    [
        (clue("name", f"{NAME.family}|{NAME.given}||", FAR), True),
        (clue("born", DOE.born.isoformat(), FAR), True),
        (clue("mrn", DOE.mrn, FAR), True),
        (clue("mrn", DOE.mrn, NEAR, page=2), True),
        (clue("born", ANN.born.isoformat(), FAR), False),
        (clue("sex", "M", FAR), False),
        (clue("name", f"{NAME.family}|{NAME.given}||", FAR, role="guarantor"), False),
        (clue("mrn", DOE.mrn, FAR, "code128"), False),  # another label of the sheet
    ],
)
def test_what_stands_beside_it_is_the_papers_own(beside, enough):
    assert doubted(*LABEL, beside) == ([] if enough else [ONLY_A_LABEL])


def test_without_bars_it_is_print():
    assert doubted(*LABEL[1:]) == []
    assert doubted(replace(LABEL[0], value=ANN.mrn), *LABEL[1:]) == []


def stuck(number, patient):
    """A sheet whose only identity is the patient's label, upper right."""
    name = patient.names[0]
    said = f"Patient Name: {name.family.upper()}, {name.given.upper()}"
    page = page_of(number, f"{said}  MRN: {patient.mrn}", *BODY)
    return replace(page, marks=(Mark("code128", patient.mrn, Box(300, 250, 900, 300)),))


def test_a_loose_sheet_with_a_label_waits_and_behind_the_cover_it_files():
    loose = cut([stuck(1, DOE)])
    assert told(loose) == [((1,), None)]
    assert reasons(loose.readings[0]) == [ONLY_A_LABEL]
    assert told(cut([cover(1, DOE), stuck(2, DOE)])) == [((2,), DOE.mrn)]
    assert told(cut([cover(1, ANN), stuck(2, DOE)])) == [((2,), None)]
