"""kill -9 at random moments: nothing is lost, nothing is filed twice.

Real processes, stores, jobs and pool over the sample scans; only recognition is
answered from a recording, so that twenty killed runs fit into the suite.
"""

import random
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks.siteruns import descendants, fresh, kill, run, start, wrongs

FOLDERS = 5
KILLS = 4  # in each folder, one after the other
SEED = 20261123

pytestmark = [pytest.mark.slow, pytest.mark.timeout(540)]


def test_twenty_killed_runs_lose_nothing_and_file_nothing_twice(empty, undisturbed):
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
