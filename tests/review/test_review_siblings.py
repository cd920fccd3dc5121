"""Documents that may lie wrong for the same reason."""

import datetime as dt
from dataclasses import replace

import pytest

from pipeline.document import (
    BatchId,
    Correction,
    Decision,
    DocumentId,
    DocumentType,
    ScannedDocument,
)
from pipeline.finding import Evidence
from pipeline.page import Box
from pipeline.review.siblings import (
    ALERT,
    BATCH,
    CAUSE,
    DATE_BATCH,
    DATE_LABEL,
    LABEL,
    PAGES_BATCH,
    PAGES_SOURCE,
    TYPE_BATCH,
    TYPE_FORM,
    TYPE_SOURCE,
    as_suggested,
    changed_by,
    set_right,
    siblings,
)
from tests.review.readings import ANNA, BERTA, CERTAIN, found

NUMBER = Evidence("mrn", 20.0, "12-34", exact=True)
NAMESAKE = Evidence("name alert", 0.0, "another ANNA")
NAME = Evidence("name", 5.0, "DOE")


def reading(document, batch, who, *evidence):
    place = ScannedDocument(DocumentId(document), BatchId(batch), (1,))
    return replace(CERTAIN, document=place, patients=(found(who, 1.0, *evidence),))


def test_each_way_to_be_a_sibling():
    ours = reading("b-1", "b", ANNA, NUMBER, NAMESAKE)
    others = [
        ours,
        reading("b-2", "b", ANNA, NAME),
        reading("c-1", "c", BERTA, replace(NUMBER, seen="12 34", source="cover")),
        reading("d-1", "d", BERTA, NAMESAKE),
        reading("e-1", "e", ANNA, replace(NUMBER, seen="77")),
        reading("f-1", "f", BERTA, NAME),
        replace(reading("g-1", "b", ANNA), patients=()),
    ]
    told = {one.document: one.shares for one in siblings(ours, others)}
    assert told == {
        "b-2": (BATCH,),
        "c-1": (LABEL,),
        "d-1": (ALERT,),
        "e-1": (CAUSE,),
    }


LETTER, NOTE = DocumentType("letter"), DocumentType("note")
DAY, OTHER_DAY = dt.date(2013, 4, 3), dt.date(2013, 4, 4)
HERE = Box(1, 1, 2, 2)
FORM = Evidence("form number", 9.0, "HB-1042", 1, HERE)
DATED = Evidence("dated", 4.0, "4/3/2013", 1, HERE)


def paper(document, batch, kind, day, *printed):
    types = (found(kind, 0.9, *(e for e in printed if e.source == "form number")),)
    dates = (found(day, 0.9, *(e for e in printed if e.source != "form number")),)
    return replace(reading(document, batch, ANNA), types=types, dates=dates)


def told(wrong, others, *fields):
    stations = {"b": "scan-1", "c": "scan-1", "d": "scan-2"}
    found = siblings(wrong, others, fields, stations.get)
    return {one.document: one.shares for one in found}


def test_a_wrong_type_has_siblings_of_its_form_batch_and_source():
    wrong = paper("b-1", "b", LETTER, DAY, FORM)
    others = [
        paper("b-2", "b", LETTER, DAY),
        paper("b-3", "b", NOTE, DAY, FORM),
        paper("c-1", "c", LETTER, DAY),
        paper("d-1", "d", LETTER, DAY, replace(FORM, seen="HB 1042")),
        paper("d-2", "d", LETTER, DAY, replace(FORM, box=None)),
        replace(paper("c-2", "c", LETTER, DAY), types=()),
    ]
    assert told(wrong, others, "type") == {
        "b-2": (TYPE_BATCH, TYPE_SOURCE),
        "c-1": (TYPE_SOURCE,),
        "d-1": (TYPE_FORM,),
    }


def test_a_wrong_date_has_siblings_of_its_day_and_of_its_words():
    wrong = paper("b-1", "b", LETTER, DAY, DATED)
    others = [
        paper("b-2", "b", NOTE, DAY),
        paper("b-3", "b", NOTE, OTHER_DAY),
        paper("d-1", "d", LETTER, OTHER_DAY, DATED),
        paper("d-2", "d", LETTER, DAY, replace(DATED, source="service date")),
        replace(paper("b-4", "b", NOTE, DAY), dates=()),
    ]
    shares = {"b-2": (DATE_BATCH,), "d-1": (DATE_LABEL,)}
    assert told(wrong, others, "date") == shares


SUGGESTED = paper("b-1", "b", LETTER, DAY)
SAID = Decision(ANNA.id, LETTER, DAY, None, "clerk ada")


@pytest.mark.parametrize(
    ("said", "shown", "fields"),
    [
        (SAID, DAY, ()),
        (replace(SAID, patient=BERTA.id), DAY, ("patient",)),
        (replace(SAID, type=NOTE, date=OTHER_DAY), DAY, ("type", "date")),
        (replace(SAID, date=OTHER_DAY), None, ("date",)),
        (replace(SAID, date=None), DAY, ("date",)),
        (replace(SAID, date=None), None, ()),  # only offered: nobody said it is wrong
    ],
)
def test_what_was_set_right_is_what_was_said_otherwise(said, shown, fields):
    assert set_right(SUGGESTED, said, shown) == fields
    bare = replace(SUGGESTED, types=(), patients=(), dates=())
    assert set_right(bare, said, shown) == ()


def test_what_was_corrected_lies_no_more_as_it_was_suggested():
    for fields in (("type",), ("patient", "type"), ("date",)):
        assert as_suggested(SUGGESTED, SAID, fields)
    right = replace(SAID, type=NOTE)
    assert not as_suggested(SUGGESTED, right, ("type",))
    assert as_suggested(SUGGESTED, right, ("type", "date"))
    assert not as_suggested(replace(SUGGESTED, types=()), SAID, ("type",))


@pytest.mark.parametrize(
    ("decision", "misfiled", "fields"),
    [
        (replace(SAID, patient=BERTA.id), True, ("patient",)),
        (replace(SAID, type=NOTE, date=None), False, ("type", "date")),
        (SAID, False, ()),
        (None, True, ("patient",)),
        (None, False, ()),
    ],
)
def test_a_correction_says_what_was_wrong(decision, misfiled, fields):
    said = Correction(DocumentId("b-1"), decision, "why", misfiled, "clerk ada")
    assert changed_by(said, SAID) == fields


def pages_of(document, batch, pages, kind="discharge_summary"):
    place = ScannedDocument(DocumentId(document), BatchId(batch), pages)
    return replace(CERTAIN, document=place, types=(found(DocumentType(kind), 0.9),))


def test_what_held_two_documents_has_siblings_of_more_than_one_page():
    ours = pages_of("b-1", "b", (1,))
    others = [
        pages_of("b-2", "b", (2, 3)),
        pages_of("b-4", "b", (4,)),
        pages_of("b-5", "b", (5, 6), "letter"),
        pages_of("c-1", "c", (1, 2)),
        pages_of("d-1", "d", (1, 2)),
    ]
    stations = {"b": "one", "c": "one", "d": "two"}
    told = siblings(ours, others, ("pages",), lambda batch: stations[batch])
    assert {one.document: one.shares for one in told} == {
        "b-2": (PAGES_BATCH, PAGES_SOURCE),
        "c-1": (PAGES_SOURCE,),
    }
    filed = Decision(ANNA.id, DocumentType("letter"), None, None, "rules 1")
    assert [as_suggested(one, filed, ("pages",)) for one in others[:2]] == [True, False]


@pytest.mark.parametrize(
    ("pages", "fields"),
    [((1, 2), ("pages",)), ((1, 4, 3), ()), ((), ()), ((1, 2, 3, 4), ())],
)
def test_a_split_sets_the_pages_right_and_a_better_scan_nothing(pages, fields):
    said = Correction(DocumentId("b-1"), SAID, "x", False, "clerk ada", pages=pages)
    assert changed_by(said, SAID, (1, 2, 3)) == fields
