"""Rows of blocking keys: which people of the index share a key with a page.

A key is kept as a number of eight bytes made of it; that two keys make one number
brings up somebody too many once in a billion look-ups, and harms nobody. The keys of
new people are put into ``patient_key`` by ``settle``, in order of the key: ten million
people one by one would write each leaf of the tree a thousand times over.
"""

from __future__ import annotations

import math
import struct
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, delete, func, select

from pipeline.store.database import Database, insert_rows, upsert
from pipeline.store.page_rows import portions
from pipeline.store.patient_tables import keyed, patient, patient_key

CROWD = 2000  # people behind one key, looked at at most where a look-up is bounded
_SHELF_BITS = 6  # the first bits of a key choose its shelf: 64 temporary files
_SORTED_AT_ONCE = 300_000  # people; more go by way of the shelves
_WRITTEN_AT_ONCE = 400_000  # pairs in one transaction: a second
_READ_AT_ONCE = 20_000

Pair = tuple[int, int]  # key, number of a patient
Pairs = NDArray[np.int64]  # shape (n, 2): the same


def key_number(key: str) -> int:
    """Eight bytes for a key of any length, the same on every machine."""
    digest = blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def packed(keys: Iterable[int]) -> bytes:
    """Key numbers as a patient's row holds them: sorted, each once."""
    numbers = sorted(set(keys))
    return struct.pack(f"<{len(numbers)}q", *numbers)


def unpacked(blob: bytes | None) -> frozenset[int]:
    """The key numbers of a row."""
    return frozenset(one for (one,) in struct.iter_unpack("<q", blob or b""))


# --- how they come in


def move_keys(
    connection: Connection, gone: Sequence[Pair], new: Sequence[Pair]
) -> None:
    """Take these (key, number) pairs out, and put those in."""
    for key, number in gone:
        here = (patient_key.c.key == key) & (patient_key.c.patient == number)
        connection.execute(delete(patient_key).where(here))
    _insert(connection, np.array(sorted(new), dtype=np.int64).reshape(-1, 2))


def settle(database: Database) -> None:
    """Make everybody who was written findable; safe to repeat after a kill.

    A few people take milliseconds, ten million minutes and 100 MB of memory.
    """
    with database.reading() as rows:
        done = rows.scalar(select(keyed.c.upto)) or 0
        last = rows.scalar(select(func.max(patient.c.number))) or 0
    if done == last:
        return
    for pairs in _sorted(database, done, last):
        for begin in range(0, len(pairs), _WRITTEN_AT_ONCE):
            with database.writing() as rows:
                _insert(rows, pairs[begin : begin + _WRITTEN_AT_ONCE])
    with database.writing() as rows:
        new = upsert(rows, keyed).values(id=1, upto=last)
        rows.execute(
            new.on_conflict_do_update(index_elements=["id"], set_={"upto": last})
        )


def _sorted(database: Database, done: int, last: int) -> Iterator[Pairs]:
    """The pairs of people with these numbers, in ascending order of the key."""
    if last - done <= _SORTED_AT_ONCE:
        some = [*_pairs(database, done, last)]
        yield _by_key(np.concatenate(some)) if some else np.empty((0, 2), np.int64)
        return
    with ExitStack() as stack:
        shelves = [
            stack.enter_context(tempfile.TemporaryFile()) for _ in range(2**_SHELF_BITS)
        ]
        for pairs in _pairs(database, done, last):
            which = (pairs[:, 0] >> (64 - _SHELF_BITS)) + 2 ** (_SHELF_BITS - 1)
            order = np.argsort(which, kind="stable")
            cuts = np.searchsorted(which[order], np.arange(1, len(shelves)))
            for shelf, part in zip(shelves, np.split(pairs[order], cuts), strict=True):
                shelf.write(part.tobytes())
        for shelf in shelves:
            shelf.seek(0)
            yield _by_key(np.frombuffer(shelf.read(), np.int64).reshape(-1, 2))


def _pairs(database: Database, done: int, last: int) -> Iterator[Pairs]:
    query: Select[*tuple[Any, ...]] = (
        select(patient.c.number, patient.c.found_by)
        .where(patient.c.number > done, patient.c.number <= last)
        .order_by(patient.c.number)
        .execution_options(yield_per=_READ_AT_ONCE)
    )
    with database.reading() as rows:
        for some in rows.execute(query).partitions():
            blobs = [row.found_by or b"" for row in some]
            keys = np.frombuffer(b"".join(blobs), "<i8").astype(np.int64)
            people = np.array([row.number for row in some], np.int64)
            each = np.repeat(people, [len(blob) // 8 for blob in blobs])
            yield np.stack([keys, each], axis=1)


def _by_key(pairs: Pairs) -> Pairs:
    order: NDArray[np.intp] = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return pairs[order]


def _insert(connection: Connection, pairs: Pairs) -> None:
    keys, people = pairs[:, 0].tolist(), pairs[:, 1].tolist()
    insert_rows(
        connection,
        patient_key,
        ("key", "patient"),
        [*zip(keys, people, strict=True)],
        again=True,
    )


# --- how they are asked


def numbers_with(connection: Connection, keys: Sequence[str]) -> tuple[int, ...]:
    """Everybody who has one of these keys."""
    found: set[int] = set()
    for some in portions({key_number(key) for key in keys}):
        query = select(patient_key.c.patient).where(patient_key.c.key.in_(some))
        found.update(connection.scalars(query))
    return tuple(sorted(found))


def nearest(connection: Connection, keys: Sequence[str], most: int) -> tuple[int, ...]:
    """Those who share most with the keys, a rare key counting more; best first.

    Of a crowd behind one key some are looked at: two Smiths are told apart by what else
    they share, and who shares a surname's sound only is not the one.
    """
    total = connection.scalar(select(func.max(patient.c.number))) or 0
    bits: dict[int, float] = {}
    for some in portions({key_number(key) for key in keys}):
        for people in _lists(connection, some):
            rare = math.log2(1 + total / len(people))
            for number in people:
                bits[number] = bits.get(number, 0.0) + rare
    best = sorted(bits, key=lambda number: (-bits[number], number))
    return tuple(best[:most])


def _lists(connection: Connection, keys: Sequence[int]) -> Iterator[list[int]]:
    """The people behind each key, CROWD of them at most, in one statement.

    A limit for each key is no matter for IN; LATERAL is not SQLite's.
    """
    joined = {
        "postgresql": "string_agg(patient::text, ',')",
        "sqlite": "group_concat(patient)",
    }[connection.dialect.name]
    asked = ", ".join(f"({key})" for key in keys)  # whole numbers: nothing to quote
    query = (
        f"WITH asked(key) AS (VALUES {asked})"  # noqa: S608 - numbers
        f" SELECT (SELECT {joined} FROM (SELECT patient FROM patient_key AS held"
        f" WHERE held.key = asked.key LIMIT {CROWD}) AS few) FROM asked"
    )
    # by the driver: binding hundreds of values takes longer than the look-up
    for (listed,) in connection.exec_driver_sql(query).all():
        if listed:
            yield [int(number) for number in listed.split(",")]
