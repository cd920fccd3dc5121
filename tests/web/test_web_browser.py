"""The clerk's page in a real browser, and a second process beside its worker."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pikepdf
import pytest

SAMPLES = Path(__file__).parent.parent / "samples"
SHOTS = Path(__file__).parents[2] / "docs" / "img"
CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--enable-logging=stderr", "--virtual-time-budget=8000", "--window-size=1366,855",
]  # fmt: skip
CONFIG = f"""
[reading]
engine = "recorded"
recognition = "{SAMPLES / "recognition.jsonl.gz"}"
workers = 1
"""
LONGEST = 90  # seconds

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def chartfiler(data: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "pipeline", "--data", str(data), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A served folder, worked by the server, and its address."""
    data = tmp_path_factory.mktemp("browser") / "data"
    (data / "config").mkdir(parents=True)
    data.chmod(0o700)
    (data / "config" / "pipeline.toml").write_text(CONFIG)
    chartfiler(data, "patients", "import", str(SAMPLES / "patients.csv"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "pipeline", "--data", str(data)]
    server = subprocess.Popen([*command, "serve", "--port", port])
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url)
        yield data, url, server
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def wait_for(url: str) -> None:
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        try:
            fetch(f"{url}/healthz")
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the page is not served")


def fetch(url: str, form: dict[str, str] | None = None) -> bytes:
    data = urllib.parse.urlencode(form).encode() if form else None
    with urllib.request.urlopen(url, data, timeout=30) as answer:
        return answer.read()


@pytest.fixture(scope="module")
def filed(served):
    """Two scans handed over to the server by ``process``: one filed, one asked."""
    data, url, server = served
    scans = [str(SAMPLES / "inbox" / f"SCAN_041{n}.jpg") for n in (3, 6)]
    told = chartfiler(data, "process", *scans)
    assert "2 batches, 2 pages" in told
    assert "1 filed, 1 in review" in told
    assert (data / "holder.lock").read_text().strip() == str(server.pid)
    return data, url


def test_process_hands_over_to_the_server_and_follows(filed):
    data, _ = filed
    assert "every page accounted for" in chartfiler(data, "verify")
    rows = [json.loads(line) for line in chartfiler(data, "pages").splitlines()]
    assert sorted(row["disposition"] for row in rows) == ["filed", "review"]


def seen(url: str, profile: Path) -> tuple[str, str, bytes]:
    """The page as built by the browser, what its console said, and a screenshot."""
    assert CHROMIUM
    shot = profile / "shot.png"
    flags = [*FLAGS, f"--user-data-dir={profile}"]
    told = [CHROMIUM, *flags, "--dump-dom", f"--screenshot={shot}", url]
    done = subprocess.run(told, capture_output=True, text=True, timeout=LONGEST)
    return done.stdout, done.stderr, shot.read_bytes() if shot.exists() else b""


@pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")
def test_a_browser_shows_queue_and_document(filed, tmp_path):
    _, url = filed
    queue, console, shot = seen(f"{url}/", tmp_path)
    assert "1 document waits" in queue
    assert "SCAN_0413.jpg, page 1" in queue
    assert "Content Security Policy" not in console
    assert len(shot) > 10_000
    [card] = re.findall(r'href="(/documents/[^"]*)"', queue)
    page, console, shot = seen(url + card, tmp_path)
    assert "Why it waits" in page
    assert "<rect" in page
    assert "Content Security Policy" not in console
    assert "Failed to load resource" not in console
    assert len(shot) > 10_000
    if os.environ.get("CHARTFILER_SHOTS"):  # the picture in the README
        (SHOTS / "document.png").write_bytes(shot)
    picture, *_strips = re.findall(r'<image[^>]* href="([^"]*)"', page)
    assert fetch(url + picture).startswith(b"\x89PNG")


def looked(url: str) -> dict[str, str]:
    """What the station's page says once somebody has looked at the newest batch."""
    deadline = time.monotonic() + LONGEST
    while True:
        told = json.loads(fetch(f"{url}/station/state"))
        if told["state"] not in ("", "looking"):
            return told
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")
def test_the_station_looks_at_what_came_in_and_the_dashboard_counts_it(filed, tmp_path):
    _, url = filed
    assert looked(url)["state"] == "count"
    station, console, shot = seen(f"{url}/station", tmp_path)
    assert '<p class="word">How many sheets were fed?</p>' in station
    batch = looked(url)["key"].split()[0]
    fetch(f"{url}/station/{batch}/count", {"sheets": "1"})
    assert looked(url)["state"] == "green"
    for page in ("/dashboard", "/next", "/steward"):
        assert fetch(url + page)
    dashboard, said, picture = seen(f"{url}/dashboard", tmp_path)
    assert "filed without a clerk" in dashboard
    for words in (console, said):
        assert "Content Security Policy" not in words
        assert "Failed to load resource" not in words
    assert len(shot) > 10_000
    assert len(picture) > 10_000


def test_a_chart_leads_to_its_pdf(filed, tmp_path):
    data, url = filed
    rows = [json.loads(line) for line in chartfiler(data, "pages").splitlines()]
    mrn = next(row["mrn"] for row in rows if row["disposition"] == "filed")
    found = fetch(f"{url}/patients", {"text": mrn}).decode()
    [chart] = re.findall(r'href="(/charts/[^"]*)"', found)
    [link] = re.findall(r'href="(/filed/[^"]*\.pdf)"', fetch(url + chart).decode())
    path = tmp_path / "a.pdf"
    path.write_bytes(fetch(url + link))
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 1


def test_when_the_holder_is_killed_the_next_process_takes_over(filed, tmp_path):
    """The lock goes with its process: nothing has to be removed by hand."""
    data, _ = filed
    other = tmp_path / "other"
    shutil.copytree(data / "config", other / "config")
    other.chmod(0o700)
    command = [sys.executable, "-m", "pipeline", "--data", str(other), "watch"]
    holder = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        lock = other / "holder.lock"
        deadline = time.monotonic() + LONGEST
        while not (lock.exists() and lock.read_text().strip() == str(holder.pid)):
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
    told = chartfiler(other, "process", str(SAMPLES / "inbox" / "SCAN_0412.jpg"))
    assert "1 batches, 1 pages" in told
