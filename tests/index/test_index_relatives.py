"""Relatives, twins and wrong stickers: what agrees never pays for what does not."""

import datetime as dt

import numpy as np
import pytest
from index_people import (
    ISO_FORMAT,
    batch_of,
    index_of,
    page_of,
    person,
    with_check_digit,
)

from pipeline.document import Decision, DocumentType
from pipeline.index.cluerules import ClueRules
from pipeline.index.cut import cut_batch
from pipeline.index.numbers import MrnFormat
from pipeline.index.rules import IndexRules
from pipeline.index.typenumbers import TypeNumbers
from pipeline.review.rules import FilingRules, decide

OPEN = frozenset({DocumentType("note")})
FILING = FilingRules("rules", 0.9999, 16.6, 3.0, 0.8, 0.9, 0.01, 0.5, OPEN)
JOHN = person(with_check_digit(123456), "Whitfield|John|A", "1961-03-14", sex="M")
SISTER = person(with_check_digit(555111), "Whitfield|Margaret", "1964-08-20", sex="F")
ANN = person(with_check_digit(222222), "Okafor|Anna", "1975-06-09", sex="F")
AMY = person(with_check_digit(222223), "Okafor|Amara", "1975-06-09", sex="F")
STRANGER = person(with_check_digit(999), "Quibell|Oswald", "1930-01-19")
BODY = ["The patient slept well and was seen on the ward this morning."] * 6
KINDS = (DocumentType("note"),)
RULES = IndexRules(ClueRules(dt.date(2026, 1, 1), ISO_FORMAT))
PLAIN = IndexRules(ClueRules(dt.date(2026, 1, 1), MrnFormat()))


def named(patient):
    return f"Patient Name: {patient.names[0].family}, {patient.names[0].given}".upper()


def header(patient):
    return [named(patient), f"MRN: {patient.mrn}  DOB: {patient.born:%m/%d/%Y}", *BODY]


def sticker(patient):
    name = patient.names[0]
    return (
        f"{name.family}, {name.given}  {patient.mrn} DOB: {patient.born:%m/%d/%Y}"
    ).upper()


def label(patient):
    return [("code128", patient.mrn)]


def cover(number, patient):
    marks = [("code128", f"PATIENT {patient.mrn}")]
    return page_of(number, "PATIENT COVER SHEET", marks=marks)


def filed(people, pages, starts=None, rules=RULES, **batch):
    """Pages by the patient to whom they are filed without a clerk."""
    odds = np.array(starts or [4.0] * len(pages), dtype=float)
    numbers = TypeNumbers(KINDS, np.zeros((len(pages), 1)))
    found = cut_batch(batch_of(**batch), pages, numbers, odds, index_of(people), rules)
    return {
        number: said.patient
        for reading in found.readings
        for said in [decide(reading, FILING)]
        if isinstance(said, Decision)
        for number in reading.document.pages
    }


@pytest.mark.parametrize("start", [-1, -3, -8, -40])
@pytest.mark.parametrize(
    ("people", "first", "second"),
    [
        ((JOHN, SISTER), JOHN, [named(SISTER)]),
        ((JOHN,), JOHN, [named(SISTER), f"MRN: {SISTER.mrn}"]),
        ((JOHN,), JOHN, [named(SISTER)]),
        ((JOHN,), JOHN, [f"MRN: {SISTER.mrn}"]),
        ((ANN, AMY), ANN, [named(AMY)]),
        ((ANN, AMY), ANN, [named(AMY), "DOB: 06/09/1975"]),
    ],
)
def test_a_relatives_page_is_never_filed_with_the_page_before(
    people, first, second, start
):
    pages = [page_of(1, *header(first)), page_of(2, *second, *BODY)]
    assert 2 not in filed(people, pages, [4, start])


@pytest.mark.parametrize(
    ("people", "printed", "patient"),
    [
        ((JOHN, SISTER), SISTER, JOHN),
        ((JOHN,), SISTER, JOHN),
        ((ANN, AMY), AMY, ANN),
        ((JOHN,), STRANGER, JOHN),
    ],
)
def test_a_sticker_on_anothers_sheet_files_nothing(people, printed, patient):
    whole = page_of(1, named(printed), *BODY, sticker(patient), marks=label(patient))
    assert filed(people, [whole]) == {}
    bare = page_of(1, named(printed), *BODY, marks=label(patient))
    assert filed(people, [bare]) == {}


def test_a_sticker_on_the_patients_own_sheet_files():
    page = page_of(1, named(JOHN), *BODY, sticker(JOHN), marks=label(JOHN))
    assert filed((JOHN, SISTER), [page]) == {1: JOHN.id}


@pytest.mark.parametrize("people", [(JOHN, SISTER), (JOHN,)])
@pytest.mark.parametrize(
    "printed", [[named(SISTER)], [named(SISTER), f"MRN: {SISTER.mrn}"]]
)
def test_a_cover_does_not_answer_for_a_relatives_page(people, printed):
    pages = [cover(1, JOHN), page_of(2, *printed, *BODY)]
    assert JOHN.id not in filed(people, pages).values()


def test_a_covers_number_files_what_bears_the_name_and_nothing_alone():
    assert filed((JOHN,), [cover(1, JOHN), page_of(2, *BODY)]) == {}
    name = page_of(2, named(JOHN), *BODY)
    assert filed((JOHN,), [cover(1, JOHN), name]) == {2: JOHN.id}
    own = page_of(2, named(JOHN), f"MRN: {JOHN.mrn}", *BODY)
    assert filed((JOHN,), [cover(1, JOHN), own]) == {2: JOHN.id}
    born = page_of(2, named(JOHN), f"DOB: {JOHN.born:%m/%d/%Y}", *BODY)
    assert filed((JOHN,), [cover(1, JOHN), born]) == {2: JOHN.id}


@pytest.mark.parametrize("confidence", [0.9, 0.96, 1.0])
@pytest.mark.parametrize("seen", ["12345679", "12345687"])
def test_nearly_the_number_is_not_the_number(seen, confidence):
    doe = person("12345678", "Doe|John", "1961-03-14", sex="M")
    lines = [f"Patient Name: DOE, JOHN  MRN: {seen}", *BODY]
    page = page_of(1, *lines, confidence=confidence)
    assert filed((doe,), [page], rules=PLAIN) == {}
