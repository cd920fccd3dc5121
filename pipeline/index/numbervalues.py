"""Reads a number behind its label: a record's, an account's, an encounter's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.index.cluerules import ClueRules
from pipeline.index.dates import read_date
from pipeline.index.layout import Piece
from pipeline.index.numbers import MrnFormat, as_digits, check, fits, normalise
from pipeline.index.values import NEAR, Stretch, Value, after_signs, cell, value_of

_DATED = re.compile(r"\d{1,2}([\-.])\d{1,2}\1(?:19|20)\d{2}")
_PLACE = re.compile(r",\s*[A-Z]{2}\.? \d{5}\b")  # a state; surnames are Lane and Court
_NAMED = re.compile(r"(?:MRN?|M|NO)(\d+)")


def read_mrn(pieces: Sequence[Piece], rules: ClueRules) -> Value | None:
    """A record number, also in spaced groups; not a date, a phone or a word."""
    offered = after_signs(pieces)
    skip = len(pieces) - len(offered)
    # a record number of eight digits may lack its zeros, not most of its digits
    fewest = max(min(rules.mrn.lengths, default=0) // 2, 3)
    value = _grouped(pieces, skip, rules.mrn) or _numbered(pieces, rules, fewest)
    if value is None or not _is_number(value, pieces, rules.mrn):
        return None
    return replace(value, value=_without_letters(value.value, rules.mrn))


def _without_letters(number: str, form: MrnFormat) -> str:
    """MR01234567 of a site whose numbers are digits: what names it is no part of it."""
    bare = _NAMED.fullmatch(number)
    return bare[1] if bare and not form.prefix and check(bare[1], form) else number


def _is_number(value: Value, pieces: Sequence[Piece], form: MrnFormat) -> bool:
    """Not where it is far too short and a street: "1901 Cathedral Avenue"."""
    if not form.lengths or len(value.value) >= min(form.lengths) - 1:
        return True
    said = Stretch.of(cell(pieces[value.pieces - 1 :])).text
    return _PLACE.search(said) is None


def read_number(pieces: Sequence[Piece], rules: ClueRules) -> Value | None:
    """An account, encounter or other number: one piece with three digits or more."""
    return _numbered(pieces, rules, 3)


def _numbered(pieces: Sequence[Piece], rules: ClueRules, fewest: int) -> Value | None:
    offered = after_signs(pieces)
    skip = len(pieces) - len(offered)
    if not offered:
        return None
    text = offered[0].text
    few = sum(c.isdigit() for c in text) < fewest  # room 12 is no account
    dated = _DATED.fullmatch(text) or read_date(
        text, rules.received, rules.date_order, bare=False
    )
    if few or dated or text.count("/") > 1:  # a date, be it impossible
        return None
    return value_of(pieces, (skip, skip + 1), normalise(text))


def _grouped(pieces: Sequence[Piece], skip: int, form: MrnFormat) -> Value | None:
    for end in range(min(len(pieces), skip + 7), skip, -1):
        chosen = pieces[skip:end]
        if any(p.gap > NEAR for p in chosen[1:]):
            continue
        text = Stretch.of(chosen).text
        read = as_digits(text, form)
        printed = sum(c.isdigit() for c in text)
        dated = "/" in text or _DATED.fullmatch(text)  # misread, or it were one
        if fits(read, form) and printed * 2 >= len(read) and not dated:
            return value_of(pieces, (skip, end), read)
    return None
