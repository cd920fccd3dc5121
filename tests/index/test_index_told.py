"""What stands under a label, and is what another label of its own row tells."""

from index_people import page_of
from test_index_otherwise import JOHN, RULES

from pipeline.index.clues import clues_of

LABELS = "Re:   Account #:   DOB:   Visit:"


def told(field, *lines):
    page = page_of(1, *lines)
    return [clue.value for clue in clues_of(page, RULES.clues) if clue.field == field]


def births(*lines):
    return told("born", f"Patient Name: DOE, JOHN  MRN: {JOHN.mrn}", *lines)


def test_another_labels_date_is_not_the_birth_date_above_it():
    """Values on a sticker over empty labels: the report's date vetoed the patient."""
    assert births(LABELS, "Sent out:    Reported: 12/09/2017") == []


def test_a_birth_date_under_its_label_is_one():
    assert births("DOB:   Visit:", "03/14/1961   12") == ["1961-03-14"]


def test_a_stamp_of_the_record_room_labels_no_hour_of_a_table():
    """The stamp SEP 26 2002 MEDICAL RECORDS on a chart of pulses vetoed its patient."""
    assert told("mrn", "VITAL SIGNS", "MEDICAL RECORDS", "1600  2000") == []
    assert told("mrn", "MEDICAL RECORDS", JOHN.mrn) == [JOHN.mrn]
