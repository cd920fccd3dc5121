"""Dates without a label: behind a signature, and alone in a cell.

A signature's line tells when its paper was written. In the head of a form whose labels
were not legible (white on black, say), and at the end of a row whose signature is not,
a lone date may be the paper's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.finding import Clue
from pipeline.index.cluerules import ClueRules
from pipeline.index.datelabels import begins
from pipeline.index.layout import Piece, Row
from pipeline.index.names import CREDENTIALS
from pipeline.index.regions import COLUMN
from pipeline.index.values import Value, read_any_day

SIGNED, BARE = "signed", "bare date"
_HEAD = 14  # rows
_BARE_SURE = 0.35  # confidence that a date in a head must have been read with
_DEGREE = "|".join(
    r"\.? ?".join(degree.upper()) for degree in sorted(CREDENTIALS, reverse=True)
)
_SIGNER = re.compile(rf"[,.] *(?:{_DEGREE})\b|\bM\. ?D\b", re.IGNORECASE)
_SEEN = re.compile(
    r"\b(?:see(?:n|ing)?|saw|examin\w+|evaluat\w+|visit\w*|presented)\b.* on$",
    re.IGNORECASE,
)  # a letter's sentence: "I saw her in my office on"
_MOMENT = re.compile(r"[\d:.apmAPMhrs\s,at@]*\W*$")  # a time of day may follow


def dates_without_label(
    rows: Sequence[Row], page: int, rules: ClueRules, skipped: frozenset[int]
) -> Iterator[Clue]:
    """Clues of fields "signed" and "bare date" down the page, labelled ones among them.

    ``skipped`` are rows that a fax machine printed.
    """
    for at, row in enumerate(rows):
        if at not in skipped:
            for field, value in _in_row(row, rules, head=at < _HEAD):
                yield Clue(
                    field, value.text, value.value, page, value.box, value.confidence
                )


def _in_row(row: Row, rules: ClueRules, *, head: bool) -> Iterator[tuple[str, Value]]:
    pieces = row.pieces
    for at, piece in enumerate(pieces):
        if not any(c.isalnum() for c in piece.text) or not _may_begin(pieces[at:]):
            continue
        value = read_any_day(pieces[at:], rules)
        if value is None:
            continue
        end = at + value.pieces
        before = " ".join(p.text for p in pieces[:at])
        behind = " ".join(p.text for p in pieces[end:])
        if _signs(before) and _MOMENT.fullmatch(behind):
            yield SIGNED, value
            return
        alone = begins(pieces, at) and _cell_ends(pieces[end:])
        placed = alone and (head or (at > 1 and end == len(pieces)))
        if (placed or _SEEN.search(before)) and value.confidence >= _BARE_SURE:
            yield BARE, value


def _signs(before: str) -> bool:
    """Whether a degree stands before the date, and neither a label nor another date."""
    degrees = list(_SIGNER.finditer(before))
    rest = before[degrees[-1].end() :] if degrees else ":"
    return not any(c == ":" or c.isdigit() for c in rest)


def _may_begin(rest: Sequence[Piece]) -> bool:
    """Whether a date may begin here; spares the reading of every other word."""
    return any(c.isdigit() for piece in rest[:2] for c in piece.text)


def _cell_ends(rest: Sequence[Piece]) -> bool:
    """Whether nothing but a time of day stands behind the date in its cell."""
    for piece in rest:
        if piece.gap > COLUMN:
            return True
        if not (piece.is_sign or piece.text[:1].isdigit()):
            return False
    return True
