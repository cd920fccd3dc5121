"""Job engines in processes of their own, each forked from one that loaded the engine.

Forked, a run begins after some hundredths of a second instead of one.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from multiprocessing.context import ForkServerProcess
from pathlib import Path

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["tests.jobs.engine_run"])


def engine(folder: Path, mode: str) -> ForkServerProcess:
    """A process that is at work on the folder's two batches."""
    process = FORKED.Process(target=_work, args=(folder, mode))
    process.start()
    return process


def finish(folder: Path, mode: str) -> str:
    """What an engine says that comes to its end."""
    process = engine(folder, mode)
    process.join(60)
    told = (folder / "told").read_text()
    assert process.exitcode == 0, told
    return told


def _work(folder: Path, mode: str) -> None:
    with (folder / "told").open("wb") as told:
        os.dup2(told.fileno(), 1)
        os.dup2(told.fileno(), 2)
    from tests.jobs.engine_run import run  # leaves rooms out, so not in the tests

    run(folder, mode)
    sys.stdout.flush()
