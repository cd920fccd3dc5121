"""May this be a word, and which known words lie near to it?

Tesseract's list was made from texts of the web: it knows common surnames, some of them
in small letters as well, but no drugs. models/words has what medical reports and the
titles of ICD-10-CM write in small letters, and the names of the census
(benchmarks.lines.words).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from pipeline.artefact import Lists, read
from pipeline.ocr.net.wordlist import WordList

MODEL = Path(__file__).parent.parent.parent.parent / "models" / "words"
WORDS, NAMES = "words", "names"  # the lists in it, in small letters
_PARTS = re.compile(r"[^\W\d_]+")
_OWNERS = "'s"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Several lists of words; what is in any of them is known."""

    common: WordList
    trade: WordList
    names: frozenset[str] = field(repr=False)  # in small letters
    _asked: dict[str, bool] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, file: bytes, characters: Sequence[str]) -> Self:
        """Tesseract's list and ours; raises ValueError where the bytes are no list.

        Raises ModelTampered unless models/words is intact.
        """
        lists = ours()
        return cls(
            WordList.of(file, characters),
            WordList.made_of(lists[WORDS], characters),
            frozenset(lists[NAMES]),
        )

    def knows(self, text: str) -> bool:
        """Whether every run of letters in it is a word, as written or in small ones."""
        runs = runs_of(text)
        return bool(runs) and all(self.has(run) for run in runs)

    def has(self, run: str) -> bool:
        """The same of one run of letters."""
        known = self._asked.get(run)
        if known is None:
            known = self._asked[run] = any(
                one.has(run) or one.has(run.lower())
                for one in (self.common, self.trade)
            )
        return known

    def near(self, run: str) -> set[str]:
        """Known words with one letter more, one less or one other, in small letters.

        No names, but for those that the trade writes in small letters, too (page), and
        only where no capital was read.
        """
        small = run.lower()
        common, trade = self.common.near(small), self.trade.near(small)
        if run == small:
            return (common - self.names) | trade
        return (common | trade) - self.names

    def forget(self) -> None:
        """What was asked since: words of a page are not kept beyond it."""
        self._asked.clear()


def ours() -> Lists:
    """The lists of models/words; raises ModelTampered unless intact."""
    return read(MODEL).lists


def runs_of(text: str) -> list[str]:
    """The runs of letters in a word, without an owner's s."""
    return _PARTS.findall(text.removesuffix(_OWNERS))
