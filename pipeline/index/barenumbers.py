"""Numbers that stand on a row without a label and are made as a record's."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.finding import Clue
from pipeline.index.cluerules import ClueRules
from pipeline.index.layout import Piece, Row
from pipeline.index.numbers import check
from pipeline.index.numbervalues import read_mrn
from pipeline.index.values import Value

_COUNTED = frozenset({"no", "nr", "number", "file", "id", "case", "lot", "order"})


def taken(piece: Piece, labelled: Sequence[Clue]) -> bool:
    """Whether a clue was read from the piece."""
    return any(clue.box.holds(piece.box) for clue in labelled)


def bare_number(
    row: Row, rules: ClueRules, labelled: Sequence[Clue]
) -> tuple[Value, ...]:
    """The row's first free number that is made as a record's."""
    for at, piece in enumerate(row.pieces):
        before = row.pieces[at - 1] if at else None
        if before is not None and _belongs_to(before, piece):
            continue
        if before is not None and before.text.lower().strip(".") in _COUNTED:
            continue
        if not any(c.isdigit() for c in piece.text[:2]) or taken(piece, labelled):
            continue
        value = read_mrn(row.pieces[at : at + 7], rules)
        if value is not None and check(value.value, rules.mrn):
            return (value,)
    return ()


def _belongs_to(before: Piece, piece: Piece) -> bool:
    """Whether it is a piece of what stands before it; "(01234567" is not."""
    if before.text in ("(", "["):
        return False
    between = before.text in ("/", "|") and piece.gap > 0
    return (before.is_sign and not between) or piece.gap == 0
