"""Two readings of one page made one: each gives what the other missed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.page import Box, Word

_TOUCH = 0.15  # share of the smaller box that is shared by two readings of one place
_SEEN = 0.5  # confidence from which a word is likelier right than wrong
_NEAR = 3.0  # heights of a word: the gap within a line


def together(one: Sequence[Word], other: Sequence[Word]) -> tuple[Word, ...]:
    """The words and lines of ``one``, mended and filled up by those of ``other``.

    Where both read the same ink, however each cut it into words, the surer reading
    stays; where only the other read, its word is taken if it is likelier right than
    not.
    """
    if not one or not other:
        return tuple(one or other)
    lines = [list(line) for _, line in itertools.groupby(one, lambda w: w.line)]
    row_of = {id(word): row for row, line in enumerate(lines) for word in line}
    missed: list[Word] = []
    for here, there in _places(one, other):
        if not here:
            missed += [word for word in there if word.confidence >= _SEEN]
        elif there and _worth(there) > _worth(here):
            for word in there:
                lines[row_of[id(_nearest(word, here))]].append(word)
            for word in here:
                lines[row_of[id(word)]].remove(word)
    lines = [sorted(line, key=lambda word: word.box.left) for line in lines if line]
    for word in missed:
        _put(lines, word)
    return tuple(_numbered(lines))


def _places(
    one: Sequence[Word], other: Sequence[Word]
) -> Iterator[tuple[list[Word], list[Word]]]:
    """What each reading made of the same ink, for every piece of ink."""
    hits: NDArray[np.bool_] = _meeting(one, other)
    left = set(range(len(one)))
    told = np.atleast_1d(hits.any(axis=0)).tolist()
    while left:
        here, there, new = set(), set(), {left.pop()}
        while new:
            here |= new
            there = set(np.flatnonzero(hits[list(here)].any(axis=0)).tolist())
            new = set(np.flatnonzero(hits[:, list(there)].any(axis=1)).tolist()) - here
        left -= here
        yield [one[i] for i in sorted(here)], [other[i] for i in sorted(there)]
    yield [], [word for word, known in zip(other, told, strict=True) if not known]


def _worth(words: Sequence[Word]) -> float:
    """Letters read, by how much likelier right than wrong they are; 0 for the rest."""
    return sum(len(word.text) * max(word.confidence - _SEEN, 0.0) for word in words)


def _nearest(word: Word, others: Sequence[Word]) -> Word:
    """The one whose middle is nearest in height: words of two lines may meet."""
    middle = word.box.top + word.box.bottom
    return min(others, key=lambda w: abs(w.box.top + w.box.bottom - middle))


def _meeting(one: Sequence[Word], other: Sequence[Word]) -> NDArray[np.bool_]:
    """Which words share a place: a row for each of ``one``, a column of ``other``."""
    first, second = _edges(one)[:, None], _edges(other)[None]
    sides = np.minimum(first[..., 2:], second[..., 2:]) - np.maximum(
        first[..., :2], second[..., :2]
    )
    shared = np.prod(np.maximum(sides, 0.0), axis=-1)
    sizes = [
        np.prod(np.maximum(e[..., 2:] - e[..., :2], 1.0), -1) for e in (first, second)
    ]
    return np.asarray(shared > _TOUCH * np.minimum(*sizes))


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
            yield Word(word.text, word.box, word.confidence, number)
