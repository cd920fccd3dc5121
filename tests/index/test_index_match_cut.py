"""Whole batches: covers, foreign pages, twins, strangers, and no page lost."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_people import (
    ISO_FORMAT,
    batch_of,
    index_of,
    page_of,
    person,
    with_check_digit,
)

from pipeline.document import BatchId, Decision, DocumentType, Encounter, Review
from pipeline.index.cluerules import ClueRules
from pipeline.index.cut import cut_batch
from pipeline.index.rules import IndexRules
from pipeline.index.strays import STRAY
from pipeline.index.typenumbers import TypeNumbers
from pipeline.review.rules import FilingRules, decide

OPEN = frozenset(map(DocumentType, ("note", "lab", "discharge")))
FILING = FilingRules("rules", 0.9999, 16.6, 3.0, 0.8, 0.9, 0.01, 0.5, OPEN)
DOE, ROE, ANN, AMY = (
    person(with_check_digit(serial), name, born, sex=sex, address=address)
    for serial, name, born, sex, address in (
        (123456, "Whitfield|John|A", "1961-03-14", "M", "12 Elm St"),
        (765432, "Castellano|Mary", "1948-11-02", "F", "9 Oak Ave"),
        (222222, "Okafor|Anna", "1975-06-09", "F", "4 Pine Rd"),
        (222223, "Okafor|Amara", "1975-06-09", "F", "4 Pine Rd"),
    )
)
STAY = Encounter("V-1001", "GH", DOE.id, "I", dt.date(2013, 4, 1), dt.date(2013, 4, 9))
INDEX = index_of([DOE, ROE, ANN, AMY], [STAY])
RULES = IndexRules(
    ClueRules(dt.date(2026, 1, 1), ISO_FORMAT),
    type_codes={"18842-5": DocumentType("discharge"), "lab": DocumentType("lab")},
)
KINDS = (DocumentType("note"), DocumentType("lab"))
BODY = ["The patient slept well and was seen on the ward this morning."] * 6


def header(patient, *more):
    name = patient.names[0]
    return [
        f"Patient Name: {name.family.upper()}, {name.given.upper()}",
        f"MRN: {patient.mrn}  DOB: {patient.born:%m/%d/%Y}",
        *more,
        *BODY,
    ]


def cover(number, patient):
    marks = [("code128", f"PATIENT {patient.mrn}")]
    return page_of(number, "PATIENT COVER SHEET", marks=marks)


def cut(pages, starts=None, kinds=None, **batch):
    n = len(pages)
    odds = np.full(n, 4.0) if starts is None else np.array(starts, dtype=float)
    scores = np.log(np.tile([0.95, 0.05], (n, 1))) if kinds is None else np.log(kinds)
    numbers = TypeNumbers(KINDS, scores)
    return cut_batch(batch_of(**batch), pages, numbers, odds, INDEX, RULES)


def told(found):
    """Pages of each document, and the MRN it is filed to or None."""
    mrns = {p.id: p.mrn for p in (DOE, ROE, ANN, AMY)}
    return [
        (r.document.pages, mrns[d.patient] if isinstance(d, Decision) else None)
        for r in found.readings
        for d in [decide(r, FILING)]
    ]


def reasons(reading):
    said = decide(reading, FILING)
    assert isinstance(said, Review)
    return [doubt.reason for doubt in said.reasons]


def test_a_plain_page_is_filed_with_its_evidence():
    (reading,) = cut([page_of(1, *header(DOE, "Date of Service: 04/03/2013"))]).readings
    said = decide(reading, FILING)
    assert isinstance(said, Decision)
    assert (said.patient, said.date) == (DOE.id, dt.date(2013, 4, 3))
    assert said.encounter == "V-1001"
    assert reading.document.id == "b1-0001"
    best = reading.patients[0]
    assert {"mrn", "birth date", "name", "given name"} <= {
        e.source for e in best.evidence if e.exact and e.page == 1 and e.box
    }
    assert reading.absent < 1e-6
    assert reading.boundary == pytest.approx(1.0)


def test_a_stay_by_its_number():
    (reading,) = cut([page_of(1, *header(DOE, "Visit No: V-1001"))]).readings
    assert reading.encounters[0].value == STAY
    assert reading.encounters[0].confidence > 0.99


def test_a_letter_after_a_stay_tells_of_it_and_is_not_of_it():
    lines = ("Admitted: 04/01/2013", "Discharged: 04/09/2013", "Dated: 05/20/2013")
    (reading,) = cut([page_of(1, *header(DOE, *lines))]).readings
    assert reading.dates[0].value == dt.date(2013, 5, 20)
    assert reading.admitted[0].value == STAY.admit
    assert reading.discharged[0].value == STAY.discharge
    assert reading.encounters == ()


def test_an_illegible_date_is_the_one_in_the_patients_stay():
    (reading,) = cut([page_of(1, *header(DOE, "Date of Visit: 04/62/2013"))]).readings
    assert reading.dates[0].value == dt.date(2013, 4, 2)


def test_a_foreign_page_in_a_chart_is_its_own_document():
    pages = [page_of(n, *header(ROE if n == 4 else DOE)) for n in range(1, 8)]
    found = cut(pages, starts=[4, -4, -4, -4, -4, -4, -4])
    assert told(found) == [
        ((1, 2, 3), DOE.mrn),
        ((4,), None),
        ((5, 6, 7), DOE.mrn),
    ]
    assert found.readings[1].patients[0].value == ROE
    assert reasons(found.readings[1]) == [STRAY]


def test_a_stranger_in_a_chart_is_parted_and_reviewed():
    stranger = person(with_check_digit(999), "Quibell|Oswald", "1930-01-19")
    pages = [page_of(n, *header(stranger if n == 3 else DOE)) for n in range(1, 6)]
    found = cut(pages, starts=[4, -3, -3, -3, -3])
    assert told(found) == [((1, 2), DOE.mrn), ((3,), None), ((4, 5), DOE.mrn)]


def test_continuation_pages_rely_on_their_document():
    pages = [page_of(1, *header(DOE)), page_of(2, *BODY), page_of(3, *BODY)]
    (reading,) = cut(pages, starts=[4, -4, -4]).readings
    assert isinstance(decide(reading, FILING), Decision)
    assert reading.notes == ("pages 2, 3 bear no identity and rely on page 1",)
    assert [
        e.page for e in reading.patients[0].evidence if e.source == "neighbour"
    ] == [1]


def test_a_strangers_page_drawn_into_a_document_holds_it_back():
    strange = page_of(2, "Patient Name: NOBODY, KNOWN", *BODY)
    found = cut([page_of(1, *header(DOE)), strange], starts=[4, -40])
    assert [r.document.pages for r in found.readings] == [(1, 2)]
    assert reasons(found.readings[0]) == ["page 2 seems to be someone else's"]


def test_a_document_without_identity_waits():
    (reading,) = cut([page_of(1, *BODY)]).readings
    assert "no legible identity of its own" in reasons(reading)
    assert "no patient of the index fits" in reasons(reading)


def test_a_cover_alone_does_not_file():
    found = cut([cover(1, DOE), page_of(2, *BODY)])
    assert found.removed == ((1, "cover"),)
    assert found.readings[0].patients[0].value == DOE
    assert "no legible identity of its own" in reasons(found.readings[0])


def test_a_cover_needs_the_pages_agreement():
    head = page_of(2, "Patient Name: WHITFIELD, J", *BODY)
    (reading,) = cut([cover(1, DOE), head]).readings
    assert reading.patients[0].value == DOE
    assert reasons(reading) == ["too little identifies the patient"]
    named = page_of(2, "Patient Name: WHITFIELD, JOHN", *BODY)
    assert told(cut([cover(1, DOE), named])) == [((2,), DOE.mrn)]
    born = page_of(2, "Patient Name: WHITFIELD, JOHN  DOB: 03/14/1961", *BODY)
    assert told(cut([cover(1, DOE), born])) == [((2,), DOE.mrn)]


def test_a_cover_is_contradicted_by_the_page():
    found = cut([cover(1, DOE), page_of(2, *header(ROE)), page_of(3, *header(DOE))])
    assert told(found) == [((2,), None), ((3,), DOE.mrn)]
    assert found.readings[0].patients[0].value == ROE
    assert "an identifier belongs to another patient" in reasons(found.readings[0])


def test_a_name_that_the_cover_does_not_bear_is_no_identity():
    named = page_of(2, "Patient Name: NOBODY, KNOWN", *BODY)
    (reading,) = cut([cover(1, DOE), named]).readings
    assert "nothing on its own pages speaks for this patient" in reasons(reading)


def test_the_next_cover_takes_over():
    named = [
        f"Patient Name: {p.names[0].family}, {p.names[0].given}  DOB: {p.born:%m/%d/%Y}"
        for p in (DOE, ROE)
    ]
    pages = [
        cover(1, DOE),
        page_of(2, named[0], *BODY),
        cover(3, ROE),
        page_of(4, named[1], *BODY),
    ]
    assert told(cut(pages, starts=[-9] * 4)) == [((2,), DOE.mrn), ((4,), ROE.mrn)]


def test_after_a_contradiction_the_cover_says_nothing_more():
    pages = [
        cover(1, DOE),
        page_of(2, *BODY),
        page_of(3, *header(ROE)),
        page_of(4, *BODY),
        cover(5, DOE),
        page_of(6, *BODY),
    ]
    readings = {r.document.pages: r for r in cut(pages).readings}
    best = {
        at: r.patients[0].value if r.patients else None for at, r in readings.items()
    }
    assert best == {(2,): DOE, (3,): ROE, (4,): None, (6,): DOE}
    assert readings[3,].contradictions or isinstance(
        decide(readings[3,], FILING), Review
    )


def test_a_type_that_nobody_knows_is_not_forced():
    pages = [page_of(1, *header(DOE)), page_of(2, *header(DOE))]
    strange, known = cut(pages, kinds=[[0.06, 0.01], [0.95, 0.04]]).readings
    assert strange.types[0].confidence == pytest.approx(0.06, abs=0.01)
    assert "unknown type" in {e.source for e in strange.types[0].evidence}
    assert reasons(strange) == ["unsure of the type"]
    assert known.types[0].confidence > 0.9


def test_a_declared_type_may_look_like_none():
    pages = [
        page_of(1, "DOCUMENT TYPE", marks=[("code128", "DOCTYPE 18842-5")]),
        page_of(2, *header(DOE)),
    ]
    (reading,) = cut(pages, kinds=[[0.5, 0.5], [0.01, 0.01]]).readings
    assert reading.types[0].value == "discharge"
    assert reading.types[0].confidence > 0.9


def test_a_doctype_sheet_declares_the_type_of_the_next_document():
    sheet = page_of(1, "DISCHARGE", marks=[("code128", "DOCTYPE 18842-5")])
    found = cut([sheet, page_of(2, *header(DOE)), page_of(3, *header(DOE))])
    first, second = (r.types[0] for r in found.readings)
    assert (first.value, second.value) == ("discharge", "note")
    assert first.confidence > 0.8
    assert {e.source for e in first.evidence} == {"cover"}
    assert {e.source for e in second.evidence} == {"text"}
    key = page_of(1, "LAB", marks=[("code128", "DOCTYPE lab")])
    assert cut([key, page_of(2, *header(DOE))]).readings[0].types[0].value == "lab"


def test_twins_wait_unless_the_given_name_and_a_number_are_exact():
    both = page_of(1, "Patient Name: OKAFOR, A", "DOB: 06/09/1975", *BODY)
    assert told(cut([both])) == [((1,), None)]
    assert "two patients fit" in reasons(cut([both]).readings[0])
    assert told(cut([page_of(1, *header(ANN))])) == [((1,), ANN.mrn)]
    initial = page_of(1, "Patient Name: OKAFOR, A", f"MRN: {ANN.mrn}", *BODY)
    alert = "a patient with a like name needs a closer look"
    assert alert in reasons(cut([initial]).readings[0])


def test_two_patients_on_one_page_is_a_contradiction():
    page = page_of(1, *header(DOE)[:2], f"MRN: {ROE.mrn}", *BODY)
    (reading,) = cut([page]).readings
    assert "an identifier belongs to another patient" in reasons(reading)


def test_page_numbers_outweigh_a_wrong_gap():
    pages = [page_of(n, *header(DOE), f"Page {n} of 3") for n in (1, 2, 3)]
    pages += [page_of(4, *header(DOE), "Page 1 of 1")]
    found = cut(pages, starts=[2, 2, 1, -2])
    assert [r.document.pages for r in found.readings] == [(1, 2, 3), (4,)]


def test_troubles_and_late_batches_are_doubts():
    unread = page_of(2, troubles=("engine timed out",))
    found = cut([page_of(1, *header(DOE)), unread], starts=[4, -4])
    assert [r.document.pages for r in found.readings] == [(1, 2)]
    assert "page 2 could not be read: engine timed out" in reasons(found.readings[0])
    late = cut([page_of(1, *header(DOE))], late_for=BatchId("b0"))
    assert reasons(late.readings[0]) == ["arrived after its batch was closed"]


@pytest.mark.parametrize(
    ("names", "held"),
    [
        (("1.tif", "2.tif", "4.tif", "5.tif"), [False, True, True, False]),
        (("1.tif", "2.tif", "3.tif", "4.tif", "5.tif"), [False] * 5),
        (("1.tif", "2.pdf"), [True] * 4),
    ],
)
def test_a_listed_file_that_is_missing_holds_back_its_neighbours(names, held):
    pages = [page_of(n, *header(DOE)) for n in range(1, len(held) + 1)]
    order = [f"{n}.tif" for n in range(1, 6)]
    found = cut(pages, names=names, order=order)
    assert [bool(r.doubts) for r in found.readings] == held


def test_a_second_scan_is_told_and_holds_nothing_back():
    pages = [page_of(n, *header(DOE), fingerprint="f") for n in (1, 2)]
    found = cut(pages)
    assert found.readings[1].notes == ("page 2 is a second scan of page 1",)
    assert told(found)[1] == ((2,), DOE.mrn)


def test_the_declared_patient_alone_files_nothing_and_helps_little():
    (reading,) = cut([page_of(1, *BODY)], declared=DOE.mrn).readings
    assert isinstance(decide(reading, FILING), Review)
    (reading,) = cut([page_of(1, *header(ROE))], declared=DOE.mrn).readings
    assert reading.patients[0].value == ROE


def test_a_document_longer_than_the_decoder_reaches_waits():
    pages = [page_of(n, *(header(DOE) if n == 1 else BODY)) for n in range(1, 71)]
    found = cut(pages, starts=[4] + [-30] * 69)
    reason = "unsure where the document begins or ends"
    assert all(reason in reasons(reading) for reading in found.readings)


KINDS_OF_PAGE = st.sampled_from(
    [
        "doe",
        "roe",
        "body",
        "blank",
        "cover",
        "separator",
        "unread",
        "stranger",
        "doe1/2",
        "roe1/2",
        "body2/2",
    ]
)


def made(kind, number):
    makers = {
        "doe": lambda: page_of(number, *header(DOE)),
        "roe": lambda: page_of(number, *header(ROE)),
        "body": lambda: page_of(number, *BODY),
        "blank": lambda: page_of(number, blank=True),
        "cover": lambda: cover(number, DOE),
        "separator": lambda: page_of(number, marks=[("patch", "T")]),
        "unread": lambda: page_of(number, troubles=("engine crashed",)),
        "doe1/2": lambda: page_of(number, *header(DOE, "Page 1 of 2")),
        "roe1/2": lambda: page_of(number, *header(ROE, "Page 1 of 2")),
        "body2/2": lambda: page_of(number, *BODY, "Page 2 of 2"),
        "stranger": lambda: page_of(number, "Patient Name: NOBODY, KNOWN", *BODY),
    }
    return makers[kind]()


@given(st.lists(KINDS_OF_PAGE, max_size=14), st.integers(0, 999))
@settings(max_examples=settings.default.max_examples // 4, deadline=None)
def test_every_page_is_in_the_cut_exactly_once_and_nobody_elses(kinds, seed):
    pages = [made(kind, n) for n, kind in enumerate(kinds, start=1)]
    found = cut(pages, starts=np.random.default_rng(seed).normal(0, 3, len(pages)))
    covered = [n for r in found.readings for n in r.document.pages]
    assert sorted([*covered, *(n for n, _ in found.removed)]) == [
        p.number for p in pages
    ]
    for numbers, mrn in told(found):
        about = {kinds[n - 1] for n in numbers}
        if mrn == DOE.mrn:
            assert about <= {"doe", "doe1/2", "body", "body2/2"}
        if mrn == ROE.mrn:
            assert about <= {"roe", "roe1/2", "body", "body2/2"}


@pytest.mark.parametrize(("fed", "held"), [(None, []), (3, []), (4, [1, 3])])
def test_fewer_pages_than_sheets_hold_back_both_ends(fed, held):
    pages = [page_of(n, *header(DOE)) for n in (1, 2, 3)]
    found = cut(pages, sheets=fed).readings
    assert [r.document.pages[0] for r in found if r.doubts] == held
    note = "the station fed 4 sheets, 3 pages came"
    assert all((note in r.notes) == bool(held) for r in found)


def test_listed_names_are_the_same_in_capitals():
    names, order = ("a/1.tif", "2.TIF"), ("1.TIF", "2.tif")
    pages = [page_of(n, *header(DOE)) for n in (1, 2)]
    assert not any(r.doubts for r in cut(pages, names=names, order=order).readings)
