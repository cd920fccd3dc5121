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
from typing import IO, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select

from pipeline.document import Patient
from pipeline.store.database import Database
from pipeline.store.helping import cores, helpers, in_order
from pipeline.store.merge_rows import survives
from pipeline.store.packing import PATIENT
from pipeline.store.page_rows import portions
from pipeline.store.patient_tables import patient

A = TypeVar("A")
B = TypeVar("B")
T = TypeVar("T")

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
Judge = Callable[[Patient, Patient], Iterable[T]]
Where = Database | str  # the URL of one, for another process


def together(one: Patient, other: Patient) -> tuple[tuple[Patient, Patient]]:
    """A judge that says nothing but who they are."""
    return ((one, other),)


def near_pairs(
    database: Database, nearness: Nearness, slip_keys: SlipKeys, judge: Judge[T]
) -> Iterator[T]:
    """What ``judge`` says of survivors who share a key, or a slip beside another.

    Two by two, each pair once; of a crowd behind one key each is brought together with
    the next few only.
    """
    with database.reading() as rows:
        last = rows.scalar(select(func.max(patient.c.number))) or 0
    with ExitStack() as stack:
        where, work = stack.enter_context(_workers(database, last))
        keys, besides = (
            [stack.enter_context(tempfile.TemporaryFile()) for _ in range(_SHELVES)]
            for _ in range(2)
        )
        told = work(partial(_records, where, nearness), range(0, last, _AT_ONCE))
        for some_keys, some_besides in told:
            _shelve(keys, some_keys)
            _shelve(besides, some_besides)
        found = [*work(_neighbours, map(_held, keys))]
        found += work(partial(_slips, slip_keys), map(_held, besides))
        pairs = _each_once(found)
        portions_ = (pairs[at : at + _AT_ONCE] for at in range(0, len(pairs), _AT_ONCE))
        for said in work(partial(_judged, where, judge), portions_):
            yield from said


class _Work(Protocol):
    """``map``, in this process or in others."""

    def __call__(self, do: Callable[[A], B], on: Iterable[A], /) -> Iterator[B]: ...


@contextmanager
def _workers(database: Database, people: int) -> Iterator[tuple[Where, _Work]]:
    if people <= _MANY:
        yield database, _here
        return
    url = database.engine.url.render_as_string(hide_password=False)
    with helpers(count := cores()) as pool:
        yield url, partial(in_order, pool, count)


def _here(do: Callable[[A], B], on: Iterable[A], /) -> Iterator[B]:
    return map(do, on)


def _opened(where: Where) -> Database:
    return where if isinstance(where, Database) else _opened_there(where)


@cache
def _opened_there(url: str) -> Database:
    return Database(url)


def _records(where: Where, nearness: Nearness, begin: int) -> Records:
    """What these people may share."""
    there = (patient.c.number > begin) & (patient.c.number <= begin + _AT_ONCE)
    query = select(patient.c.number, patient.c.facts).where(there, survives())
    with _opened(where).reading() as rows:
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


def _held(shelf: IO[bytes]) -> bytes:
    shelf.seek(0)
    held = shelf.read()
    shelf.truncate(0)
    return held


def _neighbours(held: bytes) -> Pairs:
    records = np.frombuffer(held, _KEY)
    return _each_once([_pairs(records["key"], records["number"])])


def _slips(slip_keys: SlipKeys, held: bytes) -> Pairs:
    """Those who share a slip of their MRN, among who share what stands beside it."""
    records = np.frombuffer(held, _BESIDE)
    records = records[np.argsort(records["key"])]
    same = records["key"][1:] == records["key"][:-1]
    records = records[np.append(same, False) | np.append(False, same)[: len(records)]]
    if not len(records):
        return _each_once([])
    beside = records["key"].astype(np.uint64)
    keyed = slip_keys(records["mrn"], beside)
    return _each_once([_pairs(keys, records["number"]) for keys in keyed])


def _each_once(found: Sequence[Pairs]) -> Pairs:
    """Sorted by the two numbers, which are below 2**31: many times as fast as rows."""
    pairs = np.concatenate([np.empty((0, 2), np.int64), *found])
    both = np.unique(pairs[:, 0] << 32 | pairs[:, 1])
    return np.stack([both >> 32, both & (2**32 - 1)], axis=1)


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


def _judged(where: Where, judge: Judge[T], pairs: Pairs) -> list[T]:
    people: dict[int, Patient] = {}
    with _opened(where).reading() as rows:
        for some in portions(np.unique(pairs).tolist()):
            query = select(patient.c.number, patient.c.facts)
            for row in rows.execute(query.where(patient.c.number.in_(some))):
                people[row.number] = PATIENT.of_text(row.facts)
    return [
        said
        for one, other in pairs.tolist()
        for said in judge(people[one], people[other])
    ]
