"""Brings people of the index together who have something in common, in bounded memory.

What they must have in common is index's to say, as numbers; here they are sorted, by
way of temporary files of which one is in memory at a time. Of many people the numbers
are made in a process for each core.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from typing import IO, Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from pipeline.document import Patient
from pipeline.store.database import Database
from pipeline.store.helping import cores, helpers
from pipeline.store.merge_rows import survives
from pipeline.store.packing import PATIENT
from pipeline.store.page_rows import portions
from pipeline.store.patient_tables import patient

CROWD = 40  # people behind one key: each is compared with the next ones only
AHEAD = 3
_SHELVES = 64
_AT_ONCE = 5000  # people, or pairs
_MANY = 100_000  # people, above which processes are worth their start
_WIDTH = 24

_KEY = np.dtype([("key", "<i8"), ("number", "<i8")])
_BESIDE = np.dtype([("key", "<i8"), ("number", "<i8"), ("mrn", "u1", _WIDTH)])

Pairs = NDArray[np.int64]  # shape (n, 2): numbers of patients, the lower first
SlipKeys = Callable[
    [NDArray[np.uint8], NDArray[np.uint64]], Iterable[NDArray[np.uint64]]
]


class Near(Protocol):
    """Index's Nearness of one person."""

    @property
    def keys(self) -> tuple[int, ...]: ...

    @property
    def beside(self) -> tuple[int, ...]: ...

    @property
    def number(self) -> bytes: ...


Records = tuple[NDArray[np.void], NDArray[np.void]]  # _KEY and _BESIDE
Nearness = Callable[[Patient], Near]


def near_pairs(
    database: Database, nearness: Nearness, slip_keys: SlipKeys
) -> Iterator[tuple[Patient, Patient]]:
    """Survivors two by two who share a key, or a slip beside another; each pair once.

    Of a crowd behind one key each is brought together with the next few only.
    """
    with ExitStack() as stack:
        keys, besides = (
            [stack.enter_context(tempfile.TemporaryFile()) for _ in range(_SHELVES)]
            for _ in range(2)
        )
        for some_keys, some_besides in stack.enter_context(_told(database, nearness)):
            _shelve(keys, some_keys)
            _shelve(besides, some_besides)
        found = [_neighbours(_read(shelf, _KEY)) for shelf in keys]
        for shelf in besides:
            found += _slips(_read(shelf, _BESIDE), slip_keys)
    pairs = np.unique(np.concatenate(found), axis=0)
    for begin in range(0, len(pairs), _AT_ONCE):
        with database.reading() as rows:
            yield from _loaded(rows, pairs[begin : begin + _AT_ONCE])


@contextmanager
def _told(database: Database, nearness: Nearness) -> Iterator[Iterable[Records]]:
    """What everybody may share, some people at a time."""
    with database.reading() as rows:
        last = rows.scalar(select(func.max(patient.c.number))) or 0
    begins = range(0, last, _AT_ONCE)
    if last <= _MANY:
        yield (_records(database, nearness, begin) for begin in begins)
        return
    url = database.engine.url.render_as_string(hide_password=False)
    one = partial(_records_there, url, nearness)
    with helpers(cores()) as pool:
        yield pool.map(one, begins)


def _records_there(url: str, nearness: Nearness, begin: int) -> Records:
    return _records(_opened(url), nearness, begin)


@cache
def _opened(url: str) -> Database:
    return Database(url)


def _records(database: Database, nearness: Nearness, begin: int) -> Records:
    there = (patient.c.number > begin) & (patient.c.number <= begin + _AT_ONCE)
    query = select(patient.c.number, patient.c.facts).where(there, survives())
    with database.reading() as rows:
        found = rows.execute(query).all()
    told = [(row.number, nearness(PATIENT.of_text(row.facts))) for row in found]
    return _keys_of(told), _besides_of(told)


def _keys_of(told: Sequence[tuple[int, Near]]) -> NDArray[np.void]:
    keys = [key for _, near in told for key in near.keys]
    found = np.empty(len(keys), _KEY)
    found["key"] = keys
    found["number"] = [number for number, near in told for _ in near.keys]
    return found


def _besides_of(told: Sequence[tuple[int, Near]]) -> NDArray[np.void]:
    rows = [(number, near, one) for number, near in told for one in near.beside]
    found = np.zeros(len(rows), _BESIDE)
    found["key"] = [one for *_, one in rows]
    found["number"] = [number for number, *_ in rows]
    mrns = b"".join(near.number.ljust(_WIDTH, b"\0")[:_WIDTH] for _, near, _ in rows)
    found["mrn"] = np.frombuffer(mrns, np.uint8).reshape(-1, _WIDTH)
    return found


def _shelve(shelves: Sequence[IO[bytes]], records: NDArray[np.void]) -> None:
    which = records["key"] % len(shelves)
    order = np.argsort(which, kind="stable")
    cuts = np.searchsorted(which[order], np.arange(1, len(shelves)))
    for shelf, part in zip(shelves, np.split(records[order], cuts), strict=True):
        shelf.write(part.tobytes())


def _read(shelf: IO[bytes], kind: np.dtype[np.void]) -> NDArray[np.void]:
    shelf.seek(0)
    return np.frombuffer(shelf.read(), kind)


def _slips(records: NDArray[np.void], slip_keys: SlipKeys) -> Iterator[Pairs]:
    """Those who share a slip of their MRN, among who share what stands beside it."""
    if not len(records):
        return
    records = records[np.argsort(records["key"])]
    same = records["key"][1:] == records["key"][:-1]
    among = np.append(same, False) | np.append(False, same)
    records = records[among]
    beside = records["key"].astype(np.uint64)
    for keys in slip_keys(records["mrn"], beside):
        yield _pairs(keys, records["number"])


def _neighbours(records: NDArray[np.void]) -> Pairs:
    return _pairs(records["key"], records["number"])


def _pairs(
    keys: NDArray[np.int64] | NDArray[np.uint64], numbers: NDArray[np.int64]
) -> Pairs:
    order = np.lexsort((numbers, keys))
    keys, numbers = keys[order], numbers[order]
    begins = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))[: len(keys)]
    sizes = np.diff(np.append(begins, len(keys)))
    crowded = np.repeat(sizes > CROWD, sizes)
    found = [np.empty((0, 2), np.int64)]
    for ahead in range(1, min(CROWD, int(sizes.max(initial=0)))):
        same = keys[ahead:] == keys[:-ahead]
        if ahead > AHEAD:
            same &= ~crowded[:-ahead]
        if not same.any():
            break
        pair = np.stack([numbers[:-ahead][same], numbers[ahead:][same]], axis=1)
        found.append(pair[pair[:, 0] != pair[:, 1]])
    return np.sort(np.concatenate(found), axis=1)


def _loaded(connection: Connection, pairs: Pairs) -> Iterator[tuple[Patient, Patient]]:
    people: dict[int, Patient] = {}
    for some in portions(np.unique(pairs).tolist()):
        query = select(patient.c.number, patient.c.facts)
        for row in connection.execute(query.where(patient.c.number.in_(some))):
            people[row.number] = PATIENT.of_text(row.facts)
    for one, other in pairs.tolist():
        yield people[one], people[other]
