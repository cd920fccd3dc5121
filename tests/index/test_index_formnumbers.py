"""Form numbers: how they are printed and misread, and what they say of a type."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from index_people import batch_of, index_of, page_of

from pipeline.document import DocumentType, TypeFacts
from pipeline.index.cluerules import ClueRules
from pipeline.index.cut import cut_batch
from pipeline.index.formnumbers import form_clues_of, form_number
from pipeline.index.formtypes import Seen, declared, learned, with_forms
from pipeline.index.rules import IndexRules
from pipeline.index.siterules import with_types
from pipeline.index.typenumbers import TypeNumbers

NOTE, LAB = DocumentType("progress_note"), DocumentType("laboratory_report")
CBC = DocumentType("cbc")
KINDS = (NOTE, LAB)
BODY = ["The patient slept well and was seen on the ward this morning."] * 12
RULES = IndexRules(ClueRules(dt.date(2026, 1, 1)))


def found(*lines: str) -> list[str]:
    return [clue.value for clue in form_clues_of(page_of(1, *lines))]


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("Form HB-1042 Rev. 03/12", "HB1042"),
        ("HB-1042 (03/12)", "HB1042"),
        ("HB-IO42 (Rev. 03/12)", "HB1042"),
        ("MER-l23 (Rev. 95)", "MER123"),
        ("MR 123-4 Rev 5/98   Page 1 of 2", "MR1234"),
        ("1042 Rev. 3/12", "1042"),
        ("CMS-1500", "CMS1500"),
        ("UB-04", "UB04"),
        ("DA FORM 4700, FEB 2003", "DA4700"),
        ("STANDARD FORM 600 (REV. 6-97)", "SF600"),
        ("SF 600", "SF600"),
    ],
)
def test_a_number_has_one_normal_form(printed, number):
    assert found(*BODY, printed) == [number]
    assert found(printed, *BODY) == [number]


@pytest.mark.parametrize(
    "printed",
    [
        "Page 1 of 2",
        "Form 1 of 2",
        "BP 120/80",
        "LARCH HILL, PA 16899",
        "VA 22030",
        "Rev. 12/10",
        "03/12/98 Rev",
        "ER 03/12/1998",
        "Revised form to follow",
        "Room 12 Rev Smith",
    ],
)
def test_what_only_looks_like_one_is_none(printed):
    assert found(*BODY, printed) == []


def test_only_the_edges_of_a_page_number_its_form():
    assert found(*BODY, "See form HB-1042 in the chart", *BODY) == []


def test_a_number_of_the_house_needs_no_word_beside_it():
    page = page_of(1, *BODY, "NS 77 Q")
    assert form_clues_of(page) == ()
    number = form_number("NS-77Q")
    rules = replace(RULES, clues=replace(RULES.clues, forms=frozenset({number})))
    reading = cut(page, rules=replace(rules, forms={number: {LAB: 1000}}))
    assert reading.types[0].value == LAB


# --- what a number says


def cut(*pages, rules: IndexRules, text=(0.5, 0.5)):
    numbers = TypeNumbers(KINDS, np.log(np.tile(text, (len(pages), 1))))
    starts = np.full(len(pages), -4.0)
    (reading,) = cut_batch(
        batch_of(), pages, numbers, starts, index_of([]), rules
    ).readings
    return reading


def seen(number: str, kind: DocumentType, count: int, people: int = 9) -> list[Seen]:
    return [Seen(number, kind, f"{kind} {i}", str(i % people)) for i in range(count)]


def test_a_number_is_learned_from_papers_of_three_people():
    counts = learned([*seen("HB1", NOTE, 4), *seen("HB2", LAB, 9, people=2)])
    assert counts == {"HB1": {NOTE: 4}}


def test_a_paper_counts_once():
    twice = seen("HB1", NOTE, 4) + seen("HB1", NOTE, 4)
    assert learned(twice) == {"HB1": {NOTE: 4}}


def test_it_turns_a_doubtful_type_and_says_so():
    page = page_of(1, *BODY, "HB-1042 (Rev. 3/12)")
    plain = cut(page, rules=RULES, text=(0.6, 0.4))
    assert plain.types[0].value == NOTE
    told = cut(page, rules=replace(RULES, forms={"HB1042": {LAB: 10}}), text=(0.6, 0.4))
    assert told.types[0].value == LAB
    assert told.types[0].confidence > 0.95
    (why,) = [e for e in told.types[0].evidence if e.source == "form number"]
    assert why.weight == pytest.approx(0.96, abs=0.1)  # of 1 bit between two types
    assert why.seen == "HB-1042"
    assert why.box is not None
    assert not [e for e in told.types[1].evidence if e.source == "form number"]


def test_a_number_that_all_types_bear_says_nothing():
    table = {"HB1042": {NOTE: 20, LAB: 20}}
    page = page_of(1, *BODY, "HB-1042 (Rev. 3/12)")
    told = cut(page, rules=replace(RULES, forms=table), text=(0.6, 0.4))
    assert told.types[0].value == NOTE
    assert told.types[0].confidence == pytest.approx(0.6, abs=0.01)


def test_few_papers_do_not_outweigh_clear_words():
    page = page_of(1, *BODY, "HB-1042 (Rev. 3/12)")
    rules = replace(RULES, forms={"HB1042": {LAB: 3}})
    assert cut(page, rules=rules, text=(0.99, 0.01)).types[0].value == NOTE


def test_a_known_number_is_no_unknown_type():
    text = TypeNumbers(KINDS, np.log([[0.1, 0.1]]))
    clues = form_clues_of(page_of(1, *BODY, "HB-1042 (Rev. 3/12)"))
    assert text.strange(0, 0) == pytest.approx(0.8)
    assert with_forms(text, [clues], {"HB1042": {LAB: 30}}).strange(0, 0) < 0.1


def test_pages_without_a_known_number_stay_as_they_are():
    text = TypeNumbers(KINDS, np.log([[0.3, 0.7], [0.3, 0.7]]))
    clues = form_clues_of(page_of(1, *BODY, "HB-1042 (Rev. 3/12)"))
    both = with_forms(text, [(), clues], {"HB1042": {NOTE: 30}})
    assert np.exp(both.scores[0]) == pytest.approx([0.3, 0.7])
    assert with_forms(text, [(), clues], {"OTHER1": {NOTE: 30}}) is text


# --- what a house declares


def facts(key: DocumentType, *forms: str, retired: bool = False) -> TypeFacts:
    return TypeFacts(key, "58410-2", "Blood count", "clinical", forms=forms,
                     local=True, retired=retired)  # fmt: skip


def test_a_declared_form_proposes_a_type_that_nobody_taught():
    page = page_of(1, *BODY, "Form HB-1042 Rev. 3/12")
    told = cut(page, rules=with_types(RULES, [facts(CBC, "HB-1042")]))
    assert told.types[0].value == CBC
    assert told.types[0].confidence > 0.6


def test_a_retired_type_s_form_says_nothing():
    assert declared([facts(CBC, "HB-1042", retired=True)]) == {}


def test_the_house_s_word_goes_before_what_was_seen():
    rules = replace(RULES, forms={"HB1042": {NOTE: 50}})
    both = with_types(rules, [facts(CBC, "HB-1042")])
    assert set(both.forms["HB1042"]) == {CBC}
    assert both.clues.forms == {"HB1042"}
