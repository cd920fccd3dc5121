"""How people come into the index: new rows, and those that the list says anew.

A list of ten million is mostly the list of the night before, so that a row that says
nothing new is left as it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select, update

from pipeline.document import NameWord, Patient, PatientId
from pipeline.store.database import insert_rows
from pipeline.store.key_rows import Pair, key_number, move_keys, packed, unpacked
from pipeline.store.name_rows import WordRow, count_words, word_row
from pipeline.store.packing import PATIENT
from pipeline.store.page_rows import portions
from pipeline.store.patient_tables import patient
from pipeline.store.schema import AnyRow

_OTHERS = 2  # rows read for one that is asked for, at most


@dataclass(frozen=True, slots=True)
class Registered:
    """One row of the index: a person, the keys to find it by, the MRN it went into.

    ``words`` are those of its names, and found by without being among ``keys``.
    """

    patient: Patient
    keys: Iterable[str] = field(repr=False)
    merged_into: str = field(default="", repr=False)  # "" for a survivor
    words: tuple[NameWord, ...] = field(default=(), repr=False)


class Said(NamedTuple):
    """What a list says of one row: the columns of ``patient`` that it fills."""

    id: PatientId
    mrn: str
    facility: str
    born: dt.date | None
    merged_into: str | None
    facts: str
    found_by: bytes

    def __repr__(self) -> str:
        return f"Said({self.id!r})"


class Ready(NamedTuple):
    """A row as it is written: all that needs no database is done.

    Tuples, for they go from one process to another by the million.
    """

    said: Said
    words: tuple[WordRow, ...]

    def __repr__(self) -> str:
        return f"Ready({self.said.id!r})"


def made_ready(one: Registered) -> Ready:
    """A row with its facts and keys packed."""
    words = tuple([word_row(w.part, w.word, w.sound) for w in one.words])
    numbers = [*map(key_number, one.keys), *[word.key for word in words]]
    said = Said(
        one.patient.id,
        one.patient.mrn,
        one.patient.facility,
        one.patient.born,
        one.merged_into or None,
        PATIENT.text(one.patient),
        packed(numbers),
    )
    return Ready(said, words)


def write_people(connection: Connection, people: Mapping[PatientId, Ready]) -> None:
    """Write these rows by id. New ones are found by their keys after ``settle``."""
    standing = _standing(connection, people.keys())
    number = connection.scalar(select(func.max(patient.c.number))) or 0
    new: list[tuple[object, ...]] = []
    changed: list[dict[str, object]] = []
    words: list[WordRow] = []
    gone: list[Pair] = []
    more: list[Pair] = []
    for id_, (said, its_words) in people.items():
        old = standing.get(id_)
        if old is None:
            number += 1
            new.append((*said, number))
            words += its_words
        elif said != old[1:]:
            before, now = unpacked(old.found_by), unpacked(said.found_by)
            gone += [(key, old.number) for key in before - now]
            more += [(key, old.number) for key in now - before]
            words += [word for word in its_words if word.key not in before]
            values = {f"new_{c}": value for c, value in said._asdict().items()}
            changed.append(values | {"at": old.number})
    # by MRN, so that each leaf of that index is written once; those of the ids are few,
    # where a list comes by id, and stay in memory meanwhile
    by_mrn = sorted(new, key=itemgetter(Said._fields.index("mrn")))
    insert_rows(connection, patient, (*Said._fields, "number"), by_mrn)
    if changed:
        _change(connection, changed)
        move_keys(connection, gone, more)
    count_words(connection, words, (key for key, _ in gone))


def _change(connection: Connection, changed: Sequence[Mapping[str, object]]) -> None:
    values: dict[str, Any] = {
        c: bindparam(f"new_{c}") for c in Said._fields if c != "id"
    }
    there = patient.c.number == bindparam("at")
    connection.execute(update(patient).where(there).values(values), changed)


def _standing(connection: Connection, ids: Collection[str]) -> dict[str, AnyRow]:
    """The rows with these ids that are there.

    A long list comes by id: then one look at the stretch of the index that its portion
    covers finds them, and no others.
    """
    if not ids:
        return {}
    columns = (patient.c.number, *(patient.c[c] for c in Said._fields))
    stretch = patient.c.id.between(min(ids), max(ids))
    few = select(patient.c.id).where(stretch).limit(_OTHERS * len(ids) + 1)
    as_here = connection.dialect.name == "sqlite"  # the order of texts
    if as_here and len(connection.scalars(few).all()) <= _OTHERS * len(ids):
        rows = connection.execute(select(*columns).where(stretch))
        return {row.id: row for row in rows if row.id in ids}
    found: dict[str, AnyRow] = {}
    for some in portions(ids):
        rows = connection.execute(select(*columns).where(patient.c.id.in_(some)))
        found.update({row.id: row for row in rows})
    return found
