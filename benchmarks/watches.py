"""How soon the watches over checked pages alarm: ``python -m benchmarks.watches``.

Simulated checks only: it measures the formulas of pipeline/review/eprocess.py, no
reading and no matching.
"""

from __future__ import annotations

import argparse
import math
import platform
import random

from pipeline.review.eprocess import CHANGE, ENOUGH, QUIET, WORSE, mean_of, odds

TIMES = (1, 2, 5, 10, 30)
LOOKED = 300.0  # times 1/rate: pages after which a run without an alarm ends


def main() -> None:
    """Print a line of Markdown for each rate and true risk."""
    parser = argparse.ArgumentParser(prog="benchmarks.watches", description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20261126)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    print(f"runs {asked.runs}, seed {asked.seed}, {platform.processor() or 'CPU'}")
    print("| certified | true risk | ever alarm | median page | 95th percentile |")
    print("|---|---|---|---|---|")
    for rate in (1e-3, 1e-4):
        for times in TIMES:
            most = int(LOOKED / rate)
            runs = [
                first_alarm(chance, times * rate, rate, most) for _ in range(asked.runs)
            ]
            found = sorted(run for run in runs if run <= most)
            share = len(found) / asked.runs
            half, late = (_place(found, asked.runs, part) for part in (0.5, 0.95))
            ever = f"{share:.3f} of {most:,} pages"
            print(f"| {rate:g} | {times}x | {ever} | {half} | {late} |")


def first_alarm(chance: random.Random, risk: float, rate: float, most: int) -> int:
    """The page at which either watch first alarms; more than ``most`` for never."""
    bets = [odds(rate, min(times * rate, 0.5)) for times in WORSE]
    change = odds(rate, min(CHANGE * rate, 0.5))
    logs, height, page = [0.0] * len(bets), 0.0, 0
    while page <= most:
        clean = int(math.log(1.0 - chance.random()) / math.log1p(-risk))
        page += clean + 1
        height = max(0.0, height + clean * change[1]) + change[0]
        logs = [
            log + clean * if_right + if_wrong
            for log, (if_wrong, if_right) in zip(logs, bets, strict=True)
        ]
        if mean_of(logs) >= ENOUGH or height >= math.log(QUIET / rate):
            return page
    return most + 1


def _place(found: list[int], runs: int, share: float) -> str:
    place = math.ceil(share * runs) - 1
    return f"{found[place]:,}" if place < len(found) else "-"


if __name__ == "__main__":
    main()
