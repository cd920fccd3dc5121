"""The journey with made-up papers: filed, asked, repeated, killed, corrected."""

import datetime as dt
import io
import logging
from contextlib import suppress
from dataclasses import replace

import pikepdf
import pytest

from pipeline import flow
from pipeline.document import Decision, DocumentId, DocumentType
from pipeline.errors import StoreUnavailable, UnreadableFile
from pipeline.store.answers import Rejection
from pipeline.store.verify import verify
from tests.faults.catalogues import FailingAt
from tests.flow.papers import FakePool, FakeTypes, head, person, take, tools

ANNA = person("10000012", "SENTINEL", "ANNA", dt.date(1961, 3, 4))
BERTA = person("20000024", "BAKER", "BERTA", dt.date(1950, 7, 8))


SUMMARY = head(ANNA, "DISCHARGE SUMMARY") + "\nPage 1 of 2"
MORE = "Page 2 of 2\nFollow up in two weeks with the clinic as told."
LABS = head(BERTA, "LABORATORY REPORT", "05/09/2013")
NOBODY = (
    "LETTER\nPatient Name: NEWMAN, PAUL\nMRN: 90000099\nDOB: 01/02/1990\n"
    "Thank you for seeing this pleasant man in your clinic."
)


TORN = "the filed PDF cannot be made: the page is torn: scan it again"


def torn():
    raise UnreadableFile("the page is torn: scan it again")


def tear(house, document):
    """No PDF can be made of this document."""
    pdf = house.reader.pdf
    house.reader.pdf = lambda pages, facts: (
        torn() if facts.document == document else pdf(pages, facts)
    )


@pytest.fixture
def house(tmp_path):
    return tools(tmp_path, ANNA, BERTA)


def run(house, batches):
    return [outcome for batch in batches for outcome in flow.process(batch, house)]


def outcomes(house):
    return [
        (
            line.source,
            line.page,
            line.disposition,
            line.decision and line.decision.patient,
        )
        for line in house.catalogue.ledger()
    ]


def faults(house):
    return list(verify(house.catalogue, house.objects))


def test_a_stack_is_cut_typed_and_filed(house, tmp_path):
    run(house, take(tmp_path, house, "\f".join((SUMMARY, MORE, LABS))))
    assert outcomes(house) == [
        ("scan0.pdf", 1, "filed", ANNA.id),
        ("scan0.pdf", 2, "filed", ANNA.id),
        ("scan0.pdf", 3, "filed", BERTA.id),
    ]
    [first] = house.catalogue.of_patient(ANNA.id)
    assert first.decision.type == "discharge_summary"
    assert first.decision.date == dt.date(2013, 5, 6)
    with pikepdf.open(io.BytesIO(house.objects.get(first.key))) as pdf:
        assert len(pdf.pages) == 2
    assert faults(house) == []


def test_a_doubt_holds_back_its_document_not_its_batch(house, tmp_path):
    run(house, take(tmp_path, house, "\f".join((SUMMARY, MORE, NOBODY, LABS))))
    assert [o[2] for o in outcomes(house)] == ["filed", "filed", "review", "filed"]
    [waiting] = house.catalogue.waiting()
    assert waiting.review.reasons


def test_a_page_that_costs_the_engine_its_time_goes_to_a_clerk(house, tmp_path):
    run(house, take(tmp_path, house, "\f".join((LABS, "HANG", SUMMARY, MORE))))
    assert ("scan0.pdf", 2, "review", None) in outcomes(house)
    assert ("scan0.pdf", 3, "filed", ANNA.id) in outcomes(house)
    reasons = [d.reason for w in house.catalogue.waiting() for d in w.review.reasons]
    assert any("timed out" in reason for reason in reasons)


def test_a_bad_file_is_set_aside_and_the_rest_goes_on(house, tmp_path):
    run(house, take(tmp_path, house, "BROKEN", LABS))
    assert outcomes(house) == [
        ("scan0.pdf", 0, "rejected", None),
        ("scan1.pdf", 1, "filed", BERTA.id),
    ]
    line = next(iter(house.catalogue.ledger()))
    assert line.reasons == ("the file is torn: scan it again",)
    assert faults(house) == []


def test_a_repeat_does_nothing(house, tmp_path):
    batches = take(tmp_path, house, "\f".join((SUMMARY, MORE, NOBODY)))
    assert len(run(house, batches)) == 2
    before = outcomes(house), house.reader.pages_read
    assert run(house, batches) == []
    assert (outcomes(house), house.reader.pages_read) == before


def test_a_second_copy_repeats_the_first_ones_outcome(house, tmp_path):
    run(house, take(tmp_path, house, LABS, LABS))
    first, second = house.catalogue.ledger()
    assert (first.disposition, first.duplicate_of) == ("filed", None)
    assert (second.disposition, second.duplicate_of) == ("filed", "scan0.pdf")
    assert len(list(house.catalogue.of_patient(BERTA.id))) == 1


def test_killed_after_the_first_document_and_resumed_with_another_model(tmp_path):
    house = tools(tmp_path, ANNA, BERTA)
    batches = take(tmp_path, house, "\f".join((SUMMARY, MORE, LABS, MORE)))
    journey = flow.process(batches[0], house)
    next(journey)  # the first document is filed; then the process dies
    journey.close()
    other = replace(house, types=FakeTypes(boldest="letter"))
    other.types.start_scores = lambda pages: [9.0] * len(pages)  # cuts everywhere
    run(other, batches)
    assert faults(house) == []
    numbers = [(line.number, line.document) for line in house.catalogue.ledger()]
    assert [n for n, _ in numbers] == [1, 2, 3, 4]
    assert numbers[0][1] == numbers[1][1]  # the first cut stands
    [filed] = house.catalogue.of_patient(ANNA.id)
    assert len(house.catalogue.versions(filed.document)) == 1


@pytest.mark.parametrize("after", range(1, 40))
def test_a_kill_between_any_two_calls_of_the_catalogue_loses_nothing(tmp_path, after):
    house = tools(tmp_path, ANNA, BERTA)
    batches = take(tmp_path, house, "\f".join((SUMMARY, MORE, NOBODY, LABS)))
    failing = replace(house, catalogue=FailingAt(house.catalogue, after))
    with suppress(StoreUnavailable):
        run(failing, batches)
    run(house, batches)
    assert [o[2] for o in outcomes(house)] == ["filed", "filed", "review", "filed"]
    assert faults(house) == []
    for line in house.catalogue.ledger():
        if line.disposition == "filed":
            assert len(house.catalogue.versions(line.document)) == 1


def test_a_clerks_answer_takes_the_same_door(house, tmp_path):
    run(house, take(tmp_path, house, NOBODY))
    [waiting] = house.catalogue.waiting()
    document = waiting.reading.document.id
    letter = waiting.reading.types[0].value
    house.catalogue.answer(
        document, Decision(BERTA.id, letter, None, None, "clerk ada")
    )
    flow.sweep(house, flow.RunNow(house))
    assert house.catalogue.answers() == ()
    assert list(house.catalogue.waiting()) == []
    [filed] = house.catalogue.of_patient(BERTA.id)
    assert filed.decision.by == "clerk ada"
    assert faults(house) == []


def test_a_clerk_may_say_that_it_belongs_in_no_record(house, tmp_path):
    run(house, take(tmp_path, house, NOBODY))
    [waiting] = house.catalogue.waiting()
    document = waiting.reading.document.id
    house.catalogue.answer(document, Rejection("a menu", "clerk ada"))
    flow.sweep(house, flow.RunNow(house))
    assert [o[2] for o in outcomes(house)] == ["rejected"]
    assert list(house.catalogue.waiting()) == []
    assert faults(house) == []


def test_a_correction_is_a_new_version_and_the_old_one_stays(house, tmp_path):
    run(house, take(tmp_path, house, LABS))
    [first] = house.catalogue.of_patient(BERTA.id)
    right = replace(first.decision, patient=ANNA.id, by="clerk ada")
    house.catalogue.answer(first.document, right)
    flow.sweep(house, flow.RunNow(house))
    assert list(house.catalogue.of_patient(BERTA.id)) == []
    [second] = house.catalogue.of_patient(ANNA.id)
    assert (second.id, second.replaces) == (DocumentId(f"{first.id}-v2"), first.id)
    assert house.catalogue.versions(first.document) == (first, second)
    assert house.objects.verify(first.key)
    assert faults(house) == []


def test_an_answer_that_cannot_be_carried_out_holds_up_no_other(house, tmp_path):
    run(house, take(tmp_path, house, NOBODY, NOBODY.replace("PAUL", "PETER")))
    first, second = (w.reading for w in house.catalogue.waiting())
    letter = first.types[0].value
    for reading in (first, second):
        decision = Decision(BERTA.id, letter, None, None, "clerk ada")
        house.catalogue.answer(reading.document.id, decision)
    tear(house, first.document.id)
    flow.sweep(house, flow.RunNow(house))
    assert house.catalogue.filed(second.document.id) is not None
    assert house.catalogue.answers() == ()
    [waiting] = house.catalogue.waiting()
    assert waiting.reading == first
    assert TORN in [doubt.reason for doubt in waiting.review.reasons]
    assert house.catalogue.failure(first.document.id) == TORN
    assert house.catalogue.failure(second.document.id) == ""


def test_an_answer_that_names_what_is_not_there_goes_back_to_the_desk(house, tmp_path):
    run(house, take(tmp_path, house, NOBODY))
    [waiting] = house.catalogue.waiting()
    document = waiting.reading.document.id
    unknown = Decision(BERTA.id, DocumentType("no such"), None, None, "clerk ada")
    house.catalogue.answer(document, unknown)
    flow.sweep(house, flow.RunNow(house))
    assert house.catalogue.answers() == ()
    [waiting] = house.catalogue.waiting()
    assert flow.IMPOSSIBLE in [doubt.reason for doubt in waiting.review.reasons]


def test_a_document_that_cannot_become_a_pdf_goes_to_a_clerk(house, tmp_path):
    batches = take(tmp_path, house, "\f".join((SUMMARY, MORE, LABS)))
    pdf = house.reader.pdf
    house.reader.pdf = lambda pages, facts: (
        torn() if len(pages) == 2 else pdf(pages, facts)
    )
    run(house, batches)
    assert [o[2] for o in outcomes(house)] == ["review", "review", "filed"]
    [waiting] = house.catalogue.waiting()
    assert [doubt.reason for doubt in waiting.review.reasons] == [TORN]
    assert house.catalogue.unfinished() == ()
    assert faults(house) == []


def test_no_name_in_repr_or_log(house, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    told = run(house, take(tmp_path, house, "\f".join((SUMMARY, MORE, NOBODY))))
    readings = [w.reading for w in house.catalogue.waiting()]
    shown = repr(told) + repr(readings) + caplog.text
    assert "SENTINEL" not in shown
    assert "NEWMAN" not in shown


def test_pages_are_read_once(tmp_path):
    pool = FakePool()
    house = tools(tmp_path, ANNA, BERTA, pool=pool)
    [batch] = take(tmp_path, house, "\f".join([SUMMARY, MORE] * 33))
    flow.open_batch(batch, house)
    portions = flow.portions(batch, house)
    assert [len(p) for p in portions] == [64, 2]
    flow.read_pages(batch, portions[0], house)
    run(house, [batch])
    assert pool.pages_read == 66


def test_a_page_that_no_portion_held_is_read_before_the_cut(tmp_path):
    """An upgrade may change how many are read a step, between kill and launch."""
    pool = FakePool()
    house = tools(tmp_path, ANNA, BERTA, pool=pool)
    [batch] = take(tmp_path, house, "\f".join((SUMMARY, MORE, LABS)))
    flow.open_batch(batch, house)
    flow.read_pages(batch, (1, 2), house)
    cut = flow.cut_of(batch, house)
    assert [r.document.pages for r in cut.readings] == [(1, 2), (3,)]
    assert pool.pages_read == 3


class Turning(FakePool):
    """All pages lie on their heads; page 3 does not tell, and dies when read again."""

    def __init__(self, *, dies: bool):
        super().__init__()
        self.dies = dies

    def read(self, asked):
        asked = list(asked)
        for one, page in zip(asked, super().read(asked), strict=True):
            if one.number != 3:
                yield replace(page, rotation=180)
            elif one.turn is None:
                yield replace(page, quality=replace(page.quality, oriented=False))
            elif self.dies:
                yield replace(page, words=(), troubles=("engine timed out",))
            else:
                yield replace(page, rotation=one.turn)


@pytest.mark.parametrize("dies", [False, True])
def test_a_page_that_does_not_tell_lies_as_its_neighbours_unless_that_fails(
    tmp_path, dies
):
    pool = Turning(dies=dies)
    house = tools(tmp_path, ANNA, BERTA, pool=pool)
    [batch] = take(tmp_path, house, "\f".join((SUMMARY, MORE, LABS, MORE, SUMMARY)))
    flow.open_batch(batch, house)
    flow.read_pages(batch, range(1, 6), house)
    page = house.catalogue.pages(batch)[2]
    assert page.rotation == (0 if dies else 180)
    assert page.words
    assert not page.troubles
    assert pool.pages_read == 6
