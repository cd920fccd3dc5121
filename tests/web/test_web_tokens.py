"""What a form must bring so that it is believed to come from the desk's own page."""

import re
from pathlib import Path

import pytest

from pipeline.web.rendering import POSTED
from tests.web.houses import HTML, NORTHERN, house, token

TEMPLATES = Path(__file__).parents[2] / "pipeline/web/templates"


@pytest.fixture
def here(tmp_path):
    return house(tmp_path)


def test_a_form_without_its_token_changes_nothing(here):
    browser = here.at_work("clerk")
    form = {"action": "reject", "reason": "an advertisement"}
    path = f"/documents/{NORTHERN}/answer"
    for headers in ({}, {"x-csrf-token": ""}, {"x-csrf-token": "guess"}):
        assert browser.post(path, data=form, headers=headers).status_code == 403
    other = here.at_work("clerk")
    foreign = token(other.get("/", headers=HTML))
    assert browser.post(path, data=form | {"csrf": foreign}).status_code == 403
    assert here.catalogue.kept == {}
    own = token(browser.get("/", headers=HTML))
    assert browser.post(path, data=form | {"csrf": own}).status_code == 303
    assert here.catalogue.kept[NORTHERN].by == "clerk clerk"


def test_a_script_sends_the_token_as_a_header(here):
    browser = here.at_work("clerk")
    page = browser.get("/", headers=HTML).text
    meta = re.search(r'<meta name="csrf-token" content="([^"]+)">', page)[1]
    form = {"action": "reject", "reason": "an advertisement"}
    sent = browser.post(
        f"/documents/{NORTHERN}/answer", data=form, headers={"x-csrf-token": meta}
    )
    assert sent.status_code == 303


def test_a_form_of_several_parts_carries_the_token_too(here):
    """As a script sends it, also when its page is being closed."""
    browser = here.at_work("clerk")
    path = f"/documents/{NORTHERN}/answer"
    csrf = token(browser.get("/", headers=HTML))
    for said, status in (("guess", 403), (csrf, 303)):
        parts = {"action": "reject", "reason": "an advertisement", "csrf": said}
        sent = browser.post(path, files={k: (None, v) for k, v in parts.items()})
        assert sent.status_code == status
    for broken in (b"--x", b"\xff\xfe", b"--x\r\n\r\n"):
        kind = {"content-type": "multipart/form-data; boundary=x"}
        assert browser.post(path, content=broken, headers=kind).status_code == 403


def test_every_form_that_posts_is_found_by_the_token():
    for path in TEMPLATES.glob("*.html"):
        source = path.read_text("utf-8")
        posting = re.findall(r"(?i)method=.?post", source)
        assert len(POSTED.findall(source)) == len(posting), path.name
