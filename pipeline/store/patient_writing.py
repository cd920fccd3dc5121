"""How people come into the index: new rows, and those that the list says anew.

A list of ten million is mostly the list of the night before, so that a row that says
nothing new is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from pipeline.document import NameWord, Patient
from pipeline.store.key_rows import Pair, key_number, move_keys, packed, unpacked
from pipeline.store.name_rows import count_words
from pipeline.store.packing import PATIENT
from pipeline.store.page_rows import portions
from pipeline.store.patient_tables import patient
from pipeline.store.schema import AnyRow

_SAID = ("mrn", "facility", "born", "merged_into", "facts", "found_by")  # by a list


@dataclass(frozen=True, slots=True)
class Registered:
    """One row of the index: a person, the keys to find it by, the MRN it went into.

    ``words`` are those of its names; their keys are among ``keys``.
    """

    patient: Patient
    keys: tuple[str, ...] = field(repr=False)
    merged_into: str = field(default="", repr=False)  # "" for a survivor
    words: tuple[NameWord, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Ready:
    """The same as it is written: all that needs no database is done."""

    values: dict[str, Any] = field(repr=False)
    words: tuple[NameWord, ...] = field(repr=False)


def made_ready(one: Registered) -> Ready:
    """A row with its facts and keys packed."""
    return Ready(_row(one), one.words)


def write_people(connection: Connection, people: Sequence[Ready]) -> None:
    """Write each id once. New rows are found by their keys after ``settle`` only."""
    standing = _standing(connection, [one.values["id"] for one in people])
    number = connection.scalar(select(func.max(patient.c.number))) or 0
    new, changed = [], []
    words: list[NameWord] = []
    gone: list[Pair] = []
    more: list[Pair] = []
    for one in people:
        row = one.values
        old = standing.get(row["id"])
        if old is None:
            number += 1
            new.append(row | {"number": number})
            words += one.words
        elif any(row[column] != getattr(old, column) for column in _SAID):
            before, now = unpacked(old.found_by), unpacked(row["found_by"])
            gone += [(key, old.number) for key in before - now]
            more += [(key, old.number) for key in now - before]
            words += [w for w in one.words if key_number(w.key) not in before]
            changed.append({f"new_{c}": row[c] for c in _SAID} | {"at": old.number})
    if new:
        connection.execute(insert(patient), new)
    if changed:
        values: dict[str, Any] = {
            column: bindparam(f"new_{column}") for column in _SAID
        }
        there = patient.c.number == bindparam("at")
        connection.execute(update(patient).where(there).values(values), changed)
        move_keys(connection, gone, more)
    count_words(connection, words, (key for key, _ in gone))


def _standing(connection: Connection, ids: Iterable[str]) -> dict[str, AnyRow]:
    columns = (patient.c.id, patient.c.number, *(patient.c[c] for c in _SAID))
    found: dict[str, AnyRow] = {}
    for some in portions(ids):
        rows = connection.execute(select(*columns).where(patient.c.id.in_(some)))
        found.update({row.id: row for row in rows})
    return found


def _row(one: Registered) -> dict[str, Any]:
    return {
        "id": one.patient.id,
        "mrn": one.patient.mrn,
        "facility": one.patient.facility,
        "born": one.patient.born,
        "merged_into": one.merged_into or None,
        "facts": PATIENT.text(one.patient),
        "found_by": packed(map(key_number, one.keys)),
    }
