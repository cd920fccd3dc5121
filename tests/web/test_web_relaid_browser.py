"""A filed document is split, and gets a better scan, in a real browser."""

import pytest

from tests.web.atdesk import CHROMIUM, SCREEN, Clerk
from tests.web.live import serve
from tests.web.test_web_relaid import DOCUMENT, carry_out, filed_desk

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]


@pytest.fixture
def clerk(browser, tmp_path):
    live = serve(filed_desk(tmp_path))
    context = browser.new_context(viewport=SCREEN)
    clerk = Clerk(live, context.new_page())
    clerk.page.goto(f"{live.url}/filed/{DOCUMENT}")
    yield clerk
    context.close()
    live.server.stop()
    live.books.close()


def pages(clerk):
    return clerk.live.books.reading(DOCUMENT).document.pages


def opened(clerk):
    clerk.page.locator(".stand summary").click()
    return clerk.page.locator(".stand form")


def sent(clerk):
    """Carried out, and looked at again."""
    clerk.page.get_by_text("A correction is kept").wait_for()
    carry_out(clerk.live.books)
    clerk.page.get_by_text("Look again").click()


def test_split_and_put_back_by_keyboard(clerk):
    clerk.page.locator(".stand summary").focus()
    clerk.press("Enter", "Tab", "Tab", "ArrowRight")  # the second cut of two
    clerk.page.locator(".stand [name=reason]").focus()
    clerk.type("stapled together")
    clerk.press("Enter")
    sent(clerk)
    assert pages(clerk) == (1, 2)
    clerk.page.get_by_role("link", name="b1-0003-c1").click()
    assert clerk.page.url.endswith("/documents/b1-0003-c1")
    clerk.page.go_back()
    form = opened(clerk)
    form.locator("[name=reason]").fill("no, it is one")
    form.get_by_role("button", name="Its 3 pages as before").click()
    sent(clerk)
    assert pages(clerk) == (1, 2, 3)
    assert clerk.violations() == []
    assert clerk.complaints == []


def test_a_better_scan_is_chosen_beside_the_page(clerk):
    opened(clerk).get_by_role("link", name="larger, better scan of page 2").click()
    clerk.page.get_by_label("page 1 of b2.pdf").check()
    clerk.page.locator("[name=reason]").fill("its lower half is cut off")
    clerk.page.get_by_role("button", name="Replace page 2").click()
    sent(clerk)
    assert pages(clerk) == (1, 4, 3)
    assert "its lower half is cut off" in clerk.page.content()
    assert clerk.violations() == []
    assert clerk.complaints == []
