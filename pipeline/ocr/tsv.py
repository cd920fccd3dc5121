"""Tesseract's table of words (TSV), read into ours."""

from __future__ import annotations

import itertools

from pipeline.page import Box, Word

_WORD_LEVEL = "5"
_COLUMNS = 12
_RULES = " _|"  # what a form's rules and boxes are read as, at a word's ends
_BAR = "|"  # and what a plain "I" is read as: one before a small letter is no rule


def words(tsv: str) -> tuple[Word, ...]:
    """Words in reading order, in px of the image that was read.

    ``line`` counts from 0; rows that are not words, empty words and words without a
    confidence are left out, and so are rules read as letters. Source: tesseract(1),
    "tsv": level, page, block, paragraph, line, word, left, top, width, height,
    confidence 0..100, text.
    """
    found: list[Word] = []
    place: list[str] = []
    line = -1
    rows = [row for row in map(_cells, tsv.split("\n")) if row]
    for cells, after in itertools.pairwise([*rows, []]):
        text = as_print(cells[11], after[11] if after[2:5] == cells[2:5] else "")
        confidence = float(cells[10])
        if not text or confidence < 0:
            continue
        if cells[2:5] != place:
            place, line = cells[2:5], line + 1
        found.append(Word(text, _box(cells[6:10]), min(confidence / 100, 1.0), line))
    return tuple(found)


def as_print(text: str, after: str) -> str:
    """A word without the rules that were read as letters of it; "" if it is just those.

    ``after`` is what follows it in its line.
    """
    if text == _BAR and after[:1].islower():
        return "I"
    return text.strip(_RULES)


def _cells(row: str) -> list[str]:
    """The cells of a word's row; of any other none."""
    cells = row.split("\t")
    return cells if len(cells) == _COLUMNS and cells[0] == _WORD_LEVEL else []


def _box(cells: list[str]) -> Box:
    left, top, width, height = (int(cell) for cell in cells)
    return Box(left, top, left + width, top + height)
