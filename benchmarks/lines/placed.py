"""Where on a scan each printed word lies, told by the words that were read.

The generator knows where a word was printed on the sheet, not where the scanner put
the sheet. Words that stand once on both tell how one lies on the other.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.charts.kinds import BoxInPoints
from pipeline.page import Box, Word

_LETTERS = 3  # of a word that tells a place
_WITNESSES = 6  # words, and half of those that might be
_NEAR = 12.0  # px that a word may lie off
_LEVEL = 0.45  # of a line's height: how far off its middle a word may stand
_TOUCHES, _INSIDE = 0.15, 0.75  # of a word's width that lies in the line
_OVER = 0.3  # of its width that a word may reach over its neighbour
_ROW = 0.6  # of its height that a word may be off its neighbours' row

Place = TypeVar("Place")
Printed = Sequence[tuple[str, BoxInPoints]]
Onto = NDArray[np.float64]  # (2, 3): points of the sheet to px of the scan


@dataclass(frozen=True, slots=True)
class Placed:
    """A printed word, upright on the scan; px."""

    text: str
    box: Box

    @property
    def middle(self) -> tuple[float, float]:
        box = self.box
        return (box.left + box.right) / 2, (box.top + box.bottom) / 2


def onto_scan(read: Iterable[Word], printed: Printed) -> Onto | None:
    """How the sheet lies on the scan; None where too few words agree."""
    seen = _once((word.text, word.box) for word in read)
    pairs = [
        (_middle(*box), _middle(at.left, at.top, at.right, at.bottom))
        for text, box in _once(printed).items()
        if (at := seen.get(text)) and len(text) >= _LETTERS
    ]
    if len(pairs) < _WITNESSES:
        return None
    sheet, scan = (np.array(points) for points in zip(*pairs, strict=True))
    found, agree = cv2.estimateAffine2D(
        sheet, scan, ransacReprojThreshold=_NEAR, maxIters=4000
    )
    if agree.sum() < max(_WITNESSES, len(pairs) / 2):
        return None
    return np.asarray(found, np.float64)


def texts_of(lines: Sequence[Box], printed: Printed, onto: Onto) -> Mapping[int, str]:
    """What is printed in each line of which that is certain, by the line's position.

    Left out: lines that cut a word, and those on which one word lies over another.
    """
    words: dict[int, list[Placed]] = {}
    cut: set[int] = set()
    for text, box in printed:
        word = Placed(text, _on_scan(box, onto))
        at, share = _line_of(word, lines)
        if at is None:
            continue
        words.setdefault(at, []).append(word)
        if share < _INSIDE:
            cut.add(at)
    return {
        at: " ".join(word.text for word in row)
        for at, some in words.items()
        if at not in cut and _is_row(row := sorted(some, key=lambda w: w.middle))
    }


def _once(named: Iterable[tuple[str, Place]]) -> dict[str, Place]:
    pairs = list(named)
    count = Counter(name for name, _ in pairs)
    return {name: one for name, one in pairs if count[name] == 1}


def _middle(left: float, top: float, right: float, foot: float) -> tuple[float, float]:
    return (left + right) / 2, (top + foot) / 2


def _on_scan(box: BoxInPoints, onto: Onto) -> Box:
    left, top, right, foot = box
    corners = np.array([[left, top], [right, top], [right, foot], [left, foot]])
    there = corners @ onto[:, :2].T + onto[:, 2]
    return Box(*there.min(axis=0).tolist(), *there.max(axis=0).tolist())


def _line_of(word: Placed, lines: Sequence[Box]) -> tuple[int | None, float]:
    """The line on whose middle the word stands best, and its share that lies in it."""
    found: tuple[float, int | None, float] = (_LEVEL, None, 0.0)
    width = max(word.box.right - word.box.left, 1.0)
    for at, line in enumerate(lines):
        wide = min(word.box.right, line.right) - max(word.box.left, line.left)
        off = abs(word.middle[1] - (line.top + line.bottom) / 2)
        share, off = wide / width, off / max(line.bottom - line.top, 1.0)
        if share > _TOUCHES and off < found[0]:
            found = (off, at, share)
    return found[1], found[2]


def _is_row(words: Sequence[Placed]) -> bool:
    """Side by side and level."""
    for one, other in itertools.pairwise(words):
        narrow = min(w.box.right - w.box.left for w in (one, other))
        if other.box.left < one.box.right - _OVER * narrow:
            return False
    middles = [word.middle[1] for word in words]
    high = float(np.median([word.box.bottom - word.box.top for word in words]))
    return max(middles) - min(middles) <= _ROW * high
