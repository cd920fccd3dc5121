"""Every page in a real browser: nobody is shut out, nothing is cut off.

By axe-core, at 1366x768 and on the same screen at 200 %. A page that is added stands in
``FullHouse.pages`` or a test fails. With CHARTFILER_SHOTS set the pages' pictures go
into docs/img.
"""

import os

import pytest

from pipeline.web.doors import DOORS
from tests.web.atdesk import CHROMIUM, SCREEN, Clerk
from tests.web.fullhouse import WAITS, full_house
from tests.web.houses import PASSWORD
from tests.web.live import CARL
from tests.web.test_web_browser import SHOTS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]
SIGNING_IN = {"/sign-in", "/sign-in/code", "/unlock"}
NO_PAGES = {  # pictures, files, answers to scripts, and ways to another page
    "/static/{path:path}",
    "/healthz",
    "/sign-in/directory",
    "/sign-in/back",
    "/next",
    "/queue/alarm",
    "/station/state",
    "/documents/{document}/pages/{n}/{width}.png",
    "/documents/{document}/read",
    "/filed/{document}/{version}.pdf",
    "/dashboard.csv",
    "/entry.csv",
    "/entry/next",
    "/entry/{document}/pages/{n}/{width}.png",
}
SHOWN = {  # in docs/img, as far as a reader of the documents looks for it
    "/station": "station",
    "/dashboard": "dashboard",
    "/documents/{document}/told": "seeded",
    "/steward": "steward",
    "/filed/{document}": "history",
    "/filed/{document}/pages/{n}": "better-scan",
    "/audit": "audit",
    "/account": "account",
}
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    here = full_house(tmp_path_factory.mktemp("full"))
    with here.served() as url:
        yield here, url
    here.close()


@pytest.fixture(scope="module", params=[1, 2], ids=["1366x768", "200 %"])
def boss(request, house, browser):
    """Signed in, on a screen of this size."""
    here, url = house
    size = {name: side // request.param for name, side in SCREEN.items()}
    context = browser.new_context(viewport=size, device_scale_factor=request.param)
    clerk = Clerk(None, context.new_page())
    sign_in(clerk, url, "boss")
    yield clerk, here, url, request.param
    context.close()


def sign_in(clerk, url, name):
    clerk.page.goto(f"{url}/sign-in")
    clerk.page.fill("[name=name]", name)
    clerk.page.fill("[name=password]", PASSWORD)
    clerk.page.keyboard.press("Enter")
    clerk.page.wait_for_url(lambda where: "sign-in" not in where)


def sound(clerk, what):
    """No serious fault, nothing wider than the screen, and a console that is still."""
    assert clerk.violations() == [], what
    assert clerk.page.evaluate(WIDE) == 0, what
    assert clerk.complaints == [], what


def test_each_address_of_a_page_is_looked_at(tmp_path):
    here = full_house(tmp_path)
    pages = set(here.pages())
    here.close()
    every = {door.path for door in DOORS if door.method == "GET"}
    assert every == pages | SIGNING_IN | NO_PAGES
    assert set(SHOWN) <= pages


def test_every_page_is_sound(boss):
    clerk, here, url, scale = boss
    for path, address in here.pages().items():
        answer = clerk.page.goto(url + address)
        assert answer.status == 200, path
        clerk.page.wait_for_load_state("networkidle")
        sound(clerk, path)
        if scale == 1 and path in SHOWN and os.environ.get("CHARTFILER_SHOTS"):
            clerk.page.screenshot(path=SHOTS / f"{SHOWN[path]}.png")


def test_so_is_what_a_form_answers(boss):
    clerk, _, url, _ = boss
    clerk.page.goto(f"{url}/patients")
    clerk.page.fill("main [name=text]", "sentinel")
    clerk.page.keyboard.press("Enter")
    clerk.page.get_by_text("10000012").first.wait_for()
    sound(clerk, "patients found")
    clerk.page.goto(f"{url}/audit")
    clerk.page.fill("main [name=mrn]", "10000012")
    clerk.page.keyboard.press("Enter")
    clerk.page.wait_for_load_state("networkidle")
    sound(clerk, "who saw whose paper")
    clerk.page.goto(f"{url}/documents/{WAITS}")
    token = clerk.page.locator("meta[name=csrf-token]").get_attribute("content")
    form = f"""<form method="post" action="/documents/{WAITS}/answer">
        <input name="csrf" value="{token}"><input name="action" value="change">
        <input name="mrn" value="{CARL.mrn}"></form>"""
    clerk.page.evaluate(
        "html => { document.body.innerHTML = html;"
        " document.querySelector('form').submit(); }",
        form,
    )
    clerk.page.locator("form.confirm").wait_for()
    sound(clerk, "shown back")


def test_so_is_what_refuses(house, boss, browser):
    clerk, _, url, _ = boss
    clerk.page.goto(f"{url}/documents/{WAITS}")
    for name, says in (("bob", "boss"), ("fred", "not allowed")):
        context = browser.new_context(viewport=clerk.page.viewport_size)
        other = Clerk(None, context.new_page())
        other.page.goto(f"{url}/sign-in")
        assert other.violations() == []
        sign_in(other, url, name)
        other.page.goto(f"{url}/documents/{WAITS}")
        assert says in other.page.locator("main").inner_text()
        other.complaints.clear()  # the browser's own word of the status
        sound(other, f"refused to {name}")
        context.close()
    clerk.page.goto(f"{url}/documents/b9-0001")
    clerk.complaints.clear()
    sound(clerk, "nothing of this id")
