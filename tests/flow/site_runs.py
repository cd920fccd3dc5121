"""Real ``chartfiler`` processes over a data folder, and what came of them."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from pipeline.commands.pages import page_rows
from pipeline.site import open_site
from pipeline.store.verify import verify

SAMPLES = Path(__file__).parent.parent / "samples"
CHARTFILER = (sys.executable, "-m", "pipeline")
LONGEST = 240  # seconds
KEPT = ("source", "page", "disposition", "removed_as", "local_type", "mrn", "rotation")


@dataclass(frozen=True)
class Undisturbed:
    """A data folder that was worked to its end, its outcomes, and how long it took."""

    data: Path
    outcomes: list
    seconds: float


def run(data: Path, *arguments: str) -> str:
    command = [*CHARTFILER, "--data", str(data), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def start(data: Path) -> subprocess.Popen:
    command = [*CHARTFILER, "--data", str(data), "watch", "--drain"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def kill(process: subprocess.Popen) -> None:
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    process.wait()


def fresh(empty: Path, name: str) -> Path:
    """A copy of the empty data folder with the sample scans in its inbox."""
    data = empty.parent / name
    shutil.copytree(empty, data)
    shutil.copytree(SAMPLES / "inbox", data / "inbox", dirs_exist_ok=True)
    return data


def outcomes(data: Path) -> list:
    """Every page's outcome without the ids, which are new in each folder."""
    rows = page_rows(open_site(data))
    told = [{key: row[key] for key in (*KEPT, "document_page")} for row in rows]
    return sorted(told, key=lambda row: (row["source"], row["page"]))


def check(data: Path, expected: list) -> None:
    """All accounted for, each file filed exactly once, nothing left in the inbox."""
    site = open_site(data)
    assert [str(fault) for fault in verify(site.catalogue, site.objects)] == []
    assert outcomes(data) == expected
    assert [p.name for p in site.inbox.rglob("*") if p.suffix in (".tif", ".pdf")] == []
    for document in {line.document for line in site.catalogue.ledger() if line.filed}:
        assert len(site.catalogue.versions(document)) == 1


def descendants(pid: int) -> list[int]:
    """Children of all its threads, and theirs."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    own = [int(p) for task in tasks for p in task.read_text().split()]
    return [*own, *(d for child in own for d in descendants(child))]
