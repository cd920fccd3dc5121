"""Two readings of one page made one: each gives what the other missed."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.osd import legible
from pipeline.page import Box, Word

_TOUCH = 0.15  # share of the smaller box that is shared by two readings of one place
_SAME = 0.5  # share of the larger box: the same word, cut out the same way
_SEEN = 0.5  # confidence from which a word that the other reading missed is taken
_NEAR = 3.0  # heights of a word: the gap within a line


def together(one: Sequence[Word], other: Sequence[Word]) -> tuple[Word, ...]:
    """The better reading's words and lines, mended and filled up by the other's.

    Where both read the same box, the surer word stays; where only one read, its word
    is taken if it is likelier right than not.
    """
    better, worse = sorted((one, other), key=legible, reverse=True)
    if not better or not worse:
        return tuple(better)
    known = list(better)
    hits, same = _meeting(better, worse)
    missed: list[Word] = []
    for i, word in enumerate(worse):
        places = np.flatnonzero(hits[:, i])
        if len(places) == 0 and word.confidence >= _SEEN:
            missed.append(word)
        elif len(places) == 1 and same[places[0], i]:
            there = known[places[0]]
            if word.confidence > there.confidence:
                known[places[0]] = dataclasses.replace(word, line=there.line)
    lines = [list(line) for _, line in itertools.groupby(known, lambda w: w.line)]
    for word in missed:
        _put(lines, word)
    return tuple(_numbered(lines))


def _meeting(
    better: Sequence[Word], worse: Sequence[Word]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which words share a place, and which of them are the same box: a row a word."""
    one, other = _edges(better)[:, None], _edges(worse)[None]
    sides = np.minimum(one[..., 2:], other[..., 2:]) - np.maximum(
        one[..., :2], other[..., :2]
    )
    shared = np.prod(np.maximum(sides, 0.0), axis=-1)
    sizes = [
        np.prod(np.maximum(e[..., 2:] - e[..., :2], 1.0), -1) for e in (one, other)
    ]
    return (
        shared > _TOUCH * np.minimum(*sizes),
        shared > _SAME * np.maximum(*sizes),
    )


def _edges(words: Sequence[Word]) -> NDArray[np.float64]:
    boxes = [word.box for word in words]
    return np.array([[b.left, b.top, b.right, b.bottom] for b in boxes])


def _put(lines: list[list[Word]], word: Word) -> None:
    """Into the line it continues, else as a line above the first that lies below."""
    box = word.box
    for line in lines:
        if any(_beside(known.box, box) for known in line):
            line.append(word)
            line.sort(key=lambda known: known.box.left)
            return
    below = (
        i
        for i, line in enumerate(lines)
        if line[0].box.top >= box.bottom and _above(line, box)
    )
    lines.insert(next(below, len(lines)), [word])


def _beside(known: Box, box: Box) -> bool:
    high = min(known.bottom, box.bottom) - max(known.top, box.top)
    gap = max(known.left, box.left) - min(known.right, box.right)
    return high > min(known.height, box.height) / 2 and gap < _NEAR * box.height


def _above(line: Sequence[Word], box: Box) -> bool:
    """Whether the box stands over the line: another column's lines do not count."""
    return line[0].box.left < box.right and box.left < line[-1].box.right


def _numbered(lines: list[list[Word]]) -> Iterator[Word]:
    for number, line in enumerate(lines):
        for word in line:
            yield dataclasses.replace(word, line=number)
