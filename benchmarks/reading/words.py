"""Words as they are counted: lower-case runs of letters and digits, in any order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.page import Word

_WORD = re.compile(r"[^\W_]+")  # a line to write on is no word


def words_of(text: str) -> Counter[str]:
    """How often each word stands in the text."""
    return Counter(_WORD.findall(text.lower()))


def hits(text: str, truth: str) -> int:
    """How many of the truth's words the text has, each as often as it is there."""
    return (words_of(text) & words_of(truth)).total()


@dataclass(frozen=True, slots=True)
class Recall:
    """``read`` of ``wanted`` words."""

    read: int
    wanted: int

    @property
    def share(self) -> float:
        """0..1; 1 where nothing was wanted."""
        return self.read / self.wanted if self.wanted else 1.0

    @property
    def missed(self) -> int:
        return self.wanted - self.read


def recall(pairs: Iterable[tuple[int, int]]) -> Recall:
    """Of (read, wanted) pairs, summed."""
    read = wanted = 0
    for one, other in pairs:
        read, wanted = read + one, wanted + other
    return Recall(read, wanted)


def judged(words: Sequence[Word], truth: str) -> list[tuple[float, bool]]:
    """Each read word's confidence, and whether the truth has (one more of) it.

    A word of which nothing is left after splitting, a dash say, is not judged.
    """
    left = words_of(truth)
    told = []
    for word in words:
        tokens = words_of(word.text)
        if tokens:
            right = tokens <= left
            left -= tokens if right else Counter()
            told.append((word.confidence, right))
    return told
