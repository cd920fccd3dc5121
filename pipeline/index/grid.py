"""Tables of a form: a header of known columns, and the rows of cells under it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.index.labels import Label
from pipeline.index.layout import Piece, Row
from pipeline.index.regions import says

_FEW = 2  # known columns make a header, and filled cells a row
_PARTED = 1.0  # heights of white space between two cells
_INTO = 0.5  # heights: how far left of its header a cell may begin
_CLOSE = 0.45  # heights of white space between the lines of one cell
_FAR = 4.0  # heights of white space that end a table

Cells = dict[str, list[Piece]]  # by column


@dataclass(frozen=True, slots=True)
class Header:
    """The row that names the columns; ``lefts`` and ``rights`` are px of each."""

    row: int
    columns: tuple[str, ...]  # "" for one that nobody asks for
    lefts: tuple[float, ...] = field(repr=False)
    rights: tuple[float, ...] = field(repr=False)

    def column_at(self, left: float, height: float) -> int:
        """In which column something stands that begins here."""
        at = 0
        for nth in range(1, len(self.lefts)):
            middle = (self.rights[nth - 1] + self.lefts[nth]) / 2
            if left >= min(middle, self.lefts[nth] - _INTO * height):
                at = nth
        return at


def tables_of(
    rows: tuple[Row, ...], labels: Sequence[Label], columns: Collection[str]
) -> Iterator[list[Cells]]:
    """Each table that has two of these columns or more: its rows of cells."""
    heads = headers(rows, labels, columns)
    stops = [*(header.row for header in heads), len(rows)][1:]
    for header, stop in zip(heads, stops, strict=True):
        yield _body(rows, header, stop)


def headers(
    rows: tuple[Row, ...], labels: Sequence[Label], columns: Collection[str]
) -> list[Header]:
    """The header rows, down the page."""
    named: dict[int, dict[int, Label]] = {}
    for label in labels:
        named.setdefault(label.row, {})[label.start] = label
    found = []
    for at, starting in named.items():
        kinds = {one.kind for one in starting.values()}
        if len(kinds.intersection(columns)) >= _FEW:
            found.append(_header(rows[at], at, starting, columns))
    return sorted(found, key=lambda header: header.row)


def _header(
    row: Row, at: int, starting: Mapping[int, Label], columns: Collection[str]
) -> Header:
    cells: list[tuple[str, float, float]] = []
    inside = 0
    for nth, piece in enumerate(row.pieces):
        label = starting.get(nth)
        if label or not cells or (nth >= inside and piece.gap > _PARTED):
            kind = label.kind if label and label.kind in columns else ""
            cells.append((kind, piece.box.left, piece.box.right))
            inside = label.end if label else nth + 1
        else:
            kind, left, _ = cells[-1]
            cells[-1] = (kind, left, piece.box.right)
    kinds, lefts, rights = zip(*cells, strict=True)
    return Header(at, kinds, lefts, rights)


def _body(rows: tuple[Row, ...], header: Header, stop: int) -> list[Cells]:
    found: list[Cells] = []
    before, alone = rows[header.row], 0
    first = header.columns[0]
    for row in rows[header.row + 1 : stop]:
        gap = (row.top - before.bottom) / row.height
        cells = _cells(row, header)
        if gap > _FAR or (first in cells and not says(cells[first][0])):
            break  # another table, or boxes to tick
        if len(cells) >= _FEW and first in cells:
            alone = 0
            found.append(cells)
        elif first not in cells or gap < _CLOSE:
            _go_on(found, cells)
        else:
            alone += 1
            if alone >= _FEW or _is_heading(row):
                break
        before = row
    return found


def _is_heading(row: Row) -> bool:
    return all(p.text.isupper() for p in row.pieces if not p.is_sign)


def _cells(row: Row, header: Header) -> Cells:
    cells: dict[int, list[Piece]] = {}
    at = -1
    for piece in row.pieces:
        here = header.column_at(piece.box.left, row.height)
        if at < 0 or piece.gap > _PARTED or here > at:
            at = max(here, at)
        cells.setdefault(at, []).append(piece)
    told = {nth: some for nth, some in cells.items() if any(map(_tells, some))}
    return {header.columns[nth]: some for nth, some in told.items()}


def _tells(piece: Piece) -> bool:
    return not piece.is_sign


def _go_on(found: list[Cells], cells: Cells) -> None:
    """What stands under a cell with nothing in the first column belongs to it."""
    if not found:
        return
    for column, pieces in cells.items():
        if column in found[-1]:
            found[-1][column].extend(pieces)
