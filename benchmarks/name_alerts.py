"""How many patients have a name alert, and what finding them costs.

    python -m benchmarks.name_alerts [--people 200000] [--seed 7]

Made-up people: census surnames and given names by share, made-up names in a Zipf tail
behind them, households of one to four, a few twins and Juniors, near MRNs.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import resource
import tempfile
import time
from collections.abc import Iterator, Mapping
from itertools import accumulate
from pathlib import Path

from pipeline.document import Name, Patient, PatientId
from pipeline.index.frequency import COMMON_FAMILIES, COMMON_GIVENS
from pipeline.site import find_alerts, open_site
from pipeline.store.patient_writing import Registered

TWINS, JUNIORS = 0.004, 0.01  # of households, of second members
ADDRESSED, REACHED = 0.9, 0.7  # people with an address, with a telephone
_FIRST_DAY, _DAYS = dt.date(1930, 1, 1), 33_000


class Names:
    """Draws names by their share; behind the listed ones made-up ones, ever rarer."""

    def __init__(self, listed: Mapping[str, float], made: int, head: str) -> None:
        rest = max(1 - sum(listed.values()), 0.1)
        tail = [1 / (rank + 50) for rank in range(made)]
        self._names = [*listed, *(f"{head}{_letters(rank)}" for rank in range(made))]
        shares = [*listed.values(), *(rest * one / sum(tail) for one in tail)]
        self._up_to = list(accumulate(shares))

    def draw(self, rng: random.Random) -> str:
        return rng.choices(self._names, cum_weights=self._up_to)[0]


def _letters(number: int) -> str:
    return "".join(chr(65 + number // 26**k % 26) for k in range(4))


def people(count: int, seed: int) -> Iterator[Patient]:
    """About so many, household by household; the same by seed."""
    rng = random.Random(seed)
    families = Names(COMMON_FAMILIES, 60_000, "Q")
    givens = Names(COMMON_GIVENS, 3_000, "G")
    mrn, made = 10_000_000, 0
    while made < count:
        family = families.draw(rng)
        street = rng.choice(["Elm", "Oak", "Main", "Pine", "Lake", "Hill"])
        address = f"{rng.randrange(1, 9999)} {street} St {rng.randrange(400)}"
        phone = f"{rng.randrange(10**7):07d}"
        twins = rng.random() < TWINS
        born, given = _FIRST_DAY, ""
        for member in range(rng.choice((1, 1, 2, 3, 4))):
            mrn, made, suffix = mrn + rng.randrange(1, 4), made + 1, ""
            if not (twins and member == 1):
                born = _FIRST_DAY + dt.timedelta(days=rng.randrange(_DAYS))
            if member == 1 and rng.random() < JUNIORS:
                suffix = "Jr"
            else:
                given = givens.draw(rng)
            name = Name(family, given, rng.choice("ABCDEFGHJKLMR"), suffix)
            yield Patient(
                PatientId(f"p{mrn:015x}"),
                str(mrn),
                (name,),
                born,
                "F",
                address=address if rng.random() < ADDRESSED else "",
                phone=phone if rng.random() < REACHED else "",
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        site = open_site(Path(folder))
        site.people.keep(
            Registered(one, ()) for one in people(asked.people, asked.seed)
        )
        began = time.monotonic()
        find_alerts(site)
        took = time.monotonic() - began
        found = site.alerts.counts()
        site.catalogue.close()
    print(f"{found.patients} people: {found.share:.2%} with an alert, {took:.0f} s")
    for kind, count in sorted(found.kinds, key=lambda one: -one[1]):
        print(f"  {kind}: {count}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"  {peak} MB at most, {dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC")


if __name__ == "__main__":
    main()
