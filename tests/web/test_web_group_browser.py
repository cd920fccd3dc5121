"""Papers side by side in a real browser: walked, agreed to and opened by keys."""

from dataclasses import replace

import pytest

from pipeline.document import Doubt
from tests.web.atdesk import CHROMIUM
from tests.web.live import BERTA, CONSULT, LETTER, reading_of, unsure

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]
GROUP = "/group?batch=b1&doubt=type"
OF_TYPE = Doubt("unsure of the type")


def doubtful(nth, *doubts, **more):
    reading = unsure(reading_of(nth, (nth,), **more), "types")
    return replace(reading, doubts=doubts or (OF_TYPE,))


def group(clerk, path=GROUP):
    clerk.page.goto(f"{clerk.live.url}{path}")
    clerk.page.locator(".walk [aria-current]").wait_for()
    clerk.page.wait_for_timeout(300)


def at(clerk):
    return clerk.page.locator(".walk [aria-current]").get_attribute("aria-label")


def sent(clerk, nth):
    """What is told of a paper, once it is told."""
    told = clerk.page.locator(f"#paper-b1-{nth:04} .told:not(:empty)")
    told.wait_for()
    return told.inner_text()


def test_a_key_a_paper_agrees_and_the_wrong_one_is_opened(clerk_at):
    clerk = clerk_at(*(doubtful(n) for n in (1, 2, 3)))
    group(clerk)
    assert clerk.violations() == []
    assert clerk.page.evaluate(
        "document.documentElement.scrollWidth <= innerWidth"
    )  # nothing is cut off at the side
    assert at(clerk) == "b1-0001"
    clerk.press("Enter")
    assert at(clerk) == "b1-0002"
    assert sent(clerk, 1) == "Sent."
    clerk.press("o")
    clerk.page.wait_for_url("**/documents/b1-0002?back=**")
    clerk.settled()
    clerk.press("Shift+2")  # the second suggestion is the right one
    clerk.page.wait_for_url(f"**{GROUP}")
    clerk.page.locator(".walk [aria-current]").wait_for()
    assert at(clerk) == "b1-0003"
    clerk.page.wait_for_timeout(300)
    clerk.press("Enter")
    clerk.page.get_by_text("Nothing of this batch waits").wait_for()
    said = [clerk.answer(f"b1-000{n}").type for n in (1, 2, 3)]
    assert said == [LETTER, CONSULT, LETTER]
    assert clerk.pressed == 4
    assert clerk.complaints == []


def test_what_was_sent_is_taken_back_and_opened(clerk_at):
    clerk = clerk_at(doubtful(1), doubtful(2))
    group(clerk)
    clerk.press("Enter")
    assert sent(clerk, 1) == "Sent."
    clerk.press("u")
    clerk.page.wait_for_url("**/documents/b1-0001?back=**")
    assert clerk.answer("b1-0001") is None
    clerk.settled()
    clerk.press("b")
    clerk.page.wait_for_url(f"**{GROUP}")
    assert "you have begun" in clerk.page.locator("#paper-b1-0001").inner_text()


def test_what_another_took_meanwhile_is_told_and_the_others_go_on(clerk_at):
    clerk = clerk_at(*(doubtful(n) for n in (1, 2)))
    group(clerk)
    lease = clerk.live.desk.lease()
    clerk.live.desk.worklist.take("b1-0001", "clerk ben", lease)
    clerk.press("Enter")
    assert "ben has this document in hand" in sent(clerk, 1)
    assert at(clerk) == "b1-0002"
    clerk.press("Enter")
    assert sent(clerk, 2) == "Sent."
    assert clerk.answer("b1-0001") is None
    assert clerk.answer("b1-0002") is not None


def test_a_key_held_down_agrees_to_one_paper_only(clerk_at):
    clerk = clerk_at(*(doubtful(n) for n in (1, 2, 3)))
    group(clerk)
    for _ in range(4):
        clerk.page.keyboard.down("Enter")  # repeats, as no key goes up
    assert sent(clerk, 1) == "Sent."
    assert [one for one, _ in clerk.live.books.answers()] == ["b1-0001"]


def test_a_key_too_many_after_the_last_sends_nothing_twice(clerk_at):
    clerk = clerk_at(doubtful(1), doubtful(2, patient=BERTA))
    group(clerk)
    clerk.press("k", "Enter", "k", "Enter")  # the first again
    assert sent(clerk, 1) == "Sent."
    assert [one for one, _ in clerk.live.books.answers()] == ["b1-0001"]


def test_from_a_paper_to_its_like_by_a_key_at_any_size(clerk_at):
    clerk = clerk_at(
        *(doubtful(n) for n in (1, 2)), viewport={"width": 683, "height": 384}
    )  # 1366 x 768 at 200 %
    clerk.open()
    clerk.press("g")
    clerk.page.wait_for_url(f"**{GROUP}")
    clerk.page.locator(".walk [aria-current]").wait_for()
    assert clerk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    clerk.page.wait_for_timeout(300)
    clerk.press("?")
    assert clerk.page.locator("#keys").is_visible()
    assert clerk.violations() == []
