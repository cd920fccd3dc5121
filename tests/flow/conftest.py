"""Data folders over the sample scans, with recognition answered from a recording."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from benchmarks.siteruns import SAMPLES, Undisturbed, fresh, outcomes, prepare, run

CONFIG = f"""
[intake]
settle_seconds = 0.2
scan_seconds = 0.2
[reading]
engine = "recorded"
recognition = "{SAMPLES / "recognition.jsonl.gz"}"
"""


@pytest.fixture(scope="session")
def empty(tmp_path_factory) -> Path:
    """A data folder with the sample patients and nothing else."""
    return prepare(tmp_path_factory.mktemp("site") / "empty", CONFIG)


@pytest.fixture(scope="session")
def undisturbed(empty) -> Undisturbed:
    """The samples filed by a run that nobody killed."""
    data = fresh(empty, "undisturbed")
    started = time.monotonic()
    run(data, "watch", "--drain")
    return Undisturbed(data, outcomes(data), time.monotonic() - started)
