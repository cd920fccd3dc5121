"""The house's own types on their journey: covers name them, the PDF has them."""

from dataclasses import replace

import pytest

from pipeline import flow
from pipeline.document import (
    Decision,
    DocumentType,
    FiledDocument,
    Review,
    TypeFacts,
)
from pipeline.page import Box, Mark
from tests.flow.papers import FACTS, FakePool, take, tools
from tests.flow.test_flow_journey import ANNA, BERTA, LABS, NOBODY, SUMMARY

LAB = DocumentType("laboratory_report")
CBC = TypeFacts(
    DocumentType("cbc"), "58410-2", "Blood count", "laboratory", like=LAB, local=True
)


class CoverPool(FakePool):
    """Reads a page "DOCTYPE x" as a sheet with just this barcode; keeps PDF facts."""

    def __init__(self):
        super().__init__()
        self.made = []

    def read(self, asked):
        for page in super().read(asked):
            if page.text.startswith("DOCTYPE"):
                mark = Mark("code128", page.text, Box(100, 100, 900, 200))
                bare = replace(page.quality, ink=0.03)
                yield replace(page, words=(), marks=(mark,), quality=bare)
            else:
                yield page

    def pdf(self, pages, facts):
        self.made.append(facts)
        return super().pdf(pages, facts)


@pytest.fixture
def types():
    return dict(FACTS)


@pytest.fixture
def house(tmp_path, types):
    return replace(tools(tmp_path, ANNA, BERTA, pool=CoverPool()), type_facts=types)


def run(tmp_path, house, *papers):
    batches = take(tmp_path, house, *papers)
    return [outcome for batch in batches for outcome in flow.process(batch, house)]


def test_a_cover_names_a_type_that_came_while_the_house_was_at_work(
    house, tmp_path, types
):
    run(tmp_path, house, f"DOCTYPE cbc\f{LABS}")
    types[CBC.key] = CBC
    run(tmp_path, house, f"DOCTYPE CBC\f{SUMMARY}")
    before, after = (line.reading for line in house.catalogue.ledger() if line.reading)
    assert before.types[0].value == LAB
    assert "the cover's code means no type" in before.notes[0]
    assert (after.types[0].value, after.notes) == ("cbc", ())


def test_a_clerk_s_local_type_stands_in_the_pdf(house, tmp_path, types):
    run(tmp_path, house, NOBODY)
    types[CBC.key] = CBC
    (waiting,) = house.catalogue.waiting()
    answer = Decision(ANNA.id, CBC.key, None, None, "clerk ada")
    house.catalogue.answer(waiting.reading.document.id, answer)
    flow.sweep(house, flow.RunNow(house))
    (facts,) = house.reader.made
    assert (facts.type_key, facts.loinc, facts.title) == ("cbc", "58410-2", CBC.title)


def test_a_retired_type_is_given_no_more(house, tmp_path, types):
    types[LAB] = replace(types[LAB], retired=True)
    filed, asked = run(tmp_path, house, f"{SUMMARY}\f{LABS}")
    assert isinstance(filed, FiledDocument)
    assert [doubt.reason for doubt in asked.reasons] == ["unsure of the type"]
    (waiting,) = house.catalogue.waiting()
    assert LAB not in [found.value for found in waiting.reading.types]
    assert max(found.confidence for found in waiting.reading.types) < 0.1


def test_a_type_that_retires_holds_for_what_was_decided(house, tmp_path, types):
    (filed,) = run(tmp_path, house, LABS)
    types[LAB] = replace(types[LAB], retired=True)
    answer = Decision(ANNA.id, LAB, None, None, "clerk ada")
    house.catalogue.answer(filed.document, answer)
    flow.sweep(house, flow.RunNow(house))
    assert house.catalogue.filed(filed.document).decision == answer
    assert house.reader.made[-1].loinc == types[LAB].loinc


def test_stat_and_routine_paper_meet_the_same_gates(house, tmp_path, types):
    outcomes = run(tmp_path, house, SUMMARY, NOBODY)
    assert [type(one) for one in outcomes] == [FiledDocument, Review]
    for key in list(types):
        types[key] = replace(types[key], priority="stat")
    (tmp_path / "stat").mkdir()
    stat = replace(
        tools(tmp_path / "stat", ANNA, BERTA, pool=CoverPool()), type_facts=types
    )
    again = run(tmp_path / "stat", stat, SUMMARY, NOBODY)
    assert again[0].decision == outcomes[0].decision
    assert again[1] == outcomes[1]
