"""The review screen in a real browser: the keyboard, the picture, nothing lost."""

import shutil

import pytest

from tests.web.live import (
    ANNA,
    LETTER,
    opened,
    reading_of,
    serve,
)

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]
ONE, TWO = "b1-0001", "b1-0002"
SCREEN = {"width": 1366, "height": 768}


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


class Clerk:
    """Somebody at the keyboard, whose keys are counted."""

    def __init__(self, live, page):
        self.live, self.page, self.pressed = live, page, 0
        self.complaints = []
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, document=ONE):
        self.page.goto(f"{self.live.url}/documents/{document}")
        self.page.locator(".live").wait_for()
        self.page.wait_for_timeout(300)  # keys on their way are not meant for this page

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def sent(self):
        self.page.wait_for_url(lambda url: ONE not in url)

    def answer(self, document=ONE):
        return self.live.answer(document)


@pytest.fixture
def clerk_at(browser, tmp_path):
    """A clerk before a desk on which these readings wait."""
    served, contexts = [], []

    def at(*readings, **more):
        live = serve(opened(tmp_path, *readings, **more))
        served.append(live)
        context = browser.new_context(viewport=SCREEN)
        contexts.append(context)
        return Clerk(live, context.new_page())

    yield at
    for context in contexts:
        context.close()
    for live in served:
        live.server.stop()
        live.books.close()


def test_beyond_every_threshold_one_key_files(clerk_at):
    clerk = clerk_at(reading_of(1, (1,)))
    clerk.open()
    clerk.press("Enter")
    clerk.sent()
    decided = clerk.answer()
    assert (decided.patient, decided.type) == (ANNA.id, LETTER)
    assert str(decided.date) == "2013-05-06"
    assert clerk.pressed == 1
    assert clerk.complaints == []
