"""kill -9 at random moments with real recognition, and what was lost: nothing.

``python -m benchmarks.kills --kills 6 --seed 1`` files the sample scans twice, once
undisturbed and once killed so often, and prints both for docs/measures.md.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path

from benchmarks.siteruns import fresh, kill, outcomes, prepare, run, start, wrongs


def main() -> None:
    """Print how long both runs took and everything that differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        empty = prepare(Path(folder) / "empty", "")
        calm, seconds = _undisturbed(empty)
        print(f"undisturbed: {len(calm)} pages in {seconds:.0f} s")
        data = fresh(empty, "killed")
        chance = random.Random(asked.seed)
        started = time.monotonic()
        for _ in range(asked.kills):
            process = start(data)
            time.sleep(chance.uniform(2.0, seconds / 2))
            kill(process)
        run(data, "watch", "--drain")
        whole = time.monotonic() - started
        print(f"killed {asked.kills} times (seed {asked.seed}): {whole:.0f} s")
        for wrong in wrongs(data, calm) or ["nothing lost, nothing filed twice"]:
            print(wrong)


def _undisturbed(empty: Path) -> tuple[list[dict[str, object]], float]:
    data = fresh(empty, "undisturbed")
    started = time.monotonic()
    run(data, "watch", "--drain")
    return outcomes(data), time.monotonic() - started


if __name__ == "__main__":
    main()
