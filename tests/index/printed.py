"""Pages as recognition would return them, from lines of text as they are printed."""

import datetime as dt
import re

from pipeline.index.cluerules import ClueRules
from pipeline.index.numbers import MrnFormat
from pipeline.page import Box, Page, Quality, Word

RULES = ClueRules(
    received=dt.date(2014, 5, 1),
    mrn=MrnFormat((8,), "", "none"),
    authorities=("Eastvale Regional Hospital",),
)
_WIDE, _TALL, _PITCH = 18, 30, 45  # px of a character and a line at 300 dpi


def page_of(
    text: str, number: int = 1, confidence: float = 0.95, marks: tuple = ()
) -> Page:
    words = []
    for line, printed in enumerate(text.strip("\n").split("\n")):
        top = 100 + line * _PITCH
        for match in re.finditer(r"\S+", printed):
            box = Box(
                100 + match.start() * _WIDE,
                top,
                100 + match.end() * _WIDE,
                top + _TALL,
            )
            words.append(Word(match.group(), box, confidence, line))
    quality = Quality(0.05, False, 300, 10.0, 1.0, 0.0, confidence)
    return Page(number, (2550, 3300), tuple(words), marks, 300, 0, quality, "typed")


def clue_map(clues) -> dict:
    """Values by field and role, in order: {"born": [...], "name/clinician": [...]}."""
    found: dict[str, list[str]] = {}
    for clue in clues:
        key = clue.field if clue.role == "subject" else f"{clue.field}/{clue.role}"
        found.setdefault(key, []).append(clue.value)
    return found
