"""A long patient list is put into shelves by the ids of its people.

Ids come in no order, and the index keeps them in order: a list of ten million, written
as it comes, meets half of the index's leaves in every portion, and the disk is what it
waits for. Shelf by shelf each leaf is met once. Whoever is listed twice is so on one
shelf, in the order of the list; so that each can be made ready alone, by any process.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple

from pipeline.errors import StoreUnavailable
from pipeline.index.people import PATIENT_COLUMNS, patient_id
from pipeline.lists import Record, header_of, plain_cell, read_list, records_of
from pipeline.store.temporary import NO_ROOM

SHELVES = 128  # files; of ten million people 8 MB each
_FIRST_BITS = 8  # of an id, in two digits


class Shelf(NamedTuple):
    """What is on one of them: records as CSV, the line of each before its cells."""

    header: tuple[str, ...]
    text: str

    def __repr__(self) -> str:
        return f"Shelf({len(self.text)})"

    def records(self) -> Iterator[Record]:
        """The header, then these records of the list, in its order."""
        yield 1, [*self.header]
        for line, *cells in csv.reader(io.StringIO(self.text, newline="")):
            yield int(line), cells


@contextmanager
def shelved(file: Path) -> Iterator[Iterator[Shelf]]:
    """The shelves of the list, ascending by id. Raises as ``read_patients`` does."""
    records = read_list(file, records_of)
    header = next(records, (0, []))[1]
    at = _Columns(header_of(header, PATIENT_COLUMNS))
    with _files() as shelves:
        _fill(shelves, records, at)
        yield (Shelf(tuple(header), _text(shelf)) for shelf in shelves)


@contextmanager
def _files() -> Iterator[list[IO[str]]]:
    """One a shelf, nameless, gone at the end."""
    shelves: list[IO[str]] = []
    try:
        with _room():
            shelves.extend(_file() for _ in range(SHELVES))
        yield shelves
    finally:
        for shelf in shelves:
            with suppress(OSError):  # a full disk: what is left has nowhere to go
                shelf.close()


def _file() -> IO[str]:
    return tempfile.TemporaryFile("w+", encoding="utf-8", newline="")


@contextmanager
def _room() -> Iterator[None]:
    """Raises StoreUnavailable where there is none on the disk."""
    try:
        yield
    except OSError:
        raise StoreUnavailable(NO_ROOM) from None


class _Columns:
    """Where the columns stand that make an id; of two of one name the last counts."""

    def __init__(self, header: Sequence[str]) -> None:
        at = {column: place for place, column in enumerate(header)}
        self._mrn, self._facility = at["mrn"], at.get("facility", len(header))

    def shelf(self, cells: Sequence[str]) -> int:
        mrn, facility = (
            plain_cell(cells[place]) if place < len(cells) else ""
            for place in (self._mrn, self._facility)
        )
        first = int(patient_id(mrn, facility)[1:3], 16)
        return first * SHELVES >> _FIRST_BITS


def _fill(
    shelves: Sequence[IO[str]], records: Iterator[Record], columns: _Columns
) -> None:
    # with both of its ends of a line, so that neither is left unquoted within a cell
    put = [csv.writer(shelf, lineterminator="\r\n").writerow for shelf in shelves]
    for line, cells in records:
        try:
            put[columns.shelf(cells)]((line, *cells))
        except OSError:  # of writing; what reading the list raises is another matter
            raise StoreUnavailable(NO_ROOM) from None
    with _room():
        for shelf in shelves:
            shelf.flush()


def _text(shelf: IO[str]) -> str:
    shelf.seek(0)
    text = shelf.read()
    shelf.truncate(0)  # its room on the disk is for the index now
    return text
