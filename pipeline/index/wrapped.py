"""A name on two lines of a narrow cell: surname and comma, then the given name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.index.cluerules import ClueRules
from pipeline.index.layout import Piece, Row
from pipeline.index.regions import COLUMN
from pipeline.index.values import Value, cell, read_person

_MOST = 4  # pieces of a surname: ESPARZA JR and its comma
_BELOW = 1.5  # heights between the two lines, at most
_NEXT_WORD = 0.4  # heights of a blank


def wrapped_name(
    rows: Sequence[Row],
    at: int,
    pieces: Sequence[Piece],
    rules: ClueRules,
    label: Piece | None = None,
) -> Value | None:
    """The name that begins with these pieces of row ``at`` and ends on the next one.

    There it begins under them, or under the ``label`` that they stand behind.
    """
    first = cell(tuple(p for p in pieces if p.text != ":"))
    if not 1 < len(first) <= _MOST or first[-1].text not in {",", ";"}:
        return None
    if (
        at + 1 >= len(rows)
        or rows[at + 1].top - rows[at].bottom > _BELOW * rows[at].height
    ):
        return None
    given = _under(first[0], rows[at + 1])
    if given is None and label is not None:
        given = _under(label, rows[at + 1])
    if given is None or not given[0].text[:1].isupper():
        return None
    joined = (*first, replace(given[0], gap=_NEXT_WORD), *given[1:])
    value = read_person(joined, rules)
    return value if value is not None and value.pieces == len(joined) else None


def _under(above: Piece, row: Row) -> Sequence[Piece] | None:
    """The cell of the row that begins where the piece above it does."""
    for at, piece in enumerate(row.pieces):
        if piece.gap > COLUMN and abs(piece.box.left - above.box.left) <= row.height:
            return cell(row.pieces[at:])
    return None
