"""Where on a page a person's name may stand, judged by its letters alone.

A run of capitalised words in one cell of a row; every beginning and every end of it may
be a name. Which of them is one, and whose, is for the trained model to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.index.layout import Piece, Row
from pipeline.index.names import CREDENTIALS, PARTICLES, SUFFIXES, TITLES
from pipeline.index.regions import COLUMN

_IN_NAME = 1.2  # heights of white space inside a name
_FEWEST, _MOST = 2, 4  # words of a name
_LONGEST_RUN = 8  # words; a longer one is a line in capitals
_WORD = re.compile(r"[^\W\d_]+(?:['’`\-.][^\W\d_]+)*\.?")
_DEGREES = CREDENTIALS - {"do", "ma", "pt", "ot", "rd"}
_PLAIN_WORDS = """
the he she it his her this that these those we i you my our and or but of for with
from to by on in at dear sincerely yours regards cc re page date time signature signed
witness patient name dob mrn no not yes none see seen january february march april may
june july august september october november december monday tuesday wednesday thursday
friday saturday sunday street avenue road lane court drive suite hospital clinic
center medical department health records county insurance pharmacy memorial university
college
"""
_NEVER = frozenset(_PLAIN_WORDS.split()) | TITLES | _DEGREES
_SENTENCE_ENDS = 4  # letters of a word whose full stop ends a sentence


@dataclass(frozen=True, slots=True)
class NameSpan:
    """Pieces ``start`` to ``end`` of one row, end exclusive."""

    row: int
    start: int
    end: int


def name_spans(rows: Sequence[Row]) -> tuple[NameSpan, ...]:
    """Every stretch that may be a name, down the page; they overlap."""
    return tuple(
        NameSpan(at, start, end)
        for at, row in enumerate(rows)
        for start, end in _spans(row.pieces)
    )


def _spans(pieces: Sequence[Piece]) -> list[tuple[int, int]]:
    runs = list(_runs(pieces))
    found = {span for run in runs for span in _cuts(run)}
    for one, two in pairwise(runs):
        if _joined_by_comma(pieces, one, two):
            found.add((one[0], two[-1] + 1))
            found.add((one[0], two[min(1, len(two) - 1)] + 1))
    return sorted(span for span in found if _has_words(pieces[span[0] : span[1]]))


def _runs(pieces: Sequence[Piece]) -> Iterator[list[int]]:
    """Neighbouring pieces that look like parts of a name."""
    run: list[int] = []
    for at, piece in enumerate(pieces):
        if run and (piece.gap > _IN_NAME or not _follows(pieces[at - 1])):
            yield run
            run = []
        if _fits(piece, leads=not run):
            run.append(at)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _fits(piece: Piece, *, leads: bool) -> bool:
    key = piece.text.rstrip(".").replace("’", "'").lower()
    initial = len(key) == 1 and not leads  # also "I", the letter
    if not _WORD.fullmatch(piece.text):
        return False
    if key.replace(".", "") in _NEVER and not initial:
        return False
    return piece.text[0].isupper() or (not leads and key in PARTICLES)


def _follows(piece: Piece) -> bool:
    """Whether a name may go on behind the piece: a full stop ends it, not of "A."."""
    word = piece.text.rstrip(".")
    return word == piece.text or len(word) < _SENTENCE_ENDS or word.lower() in SUFFIXES


def _cuts(run: list[int]) -> Iterator[tuple[int, int]]:
    """Beginnings and ends of a run; all of it where it is short."""
    if len(run) > _LONGEST_RUN:
        return
    for size in range(_FEWEST, min(len(run), _MOST) + 1):
        yield run[0], run[size - 1] + 1
        yield run[-size], run[-1] + 1


def _joined_by_comma(pieces: Sequence[Piece], one: list[int], two: list[int]) -> bool:
    close = two[0] == one[-1] + 2 and pieces[one[-1] + 1].text == ","
    return close and pieces[two[0]].gap <= COLUMN and len(one) < _FEWEST + 1


def _has_words(pieces: Sequence[Piece]) -> bool:
    return sum(len(p.text.strip(".")) > 1 and not p.is_sign for p in pieces) > 1
