"""Open every file of a folder in the sandbox and count what became of it.

    python -m benchmarks.bad_input FOLDER [--seconds 60] [--list]

Each file gets a process of its own with memory, CPU and wall-clock limits; the first
pages are opened as the pool would. Names are printed only with --list.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.ingest.formats import count_pages, page_image
from pipeline.ingest.limits import Limits

MEMORY = 3_000_000_000  # bytes of address space
FIRST_PAGES = 3
LIMITS = Limits(pages=2_000, pixels=100_000_000, bytes=200_000_000, seconds=20)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: a word for the table, the reason, seconds, peak MB."""

    path: Path
    word: str
    reason: str
    seconds: float
    peak: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        print(json.dumps(opened(asked.folder)))
        return 0
    files = [path for path in sorted(asked.folder.rglob("*")) if path.is_file()]
    with ThreadPoolExecutor(asked.workers) as threads:
        outcomes = list(threads.map(lambda path: tried(path, asked.seconds), files))
    report(outcomes, full=asked.list)
    return int(any(o.word in {"crashed", "hung", "error"} for o in outcomes))


def tried(path: Path, seconds: float) -> Outcome:
    """Runs ``opened`` in a process group that can be ended as a whole."""
    began = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.bad_input", "--child", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        out, err = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        return Outcome(path, "hung", "", time.monotonic() - began, 0)
    spent = time.monotonic() - began
    if child.returncode:
        last = err.decode(errors="replace").strip().splitlines()[-1:] or [""]
        word = "crashed" if child.returncode < 0 else "error"
        return Outcome(path, word, f"{child.returncode} {last[0]}", spent, 0)
    word, reason, peak = json.loads(out)
    return Outcome(path, word, reason, spent, peak)


def opened(path: Path) -> tuple[str, str, float]:
    """(word, reason, peak MB), in a limited process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    word, reason = _word(path)
    kb = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return word, reason, kb / 1024


def _word(path: Path) -> tuple[str, str]:
    try:
        count = count_pages(path, LIMITS, path.suffix)
    except InputError as error:
        return f"refused: {type(error).__name__}", str(error)
    bad = []
    for page in range(1, min(count, FIRST_PAGES) + 1):
        try:
            page_image(path, page, LIMITS)
        except InputError as error:
            bad.append(str(error))
    if not bad:
        return "opened", ""
    if len(bad) < min(count, FIRST_PAGES):
        return "opened, some pages refused", bad[0]
    return "opened, first pages refused", bad[0]


def report(outcomes: list[Outcome], *, full: bool) -> None:
    """The table; the slowest and the largest; every file when ``full``."""
    for word, count in sorted(Counter(o.word for o in outcomes).items()):
        print(f"{count:6}  {word}")
    print(f"{len(outcomes):6}  files")
    print(f"slowest {max(o.seconds for o in outcomes):.1f} s,", end=" ")
    print(f"largest {max(o.peak for o in outcomes):.0f} MB")
    for outcome in outcomes if full else ():
        print(
            f"{outcome.seconds:6.1f} s {outcome.peak:5.0f} MB  {outcome.word:32}"
            f" {outcome.path}  {outcome.reason}"
        )


if __name__ == "__main__":
    sys.exit(main())
