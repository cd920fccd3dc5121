"""What stands under a label, and is what another label of its own row tells."""

from index_people import page_of
from test_index_otherwise import JOHN, RULES

from pipeline.index.clues import clues_of

LABELS = "Re:   Account #:   DOB:   Visit:"


def births(*lines):
    page = page_of(1, f"Patient Name: DOE, JOHN  MRN: {JOHN.mrn}", *lines)
    return [clue.value for clue in clues_of(page, RULES.clues) if clue.field == "born"]


def test_another_labels_date_is_not_the_birth_date_above_it():
    """Values on a sticker over empty labels: the report's date vetoed the patient."""
    assert births(LABELS, "Sent:    Reported: 12/09/2017   Ward: 3") == []


def test_a_birth_date_under_its_label_is_one():
    assert births("DOB:   Visit:", "03/14/1961   12") == ["1961-03-14"]
