"""How many pages a method files, how many of them wrongly, and where its line stands.

A method answers each page with a person and a score; higher is surer. Its line is
chosen on the pages of one seed and holds on those of another.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipeline.review.certificate import Checked, certified, upper_bound

Numbers = NDArray[np.float64]
RATE = 1e-4  # wrong among filed


@dataclass(frozen=True, slots=True)
class Answers:
    """A method's answers to a seed's pages; -inf: it would never file that page."""

    scores: Numbers = field(repr=False)
    right: NDArray[np.bool_] = field(repr=False)

    def filed(self, line: float) -> Checked:
        chosen = (self.scores >= line) & np.isfinite(self.scores)
        return Checked(int(chosen.sum()), int((chosen & ~self.right).sum()))


def line_of(answers: Answers, rate: float = RATE) -> float:
    """The lowest score at which no more than ``rate`` of what is filed is wrong.

    Equal scores are filed together; inf if there is no such score.
    """
    order = np.argsort(-answers.scores, kind="stable")
    scores = answers.scores[order]
    order = order[np.isfinite(scores)]
    scores = scores[np.isfinite(scores)]
    if not len(scores):
        return math.inf
    wrong = np.cumsum(~answers.right[order])
    filed = np.arange(1, len(order) + 1)
    ends = np.append(scores[1:] != scores[:-1], True)
    fine = np.flatnonzero(ends & (wrong <= rate * filed))
    return float(scores[fine[-1]]) if len(fine) else math.inf


@dataclass(frozen=True, slots=True)
class Shown:
    """A method at a line: shares of all pages, and the exact bound at 95 %."""

    name: str
    line: str
    filed: float
    wrong: int
    bound: float
    certified: bool  # at most RATE, with 95 %

    def cells(self) -> list[str]:
        per = "yes" if self.certified else "no"
        return [
            self.name,
            self.line,
            f"{self.filed:.4f}",
            str(self.wrong),
            f"{self.bound:.1e}",
            per,
        ]


def shown(name: str, answers: Answers, line: float, said: str) -> Shown:
    found = answers.filed(line)
    share = found.documents / len(answers.scores)
    bound = upper_bound(found) if found.documents else 1.0
    return Shown(name, said, share, found.wrong, bound, certified(found, RATE))


def certified_share(tune: Answers, report: Answers) -> tuple[float, Checked]:
    """The most that can be filed with the bound, by rungs from another seed.

    Fixed-sequence testing: eight lines between the strictest and the loosest that the
    tuning seed suggests, and down while each is certified on the report's pages.
    """
    finite = np.sort(tune.scores[np.isfinite(tune.scores)])[::-1]
    if not len(finite):
        return 0.0, Checked(0, 0)
    low = tune.filed(line_of(tune)).documents / len(finite)
    best = (0.0, Checked(0, 0))
    for share in np.linspace(0.5, 1.0, 8) * low:
        rung = float(finite[max(int(share * len(finite)) - 1, 0)])
        found = report.filed(rung)
        if not certified(found, RATE):
            break
        best = (found.documents / len(report.scores), found)
    return best


def risk_coverage(answers: Answers) -> tuple[Numbers, Numbers]:
    """Coverage of all pages, and the share of wrong ones among those filed."""
    order = np.argsort(-answers.scores, kind="stable")
    order = order[np.isfinite(answers.scores[order])]
    filed = np.arange(1, len(order) + 1)
    return filed / len(answers.scores), np.cumsum(~answers.right[order]) / filed


def by_group(
    groups: Sequence[Sequence[str]], answers: Answers, line: float
) -> dict[str, tuple[int, Checked]]:
    """Of each group of pages how many there are, and what is filed of them."""
    pages: Counter[str] = Counter()
    filed: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    chosen = (answers.scores >= line) & np.isfinite(answers.scores)
    for at, names in enumerate(groups):
        for name in names:
            pages[name] += 1
            filed[name] += bool(chosen[at])
            wrong[name] += bool(chosen[at] and not answers.right[at])
    return {n: (pages[n], Checked(filed[n], wrong[n])) for n in sorted(pages)}
