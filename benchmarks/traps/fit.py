"""Fit the shares of the shadow hypotheses to labelled pages: expectation maximisation.

    python -m benchmarks.traps.fit --seed 111 --people 20000 --pages 8000

A page whose patient is among its candidates is explained by that patient. One about
somebody whom the index does not hold is shared between the shadows of its candidates
and "nobody near", by the masses of pipeline/index/posterior.py; a shadow's share is
then the mean over all pages, and so again until nothing moves. What it prints is what
belongs into SHADOWS, from a seed that no figure is taken on.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.traps.memory import MemoryRows
from benchmarks.traps.pages import Pages, TrapPage
from benchmarks.traps.people import make_people
from benchmarks.traps.weighing import Weigher, weigher
from pipeline.index.clues import clues_of
from pipeline.index.evidence import compare
from pipeline.index.posterior import SHADOWS
from pipeline.index.shortlist import worth_weighing

Bits = NDArray[np.float64]  # of shadows by candidates, restricted to what they share
_ROUNDS = 200
_LEAST_PAGES = 1.0  # of a shadow that no page showed


def bits_of(one: TrapPage, by: Weigher) -> Bits | None:
    """The shadows' bits of a page that is about no candidate; None where it is."""
    clues, matcher = clues_of(one.page, by.clues), by.matcher()
    people = worth_weighing(clues, matcher.candidates(clues))
    if any(int(p.id[1:]) == one.truth.row for p in people):
        return None
    known = matcher.known(people, clues)
    found = [compare(clues, p, known) for p in people]
    restricted = [
        [sum(e.weight for e in told if e.source in s.sources) for told in found]
        for s in SHADOWS
    ]
    return np.array(restricted, np.float64).reshape(len(SHADOWS), len(people))


def fitted(pages: Sequence[Bits | None], people: int) -> tuple[Bits, float]:
    """The shadows' shares, and that of nobody near, of all pages."""
    absent = [bits for bits in pages if bits is not None]
    masses = np.array([np.exp2(bits).sum(axis=1) / people for bits in absent])
    shares = np.array([s.share for s in SHADOWS])
    nobody = 0.05
    for _ in range(_ROUNDS):
        weighed = np.hstack([masses * shares, np.full((len(absent), 1), nobody)])
        weighed /= weighed.sum(axis=1, keepdims=True)
        sums = weighed.sum(axis=0)
        shares = np.maximum(sums[:-1], _LEAST_PAGES) / len(pages)
        nobody = float(sums[-1]) / len(pages)
    return shares, nobody


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--seed", type=int, default=111)
    add("--people", type=int, default=20_000)
    add("--pages", type=int, default=8_000)
    asked = parser.parse_args()
    people = make_people(asked.people, asked.seed)
    by, pages = weigher(people, MemoryRows(people)), Pages(people, asked.seed)
    found = [bits_of(pages.at(number), by) for number in range(asked.pages)]
    shares, nobody = fitted(found, asked.people)
    missed = sum(bits is not None for bits in found)
    print(f"{missed} of {asked.pages} pages about none of their candidates")
    for shadow, share in zip(SHADOWS, shares, strict=True):
        print(f"{shadow.name}: {shadow.share:.1e} -> {share:.1e}")
    print(f"nobody near: {nobody:.1e}")


if __name__ == "__main__":
    main()
