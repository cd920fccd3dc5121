"""How well ``patients duplicates`` finds who was registered twice, without labels.

    python -m benchmarks.duplicates [--people 100000] [--seed 7]

Made-up people (benchmarks/population.py), of whom 2 % are registered again with some of
their facts changed: that is the truth. Two records that were
both made of a third count as wrong.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks import population
from pipeline.commands.duplicates import suspects
from pipeline.commands.people import import_patients
from pipeline.site import open_site

CUTS = (10, 5, 0, -5)  # bits


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "list.csv"
        population.write(listed, asked.people, asked.seed)
        site = open_site(Path(folder) / "data")
        import_patients(site, listed, None, Console(quiet=True))
        with listed.open() as rows:
            truth = {
                frozenset((row["mrn"], row["same_as"]))
                for row in csv.DictReader(rows)
                if row["same_as"]
            }
        found = [(one.bits, {one.mrn, one.other_mrn}) for one in suspects(site)]
        site.catalogue.close()
    print(f"{asked.people} people, {len(truth)} registered twice, {len(found)} alerts")
    for cut in CUTS:
        at = [pair for bits, pair in found if bits >= cut]
        right = sum(pair in truth for pair in at)
        print(f"  from {cut} bits: {len(at)} listed, {right} right")


if __name__ == "__main__":
    main()
