"""Tables of a form: a header of known columns, and the rows of cells under it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest

from rapidfuzz.distance import OSA

from pipeline.index.labels import Label
from pipeline.index.layout import Piece, Row
from pipeline.index.regions import says

_FEW = 2  # known columns make a header, and filled cells a row
_PARTED = 1.0  # heights of white space between two cells
_ALIKE = 0.65  # share of a name's letters that are right
_INTO = 0.5  # heights: how far left of its header a cell may begin
_CLOSE = 0.45  # heights of white space between the lines of one cell
_FAR = 4.0  # heights of white space that end a table

Cells = dict[str, list[Piece]]  # by column
Names = Mapping[str, Sequence[str]]  # of each column, as they are printed


@dataclass(frozen=True, slots=True)
class Header:
    """The row that names the columns; ``lefts`` and ``rights`` are px of each."""

    row: int
    columns: tuple[str, ...]  # "" for one that nobody asks for
    lefts: tuple[float, ...] = field(repr=False)
    rights: tuple[float, ...] = field(repr=False)

    @property
    def first(self) -> str:
        """The first column that is asked for; a frame's strokes may stand before it."""
        return next(filter(None, self.columns))

    def column_over(self, left: float, right: float) -> int | None:
        """The one column whose name stands over this; None for none or several."""
        spans = enumerate(zip(self.lefts, self.rights, strict=True))
        over = [nth for nth, (first, last) in spans if first < right and left < last]
        return over[0] if len(over) == 1 else None

    def column_at(self, left: float, height: float) -> int:
        """In which column something stands that begins here."""
        at = 0
        for nth in range(1, len(self.lefts)):
            middle = (self.rights[nth - 1] + self.lefts[nth]) / 2
            if left >= min(middle, self.lefts[nth] - _INTO * height):
                at = nth
        return at


def tables_of(
    rows: tuple[Row, ...], labels: Sequence[Label], columns: Names
) -> Iterator[list[Cells]]:
    """Each table that has two of these columns or more: its rows of cells."""
    heads = headers(rows, labels, columns)
    stops = [*(header.row for header in heads), len(rows)][1:]
    for header, stop in zip(heads, stops, strict=True):
        yield _body(rows, header, stop)


def headers(
    rows: tuple[Row, ...], labels: Sequence[Label], columns: Names
) -> list[Header]:
    """The header rows, down the page."""
    named: dict[int, dict[int, Label]] = {}
    for label in labels:
        if _is_head(rows[label.row].pieces, label):
            named.setdefault(label.row, {})[label.start] = label
    found = []
    for at, starting in named.items():
        kinds = {one.kind for one in starting.values()}
        if len(kinds & columns.keys()) >= _FEW:
            found.append(_header(rows[at], at, starting, columns))
    return sorted(found, key=lambda header: header.row)


def _is_head(pieces: Sequence[Piece], label: Label) -> bool:
    """Whether it stands by itself, and not in a sentence or before a value."""
    follows = pieces[label.end : label.end + 1]
    if any(piece.text == ":" for piece in follows):
        return False
    before = pieces[max(label.start - 1, 0) : label.start]
    return pieces[label.start].gap > _PARTED or not any(map(says, before))


def _header(row: Row, at: int, starting: Mapping[int, Label], columns: Names) -> Header:
    cells: list[tuple[str, list[Piece]]] = []
    inside = 0
    for nth, piece in enumerate(row.pieces):
        label = starting.get(nth)
        if label or not cells or (nth >= inside and piece.gap > _PARTED):
            kind = label.kind if label and label.kind in columns else ""
            cells.append((kind, [piece]))
            inside = label.end if label else nth + 1
        else:
            cells[-1][1].append(piece)
    heads = [(kind, some) for kind, some in cells if kind or any(map(says, some))]
    known = {kind for kind, _ in heads}
    missing = {kind: names for kind, names in columns.items() if kind not in known}
    kinds = [kind or _misread(some, missing) for kind, some in heads]
    lefts = tuple(some[0].box.left for _, some in heads)
    rights = tuple(some[-1].box.right for _, some in heads)
    return Header(at, tuple(_once(kinds)), lefts, rights)


def _misread(head: Sequence[Piece], missing: Names) -> str:
    """The column that a name stands for of which some letters are wrong, else ""."""
    said = " ".join(piece.text.lower() for piece in head if says(piece))
    alike = [
        (OSA.normalized_similarity(said, name.lower()), kind)
        for kind, names in missing.items()
        for name in names
    ]
    best, kind = max(alike, default=(0.0, ""))
    return kind if best >= _ALIKE else ""


def _once(kinds: Sequence[str]) -> Iterator[str]:
    """The first column of a name has it; a second "date" is another one."""
    for at, kind in enumerate(kinds):
        yield "" if kind in kinds[:at] else kind


def _body(rows: tuple[Row, ...], header: Header, stop: int) -> list[Cells]:
    found: list[Cells] = []
    before, alone, above = rows[header.row], 0, Cells()
    first = header.first
    told = [(row, _cells(row, header)) for row in rows[header.row + 1 : stop]]
    told = [(row, cells) for row, cells in told if cells]  # others are specks
    under = [row for row, _ in told[1:]]
    for (row, cells), below in zip_longest(told, under):
        gap = (row.top - before.bottom) / row.height
        near = gap < _CLOSE and bool(found)
        part = near and len(cells) <= len(found[-1]) / 2
        ticks = not part and len(cells) <= _FEW and _is_box(cells.get(first))
        if gap > _FAR or ticks:
            break
        if below and (first not in cells or len(cells) == 1):
            ahead = below.top - row.bottom
            if ahead < row.top - before.bottom and ahead < _CLOSE * row.height:
                above = _joined(above, cells)
                continue
        cells, above = _joined(above, cells), Cells()
        whole = len(cells) >= _FEW and _is_parted(row) and _is_under(cells, found)
        if first in cells and not part and whole:
            alone = 0
            found.append(cells)
        elif first not in cells or near:
            _go_on(found, cells, near=near)
        else:
            alone += 1
            if alone >= _FEW or _is_heading(row):
                break
        before = row
    return found


def _is_box(cell: Sequence[Piece] | None) -> bool:
    """Whether strokes of a frame are read in front of it; an empty one is none."""
    return cell is not None and not says(cell[0])


def _is_parted(row: Row) -> bool:
    """Whether white space parts the row, as it never does in prose."""
    return any(piece.gap > _PARTED for piece in row.pieces[1:])


def _is_under(cells: Cells, found: Sequence[Cells]) -> bool:
    """Whether most of its cells stand where those of rows before stand."""
    if not found:
        return True
    under = [
        any(_stands_as(cell, row[column]) for row in found if column in row)
        for column, cell in list(cells.items())[1:]
    ]
    return 2 * sum(under) >= len(under)


def _stands_as(one: Sequence[Piece], other: Sequence[Piece]) -> bool:
    """Whether both begin, or end, at one place."""
    height = other[0].box.height
    starts = abs(one[0].box.left - other[0].box.left)
    ends = abs(one[-1].box.right - other[-1].box.right)
    return min(starts, ends) < _INTO * height


def _is_heading(row: Row) -> bool:
    words = [p.text for p in row.pieces if says(p)]
    return bool(words) and all(word.isupper() for word in words)


def _cells(row: Row, header: Header) -> Cells:
    cells: dict[int, list[Piece]] = {}
    at = -1
    for some in _parts(row):
        only = header.column_over(some[0].box.left, some[-1].box.right)
        for nth, piece in enumerate(some):
            here = header.column_at(piece.box.left, row.height)
            if only is not None:
                at = max(only, at)
            elif nth == 0 or here > at:
                at = max(here, at)
            cells.setdefault(at, []).append(piece)
    told = {nth: some for nth, some in cells.items() if any(map(_tells, some))}
    return {header.columns[nth]: some for nth, some in told.items()}


def _parts(row: Row) -> Iterator[list[Piece]]:
    """The row's pieces, parted where there is white space between them."""
    starts = [at for at, piece in enumerate(row.pieces) if piece.gap > _PARTED]
    for start, end in pairwise([*starts, len(row.pieces)]):
        yield list(row.pieces[start:end])


def _tells(piece: Piece) -> bool:
    return not piece.is_sign


def _joined(above: Cells, cells: Cells) -> Cells:
    """A row with the lines of its cells that stand higher than its first cell."""
    return {
        column: [*above.get(column, ()), *pieces]
        for column, pieces in {**{column: [] for column in above}, **cells}.items()
    }


def _go_on(found: list[Cells], cells: Cells, *, near: bool) -> None:
    """What stands under a cell with nothing in the first column belongs to it."""
    if not found:
        return
    for column, pieces in cells.items():
        if near or column in found[-1]:
            found[-1][column] = [*found[-1].get(column, ()), *pieces]
