"""Lists as CSV: those that a site hands over, and those that are handed out.

A bad row is told by line and column, never by its content, and the rest is taken. What
is handed out is opened in spreadsheets, which run a cell that begins as a formula: one
quote before it makes it text (OWASP, CSV Injection), and is left out when read again.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO, TypeVar

from pipeline.errors import UnreadableFile

Row = dict[str, str]
FORMULA = tuple("=+-@\t\n＝＋－＠")  # what begins one, in some spreadsheet
Record = tuple[int, list[str]]  # the line of its end, its cells
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was left out, and why; without a word of its content."""

    line: int
    reason: str


class Unfit(ValueError):
    """A field cannot be taken; the message names its column only."""


class Fields(Row):
    """A row whose missing optional columns read as empty."""

    def __missing__(self, column: str) -> str:
        return ""


def read_list(
    file: Path, rows_in: Callable[[Iterable[str]], Iterator[T]]
) -> Iterator[T]:
    """What ``rows_in`` makes of the file's lines.

    Raises UnreadableFile if it is no list in UTF-8.
    """
    try:
        opened = file.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        why = error.strerror
        raise UnreadableFile(f"the list cannot be opened: {why}") from None
    with opened as lines:
        try:
            yield from rows_in(lines)
        except UnicodeDecodeError:
            # the original message quotes the bytes
            raise UnreadableFile("the list is not UTF-8: export it as such") from None


def rows_of(
    lines: Iterable[str], needed: tuple[str, ...], known: tuple[str, ...] = ()
) -> Iterator[tuple[int, Row]]:
    """Each row with its line, cells by column: white space made single blanks.

    With ``known`` a column of another name is refused. Raises UnreadableFile.
    """
    return rows_in(records_of(lines), needed, known)


def records_of(lines: Iterable[str]) -> Iterator[Record]:
    """Each record with its line, the header first. Raises UnreadableFile."""
    reader = csv.reader(lines, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise UnreadableFile(
            f"line {reader.line_num} is not CSV: mend its quotes and import again"
        ) from error


def rows_in(
    records: Iterable[Record], needed: tuple[str, ...], known: tuple[str, ...] = ()
) -> Iterator[tuple[int, Row]]:
    """The rows that ``rows_of`` makes of these records."""
    left = iter(records)
    header = header_of(next(left, (0, []))[1], needed, known)
    for line, cells in left:
        # most cells are one word or none: of ten million rows that is a minute
        fields = [c if c.isalnum() or not c else plain_cell(c) for c in cells]
        if not any(fields):
            continue
        fields += [""] * (len(header) - len(fields))
        # a surplus field shifts the rest: the row is refused by its key
        row = Fields(zip(header, fields, strict=False))
        if len(fields) > len(header):
            row |= dict.fromkeys(needed, "")
        yield line, row


def write_list(
    out: TextIO, columns: Sequence[str], rows: Iterable[Mapping[str, object]]
) -> None:
    """Header and rows; no text among them is a formula to a spreadsheet."""
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _guarded(value) for name, value in row.items()})


def _guarded(value: object) -> object:
    """Numbers as they are: a minus is theirs."""
    if not isinstance(value, str):
        return value
    text = value.replace("\r", "\n")  # csv does not quote it, and so it would end a row
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text


def plain_cell(cell: str) -> str:
    """White space made single blanks, and the guard of our own lists taken off."""
    if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA):
        cell = cell[1:]
    return " ".join(cell.split())


def needed_in(row: Row, column: str) -> str:
    """The text of a column that may not be empty; raises Unfit."""
    if not row[column]:
        raise Unfit(f"{column}: empty, or the row has a field too many")
    return row[column]


def header_of(
    cells: Iterable[str], needed: tuple[str, ...], known: tuple[str, ...] = ()
) -> list[str]:
    """The columns that the first record names; raises UnreadableFile."""
    header = [c.strip().lower().removeprefix("\ufeff") for c in cells]
    if missing := [column for column in needed if column not in header]:
        raise UnreadableFile(
            f"the list has no column {', '.join(missing)}: check its header line"
        )
    if known and (strange := [c for c in header if c and c not in known]):
        raise UnreadableFile(
            f"the list has a column {', '.join(strange)} that is not known: name it as"
            " one of these, or leave it out: " + ", ".join(known)
        )
    return header
