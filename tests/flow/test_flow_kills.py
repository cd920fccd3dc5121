"""kill -9 at random moments: nothing is lost, nothing is filed twice.

Real processes, stores, jobs and pool over the sample scans; only recognition is
answered from a recording, so that twenty runs fit into the suite.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.commands.pages import page_rows
from pipeline.site import open_site
from pipeline.store.verify import verify

RUNS = 20
SEED = 20261123
SAMPLES = Path(__file__).parent.parent / "samples"
CONFIG = f"""
[intake]
settle_seconds = 0.2
scan_seconds = 0.2
[reading]
engine = "recorded"
recognition = "{SAMPLES / "recognition.jsonl.gz"}"
"""
CHARTFILER = [sys.executable, "-m", "pipeline"]
LONGEST = 240  # seconds

pytestmark = [pytest.mark.slow, pytest.mark.timeout(540)]


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Path:
    """A data folder with the sample patients and nothing else."""
    data = tmp_path_factory.mktemp("kills") / "empty"
    (data / "config").mkdir(parents=True)
    data.chmod(0o700)
    (data / "config" / "pipeline.toml").write_text(CONFIG)
    for what in ("patients", "encounters"):
        run(data, what, "import", str(SAMPLES / f"{what}.csv"))
    return data


@pytest.fixture(scope="module")
def undisturbed(empty) -> tuple[list, float]:
    """What a run without a kill makes of the samples, and how long it takes."""
    data = fresh(empty, "undisturbed")
    started = time.monotonic()
    run(data, "watch", "--drain")
    return outcomes(data), time.monotonic() - started


def run(data: Path, *arguments: str) -> None:
    command = [*CHARTFILER, "--data", str(data), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST)
    assert done.returncode == 0, done.stderr


def fresh(empty: Path, name: str) -> Path:
    data = empty.parent / name
    shutil.copytree(empty, data)
    shutil.copytree(SAMPLES / "inbox", data / "inbox", dirs_exist_ok=True)
    return data


def start(data: Path) -> subprocess.Popen:
    command = [*CHARTFILER, "--data", str(data), "watch", "--drain"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def kill(process: subprocess.Popen) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def outcomes(data: Path) -> list:
    """Every page's outcome without the ids, which are new in each folder."""
    kept = ("source", "page", "disposition", "removed_as", "local_type", "mrn")
    rows = page_rows(open_site(data))
    return [
        {key: row[key] for key in (*kept, "document_page", "rotation")} for row in rows
    ]


def check(data: Path, undisturbed: list) -> None:
    site = open_site(data)
    assert list(verify(site.catalogue, site.objects)) == []
    assert outcomes(data) == undisturbed
    left = [p for p in site.inbox.rglob("*") if p.is_file()]
    assert left == []
    documents = {line.document for line in site.catalogue.ledger() if line.filed}
    for document in documents:
        assert len(site.catalogue.versions(document)) == 1


def test_random_kills_lose_nothing_and_file_nothing_twice(empty, undisturbed):
    expected, seconds = undisturbed
    chance = random.Random(SEED)
    for number in range(RUNS):
        data = fresh(empty, f"run-{number}")
        process = start(data)
        time.sleep(chance.uniform(0.5, seconds))
        kill(process)
        run(data, "watch", "--drain")
        check(data, expected)
        shutil.rmtree(data)


def test_a_kill_leaves_no_process_behind(empty):
    data = fresh(empty, "orphans")
    process = start(data)
    time.sleep(4)
    children = descendants(process.pid)
    kill(process)
    time.sleep(2)
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []


def descendants(pid: int) -> list[int]:
    own = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(p) for p in own] + [d for p in own for d in descendants(int(p))]
