"""How probable it is that what is held was printed and read as what was seen.

A noisy channel of recognition errors: natural log-probabilities, error rates per
character. What people do wrong (a wrong label, a changed name) is evidence's business.
Source: docs/SCIENCE.md, section 1.5.
"""

from __future__ import annotations

import datetime as dt
import math
from functools import lru_cache
from operator import ne

from rapidfuzz.distance import OSA

from pipeline.finding import Clue

MARK_ERROR = 1e-6  # per character of a bar code: they check themselves
_CONFUSABLE = 1 / 3  # share of errors that take a character of the same class
_OTHER_LETTER = 1 / 25
_OTHER_DIGIT = 1 / 9
_LEAST, _MOST = 0.001, 0.3  # errors per character that no page beats, or is worse than
_DATE_DIGITS = 8
_CLASSES = str.maketrans("0ODQ1LIT7|5S8B36GC2ZVUYW", "00001111115588866622VVVV")
_PAIRS = (("RN", "M"), ("CL", "D"), ("VV", "W"))


def error_rate(clue: Clue) -> float:
    """Errors per character to expect in this clue, by how probably it is right."""
    least = _LEAST if clue.by == "words" else MARK_ERROR
    return _error_rate(clue.text, clue.confidence, least)


@lru_cache(maxsize=4096)  # asked of each candidate
def _error_rate(text: str, confidence: float, least: float) -> float:
    letters = max(sum(map(str.isalnum, text)), 1)
    right: float = max(confidence, 0.0) ** (1 / letters)  # each of them
    return min(max(1 - right, least), _MOST)


@lru_cache(maxsize=65536)
def canonical(text: str) -> str:
    """The text with every character replaced by its class of look-alikes."""
    for pair, single in _PAIRS:
        text = text.replace(pair, single)
    return text.translate(_CLASSES)


@lru_cache(maxsize=65536)
def log_channel(seen: str, held: str, eps: float) -> float:
    """Ln P(seen | held): optimal string alignment, plain and on look-alike classes."""
    if seen == held:
        return len(held) * math.log1p(-eps)
    edits = OSA.distance(seen, held)
    alien = min(edits, OSA.distance(canonical(seen), canonical(held)))
    other = _OTHER_DIGIT if held.isdigit() else _OTHER_LETTER
    kept = max(len(seen), len(held)) - edits
    return (
        kept * math.log1p(-eps)
        + alien * math.log(eps * other)
        + (edits - alien) * math.log(eps * _CONFUSABLE)
    )


def log_date_channel(seen: dt.date, held: dt.date, eps: float) -> float:
    """Ln P(seen | held), digit by digit of YYYYMMDD; nothing shifts in a date."""
    if seen == held:
        return _DATE_DIGITS * math.log1p(-eps)
    same, like, other = (
        math.log1p(-eps),
        math.log(eps * _CONFUSABLE),
        math.log(eps * _OTHER_DIGIT),
    )
    log_p = 0.0  # added up digit by digit: what ties stays tied
    for read, true in zip(_digits(seen), _digits(held), strict=True):
        if read == true:
            log_p += same
        else:
            log_p += like if canonical(read) == canonical(true) else other
    return log_p


def digits_apart(one: dt.date, other: dt.date) -> int:
    """How many of the eight digits of two dates differ."""
    return sum(map(ne, _digits(one), _digits(other)))


@lru_cache(maxsize=65536)
def _digits(day: dt.date) -> str:
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"  # strftime pads no year


def is_swapped(one: dt.date, other: dt.date) -> bool:
    """Whether the dates differ by an exchange of day and month."""
    if one.year != other.year or one == other:
        return False
    return one.month == other.day and one.day == other.month
