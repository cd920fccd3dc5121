"""Local types in the cut: what covers mean, which day counts, what cannot wait."""

import datetime as dt
from dataclasses import replace

import numpy as np
from index_people import batch_of, index_of, page_of

from pipeline.document import DocumentType
from pipeline.index.cluerules import ClueRules
from pipeline.index.cut import cut_batch
from pipeline.index.rules import IndexRules
from pipeline.index.titles import PORTABLE_ORDER
from pipeline.index.typenumbers import TypeNumbers

LAB, NOTE = DocumentType("laboratory_report"), DocumentType("progress_note")
CBC, HOME = DocumentType("cbc"), DocumentType("going_home")
DESK = DocumentType("front_desk")
KINDS = (LAB, NOTE, HOME, DESK)
RULES = IndexRules(
    ClueRules(dt.date(2026, 1, 1)),
    type_codes={
        "cbc": CBC,
        "58410-2": CBC,
        "progress_note": NOTE,
        PORTABLE_ORDER: PORTABLE_ORDER,
    },
    shipped_kinds={
        CBC: LAB,
        HOME: DocumentType("discharge_summary"),
        DESK: DocumentType("face_sheet"),
    },
)
BODY = ["The patient slept well and was seen on the ward this morning."] * 6
CALL = "Critical value called to the ward at 10:30"


def read(*pages, best=NOTE, rules=RULES):
    shares = [0.98 if kind == best else 0.01 for kind in KINDS]
    numbers = TypeNumbers(KINDS, np.log(np.tile(shares, (len(pages), 1))))
    starts = np.full(len(pages), -4.0)
    found = cut_batch(batch_of(), pages, numbers, starts, index_of([]), rules)
    (reading,) = found.readings
    return reading


def cover(code):
    return page_of(1, "TYPE SHEET", marks=[("code128", f"DOCTYPE {code}")])


def test_a_cover_names_a_local_type_by_key_or_code():
    for code in ("cbc", "CBC", "58410-2"):
        reading = read(cover(code), page_of(2, *BODY))
        assert reading.types[0].value == CBC
        assert reading.notes == ()


def test_a_code_that_means_nothing_here_is_said_and_holds_nothing():
    reading = read(cover("11502-2"), page_of(2, *BODY))
    assert reading.types[0].value == NOTE
    assert reading.notes == (
        "the cover's code means no type, or several, so the pages decide",
    )
    assert not any("cover" in doubt.reason for doubt in reading.doubts)


def test_a_local_type_is_dated_as_the_type_it_is_like():
    page = page_of(1, "Admission Date: 05/01/2013", "Discharge Date: 05/09/2013", *BODY)
    assert read(page, best=DESK).dates[0].value == dt.date(2013, 5, 1)
    assert read(page, best=HOME).dates[0].value == dt.date(2013, 5, 9)


def test_a_report_that_calls_its_result_is_urgent():
    page = page_of(2, CALL, *BODY)
    (call,) = read(page_of(1, *BODY), page, best=LAB).urgent
    assert (call.page, call.seen) == (2, "Critical value")
    assert read(cover("cbc"), page).urgent
    assert read(page, best=NOTE).urgent == ()
    assert read(page_of(1, *BODY), best=LAB).urgent == ()


def test_a_portable_order_is_known_by_its_title_to_a_model_that_never_saw_one():
    reading = read(page_of(1, "Medical Orders for Scope of Treatment", *BODY))
    assert reading.types[0].value == PORTABLE_ORDER
    assert reading.types[0].confidence > 0.8
    assert "title" in {e.source for e in reading.types[0].evidence}
    retired = replace(RULES, type_codes={"progress_note": NOTE})
    page = page_of(1, "Medical Orders for Scope of Treatment", *BODY)
    assert read(page, rules=retired).types[0].value == NOTE
