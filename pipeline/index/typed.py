"""A page as recognition would return it, from text in even columns of characters."""

from __future__ import annotations

import re

from pipeline.page import Box, Page, Quality, Word

_WIDE, _TALL, _PITCH = 18, 30, 45  # px of a character and a line at 300 dpi
_COLUMN = 4  # blanks that three or more of the text stand for


def typed_page(text: str, number: int = 1, confidence: float = 0.95) -> Page:
    """Its words; three blanks or more part columns, a line break ends a row."""
    words: list[Word] = []
    for line, printed in enumerate(text.split("\n")):
        top = 100 + line * _PITCH
        at, end = 0, 0
        for match in re.finditer(r"\S+", printed):
            blanks = match.start() - end
            at += blanks if blanks < 3 else blanks + _COLUMN  # noqa: PLR2004 - a column
            end = match.end()
            left, wide = 100 + at * _WIDE, len(match.group()) * _WIDE
            box = Box(left, top, left + wide, top + _TALL)
            words.append(Word(match.group(), box, confidence, line))
            at += len(match.group())
    quality = Quality(
        ink=0.05, blank=False, dpi=300, sharpness=10.0, noise=1.0, skew=0.0,
        legibility=confidence,
    )  # fmt: skip
    return Page(number, (2550, 3300), tuple(words), (), 300, 0, quality, "typed")
