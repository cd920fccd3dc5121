"""Real ``chartfiler`` processes over a data folder: run, killed, and the outcome."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.commands.pages import page_rows
from pipeline.site import open_site
from pipeline.store.verify import verify

SAMPLES = Path(__file__).parent.parent / "tests" / "samples"
CHARTFILER = (sys.executable, "-m", "pipeline")
LONGEST = 240  # seconds
KEPT = ("source", "page", "disposition", "removed_as", "local_type", "mrn", "rotation")

Outcomes = list[dict[str, Any]]


@dataclass(frozen=True)
class Undisturbed:
    """A data folder that was worked to its end, its outcomes, and how long it took."""

    data: Path
    outcomes: Outcomes = field(repr=False)
    seconds: float


def prepare(data: Path, config: str) -> Path:
    """A data folder with the sample patients, these settings and nothing else."""
    (data / "config").mkdir(parents=True)
    data.chmod(0o700)
    (data / "config" / "pipeline.toml").write_text(config)
    for what in ("patients", "encounters"):
        run(data, what, "import", str(SAMPLES / f"{what}.csv"))
    return data


def fresh(empty: Path, name: str) -> Path:
    """A copy of a prepared data folder with the sample scans in its inbox."""
    data = empty.parent / name
    shutil.copytree(empty, data)
    shutil.copytree(SAMPLES / "inbox", data / "inbox", dirs_exist_ok=True)
    return data


def run(data: Path, *arguments: str, longest: float = LONGEST) -> str:
    """What the command printed; raises RuntimeError with it when it failed."""
    command = [*CHARTFILER, "--data", str(data), *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=longest, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return done.stdout


def start(data: Path) -> subprocess.Popen[bytes]:
    """``watch --drain`` in the background."""
    command = [*CHARTFILER, "--data", str(data), "watch", "--drain"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill -9, unless it is done already."""
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    process.wait()


def outcomes(data: Path) -> Outcomes:
    """Every page's outcome without the ids, which are new in each folder."""
    rows = page_rows(open_site(data))
    told = [{key: row[key] for key in (*KEPT, "document_page")} for row in rows]
    return sorted(told, key=lambda row: (row["source"], row["page"]))


def wrongs(data: Path, expected: Outcomes) -> list[str]:
    """What is missing, filed twice, left in the inbox or other than expected."""
    site = open_site(data)
    told = [str(fault) for fault in verify(site.catalogue, site.objects)]
    if outcomes(data) != expected:
        told.append("the outcomes are other than those of an undisturbed run")
    left = [p for p in site.inbox.rglob("*") if p.suffix in (".tif", ".pdf", ".jpg")]
    told += [f"{len(left)} files are left in the inbox"] if left else []
    for document in {line.document for line in site.catalogue.ledger() if line.filed}:
        if document and len(site.catalogue.versions(document)) != 1:
            told.append(f"document {document} was filed twice")
    return told


def descendants(pid: int) -> list[int]:
    """Children of all its threads, and theirs."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    own = [int(p) for task in tasks for p in task.read_text().split()]
    return [*own, *(d for child in own for d in descendants(child))]
