"""Values that go on: in a sentence, down a column, over the end of a full line."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.index.cluerules import ClueRules
from pipeline.index.labels import Label
from pipeline.index.layout import Piece, Row
from pipeline.index.regions import COLUMN
from pipeline.index.values import Value, read_any_day, read_day

_FLUSH = 1.0  # heights by which two lines of one cell may begin apart
_NEXT_LINE = 2.0  # heights from one line of a cell to the next, at most


def in_sentence(rows: Sequence[Row], label: Label, value: Value) -> bool:
    """Whether words run on before the label or behind the date beside it."""
    pieces = rows[label.row].pieces
    after = pieces[label.end : label.end + 1 + value.pieces]
    if not after or after[0].is_sign or value.box.left < after[0].box.left:
        return False
    rest = pieces[label.end + value.pieces : label.end + value.pieces + 1]
    words = [*rest, *pieces[max(label.start - 1, 0) : label.start]]
    gaps = [p.gap for p in (*rest, pieces[label.start])]
    return any(
        w.text.islower() and len(w.text) > 1 and gap <= COLUMN / 2
        for w, gap in zip(words, gaps, strict=False)
    )


def latest_of(column: Sequence[Sequence[Piece]], rules: ClueRules) -> Value | None:
    """The latest day in a column of several."""
    found = [day for cell in column if cell and (day := read_day(cell, rules))]
    return max(found, key=lambda day: day.value) if len(found) > 1 else None


def turned_over(rows: Sequence[Row], label: Label, rules: ClueRules) -> Value | None:
    """A date that begins the next line, its label and colon having filled this one.

    "Admission Date: 09/03/2016  Discharge Date:" with "09/05/2016" under "Admission".
    """
    pieces = rows[label.row].pieces
    ends = label.end < len(pieces) and pieces[label.end].text == ":"
    if not (label.start and ends) or label.row + 1 >= len(rows):
        return None
    row, below = rows[label.row], rows[label.row + 1]
    flush = abs(below.pieces[0].box.left - pieces[0].box.left) < _FLUSH * row.height
    if not flush or below.top - row.top > _NEXT_LINE * row.height:
        return None
    return read_any_day(below.pieces[:4], rules)
