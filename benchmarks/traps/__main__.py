"""Measure whose paper it is: python -m benchmarks.traps [options].

The same as ``chartfiler bench patients``. Makes the trap set of two seeds, takes every
page through the real clue finder, candidates, score and decision, chooses lines on the
first seed and counts on the second; with --splink PYTHON also Splink, in that Python's
environment, on the same fields. Prints a section for docs/measures.md, and writes its
figures and the risk-coverage curve beside --out.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.reading.machine import CHECKOUT, heading, machine
from benchmarks.traps import rates
from benchmarks.traps.memory import MemoryRows
from benchmarks.traps.pages import Pages
from benchmarks.traps.peers import answers, splink, write_pages, write_people
from benchmarks.traps.people import make_people
from benchmarks.traps.report import Run, picture, section
from benchmarks.traps.weighing import Weighed, weigh_all, weigher

BENCH = "chartfiler bench patients"
BUILD = CHECKOUT / "build"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("chartfiler bench patients", description=__doc__)
    add = parser.add_argument
    add("--seed", type=int, default=1, help="of the pages that count")
    add("--tune-seed", type=int, default=2, help="of those that lines are chosen on")
    add("--people", type=int, default=rates.PEOPLE)
    add("--pages", type=int, default=rates.PAGES)
    add("--tune-pages", type=int, default=rates.PAGES // 2)
    add("--ceiling", action="store_true", help="nothing is misread: what paper tells")
    add("--workers", type=int, default=2)
    add("--splink", type=Path, metavar="PYTHON", help="a Python that has Splink")
    add("--out", type=Path, default=BUILD / "bench-patients.md")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    people = make_people(asked.people, asked.seed)
    one = weigher(people, MemoryRows(people))
    print(f"index of {len(people)}: {time.monotonic() - began:.0f} s", flush=True)
    weighed: dict[str, list[Weighed]] = {}
    for name, seed, count in (
        ("tune", asked.tune_seed, asked.tune_pages),
        ("report", asked.seed, asked.pages),
    ):
        began = time.monotonic()
        pages = Pages(people, seed, misread=not asked.ceiling)
        weighed[name] = list(weigh_all(one, pages, range(count), asked.workers))
        print(f"{name}: {count} pages, {time.monotonic() - began:.0f} s", flush=True)
    folder = asked.out.with_suffix("")
    folder.mkdir(exist_ok=True)
    beside = {}
    if asked.splink:
        write_people(people, folder / "people.csv")
        for name, some in weighed.items():
            write_pages(_read(some), folder / f"{name}.csv")
        if splink(asked.splink, folder, folder / "splink.log"):
            beside = {n: answers(folder / f"splink-{n}.csv") for n in weighed}
        else:
            print(f"no Splink: {folder / 'splink.log'}", flush=True)
    run = Run(asked.people, weighed["tune"], weighed["report"], beside)
    told = "\n".join(["## Whose paper", "", heading(machine(BENCH)), "", *section(run)])
    asked.out.write_text(told)
    asked.out.with_suffix(".svg").write_text(picture(run))
    print(told)


def _read(some: Sequence[Weighed]) -> list[tuple[int, Sequence[str]]]:
    return [(one.truth.number, one.read) for one in some]


if __name__ == "__main__":
    main()
