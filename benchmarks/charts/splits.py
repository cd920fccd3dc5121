"""Which report texts a split may print: those of its hash, no near-equal one elsewhere.

The rule itself lies in pipeline/classify/heldout.py, because `chartfiler train` refuses
the texts of the report split by it. Texts that share a fifth of their runs of eight
words with a text of another split are printed for neither.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from random import Random

from benchmarks.charts.kinds import Split
from pipeline.classify.heldout import split_of
from pipeline.classify.reports import Report, read_reports

REPORTS = Path(__file__).parents[3] / "shared" / "data" / "mtsamples"
DEFAULT_REPORTS = REPORTS / "mtsamples-train.csv"
_RUN = 8  # words
_SHARED = 0.2
_BOILERPLATE = 60  # so many texts with one run: a phrase of the trade, no kinship
_LONGEST = 2800  # words, about 8 pages
_SHORTEST = 60


@dataclass(slots=True)
class Texts:
    """The narratives of one split, dealt by type, each once before any comes again."""

    by_type: dict[str, list[str]] = field(repr=False)
    rng: Random = field(repr=False)
    _left: dict[str, list[str]] = field(default_factory=dict, repr=False)

    def take(self, kind: str) -> str | None:
        """A text of the type, None where the split has none."""
        if not self.by_type.get(kind):
            return None
        left = self._left.setdefault(kind, [])
        if not left:
            left += self.rng.sample(self.by_type[kind], len(self.by_type[kind]))
        return left.pop()

    def count(self, kind: str) -> int:
        """How many texts of the type there are."""
        return len(self.by_type.get(kind, ()))


def read_texts(path: Path | None, split: Split, rng: Random) -> Texts:
    """The split's texts from the public CSV; without a path there are none.

    Raises SettingsError where the file is not that CSV.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for report in printable(read_reports(path)) if path else ():
        if split_of(report.text) == split:
            found[report.type].append(report.text)
    return Texts(dict(found), rng)


def printable(reports: Iterable[Report]) -> list[Report]:
    """Reports of a length for paper that resemble none of another split."""
    every = list(reports)
    barred: set[int] = set()
    for one, other in _kin([words_of(report.text) for report in every]):
        if split_of(every[one].text) != split_of(every[other].text):
            barred |= {one, other}
    return [
        report
        for i, report in enumerate(every)
        if i not in barred and _SHORTEST <= len(words_of(report.text)) <= _LONGEST
    ]


def words_of(text: str) -> list[str]:
    """The words that count for kinship: letters and digits in lower case."""
    return re.findall(r"[a-z0-9]+", text.lower())


def _kin(texts: list[list[str]]) -> list[tuple[int, int]]:
    """Pairs of texts that have much in common."""
    runs = [
        {tuple(words[i : i + _RUN]) for i in range(max(len(words) - _RUN + 1, 1))}
        for words in texts
    ]
    having: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, own in enumerate(runs):
        for run in own:
            having[run].append(i)
    shared: Counter[tuple[int, int]] = Counter()
    for where in having.values():
        if 1 < len(where) < _BOILERPLATE:
            shared.update(combinations(where, 2))
    return [
        (a, b)
        for (a, b), count in sorted(shared.items())
        if count >= _SHARED * min(len(runs[a]), len(runs[b]))
    ]
