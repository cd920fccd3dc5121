"""Signing in with a real browser, by TLS, beyond loopback; idle, locked, unlocked."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys

import pytest

from pipeline.access.groups import GroupRules
from pipeline.users import ROLES
from pipeline.web.provider import Directory, Provider
from tests.web.atdesk import AXE
from tests.web.directories import CLIENT, SECRET, FakeDirectory
from tests.web.houses import PASSWORD as HOUSE_PASSWORD
from tests.web.houses import house
from tests.web.live import serving
from tests.web.test_web_browser import CONFIG, LONGEST, SAMPLES, chartfiler

CHROMIUM = shutil.which("chromium")
PASSWORD = "four words are enough"
LOCKED = re.compile(r"/unlock\?next=")
WEB = """
[web]
names = ["localhost"]
idle_minutes = 0.15
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]
playwright = pytest.importorskip("playwright.sync_api")


def add(data, name, *told):
    command = [sys.executable, "-m", "pipeline", "--data", str(data), "users", "add"]
    done = subprocess.run(
        [*command, name, *told, "--password-stdin"],
        input=PASSWORD + "\n", capture_output=True, text=True, timeout=LONGEST,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A desk on every address of this machine, by TLS, with two users."""
    folder = tmp_path_factory.mktemp("secure")
    data, cert, key = folder / "data", folder / "cert.pem", folder / "key.pem"
    (data / "config").mkdir(parents=True)
    data.chmod(0o700)
    (data / "config" / "pipeline.toml").write_text(CONFIG + WEB)
    chartfiler(data, "patients", "import", str(SAMPLES / "patients.csv"))
    chartfiler(data, "process", str(SAMPLES / "inbox" / "SCAN_0413.jpg"))
    add(data, "root", "--role=administrator")
    add(data, "ada", "--role=clerk", "--restricted=*")
    made = [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
        "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(key),
        "-out", str(cert), "-days", "2", "-subj", "/CN=localhost",
    ]  # fmt: skip
    subprocess.run(made, check=True, capture_output=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "pipeline", "--data", str(data), "serve"]
    where = ["--host", "0.0.0.0", "--port", str(port)]
    tls = ["--tls-cert", str(cert), "--tls-key", str(key)]
    server = subprocess.Popen(
        [*command, *where, *tls], stdout=subprocess.PIPE, text=True
    )
    try:
        assert f"https://localhost:{port}/" in server.stdout.readline()
        yield f"https://localhost:{port}"
    finally:
        os.kill(server.pid, signal.SIGTERM)
        server.wait(30)
        server.stdout.close()


@pytest.fixture
def page(desk):
    """A page of Chromium; whatever its console complains about fails the test."""
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"]
        )
        context = browser.new_context(ignore_https_errors=True)
        page = context.new_page()
        complaints = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: said.type == "error" and complaints.append(said.text),
        )
        yield page
        browser.close()
    allowed = re.compile(r"status of 401")
    assert [told for told in complaints if not allowed.search(told)] == []


def sign_in(page, desk):
    page.goto(f"{desk}/")
    assert page.url == f"{desk}/sign-in?next=/"
    page.fill("[name=name]", "ada")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{desk}/")


def test_a_clerk_signs_in_looks_is_locked_and_goes_on(page, desk):
    sign_in(page, desk)
    [cookie] = page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"]) == ("__Host-desk", True)
    assert (cookie["secure"], cookie["sameSite"]) == (True, "Strict")
    page.click("a.card")
    page.wait_for_selector("h1:has-text('Why it waits')")
    drawn = "document.querySelector('image').getBBox().width > 0"
    assert page.evaluate(drawn)
    there = page.url
    page.evaluate("addEventListener('desk:lock', () => sessionStorage.kept = 'yes')")
    page.wait_for_url(LOCKED, timeout=30_000)
    assert page.evaluate("sessionStorage.kept") == "yes"  # a screen may keep a draft
    assert "DOE" not in page.content()
    page.go_back()  # nothing of it is left in the browser either
    page.wait_for_url(LOCKED)
    page.goto(there)
    page.wait_for_url(LOCKED)
    page.fill("[name=password]", "not the password")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(there)
    assert page.locator("h1", has_text="Why it waits").count() == 1


def test_a_form_of_ours_is_taken_and_whoever_reads_is_not_locked(page, desk):
    sign_in(page, desk)
    page.goto(f"{desk}/patients")
    for n in range(12):  # 12 s of moving the mouse, longer than the idle time
        page.mouse.move(100 + n, 100)
        page.wait_for_timeout(1000)
    assert page.url == f"{desk}/patients"
    page.fill("[name=text]", "0")
    page.keyboard.press("Enter")
    page.wait_for_selector(".list, .empty")
    page.click("text=Sign out")
    page.wait_for_url("**/sign-in")
    page.goto(f"{desk}/patients")
    assert "/sign-in?next=/patients" in page.url


def test_the_way_to_the_houses_directory_and_back(page, tmp_path):
    """Across sites: the directory is 127.0.0.1, the desk is localhost."""
    directory = FakeDirectory()
    said = Directory(directory.issuer, CLIENT, "preferred_username", "groups", SECRET)
    rules = GroupRules({"chart-clerks": "clerk"})
    here = house(tmp_path, provider=Provider(said), groups=rules)
    try:
        with serving(here.app, "localhost") as url:
            page.goto(f"{url}/patients")
            page.click("text=Sign in with the directory")
            page.wait_for_url(f"{url}/patients")
            assert "clerk ada" in page.inner_text("header")
            page.goto("about:blank")
    finally:
        directory.close()


def violations(page):
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found]


def test_no_page_of_signing_in_shuts_anybody_out(page, tmp_path):
    """By axe-core, and on a small screen at 200 %."""
    here = house(tmp_path)
    here.add("ada", *ROLES, facilities=("NORTH",))
    page.set_viewport_size({"width": 1366 // 2, "height": 768 // 2})
    with serving(here.app, "localhost") as url:
        page.goto(f"{url}/sign-in")
        assert violations(page) == []
        page.fill("[name=name]", "ada")
        page.fill("[name=password]", HOUSE_PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{url}/")
        for path in ("/account", "/glass", "/glass/list", "/audit"):
            page.goto(url + path)
            assert violations(page) == [], path
            wide = "document.documentElement.scrollWidth <= innerWidth"
            assert page.evaluate(wide), path
        page.click("text=Lock")
        page.wait_for_url("**/unlock")
        assert violations(page) == []
        page.goto("about:blank")
