"""Which thresholds may file: a ladder fixed beforehand, gone down while it holds.

Fixed-sequence Learn-then-Test: the strictest rung is tested first and the first that
fails ends it, so that the 5 % holds for all rungs together without a correction. Only
pages that the machine answered when the ladder was already fixed count for it: its hash
stands with every answer. Source: Angelopoulos et al., arXiv 2110.01052, §3.2; bounds
and design effect as in docs/SCIENCE.md, sections 4.1 and 4.3.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.review.certificate import DOUBT, Checked, certified, chance

SUPERVISED = 1e-3  # opens supervised filing without the word "uncertified"
AUTOMATIC = 1e-4  # opens automatic filing
RATES = (AUTOMATIC, SUPERVISED)  # the strictest first


@dataclass(frozen=True, slots=True)
class Rung:
    """Thresholds of the patient: a probability 0..1, and bits to the runner-up."""

    patient_at_least: float
    patient_margin: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Section [certificate] of config/pipeline.toml: fixed before a page is counted.

    ``ladder`` has pairs of patient_at_least and patient_margin, the strictest first.
    ``page_a_batch`` counts one page of each batch, drawn at random; else all pages,
    divided by the design effect at ``icc``, the likeness 0..1 of pages of one batch.
    """

    ladder: tuple[tuple[float, ...], ...]
    page_a_batch: bool
    icc: float

    @property
    def rungs(self) -> tuple[Rung, ...]:
        return tuple(Rung(*pair) for pair in self.ladder)

    @property
    def hash(self) -> str:
        """What stands with every answer that was given under this plan."""
        told = json.dumps([self.ladder, self.page_a_batch, self.icc, RATES, DOUBT])
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def fault(self) -> str:
        """What is wrong with it as a sentence; "" for nothing."""
        if not self.ladder or any(len(pair) != 2 for pair in self.ladder):  # noqa: PLR2004 - a pair
            return "ladder wants pairs of patient_at_least and patient_margin"
        falling = all(
            a[0] >= b[0] and a[1] >= b[1] and a != b
            for a, b in zip(self.ladder, self.ladder[1:], strict=False)
        )
        if not falling:
            return "ladder goes from the strictest to the loosest, both falling"
        return "" if 0.0 <= self.icc <= 1.0 else "icc lies between 0 and 1"


def descend(found: Sequence[Checked], rate: float) -> int:
    """How many rungs from the top hold ``rate``, each with its own counts."""
    for rung, counts in enumerate(found):
        if not certified(counts, rate):
            return rung
    return len(found)


def fewest(rate: float, wrong: int = 0, doubt: float = DOUBT) -> int:
    """How many pages show ``rate`` with so many wrong ones among them.

    299 for 1 %, 2,995 for 1 in 1,000, 29,956 for 1 in 10,000 without one.
    """
    low, high = wrong, wrong + 1
    while chance(Checked(high, wrong), rate) > doubt:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if chance(Checked(middle, wrong), rate) > doubt:
            low = middle
        else:
            high = middle
    return high


def design_effect(sizes: Sequence[int], icc: float) -> float:
    """By how much pages of batches of these sizes say less than single ones: 1 or more.

    With the mean size weighted by pages, as batches differ.
    """
    pages = sum(sizes)
    if not pages:
        return 1.0
    alike = sum(size * size for size in sizes) / pages
    return 1.0 + (alike - 1.0) * icc


def thinned(found: Checked, effect: float) -> Checked:
    """As many independent pages as these are worth; wrong ones are rounded up."""
    documents = math.floor(found.documents / effect)
    return Checked(documents, min(documents, math.ceil(found.wrong / effect)))


def days_to(rate: float, have: Checked, a_day: float) -> int | None:
    """Days until ``rate`` is shown if no further page is wrong; None: never so."""
    missing = fewest(rate, have.wrong) - have.documents
    if missing <= 0:
        return 0
    return math.ceil(missing / a_day) if a_day > 0 else None
