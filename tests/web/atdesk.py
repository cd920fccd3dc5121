"""Somebody at a real browser's keyboard, before a desk with made-up paper."""

import shutil
from pathlib import Path

CHROMIUM = shutil.which("chromium")
SCREEN = {"width": 1366, "height": 768}
ONE, TWO = "b1-0001", "b1-0002"
AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
STILL = 300  # ms after a page came, in which keys are not meant for it


def start(playwright):
    """Debian's Chromium; once for a module, for it takes a second."""
    return playwright.chromium.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
    )


class Clerk:
    """Counts the keys that are pressed, and keeps what the console said."""

    def __init__(self, live, page):
        self.live, self.page, self.pressed = live, page, 0
        self.complaints = []
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, document=ONE):
        self.page.goto(f"{self.live.url}/documents/{document}")
        self.settled()

    def settled(self):
        self.page.locator(".live").wait_for()
        self.page.wait_for_timeout(STILL)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, text):
        self.page.keyboard.type(text)
        self.pressed += len(text)

    def left(self, document=ONE):
        """Wait until another page has come in place of this document's."""
        self.page.wait_for_url(lambda url: document not in url)

    def answer(self, document=ONE):
        return self.live.answer(document)

    @property
    def at(self):
        return self.page.url.rsplit("/", 1)[-1]

    def violations(self):
        """What axe-core finds serious or worse on the page."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run()")["violations"]
        return [
            (one["id"], one["nodes"][0]["html"])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
