"""Data entry in a real browser: a paper keyed by two people, by keys alone."""

import csv
import io
import os
from dataclasses import replace

import pytest

from pipeline.document import BatchId, DocumentId
from tests.review.answered import ANSWER
from tests.web.atdesk import CHROMIUM, SCREEN, Clerk
from tests.web.keyed import FACE, VACCINES, keyed_desk
from tests.web.live import serve
from tests.web.test_web_browser import SHOTS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]
ONE, TWO = "b1-0001", "b1-0002"


class Typist(Clerk):
    """A clerk before the sheet of a paper."""

    def open(self, document=ONE):
        self.page.goto(f"{self.live.url}/entry/{document}")
        self.page.locator(".live").wait_for()

    @property
    def line(self):
        return self.page.locator("form.line.active").get_attribute("data-line")

    def enter(self, *typed, key="Enter"):
        """Type over what stands in the field, then Enter; wait until it is kept."""
        at = self.line
        for text in typed:
            self.type(text)
        self.press(key)
        self.page.wait_for_function(
            "at => document.querySelector('form.line.active')?.dataset.line !== at"
            " || document.activeElement.id === 'finish'",
            arg=at,
        )

    def value(self, name):
        return self.page.locator(f"[id='{name}']").input_value()

    def proposed(self):
        text = self.page.request.get(f"{self.live.url}/entry.csv").text()
        rows = csv.DictReader(io.StringIO(text))
        return {(row["field"], row["row"]): row for row in rows}


@pytest.fixture
def typist_at(browser, tmp_path):
    """People at their own desks over the same papers."""
    desk = keyed_desk(tmp_path, FACE, VACCINES, unsure=("Catholic", "GSK"))
    ended = []

    def at(name="clerk ada", *, sample=None, **more):
        live = serve(replace(desk, clerk=name, sample=sample))
        context = browser.new_context(viewport=SCREEN, **more)
        context.set_default_timeout(10_000)
        ended.append((context, live))
        return Typist(live, context.new_page())

    yield at
    for context, live in ended:
        context.close()
        live.server.stop()
    desk.catalogue.close()


BLIND = ("Sentinel, Anna", "3/4/1961", "10000012", "")


def rest_of(typist, last=""):
    """Enter on every line that is open, up to one."""
    while typist.page.locator("form.line:not(.kept)").count():
        if last and typist.line == last:
            return
        typist.enter()


def finish(typist, *keys, kind="face_sheet"):
    typist.press(*keys)
    typist.page.wait_for_url(f"**/entry?type={kind}")


def test_a_face_sheet_is_keyed_without_a_mouse(typist_at):
    ada = typist_at()
    ada.page.goto(f"{ada.live.url}/entry")
    assert ada.violations() == []
    ada.page.get_by_text("Take the next one").press("Enter")
    ada.page.locator(".live").wait_for()
    assert ada.violations() == []
    assert ada.line == "name.0"
    assert ada.value("name.0") == ""  # not even what was read surely
    for typed in BLIND:
        ada.enter(typed)
    assert ada.value("born.0") == "1961-03-04"  # in its normal form
    ada.enter()  # the sex as read
    ada.enter()
    address = ada.page.locator("form.line[data-line='address.0']")
    assert "differs" in address.get_attribute("class")
    assert "index: 1 Elm St" in address.inner_text()
    assert ada.page.locator("rect.lit").get_attribute("data-field") == "city.0"
    if os.environ.get("CHARTFILER_SHOTS"):
        ada.page.screenshot(path=SHOTS / "data-entry.png")
    rest_of(ada, "religion.0")
    assert ada.value("religion.0") == ""  # unsure: it does not stand there
    ada.press("ArrowRight")
    rest_of(ada, "policy.0")
    ada.enter("123456789")
    rest_of(ada)
    finish(ada, "Control+Enter")
    assert ada.proposed()["religion", ""]["proposed"] == "Catholic"
    assert ("born", "") not in ada.proposed()
    assert ada.complaints == []


def test_a_second_person_keys_what_identifies_from_the_paper_alone(typist_at):
    for name in ("clerk ada", "clerk ben"):
        typist = typist_at(name)
        typist.open()
        for typed in BLIND:
            typist.enter(typed)
        rest_of(typist, "policy.0")
        typist.enter("123456789")
        kept = typist.page.locator("form.line").count()
        rest_of(typist)
        finish(typist, "Enter")  # on the button
        assert typist.complaints == []
    assert kept == len((*BLIND, "policy"))  # nothing else was asked again
    born = typist.proposed()["born", ""]
    assert (born["keyed_by"], born["second_by"]) == ("clerk ada", "clerk ben")


def test_a_row_is_kept_at_one_stroke_up_to_what_is_unsure(typist_at):
    ada = typist_at()
    ada.open(TWO)
    rest_of(ada, "vaccine.1")
    ada.enter(key="Shift+Enter")
    assert ada.line == "vaccine.2"
    ada.enter(key="Shift+Enter")
    assert ada.line == "maker.2"  # read badly
    ada.enter("GSK")
    ada.enter()
    ada.enter(key="Shift+Enter")
    ada.press("Escape", "+")
    assert ada.line == "vaccine.4"
    ada.enter("Tetanus")
    rest_of(ada)
    finish(ada, "Control+Enter", kind="immunization_record")
    told = ada.proposed()
    assert told["vaccine", "4"]["proposed"] == "Tetanus"
    assert told["maker", "2"]["proposed"] == "GSK"
    assert told["given", "3"]["proposed"] == "2002-04-05"
    assert ada.complaints == []


def test_the_page_fills_a_field_but_no_blind_one(typist_at):
    ada = typist_at()
    ada.open()
    word = ada.page.locator("rect[data-field='religion.0']").bounding_box()
    middle = (word["x"] + word["width"] / 2, word["y"] + word["height"] / 2)
    ada.page.mouse.click(*middle)
    assert ada.value("name.0") == ""
    ada.page.locator("[id='religion.0']").focus()
    ada.page.mouse.click(*middle)
    ada.page.wait_for_function("() => document.getElementById('religion.0').value")
    assert ada.value("religion.0") == "Catholic"
    assert ada.line == "religion.0"


def test_a_value_that_cannot_be_stays_with_its_reason(typist_at):
    ada = typist_at()
    ada.open()
    ada.page.locator("[id='born.0']").focus()
    ada.type("soon")
    ada.press("Enter")
    fault = ada.page.locator("form.line[data-line='born.0'] .fault")
    fault.get_by_text("This is no date").wait_for()
    assert ada.line == "born.0"
    assert ada.value("born.0") == "soon"
    assert [c for c in ada.complaints if "422" not in c] == []


def test_it_works_at_200_per_cent(typist_at):
    ada = typist_at(device_scale_factor=2)
    ada.page.set_viewport_size({"width": 683, "height": 384})
    ada.open()
    wide = "document.documentElement.scrollWidth - innerWidth"
    assert ada.page.evaluate(wide) <= 0
    assert ada.violations() == []


class Drawn:
    """One filed paper that was drawn for a check."""

    def waiting(self, by=None):
        yield replace(ANSWER, document=DocumentId(ONE))


@pytest.mark.parametrize("path", ["sample", f"entry/{ONE}"])
def test_a_turn_of_filed_paper_stays_on_this_screen_only(typist_at, path):
    typist = typist_at(sample=Drawn())
    page, looked = typist.page, f"{typist.live.url}/{path}"
    wide = "one => (one = one.getBoundingClientRect()).width > one.height"
    for turned in (False, True, True):
        page.goto(looked)
        page.locator(".live").wait_for()
        assert page.locator("#page-1 image").evaluate(wide) is turned
        if not turned:
            page.get_by_role("button", name="Turn", exact=True).click()
        assert page.locator("#page-1 image").evaluate(wide)
    assert not any(page.get_by_role("alert").all_inner_texts())
    assert typist.live.books.turns(BatchId("b1")) == {}
    assert typist.complaints == []
