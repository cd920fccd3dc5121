"""Siblings in a real browser: offered after a correction, walked through by keys."""

from dataclasses import replace

import pytest

from pipeline.document import Doubt
from tests.web.atdesk import CHROMIUM
from tests.web.live import CONSULT, reading_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]
OF_TYPE = (Doubt("unsure of the type"),)


def waits(nth):
    return replace(reading_of(nth, (nth,)), doubts=OF_TYPE)


def test_from_a_correction_to_each_of_its_siblings_and_back(clerk_at):
    clerk = clerk_at(*(waits(n) for n in (1, 2, 3)))
    clerk.open()
    clerk.press("Shift+2")  # not a letter, as was suggested
    clerk.left()
    clerk.settled()
    clerk.press("f")
    clerk.page.wait_for_url(f"{clerk.live.url}/siblings/b1-0001")
    clerk.page.locator(".walk [aria-current]").wait_for()
    assert clerk.violations() == []
    papers = clerk.page.locator(".walk > li")
    assert papers.count() == 2
    clerk.page.wait_for_timeout(300)
    clerk.press("j", "k", "o")
    clerk.page.wait_for_url("**/documents/b1-0002?back=**")
    clerk.settled()
    clerk.press("Shift+2")
    clerk.page.wait_for_url(f"{clerk.live.url}/siblings/b1-0001")
    assert papers.count() == 1
    clerk.page.locator(".walk [aria-current]").wait_for()
    clerk.page.wait_for_timeout(300)
    clerk.press("Enter")  # nothing is suggested here: it is opened
    clerk.page.wait_for_url("**/documents/b1-0003?back=**")
    assert clerk.answer("b1-0003") is None
    said = [clerk.answer(f"b1-000{n}").type for n in (1, 2)]
    assert said == [CONSULT, CONSULT]
    assert clerk.complaints == []


def test_what_was_set_right_today_is_found_again(clerk_at):
    clerk = clerk_at(
        *(waits(n) for n in (1, 2)), viewport={"width": 683, "height": 384}
    )
    clerk.open()
    clerk.press("Shift+2")
    clerk.left()
    clerk.page.goto(f"{clerk.live.url}/")
    clerk.press("f")
    clerk.page.wait_for_url(f"{clerk.live.url}/siblings/b1-0001")
    clerk.page.goto(f"{clerk.live.url}/")
    clerk.page.get_by_text("what you set right").click()
    clerk.page.wait_for_url("**/siblings")
    assert clerk.violations() == []
    clerk.page.locator("main").get_by_role("link", name="Find siblings").click()
    clerk.page.wait_for_url(f"{clerk.live.url}/siblings/b1-0001")
    assert clerk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
