"""Two readings of one page made one: each gives what the other missed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from pipeline.ocr.osd import legible
from pipeline.page import Box, Word

_TOUCH = 0.15  # share of the smaller box that is shared by two readings of one place
_SAME = 0.5  # share of the larger box: the same word, cut out the same way
_SEEN = 0.5  # confidence from which a word that the other reading missed is taken
_NEAR = 3.0  # heights of a word: the gap within a line


def together(one: Sequence[Word], other: Sequence[Word]) -> tuple[Word, ...]:
    """The better reading's words and lines, mended and filled up by the other's.

    Where both read the same box, the surer word stays; where only one read, its word
    is taken if it is likelier right than not. Word recall of 60 poor pages (charts,
    train, seed 3) .858 from one reading, .872 by choosing, .879 by this.
    """
    better, worse = sorted((one, other), key=legible, reverse=True)
    lines: list[list[Word]] = []
    for word in better:
        if not lines or word.line != lines[-1][-1].line:
            lines.append([])
        lines[-1].append(word)
    missed = [
        word for word in worse if not _mended(lines, word) and word.confidence >= _SEEN
    ]
    for word in missed:
        _put(lines, word)
    return tuple(_numbered(lines))


def _mended(lines: list[list[Word]], word: Word) -> bool:
    """Whether the place was read already; the surer of two readings then stays."""
    hits = [
        (line, at)
        for line in lines
        for at, known in enumerate(line)
        if _shared(known.box, word.box)
        > _TOUCH * min(_area(known.box), _area(word.box))
    ]
    if len(hits) == 1:
        line, at = hits[0]
        known = line[at]
        size = max(_area(known.box), _area(word.box))
        same = _shared(known.box, word.box) > _SAME * size
        if same and word.confidence > known.confidence:
            line[at] = dataclasses.replace(word, line=known.line)
    return bool(hits)


def _put(lines: list[list[Word]], word: Word) -> None:
    """Into the line it continues, else as a line above the first that lies below."""
    box = word.box
    for line in lines:
        if any(_beside(known.box, box) for known in line):
            line.append(word)
            line.sort(key=lambda known: known.box.left)
            return
    below = (i for i, line in enumerate(lines) if line[0].box.top >= box.bottom)
    lines.insert(next(below, len(lines)), [word])


def _beside(known: Box, box: Box) -> bool:
    high = min(known.bottom, box.bottom) - max(known.top, box.top)
    gap = max(known.left, box.left) - min(known.right, box.right)
    return high > min(known.height, box.height) / 2 and gap < _NEAR * box.height


def _shared(one: Box, other: Box) -> float:
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    return wide * high if wide > 0 and high > 0 else 0.0


def _area(box: Box) -> float:
    return max(box.width * box.height, 1.0)


def _numbered(lines: list[list[Word]]) -> Iterator[Word]:
    for number, line in enumerate(lines):
        for word in line:
            yield dataclasses.replace(word, line=number)
