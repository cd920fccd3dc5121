"""The rows of a patient list are made ready; those of a long one in other processes.

So that an import of millions uses all cores: two read and fold, one writes. Meanwhile
none looks for garbage: rows make none, and the looking was a fifth of the work.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from pipeline.commands.shelving import Shelf, shelved
from pipeline.index.people import PatientRow, patients_of, read_patients
from pipeline.lists import BadRow
from pipeline.site import ready
from pipeline.store.helping import cores, helpers
from pipeline.store.patient_writing import Ready

_LONG = 4_000_000  # bytes: a shorter list is read sooner than a process starts
_MOST = 2  # processes: they make rows ready as fast as one writes them


def prepared(file: Path) -> Iterator[Ready | BadRow]:
    """Every row of the list: in its order, or of a long one by id.

    Raises as ``read_patients`` does; of a long list before the first row.
    """
    if not file.is_file() or file.stat().st_size < _LONG:
        yield from _ready(read_patients(file))
        return
    count = min(cores(), _MOST)
    with shelved(file) as shelves, helpers(count) as pool, _no_looking():
        ahead = deque(pool.submit(_of_shelf, one) for one in islice(shelves, count + 1))
        while ahead:
            rows = ahead.popleft().result()
            ahead.extend(pool.submit(_of_shelf, one) for one in islice(shelves, 1))
            yield from rows


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


def _of_shelf(shelf: Shelf) -> list[Ready | BadRow]:
    """In the other process: the bad rows, then the good ones by id."""
    rows = [*_ready(patients_of(shelf.records()))]
    return sorted(rows, key=_id)


def _id(row: Ready | BadRow) -> str:
    return "" if isinstance(row, BadRow) else row.said.id
