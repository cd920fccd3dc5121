"""The review screen in a real browser: each exception by keys alone, and counted."""

import datetime as dt
from dataclasses import replace

import pytest

from pipeline.document import Doubt, Encounter
from pipeline.finding import Evidence, Finding
from pipeline.index.lookalikes import TWIN
from pipeline.store.answers import Referral
from tests.web.atdesk import CHROMIUM, ONE, TWO
from tests.web.live import AMY, ANNA, BERTA, CARL, CONSULT, LETTER, reading_of, unsure

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]
OF_TYPE = (Doubt("unsure of the type"),)
OF_PATIENT = (Doubt("unsure of the patient"),)


def test_beyond_every_threshold_one_key_files_and_the_next_comes(clerk_at):
    clerk = clerk_at(reading_of(1, (1,)), reading_of(2, (2,), BERTA))
    clerk.open()
    clerk.press("Enter")
    clerk.left()
    decided = clerk.answer()
    assert (decided.patient, decided.type) == (ANNA.id, LETTER)
    assert decided.date == dt.date(2013, 5, 6)
    assert clerk.pressed == 1
    assert clerk.at == TWO
    assert clerk.complaints == []


def test_an_unsure_type_costs_the_same_right_or_wrong(clerk_at):
    first, second = (
        replace(unsure(reading_of(n, (n,)), "types"), doubts=OF_TYPE) for n in (1, 2)
    )
    clerk = clerk_at(first, second)
    clerk.open()
    assert clerk.page.locator("#type").input_value() == ""  # not pre-filled
    clerk.press("Enter")
    assert clerk.answer() is None
    assert "Choose what it is" in clerk.page.locator("#state").inner_text()
    clerk.press("Shift+1")
    clerk.left()
    clerk.settled()
    clerk.press("Shift+2")
    clerk.left(TWO)
    assert [clerk.answer(one).type for one in (ONE, TWO)] == [LETTER, CONSULT]


def test_an_unsure_patient_costs_the_same_right_or_wrong(clerk_at):
    first, second = (
        replace(unsure(reading_of(n, (n,)), "patients"), doubts=OF_PATIENT)
        for n in (1, 2)
    )
    clerk = clerk_at(first, second)
    clerk.open()
    assert clerk.page.locator("[name=mrn]:checked").count() == 0
    clerk.press("Shift+1")
    clerk.left()
    clerk.settled()
    clerk.press("Shift+2")
    clerk.left(TWO)
    assert [clerk.answer(one).patient for one in (ONE, TWO)] == [ANNA.id, CARL.id]


def test_the_right_patient_is_looked_up_while_typing(clerk_at):
    reading = unsure(reading_of(1, (1,)), "patients")
    clerk = clerk_at(replace(reading, doubts=OF_PATIENT))
    clerk.open()
    clerk.press("p")
    clerk.type("bak")
    clerk.page.locator("#found [aria-selected=true]").wait_for()
    told = clerk.page.locator("#found").inner_text()
    assert "BAKER, BERTA born 1950-07-08 · F · MRN 20000024" in told
    clerk.press("Enter", "Enter")
    clerk.left()
    assert clerk.answer().patient == BERTA.id
    assert clerk.pressed == 6
    assert "20000024" not in clerk.page.url
    assert clerk.complaints == []


def test_found_and_filed_in_one_stroke_when_nothing_else_is_open(clerk_at):
    first, second = (
        replace(unsure(reading_of(n, (n,)), "patients"), doubts=OF_PATIENT)
        for n in (1, 2)
    )
    clerk = clerk_at(first, unsure(second, "types"))
    clerk.open()
    clerk.press("p")
    clerk.type("bak")
    clerk.page.locator("#found [aria-selected=true]").wait_for()
    clerk.press("Shift+Enter")
    clerk.left()
    assert clerk.answer().patient == BERTA.id
    assert clerk.pressed == 5
    clerk.settled()
    clerk.press("p")
    clerk.type("bak")
    clerk.page.locator("#found [aria-selected=true]").wait_for()
    clerk.press("Shift+Enter")
    assert clerk.answer(TWO) is None
    assert "Choose what it is" in clerk.page.locator("#state").inner_text()
    clerk.press("t")
    clerk.type("let")
    clerk.press("Shift+Enter")
    clerk.left(TWO)
    assert (clerk.answer(TWO).patient, clerk.answer(TWO).type) == (BERTA.id, LETTER)


def test_a_wrong_boundary_is_split_and_the_parts_filed(clerk_at):
    reading = replace(
        reading_of(1, (1, 2)), doubts=(Doubt("unsure where the document begins"),)
    )
    clerk = clerk_at(reading, titles=("LETTER", "CONSULT NOTE"))
    clerk.open()
    clerk.press("j", "s")
    clerk.left("b1-0001/")
    clerk.page.wait_for_url("**/b1-0001-c1")
    clerk.settled()
    clerk.press("Enter")
    clerk.page.wait_for_url("**/b1-0002-c1")
    assert clerk.pressed == 3
    assert clerk.answer("b1-0001-c1").patient == ANNA.id
    assert clerk.live.books.asked(ONE) is None
    assert clerk.live.books.asked("b1-0002-c1").reading.document.pages == (2,)


def test_no_identity_is_an_answer_too(clerk_at):
    first, second = (
        replace(
            reading_of(n, (n,)),
            patients=(),
            doubts=(Doubt("no patient of the index fits"),),
        )
        for n in (1, 2)
    )
    clerk = clerk_at(first, second, titles=("", ""))
    clerk.open()
    clerk.press("n", "3")
    clerk.left()
    clerk.settled()
    clerk.press("c", "1")
    clerk.left(TWO)
    assert clerk.pressed == 4
    absent = Referral("steward", "no name on the paper", "clerk ada")
    assert clerk.answer() == absent
    assert clerk.answer(TWO) == Referral("rescan", "too faint", "clerk ada")
    clerk.page.goto(f"{clerk.live.url}/referred/steward")
    assert absent.reason in clerk.page.locator("main").inner_text()
    assert clerk.violations() == []
    clerk.page.get_by_role("button", name="Back to the queue").click()
    clerk.page.locator(".empty").wait_for()
    assert clerk.answer() is None


def twin_reading():
    alert = Evidence("name alert", 0.0, f"{TWIN}: MRN {AMY.mrn}")
    best, *rest = reading_of(1, (1,)).patients
    said = tuple(e for e in best.evidence if e.source != "given name")
    twin = Finding(AMY, 0.0001, (), "t")
    patients = (replace(best, evidence=(*said, alert)), twin, *rest)
    doubts = (Doubt("a patient with a like name needs a closer look", (alert,)),)
    return replace(reading_of(1, (1,)), patients=patients, doubts=doubts)


def test_a_twin_cannot_be_overlooked(clerk_at):
    clerk = clerk_at(twin_reading())
    clerk.open()
    warning = clerk.page.locator(".lookalike")
    assert warning.is_visible()
    assert "twin: SENTINEL, AMY" in warning.inner_text()
    assert "First name: ANNA against AMY" in warning.inner_text()
    assert warning.get_attribute("role") == "alert"
    clerk.press("Enter")  # nobody is chosen: nothing is filed
    assert clerk.answer() is None
    clerk.press("2", "Enter")
    clerk.left()
    assert clerk.answer().patient == AMY.id


def test_a_stay_is_chosen_by_number_and_none_as_well(clerk_at):
    stays = [
        Encounter(n, "", ANNA.id, "I", dt.date(2013, 5, 1), dt.date(2013, 5, 9))
        for n in ("V1", "V2")
    ]
    reading = replace(
        reading_of(1, (1,)),
        encounters=tuple(Finding(stay, 0.45, (), "t") for stay in stays),
        doubts=(Doubt("more than one encounter fits"),),
    )
    clerk = clerk_at(reading)
    clerk.open()
    clerk.press("2", "Enter")
    clerk.left()
    assert clerk.answer().encounter == "V2"
