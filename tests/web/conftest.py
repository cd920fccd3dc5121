"""The desk's end and a browser's, over the catalogue that each test file makes."""

import pytest
from fastapi.testclient import TestClient

from pipeline.access import passwords
from pipeline.web.app import make_app
from tests.web.atdesk import SCREEN, Clerk, start
from tests.web.desks import ANNA, BERTA, desk
from tests.web.houses import BROWSERS, CHEAP
from tests.web.live import opened, serve


@pytest.fixture(autouse=True)
def passwords_cost_little(monkeypatch):
    """The real cost is paid in tests/access."""
    monkeypatch.setattr(passwords, "_hasher", CHEAP)
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()
    while BROWSERS:
        BROWSERS.pop().__exit__()


@pytest.fixture
def client(catalogue):
    app = make_app(desk(catalogue, ANNA, BERTA))
    with TestClient(app, base_url="http://127.0.0.1:8417") as client:
        client.follow_redirects = False
        yield client


@pytest.fixture(scope="module")
def browser():
    """One real Chromium for a test file."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = start(started)
        yield browser
        browser.close()


@pytest.fixture
def clerk_at(browser, tmp_path):
    """A clerk before a desk on which these readings wait."""
    ended = []

    def at(*readings, viewport=SCREEN, **more):
        live = serve(opened(tmp_path, *readings, **more))
        context = browser.new_context(viewport=viewport)
        ended.append((context, live))
        return Clerk(live, context.new_page())

    yield at
    for context, live in ended:
        context.close()
        live.server.stop()
        live.books.close()
