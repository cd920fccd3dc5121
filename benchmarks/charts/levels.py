"""The measure that fixes the levels: python -m benchmarks.charts.levels --pages 60.

What plain `tesseract --psm 3` recalls of the printed words on the raw scans, before
quarter turns: the mean over pages, by level, mode and resolution. The same printed
pages of a split (never of `report`) go through every level. It was run before
anything that reads these pages was tuned; recipes.py says what came out.
"""

from __future__ import annotations

import argparse
import collections
import os
import statistics
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Literal, get_args

from PIL import Image

from benchmarks.charts.kinds import Level, Mode, Pixels, Scan, Side
from benchmarks.charts.pile import lines_of
from benchmarks.charts.plan import Request, make_plan
from benchmarks.charts.press import Press
from benchmarks.charts.scanner import Scanned, scan
from benchmarks.charts.splits import DEFAULT_REPORTS
from benchmarks.charts.trial import save
from benchmarks.reading.words import hits, words_of

_FEWEST = 15  # printed words of a page that is measured
Shown = Level | Literal["print"]


@dataclass(frozen=True, slots=True)
class Proof:
    """One printed side, how its batch is scanned, and the side behind it or None."""

    side: Side = field(repr=False)
    behind: Side | None = field(repr=False)
    mode: Mode
    dpi: int
    seed: str

    @property
    def text(self) -> str:
        return "\n".join(lines_of([word for word in self.side.words if not word.hand]))


@dataclass(frozen=True, slots=True)
class Measured:
    """One page: how it was scanned and the share of its words that were read."""

    level: Shown
    mode: Mode
    dpi: int
    recall: float
    told: str = ""


def proofs(split: Literal["train", "tune"], seed: int, pages: int) -> list[Proof]:
    """Sides of so many documents, drawn from an inbox of the split."""
    reports = DEFAULT_REPORTS if DEFAULT_REPORTS.exists() else None
    plan = make_plan(Request(split, seed, max(pages * 6, 300), reports=reports))
    rng = Random(f"levels/{seed}")
    papers = [
        (batch, item)
        for batch in plan.batches
        for item in batch.items
        if item.truth.document
    ]
    drawn = rng.sample(papers, min(len(papers), pages * 2))
    found: list[Proof] = []
    with Press() as press:
        for start in range(0, len(drawn), 30):
            some = drawn[start : start + 30]
            printed = press.print([item.order for _, item in some])
            for (batch, item), sides in zip(some, printed, strict=True):
                i = rng.randrange(len(sides))
                behind = sides[i - 1] if rng.random() < 0.5 else None
                one = Proof(sides[i], behind, batch.mode, batch.dpi, item.order.seed)
                if len(one.text.split()) >= _FEWEST:
                    found.append(one)
            if len(found) >= pages:
                break
    return found[:pages]


def recalled(text: str, printed: str) -> float:
    """Share 0..1 of the printed words that the text has, in any order and case.

    Lines to write on, set in underscores, are no words.
    """
    return hits(text, printed) / max(words_of(printed).total(), 1)


def plain_reading(path: Path) -> str:
    """What Tesseract's own command makes of the file, untreated."""
    done = subprocess.run(
        ["tesseract", str(path), "-", "--psm", "3", "-l", "eng"],
        capture_output=True, check=True, env=os.environ | {"OMP_THREAD_LIMIT": "1"},
    )  # fmt: skip
    return done.stdout.decode()


def measure(
    made: Sequence[Proof], level: Shown, workers: int, kept: Path | None
) -> Iterator[Measured]:
    """Every proof at one level, read once; pages are left in ``kept``."""
    with ThreadPoolExecutor(workers) as pool, tempfile.TemporaryDirectory() as folder:
        waiting = []
        for number, one in enumerate(made):
            path = (kept or Path(folder)) / f"{level}-{number:03d}"
            told, path = _written(one, level, path)
            waiting.append((one, told, pool.submit(plain_reading, path)))
        for one, told, reading in waiting:
            share = recalled(reading.result(), one.text)
            yield Measured(level, one.mode, one.dpi, share, told)


def _written(one: Proof, level: Shown, stem: Path) -> tuple[str, Path]:
    print_ = one.side.pixels(one.dpi)
    if level == "print":
        path = stem.with_suffix(".bmp")
        Image.fromarray(print_).save(path, dpi=(one.dpi, one.dpi))
        return "", path
    behind: Pixels | None = one.behind.pixels(one.dpi) if one.behind else None
    scanned = scan(print_, Scan(level, one.mode, one.dpi, one.seed, 0, None, behind))
    path = stem.with_suffix(".tif" if one.mode == "bitonal" else ".jpg")
    save(scanned, path)
    return _told(scanned), path


def _told(scanned: Scanned) -> str:
    faults = " ".join(f"{name}={much:.3g}" for name, much in scanned.faults)
    return f"skew={scanned.skew:.1f} {faults}"


def show(done: Sequence[Measured]) -> None:
    """Mean, tenths and tails by level, mode and resolution."""
    print("level    mode     dpi  pages   mean    10 %    50 %    90 %  below .5")
    groups: dict[tuple[str, str, str], list[float]] = collections.defaultdict(list)
    for page in done:
        groups[page.level, "all", "all"].append(page.recall)
        groups[page.level, page.mode, str(page.dpi)].append(page.recall)
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
    parser.add_argument("--level", choices=["print", *get_args(Level)], action="append")
    parser.add_argument("--split", choices=["train", "tune"], default="tune")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the scans")
    parser.add_argument("--each", action="store_true", help="a line for every page")
    given = parser.parse_args()
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
    made = proofs(given.split, given.seed, given.pages)
    done: list[Measured] = []
    for level in given.level or get_args(Level):
        for number, page in enumerate(measure(made, level, given.workers, given.keep)):
            done.append(page)
            if given.each:
                print(f"{level} {number:3} {page.recall:.3f} {page.mode} {page.dpi}"
                      f" {page.told}", flush=True)  # fmt: skip
    show(done)


if __name__ == "__main__":
    main()
