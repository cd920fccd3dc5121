"""kill -9 at random moments: nothing is lost, nothing is filed twice.

Real processes, stores, jobs and pool over the sample scans; only recognition is
answered from a recording, so that fifteen killed runs fit into the suite.
"""

import random
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.siteruns import descendants, fresh, kill, run, start, wrongs
from pipeline import artefact
from pipeline.site import open_site
from pipeline.store.verify import verify
from pipeline.wiring import MODELS

FOLDERS = 5
KILLS = 3  # in each folder, one after the other; a fourth may park a batch (jobs.py)
SEED = 20261123

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_killed_runs_lose_nothing_and_file_nothing_twice(empty, undisturbed):
    chance = random.Random(SEED)
    moments = [
        [chance.uniform(0.3, undisturbed.seconds) for _ in range(KILLS)]
        for _ in range(FOLDERS)
    ]

    def lineage(number: int) -> None:
        data = fresh(empty, f"killed-{number}")
        for moment in moments[number]:
            process = start(data)
            time.sleep(moment)
            kill(process)
        run(data, "watch", "--drain")
        assert wrongs(data, undisturbed.outcomes) == []
        shutil.rmtree(data)

    with ThreadPoolExecutor(2) as two_at_a_time:
        list(two_at_a_time.map(lineage, range(FOLDERS)))


def test_a_kill_leaves_no_process_behind(empty):
    data = fresh(empty, "orphans")
    process = start(data)
    deadline = time.monotonic() + 60
    while len(children := descendants(process.pid)) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    kill(process)
    time.sleep(2)
    assert [pid for pid in children if Path(f"/proc/{pid}/exe").exists()] == []


def test_killed_after_the_first_document_and_resumed_with_another_model(empty):
    data = fresh(empty, "other-model")
    for scan in (data / "inbox").iterdir():
        if scan.name != "chart_0098.pdf":
            shutil.rmtree(scan) if scan.is_dir() else scan.unlink()
    process = start(data)
    site = open_site(data)
    deadline = time.monotonic() + 60
    while not (first := [line for line in site.catalogue.ledger() if line.filed]):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    kill(process)
    assert site.catalogue.unfinished()
    swapped(MODELS / "types", data / "other")
    with (data / "config" / "pipeline.toml").open("a") as config:
        config.write(f'[models]\ntypes = "{data / "other"}"\n')
    run(data, "watch", "--drain")
    assert list(verify(site.catalogue, site.objects)) == []
    lines = list(site.catalogue.ledger())
    assert [line.number for line in lines] == list(range(1, 24))
    for document in {line.document for line in lines if line.filed}:
        assert len(site.catalogue.versions(document)) == 1
    for line in first:
        assert site.catalogue.filed(line.document) == line.filed


def swapped(shipped: Path, other: Path) -> None:
    """A model that calls every type by its neighbour's name, intact by its manifest."""
    model = artefact.read(shipped)
    types = list(model.manifest["types"])
    manifest = {**model.manifest, "types": types[1:] + types[:1], "name": "types other"}
    manifest.pop("files", None)
    manifest.pop("schema", None)
    artefact.write(other, replace(model, manifest=manifest))
