"""What makes a letter a letter: the terms of one page, as the type model sees them.

Three kinds of term share one vocabulary: words and word pairs ("w:"), characters
within words ("c:", three to five, so that a misread letter costs little), and words of
the title zone ("t:"). Numbers and dates lose their values first; nothing of a page
outlives its terms. Pure Python and numpy: a page takes a few milliseconds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from pipeline.page import Page, Word

_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DATE = re.compile(
    r"\b(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"
    rf"|\d{{1,2}}[- ](?:{_MONTHS})[a-z.]*[- ,]+\d{{2,4}}"
    rf"|(?:{_MONTHS})[. ]+\d{{1,2}},? +\d{{2,4}})\b"
)
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[a-z0&']*[a-z0][a-z0&']*")
_TITLE_SHARE = 0.3  # of the page's height, from the top
_TALL = 1.2  # times the page's median line height
_TITLE_LETTERS = 3
_TITLE_WORDS = 9  # a longer line is a sentence, not a title


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: its text, height over the page's median, place 0 top..1."""

    text: str = field(repr=False)
    height: float = 1.0
    place: float = 0.5


def lines_of(page: Page) -> tuple[Line, ...]:
    """The recognised lines of a page, top down as read."""
    lines = page.lines
    if not lines:
        return ()
    heights = [max(w.box.height for w in line) for line in lines]
    usual = median(heights) or 1.0
    return tuple(
        Line(" ".join(w.text for w in line), height / usual, _place(line, page))
        for line, height in zip(lines, heights, strict=True)
    )


def legible_lines(page: Page) -> tuple[Line, ...]:
    """The same, but none of a side on which nothing can be read."""
    return lines_of(page) if page.legible else ()


def _place(line: Sequence[Word], page: Page) -> float:
    return min(w.box.top for w in line) / max(page.size[1], 1)


def spread(rows: Iterable[tuple[str, float]], *, filled: float = 1.0) -> list[Line]:
    """Printed rows of text and relative height laid evenly down a page.

    ``filled`` is the share 0..1 of the page that they cover.
    """
    rows = list(rows)
    step = filled / max(len(rows), 1)
    return [Line(text, height, i * step) for i, (text, height) in enumerate(rows)]


def plain(text: str) -> str:
    """Lower case, dates as "date0", every figure as one 0: values do not matter."""
    folded = text.lower().replace("’", "'")
    return _NUMBER.sub("0", _DATE.sub(" date0 ", folded))


def words_of(text: str) -> list[str]:
    """The words of a plain text; a single letter is one as well ("S:", "O:")."""
    return [w for w in _WORD.findall(text) if w != "0"]


def is_title(line: Line) -> bool:
    """Whether a line looks like a title: near the top, short, and large or capital."""
    letters = [c for c in line.text if c.isalpha()]
    short = len(letters) >= _TITLE_LETTERS and line.text.count(" ") < _TITLE_WORDS
    if line.place > _TITLE_SHARE or not short:
        return False
    return line.height >= _TALL or _capital(letters)


def _capital(letters: Sequence[str]) -> bool:
    return sum(c.isupper() for c in letters) > 0.8 * len(letters)


def terms(lines: Sequence[Line]) -> Counter[str]:
    """How often each term occurs on a page."""
    words: list[str] = []
    found: list[str] = []
    for line in lines:
        own = words_of(plain(line.text))
        if is_title(line):
            found += [f"t:{w}" for w in own]
            found += [f"t:{a} {b}" for a, b in pairwise(own)]
        words += own
    found += [f"w:{a} {b}" for a, b in pairwise(words)]
    counts = Counter(found)
    for word, times in Counter(words).items():
        counts[f"w:{word}"] += times
        for piece in _pieces(word):
            counts[piece] += times
    return counts


def _pieces(word: str) -> Iterator[str]:
    """Characters 3 to 5 within a word and its edges."""
    edged = f" {word} "
    for n in (3, 4, 5):
        for i in range(len(edged) - n + 1):
            yield "c:" + edged[i : i + n]


LENGTHS = {"w": 0.5, "c": 1.2, "t": 1.0}  # any other: 1
"""How much each kind of term weighs on a page: whole words the least, because reports
of two kinds share them (benchmarks/type_peers.py)."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms a model knows, by column, with their inverse document frequency."""

    columns: Mapping[str, int] = field(repr=False)
    idf: NDArray[np.float32] = field(repr=False)

    def weigh(self, counts: Mapping[str, int]) -> Vector:
        """TF-IDF of the known terms (1 + ln tf), each kind as long as LENGTHS says."""
        known = [(c, n, t[0]) for t, n in counts.items() if (c := self._column(t)) >= 0]
        columns = np.array([c for c, _, _ in known], np.int32)
        tf = np.array([n for _, n, _ in known], np.float32)
        values = (1 + np.log(tf)) * self.idf[columns]
        kinds = np.array([ord(k) for _, _, k in known], np.uint8)
        for kind in np.unique(kinds):
            of_kind = kinds == kind
            length = LENGTHS.get(chr(kind), 1.0) / np.linalg.norm(values[of_kind])
            values[of_kind] *= np.float32(length)
        return Vector(columns, values.astype(np.float32), int((kinds == _WORDS).sum()))

    def _column(self, term: str) -> int:
        return self.columns.get(term, -1)


_WORDS = ord("w")


@dataclass(frozen=True, slots=True)
class Vector:
    """A page as weights at columns; ``words`` counts the distinct word terms known."""

    columns: NDArray[np.int32] = field(repr=False)
    values: NDArray[np.float32] = field(repr=False)
    words: int
