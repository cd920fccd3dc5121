"""The measure that fixes the levels: python -m benchmarks.charts.levels --pages 60.

What plain `tesseract --psm 3` recalls of the printed words on the raw scans, before
quarter turns: the mean over pages, by level, mode and resolution. It was run before
anything that reads these pages was tuned; recipes.py says what came out.
"""

from __future__ import annotations

import argparse
import collections
import os
import re
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from benchmarks.charts.kinds import Level
from benchmarks.charts.scanner import Scanned, scan
from benchmarks.charts.trial import save, trial_page


@dataclass(frozen=True, slots=True)
class Measured:
    """One page: how it was scanned and the share of its words that were read."""

    level: Level
    number: int
    scanned: Scanned
    recall: float


def recalled(text: str, printed: str) -> float:
    """Share 0..1 of the printed words that the text has, in any order and case."""
    want, got = (
        collections.Counter(re.findall(r"\w+", said.lower()))
        for said in (printed, text)
    )
    return (want & got).total() / max(want.total(), 1)


def plain_reading(scanned: Scanned, folder: Path) -> str:
    """What Tesseract's own command makes of the page, untreated."""
    path = folder / ("page.tif" if scanned.mode == "bitonal" else "page.jpg")
    save(scanned, path)
    done = subprocess.run(
        ["tesseract", str(path), "-", "--psm", "3", "-l", "eng"],
        capture_output=True, check=True, env=os.environ | {"OMP_THREAD_LIMIT": "1"},
    )  # fmt: skip
    return done.stdout.decode()


def measure(level: Level, pages: int, seed: int, workers: int) -> Iterator[Measured]:
    """The level's first pages of a seed, each read once."""

    def one(number: int) -> Measured:
        page = trial_page(level, number, seed)
        scanned = scan(page.pixels, page.how)
        with tempfile.TemporaryDirectory() as folder:
            read = plain_reading(scanned, Path(folder))
        return Measured(level, number, scanned, recalled(read, page.text))

    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(one, range(pages))


def show(done: list[Measured]) -> None:
    """Mean, quartiles and tails by level, mode and resolution."""
    print("level    mode     dpi  pages   mean    10 %    50 %    90 %  below .5")
    groups: dict[tuple[str, str, str], list[float]] = collections.defaultdict(list)
    for page in done:
        dpi = str(page.scanned.dpi)
        groups[page.level, "all", "all"].append(page.recall)
        groups[page.level, page.scanned.mode, dpi].append(page.recall)
    for (level, mode, dpi), shares in groups.items():
        tenths = statistics.quantiles([*shares, *shares], n=10)
        low = sum(share < 0.5 for share in shares)
        print(
            f"{level:8} {mode:8} {dpi:4} {len(shares):5} {statistics.mean(shares):7.4f}"
            f" {tenths[0]:7.3f} {tenths[4]:7.3f} {tenths[8]:7.3f} {low:5}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=60, help="pages of each level")
    parser.add_argument("--level", choices=get_args(Level), action="append")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--each", action="store_true", help="a line for every page")
    given = parser.parse_args()
    done: list[Measured] = []
    for level in given.level or get_args(Level):
        for page in measure(level, given.pages, given.seed, given.workers):
            done.append(page)
            if given.each:
                how = " ".join(f"{k}={v:.3g}" for k, v in page.scanned.faults)
                mode, dpi = page.scanned.mode, page.scanned.dpi
                print(f"{level} {page.number:3} {page.recall:.3f} {mode} {dpi}"
                      f" skew={page.scanned.skew:.1f} {how}", flush=True)  # fmt: skip
    show(done)


if __name__ == "__main__":
    main()
