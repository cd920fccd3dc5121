"""Open every file of a folder in the sandbox and count what became of it.

    python -m benchmarks.bad_input FOLDER [--seconds 60] [--list]

Each file gets a process of its own with memory, CPU and wall-clock limits; the first
pages are opened as the pool would. Names are printed only with --list.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import resource
import signal
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from pipeline.errors import InputError
from pipeline.ingest.formats import count_pages, page_image
from pipeline.ingest.limits import Limits

MEMORY = 3_000_000_000  # bytes of address space
FIRST_PAGES = 3
SERVER = multiprocessing.get_context("forkserver")  # imports once, forks per file
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
    asked = parser.parse_args()
    SERVER.set_forkserver_preload(["pipeline.ingest.formats"])
    files = [path for path in sorted(asked.folder.rglob("*")) if path.is_file()]
    with ThreadPoolExecutor(asked.workers) as threads:
        outcomes = list(threads.map(lambda path: tried(path, asked.seconds), files))
    report(outcomes, full=asked.list)
    return int(any(o.word in {"crashed", "hung"} for o in outcomes))


def tried(path: Path, seconds: float) -> Outcome:
    """Runs ``opened`` in a process group that can be ended as a whole."""
    began = time.monotonic()
    here, there = SERVER.Pipe(duplex=False)
    child = SERVER.Process(target=opened, args=(path, there))
    child.start()
    there.close()
    try:
        answered = here.poll(seconds)
        found = here.recv() if answered else ("hung", "", 0.0)
    except EOFError:
        child.join()
        found = ("crashed", f"exit code {child.exitcode}", 0.0)
    if child.pid:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
    child.join()
    word, reason, peak = found
    return Outcome(path, word, reason, time.monotonic() - began, peak)


def opened(path: Path, answer: Connection) -> None:
    """Answers (word, reason, peak MB), in a limited process of its own group."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    word, reason = _word(path)
    kb = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    answer.send((word, reason, kb / 1024))


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
