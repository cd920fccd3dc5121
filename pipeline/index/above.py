"""Values that stand above their labels: a form's line to write on, its name below.

Some houses print the label under the line, or beside it in small letters that sit lower
than what was typed. Read only in the head of a page, where nothing stands beside or
below the label, and only what fills its cell.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pipeline.index.cluerules import ClueRules
from pipeline.index.labels import Label
from pipeline.index.layout import Piece, Row
from pipeline.index.regions import COLUMN
from pipeline.index.values import Reader, Value
from pipeline.page import Box

FIELDS = frozenset({"mrn", "account", "encounter", "born", "name"})
_HEAD = 14  # rows
_NEAR = 1.6  # heights between the label and the line above it


def value_above(
    rows: Sequence[Row],
    label: Label,
    stop: float,
    reader: Reader,
    rules: ClueRules,
    taken: Collection[Box],
) -> Value | None:
    """What stands over the label up to ``stop`` px, unless it is in ``taken``."""
    if not 0 < label.row < _HEAD:
        return None
    row, above = rows[label.row], rows[label.row - 1]
    if row.top - above.bottom > _NEAR * row.height:
        return None
    cell = _cell_over(row.pieces[label.start].box, row.height, above.pieces, stop)
    if not cell or any(box.holds(piece.box) for piece in cell for box in taken):
        return None
    value = reader(cell, rules)
    return value if value is not None and value.pieces == len(cell) else None


def _cell_over(
    label: Box, height: float, above: Sequence[Piece], stop: float
) -> tuple[Piece, ...]:
    """The first cell above that begins where the label does, or is set higher."""
    starts = [i for i, p in enumerate(above) if p.gap > COLUMN]
    for at in starts:
        box = above[at].box
        aligned = abs(box.left - label.left) <= height
        raised = label.right <= box.left and label.top < box.bottom
        if box.left < stop - 1 and (aligned or raised):
            end = next((i for i in starts if i > at), len(above))
            return tuple(above[at:end])
    return ()
