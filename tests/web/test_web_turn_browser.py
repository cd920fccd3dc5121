"""Pages turned in a real browser: kept at once, shown so again, and sent in order."""

import pytest

from pipeline.document import BatchId
from tests.web.atdesk import CHROMIUM
from tests.web.live import reading_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]
B1 = BatchId("b1")


def stands(clerk):
    """How the server holds the pages; once what is on its way has come."""
    clerk.page.wait_for_timeout(400)
    return clerk.live.books.turns(B1)


def shown(clerk, n=1):
    """Width over height of a page's picture, and of its thumbnail."""
    figure = clerk.page.locator(f"#page-{n} image").bounding_box()
    thumb = clerk.page.locator(".thumb img").nth(n - 1)
    thumb.evaluate("one => one.decode()")
    wide = thumb.evaluate("one => one.naturalWidth / one.naturalHeight")
    return figure["width"] / figure["height"] > 1, wide > 1


def test_r_turns_it_for_good_and_a_draft_survives(clerk_at):
    clerk = clerk_at(reading_of(1, (1, 2)))
    clerk.open()
    assert shown(clerk) == (False, False)
    clerk.press("d")
    clerk.page.locator("#date").fill("2013-05-07")
    clerk.press("Escape", "j", "r")
    assert stands(clerk) == {2: 90}
    assert shown(clerk, 2) == (True, True)
    clerk.open()  # as the next one sees it
    assert clerk.page.locator("#date").input_value() == "2013-05-07"
    clerk.press("j")
    assert shown(clerk, 2) == (True, True)
    clerk.press("R")
    assert stands(clerk) == {}
    assert shown(clerk, 2) == (False, False)
    assert clerk.complaints == []


def test_words_are_taken_from_a_turned_page_where_they_stand(clerk_at):
    clerk = clerk_at(reading_of(1, (1,)))
    clerk.open()
    clerk.press("r", "d")
    clerk.page.locator("#date").fill("")
    words = clerk.page.locator("#page-1 rect[data-field=date]")
    box = words.bounding_box()
    assert box["height"] > box["width"]  # the line runs down the page
    clerk.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    clerk.page.wait_for_timeout(400)
    assert clerk.page.locator("#date").input_value() == "2013-05-06"


def test_filed_at_once_after_a_turn_it_is_turned_first(clerk_at):
    clerk = clerk_at(reading_of(1, (1,)))
    clerk.open()

    def slowly(route):
        clerk.page.wait_for_timeout(300)
        route.continue_()

    clerk.page.route("**/turn", slowly)
    clerk.press("r", "r", "r", "Enter")
    clerk.left()
    assert clerk.answer() is not None
    assert stands(clerk) == {1: 270}


ANSWER = """async () => {
  const form = document.querySelector("#answer");
  const token = document.querySelector("meta[name=csrf-token]").content;
  const data = new FormData(form, document.querySelector("#file"));
  const sent = {method: "POST", body: data, headers: {"X-CSRF-Token": token}};
  return (await fetch(form.getAttribute("action"), sent)).status;
}"""


def test_a_turn_that_is_refused_is_told_and_shown_as_it_stands(clerk_at):
    clerk = clerk_at(reading_of(1, (1,)), reading_of(2, (2,)))
    clerk.open()
    assert clerk.page.evaluate(ANSWER) == 200  # meanwhile, in another tab
    assert clerk.answer() is not None
    clerk.press("r")
    clerk.page.get_by_text("could not be turned").wait_for()
    assert shown(clerk) == (False, False)
    assert stands(clerk) == {}
