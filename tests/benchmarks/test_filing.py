"""What counts as fileable, right and wrong in ``python -m benchmarks.filing``."""

from dataclasses import replace

import pytest

from benchmarks.charts.kinds import PageTruth
from benchmarks.filing import Settled, _could, figures, section
from pipeline.document import Decision, DocumentType, Doubt, PatientId, Review
from tests.review.readings import CERTAIN

PAGE = PageTruth(
    source="chart_1.pdf", page=1, split="tune", level="clean", mode="grey", dpi=300,
    document="chart_1-001", document_page=1, document_pages=1, type="letter",
    house="oak", mrn="12345678", in_index=True, name="John Adam Doe",
    birth_date="1961-03-04", service_date=None, encounter="V77", rotation=0, skew=0.0,
    removed_as=None, duplicate_of=None, trap=None, handwritten="",
    text="Patient: DOE, JOHN  Record 12-34-56-78", codes=(),
)  # fmt: skip
BOTH = ("fileable", "sound")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, BOTH),
        ({"text": "DOE, J", "handwritten": "born 3/4/61"}, ("fileable",)),
        ({"text": "John Doe born Mar 4, 1961"}, BOTH),
        ({"text": "Doe", "codes": (("code128", "12345678"),)}, ("fileable",)),
        ({"text": "visit V77"}, ("fileable",)),
        ({"text": "born 03/04/1961"}, ()),
        ({"text": "Page 2 of 2"}, ()),
        ({"in_index": False}, ()),
        ({"trap": "wrong sticker"}, ("fileable",)),
        ({"trap": "outside hospital"}, BOTH),
    ],
)
def test_what_a_person_could_file(changed, told):
    assert _could([replace(PAGE, **changed)]) == told


def settled(mrn="", *, veto=False, **changed):
    said = "an identifier belongs to another patient" if veto else "unsure"
    outcome = (
        Decision(PatientId("1"), DocumentType("letter"), None, "V77", "rules")
        if mrn
        else Review((Doubt(said),))
    )
    return Settled(CERTAIN, outcome, mrn, (replace(PAGE, **changed),))


def test_figures():
    documents = [
        settled("12-34-56-78"),
        settled("87654321", document="2"),
        settled(document="3"),
        settled(veto=True, document="4"),
        settled(veto=True, document="5", trap="wrong sticker"),
        settled(document="6", in_index=False, level="poor"),
    ]
    found = figures(documents)["all"]
    assert (found["content"], found["filed"], found["wrong"]) == (6, 2, 1)
    assert (found["sound"], found["sound filed"]) == (4, 2)
    assert (found["fileable"], found["fileable filed"]) == (5, 2)
    assert (found["correct documents"], found["false vetoes"]) == (4, 1)
    assert (found["encounters"], found["encounters right"]) == (2, 2)
    assert "| all | 6 | 2 | 1 |" in section(documents)
    assert figures(documents)["poor"]["content"] == 1
