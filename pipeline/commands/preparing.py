"""The rows of a patient list are made ready; those of a long one in other processes.

So that an import of millions uses all cores: two read and fold, one writes. Meanwhile
none looks for garbage: rows make none, and the looking was a fifth of the work.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.commands.shelving import Shelf, shelved
from pipeline.index.people import PatientRow, patients_of, read_patients
from pipeline.lists import BadRow
from pipeline.site import ready
from pipeline.store.helping import cores, helpers, in_order
from pipeline.store.name_rows import WordRow
from pipeline.store.patient_writing import Ready, Said

_LONG = 4_000_000  # bytes: a shorter list is read sooner than a process starts
_MOST = 2  # processes: they make rows ready as fast as one writes them

_Plain = tuple[
    tuple[Any, ...], tuple[WordRow, ...]
]  # Ready, sent in a third of the time


def prepared(file: Path) -> Iterator[Ready | BadRow]:
    """Every row of the list: in its order, or of a long one by id.

    Raises as ``read_patients`` does; of a long list before the first row.
    """
    if not file.is_file() or file.stat().st_size < _LONG:
        yield from _ready(read_patients(file))
        return
    count = min(cores(), _MOST)
    with shelved(file) as shelves, helpers(count) as pool, _no_looking():
        for bad, good in in_order(pool, count, _of_shelf, shelves):
            yield from bad
            yield from (Ready(Said._make(said), words) for said, words in good)


@contextmanager
def _no_looking() -> Iterator[None]:
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _ready(rows: Iterable[PatientRow | BadRow]) -> Iterator[Ready | BadRow]:
    for row in rows:
        yield row if isinstance(row, BadRow) else ready(row)


def _of_shelf(shelf: Shelf) -> tuple[list[BadRow], list[_Plain]]:
    """In the other process: the bad rows, and the good ones by id."""
    bad: list[BadRow] = []
    good: list[_Plain] = []
    for row in _ready(patients_of(shelf.records())):
        if isinstance(row, BadRow):
            bad.append(row)
        else:
            good.append((tuple(row.said), row.words))
    return bad, sorted(good, key=lambda row: row[0][0])
