"""What is filed is put right by the door of a clerk's answer, whatever is killed."""

from contextlib import suppress
from dataclasses import replace

import pytest

from pipeline import flow
from pipeline.document import Correction, DocumentId
from pipeline.errors import StoreUnavailable
from pipeline.review.lanes import MISFILED
from tests.faults.catalogues import FailingAt
from tests.flow.papers import take, tools
from tests.flow.test_flow_journey import ANNA, BERTA, LABS, faults, run, tear

ADA = "clerk ada"


@pytest.fixture
def house(tmp_path):
    """One document of Berta's, filed without a clerk."""
    house = tools(tmp_path, ANNA, BERTA)
    run(house, take(tmp_path, house, LABS))
    return house


def filed(house, patient=BERTA):
    [one] = house.catalogue.of_patient(patient.id)
    return one


def moved(house, to=ANNA, reason="the label is Anna's"):
    one = filed(house)
    right = replace(one.decision, patient=to.id, by=ADA)
    return one, Correction(one.id, right, reason, misfiled=True, by=ADA)


def sweep(house):
    flow.sweep(house, flow.RunNow(house))


def events(house):
    return [(e.did, e.reason, e.document) for e in house.oversight.checks.events()]


def test_it_moves_with_its_reason_and_closes_the_lane(house):
    first, said = moved(house)
    house.catalogue.answer(first.document, said)
    sweep(house)
    second = filed(house, ANNA)
    assert (second.id, second.replaces) == (DocumentId(f"{first.id}-v2"), first.id)
    assert list(house.catalogue.of_patient(BERTA.id)) == []
    assert house.catalogue.gone_from(BERTA.id) == (first,)
    [told] = house.catalogue.corrections(first.document)
    assert (told.version, told.reason, told.by) == (second.id, said.reason, ADA)
    assert events(house) == [("closed", MISFILED, first.document)]
    assert house.catalogue.answers() == ()
    assert faults(house) == []


def test_another_type_tells_no_lane_of_a_misfile(house):
    first, said = moved(house, to=BERTA)
    house.catalogue.answer(first.document, replace(said, misfiled=False))
    sweep(house)
    assert filed(house).id == f"{first.id}-v2"
    assert events(house) == []


def test_what_a_clerk_moved_wrongly_is_not_the_machine_s_fault(house):
    first, said = moved(house)
    house.catalogue.answer(first.document, replace(said, misfiled=False))
    sweep(house)
    wrong = filed(house, ANNA)
    back = replace(wrong.decision, patient=BERTA.id)
    house.catalogue.answer(
        wrong.document, Correction(wrong.id, back, "no, Berta's", True, ADA)
    )
    sweep(house)
    assert filed(house).id == f"{first.id}-v3"
    assert events(house) == []


def test_what_is_retracted_is_in_no_record_and_can_be_filed_again(house):
    first = filed(house)
    gone = Correction(first.id, None, "a menu", misfiled=False, by=ADA)
    house.catalogue.answer(first.document, gone)
    sweep(house)
    assert house.catalogue.filed(first.document) is None
    assert list(house.catalogue.of_patient(BERTA.id)) == []
    [line] = house.catalogue.ledger()
    assert (line.disposition, line.reasons) == ("rejected", ("a menu",))
    assert house.objects.verify(first.key)
    assert list(house.catalogue.verified()) == []
    assert faults(house) == []
    again = Correction(first.id, replace(first.decision, by=ADA), "it is", False, ADA)
    house.catalogue.answer(first.document, again)
    sweep(house)
    assert filed(house).replaces == first.id
    assert [line.disposition for line in house.catalogue.ledger()] == ["filed"]
    assert faults(house) == []


def test_the_second_of_two_corrections_goes_back_and_is_told(house):
    first, said = moved(house)
    house.catalogue.answer(first.document, said)
    sweep(house)
    late = Correction(first.id, None, "a menu", misfiled=False, by="clerk ben")
    house.catalogue.answer(first.document, late)
    sweep(house)
    assert filed(house, ANNA).decision.by == ADA
    assert house.catalogue.failure(first.document) == flow.IMPOSSIBLE
    assert house.catalogue.answers() == ()


def test_a_decision_about_what_was_retracted_goes_back(house):
    first = filed(house)
    gone = Correction(first.id, None, "a menu", misfiled=False, by=ADA)
    house.catalogue.answer(first.document, gone)
    sweep(house)
    house.catalogue.answer(first.document, replace(first.decision, by=ADA))
    sweep(house)
    assert house.catalogue.filed(first.document) is None
    assert house.catalogue.failure(first.document) == flow.IMPOSSIBLE


def test_without_a_pdf_the_old_version_stands(house):
    first, said = moved(house)
    tear(house, first.document)
    house.catalogue.answer(first.document, said)
    sweep(house)
    assert filed(house) == first
    assert "the page is torn" in house.catalogue.failure(first.document)


@pytest.mark.parametrize("after", range(1, 14))
@pytest.mark.parametrize("retract", [False, True])
def test_a_kill_between_any_two_steps_loses_nothing(house, after, retract):
    first, said = moved(house)
    if retract:
        said = replace(said, decision=None)
    failing = replace(house, catalogue=FailingAt(house.catalogue, after))
    house.catalogue.answer(first.document, said)
    with suppress(StoreUnavailable):
        flow.sweep(failing, flow.RunNow(failing))
    sweep(house)
    versions = house.catalogue.versions(first.document)
    assert len(versions) == (1 if retract else 2)
    assert len(house.catalogue.corrections(first.document)) == 1
    assert events(house) == [("closed", MISFILED, first.document)]
    assert house.catalogue.answers() == ()
    assert faults(house) == []
