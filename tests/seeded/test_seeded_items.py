"""Seeded items: synthetic, with one right answer, and no giveaway in their look."""

import datetime as dt
import io
from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pipeline.document import BatchId, DocumentId, DocumentType, TypeFacts
from pipeline.index.lookalikes import TWIN
from pipeline.index.numbers import MrnFormat, check
from pipeline.review.identifiers import alerts_in
from pipeline.review.prefilled import prefilled
from pipeline.seeded.items import LOOKS, Place, item
from pipeline.seeded.paper import SIZE, drawn, where
from pipeline.seeded.people import Numbers, namesake_of, somebody, twin_of
from tests.review.readings import RULES

TYPES = tuple(
    TypeFacts(DocumentType(key), "1-1", title, "clinical")
    for key, title in (
        ("letter", "Letter"),
        ("consultation", "Consult note"),
        ("discharge_summary", "Discharge summary"),
    )
)
FORMATS = (
    MrnFormat(),
    MrnFormat((7,), "A"),
    MrnFormat((8,), "", "luhn"),
    MrnFormat((8,), "", "verhoeff"),
    MrnFormat((9,), "", "iso7064_mod11_10"),
)


def numbers(form=FORMATS[0]):
    return Numbers(lambda mrn: check(mrn, form), form.prefix, form.lengths[0])


def place(**more):
    return Place(
        DocumentId("b-0001"),
        BatchId("b"),
        1,
        numbers(),
        TYPES,
        today=dt.date(2026, 11, 26),
        **more,
    )


def made(look, seed, *, wrong, **more):
    return item(look, place(**more), Random(seed), wrong=wrong)


@given(st.integers(0, 10**6), st.sampled_from(FORMATS))
def test_numbers_are_of_the_house_s_format(seed, form):
    chance, house = Random(seed), numbers(form)
    one = somebody(chance, house)
    near = namesake_of(one, chance, house)
    for other in (near, twin_of(one, chance, house)):
        assert check(other.mrn, form)
        assert other.mrn != one.mrn
        assert other.names[0].family == one.names[0].family
    assert sum(a != b for a, b in zip(one.mrn, near.mrn, strict=True)) <= 2
    assert near.born != one.born


@given(st.integers(0, 10**6), st.sampled_from(LOOKS), st.booleans())
def test_the_suggestion_is_right_or_wrong_as_planned(seed, look, wrong):
    new = made(look, seed, wrong=wrong)
    best = (new.reading.patients[0].value, new.reading.types[0].value)
    assert (best == new.right) is not wrong
    assert (new.trap == "none") is not wrong
    suggested = {found.value for found in new.reading.patients}
    assert suggested <= set(new.people)
    assert new.right[0] in new.people
    assert new.right[1] in {found.value for found in new.reading.types}


@pytest.mark.parametrize("wrong", [False, True])
def test_what_stands_in_the_form_beforehand_is_the_same_right_or_wrong(wrong):
    held = {
        look: prefilled(made(look, 3, wrong=wrong).reading, RULES) for look in LOOKS
    }
    filled = {look: (bool(h.patient), bool(h.type)) for look, h in held.items()}
    assert filled == {
        "twin": (False, True),
        "type": (True, False),
        "patient": (False, True),
    }


def test_a_twin_s_alert_speaks_the_index_s_language():
    new = made("twin", 5, wrong=True)
    [(kind, mrn)] = alerts_in(new.reading.patients[0].evidence)
    assert kind == TWIN
    assert mrn == new.right[0].mrn


def test_the_paper_tells_the_right_answer_and_the_machine_misreads_it():
    new = made("type", 5, wrong=True)
    printed = {line.what: line for line in new.sheet.lines if line.what}
    right, fooled = new.right[0], new.reading.patients[0].value
    assert printed["mrn"].text == right.mrn
    assert printed["mrn"].read == fooled.mrn
    assert fooled.mrn in new.page.text
    assert right.mrn not in new.page.text
    assert printed["type"].text == "LETTER" or printed["type"].text.isupper()
    box = where(new.sheet, "mrn")
    assert any(word.text == fooled.mrn and word.box == box for word in new.page.words)


def test_every_line_stays_on_its_sheet():
    for seed in range(40):
        for look in LOOKS:
            for word in made(look, seed, wrong=bool(seed % 2)).page.words:
                assert word.box.right < SIZE[0] - 20
                assert word.box.bottom < SIZE[1] - 20


def test_a_sheet_is_drawn_the_same_each_time():
    sheet = made("patient", 9, wrong=False).sheet
    first = drawn(sheet, 300)
    assert first == drawn(sheet, 300)
    assert first != drawn(made("patient", 10, wrong=False).sheet, 300)
    with Image.open(io.BytesIO(first)) as image:
        assert image.size == (300, 388)
        assert image.getextrema()[0] < 120


def test_an_asked_for_type_is_suggested():
    told = Counter(
        made(look, n, wrong=wrong, suggested=TYPES[2].key).reading.types[0].value
        for look in LOOKS
        for n in range(5)
        for wrong in (False, True)
    )
    assert set(told) == {TYPES[2].key}


def test_where_no_number_is_left_it_is_said():
    nothing = Numbers(lambda _: False)
    with pytest.raises(ValueError, match="no number"):
        somebody(Random(1), nothing)
    with pytest.raises(ValueError, match="near"):
        namesake_of(somebody(Random(1), numbers()), Random(1), nothing)
