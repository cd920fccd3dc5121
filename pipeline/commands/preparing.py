"""A long patient list is read, and its rows made ready, in a process of its own.

So that an import of millions uses two cores: one reads and folds, one writes. Meanwhile
neither looks for garbage: rows make none, and the looking was a fifth of the work.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from pipeline.errors import PipelineError, ServiceError
from pipeline.index.people import read_patients
from pipeline.lists import BadRow
from pipeline.site import ready
from pipeline.store.patient_writing import Ready

_LONG = 4_000_000  # bytes: a shorter list is read sooner than a process starts
_AT_ONCE = 2000  # rows sent in one go


def prepared(file: Path) -> Iterator[Ready | BadRow]:
    """Every row of the list, in file order. Raises as ``read_patients`` does."""
    if not file.is_file() or file.stat().st_size < _LONG:
        yield from _here(file)
        return
    mine, theirs = get_context("spawn").Pipe(duplex=False)
    child = get_context("spawn").Process(
        target=_serve, args=(theirs, file), daemon=True
    )
    child.start()
    theirs.close()
    collecting = gc.isenabled()
    gc.disable()
    try:
        while rows := _received(mine):
            yield from rows
    finally:
        if collecting:
            gc.enable()
        mine.close()
        child.kill()
        child.join()


def _here(file: Path) -> Iterator[Ready | BadRow]:
    for row in read_patients(file):
        yield row if isinstance(row, BadRow) else ready(row)


def _received(pipe: Connection) -> list[Ready | BadRow]:
    """The next rows; none at the end."""
    try:
        told = pipe.recv()
    except EOFError:
        raise ServiceError(
            "the process that read the list died: run the import again"
        ) from None
    if isinstance(told, tuple):  # an error of errors.py and its sentence
        kind, sentence = told
        raise kind(sentence)
    rows: list[Ready | BadRow] = told
    return rows


def _serve(pipe: Connection, file: Path) -> None:
    """The other process: ends when the list does, or when nobody listens."""
    gc.disable()
    rows = _here(file)
    try:
        while some := list(islice(rows, _AT_ONCE)):
            pipe.send(some)
        pipe.send([])
    except PipelineError as error:
        pipe.send((type(error), str(error)))
    except BrokenPipeError:
        return
