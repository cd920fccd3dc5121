"""The review page in a real browser: picture, search, drafts, cuts, the way back."""

import time
from dataclasses import replace

import pytest

from pipeline.document import Doubt
from tests.web.atdesk import CHROMIUM, ONE, TWO
from tests.web.live import ANNA, BERTA, LAB, LETTER, reading_of, unsure

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]
DOUBTED = (Doubt("unsure of the patient"),)


def doubtful(nth, pages, patient=ANNA):
    reading = unsure(unsure(reading_of(nth, pages, patient), "patients"), "types")
    return replace(reading, doubts=DOUBTED)


def test_fields_show_where_they_were_read_and_take_words_from_the_page(clerk_at):
    clerk = clerk_at(unsure(doubtful(1, (1,)), "dates"))
    page = clerk.page
    clerk.open()
    assert page.locator("rect.lit").count() == 3  # of the patient, who is in doubt
    page.locator("fieldset[data-field=date]").click(position={"x": 5, "y": 5})
    assert page.locator("rect.lit.date").count() == 1
    box = page.locator("rect.lit.date").bounding_box()
    clerk.press("d")
    page.mouse.click(box["x"] + 20, box["y"] + box["height"] / 2)
    expect(page.locator("#date")).to_have_value("2013-05-06")
    clerk.press("Escape", "p")
    name = page.locator("rect.for").nth(2).bounding_box()
    page.mouse.move(name["x"] - 3, name["y"] - 3)
    page.mouse.down()
    page.mouse.move(name["x"] + name["width"] + 3, name["y"] + name["height"] + 3)
    page.mouse.up()
    expect(page.locator("#search")).to_have_value("SENTINEL, ANNA")
    page.locator("#found [role=option]").first.wait_for()
    assert "SENTINEL, ANNA" in page.locator("#found").inner_text()
    assert "1 Elm St" in page.locator("#found").inner_text()
    assert clerk.complaints == []


def test_the_picture_is_enlarged_turned_and_moved(clerk_at):
    clerk = clerk_at(reading_of(1, (1, 2)))
    clerk.open()
    svg = clerk.page.locator("figure:not([hidden]) svg[data-width]")

    def view():
        return [float(n) for n in svg.get_attribute("viewBox").split()]

    whole = view()
    clerk.press("+", "+")
    assert view()[2] == pytest.approx(whole[2] / 1.25**2, rel=0.01)
    near = view()
    clerk.press("ArrowDown")
    assert view()[1] > near[1]
    clerk.press("w")
    assert view()[2] == pytest.approx(1700, rel=0.01)
    clerk.press("r")
    assert "rotate(90)" in svg.locator("g").get_attribute("transform")
    clerk.press("0", "j")
    assert clerk.page.locator(".which").inner_text() == "2 / 2"
    assert clerk.page.locator("#page-1").is_hidden()
    row = clerk.page.locator(".waterfall tr[data-box]").first
    row.click()
    assert clerk.page.locator(".which").inner_text() == "1 / 2"
    assert clerk.page.locator("rect.looked").count() == 1
    clerk.press("?")
    assert clerk.page.locator("dialog#keys").is_visible()
    assert clerk.violations() == []
    clerk.press("Escape")
    assert clerk.page.locator("dialog#keys").is_hidden()
    assert clerk.complaints == []


def test_a_type_is_found_by_title_loinc_key_or_synonym(clerk_at):
    clerk = clerk_at(doubtful(1, (1,)))
    clerk.open()
    for typed, found in (
        ("lab", LAB),
        ("11488", "consultation"),
        ("opinion", "consultation"),
    ):
        clerk.press("t")
        clerk.type(typed)
        clerk.page.locator("#types-found [aria-selected=true]").wait_for()
        clerk.press("Enter")
        assert clerk.page.locator("#type").input_value() == found
    clerk.press("t", "Shift+1")  # nothing typed: the first suggestion
    assert clerk.page.locator("#type").input_value() == LETTER


def test_a_draft_survives_a_closed_tab_and_goes_with_its_answer(clerk_at):
    clerk = clerk_at(doubtful(1, (1,)), reading_of(2, (2,), BERTA))
    clerk.open()
    clerk.press("p")
    clerk.type("20000024")
    clerk.page.locator("#found [aria-selected=true]").wait_for()
    clerk.press("Enter")
    clerk.press("o")
    clerk.type("asked the ward")
    clerk.page.close()  # before the rest that a draft waits for is over
    clerk.page = clerk.page.context.new_page()
    clerk.open()
    assert clerk.page.locator("[name=mrn]:checked").input_value() == BERTA.mrn
    assert clerk.page.locator("#notes").input_value() == "asked the ward"
    clerk.press("1", "Enter")  # the type was still open
    clerk.left()
    assert clerk.answer().patient == BERTA.id
    [note] = clerk.live.desk.in_hand.notes(ONE)
    assert note.note == "asked the ward"


def test_what_was_sent_is_taken_back_by_one_key_until_it_is_too_late(clerk_at):
    clerk = clerk_at(reading_of(1, (1,)), reading_of(2, (2,), BERTA), grace=3)
    clerk.open()
    clerk.press("Enter")
    clerk.left()
    clerk.settled()
    assert clerk.live.books.due_answers() == ()
    assert "s)" in clerk.page.locator(".undo").inner_text()
    clerk.press("u")
    clerk.page.wait_for_url(f"**/{ONE}")
    clerk.settled()
    assert clerk.answer() is None
    assert clerk.page.locator("[name=mrn]:checked").input_value() == ANNA.mrn
    clerk.press("Enter")
    clerk.left()
    clerk.page.locator(".undo form").wait_for(state="hidden")
    assert [document for document, _ in clerk.live.books.due_answers()] == [ONE]


def test_merged_set_aside_and_back(clerk_at):
    clerk = clerk_at(reading_of(1, (1, 2)), reading_of(2, (3,)))
    clerk.open()
    clerk.press("m")
    clerk.page.wait_for_url("**/b1-0001-c1")
    clerk.settled()
    assert clerk.page.locator(".thumb").count() == 3
    clerk.press("j", "x", "3")
    clerk.page.wait_for_url("**/b1-0001-c2")
    clerk.settled()
    assert clerk.page.locator(".thumb").count() == 2
    aside = [(line.number, line.removed_as) for line in clerk.live.books.ledger()]
    assert aside[1] == (2, "duplicate")
    clerk.press("U")
    clerk.page.wait_for_url("**/b1-0001-c3")
    clerk.settled()
    assert clerk.page.locator(".thumb").count() == 3


@pytest.mark.parametrize("scale", [1, 2])
def test_it_works_on_a_small_screen_and_enlarged(clerk_at, scale):
    small = {"width": 1366 // scale, "height": 768 // scale}
    clerk = clerk_at(reading_of(1, (1, 2)), reading_of(2, (3,), BERTA), viewport=small)
    clerk.open()
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert clerk.page.evaluate(wide) == 0
    assert clerk.page.locator("#file").is_visible()
    assert clerk.violations() == []
    if scale == 1:
        seen = clerk.page.locator("#file").bounding_box()
        assert seen["y"] + seen["height"] <= 768


def test_the_next_document_is_on_screen_at_once(clerk_at):
    """Drawn while this one was read: the picture costs nothing when it is wanted."""
    clerk = clerk_at(reading_of(1, (1,)), reading_of(2, (2,), BERTA))
    clerk.open()
    slow, asked = 0.3, []
    draw = clerk.live.desk.picture.__self__
    ready = time.monotonic() + 5
    while (draw._lies(TWO, 1), 1100, 0) not in draw._known:
        assert time.monotonic() < ready
        time.sleep(0.02)
    draw._draw = lambda *what: (asked.append(what), time.sleep(slow), b"")[2]
    clerk.press("Enter")
    clerk.left()
    clerk.page.locator("image").first.wait_for()
    assert (TWO, 1, 1100, 0) not in asked
