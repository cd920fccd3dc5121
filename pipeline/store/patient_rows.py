"""Rows of the patient index: who is known, under which numbers, and their stays.

A merged record stays as a row and leads to the one that survives it; its number and
its names are the survivor's too. A merged record whose survivor was never imported
leads nowhere: nothing may be filed under a number that is retired.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, or_, select

from pipeline.document import Encounter, Identifier, Name, Patient, PatientId
from pipeline.store.database import Database, open_sqlite, upsert
from pipeline.store.packing import PATIENT
from pipeline.store.page_rows import portions
from pipeline.store.schema import AnyRow, patient, patient_key, patient_word
from pipeline.store.schema import encounter as encounters

PORTION = 2000  # people written in one transaction


@dataclass(frozen=True, slots=True)
class Stayed:
    """One encounter, the key to find its patient by, and the MRN it names."""

    encounter: Encounter
    key: str = field(repr=False)
    mrn: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Registered:
    """One row of the index: a person, the keys to find it by, the MRN it went into."""

    patient: Patient
    keys: tuple[str, ...] = field(repr=False)
    merged_into: str = field(default="", repr=False)  # "" for a survivor


class SqlPatients:
    """The patient index over one SQLite file, the catalogue's or one of its own."""

    def __init__(self, where: Path | Database) -> None:
        self.database = where if isinstance(where, Database) else open_sqlite(where)

    def keep(self, people: Iterable[Registered]) -> int:
        """Write these rows, or replace those with the same id; how many there were.

        Written in portions, each of which stands alone: an import that was broken off
        is simply run again.
        """
        total = 0
        for some in portions(people, PORTION):
            latest = {one.patient.id: one for one in some}
            with self.database.writing() as rows:
                _write(rows, list(latest.values()))
            total += len(some)
        return total

    def keep_encounters(self, stays: Iterable[Stayed]) -> tuple[int, ...]:
        """Write these rows; the positions of those that belong to nobody.

        The patient is the encounter's own if it is registered, else the one with the
        MRN (at any facility, if only one person has it).
        """
        lost: list[int] = []
        for some in portions(enumerate(stays), PORTION):
            with self.database.writing() as rows:
                lost += _write_encounters(rows, some)
        return tuple(lost)

    def with_keys(self, keys: Sequence[str]) -> tuple[Patient, ...]:
        """Survivors of every row that has one of these keys, each once, by id."""
        with self.database.reading() as rows:
            ids: set[str] = set()
            for some in portions(dict.fromkeys(keys)):
                for table in (patient_key, encounters):
                    found = select(table.c.patient).where(table.c.key.in_(some))
                    ids.update(rows.scalars(found.distinct()))
            return _survivors(rows, ids)

    def count(self) -> int:
        """People, not rows: merged ones are not counted."""
        with self.database.reading() as rows:
            alive = patient.c.merged_into.is_(None)
            query = select(func.count()).select_from(patient).where(alive)
            return rows.scalar(query) or 0

    def encounters(self, patient_: PatientId) -> tuple[Encounter, ...]:
        """Of this person and of the records merged into it, newest first."""
        with self.database.reading() as rows:
            found = rows.execute(
                select(encounters)
                .where(encounters.c.patient.in_(merged_ids(rows, patient_)))
                .order_by(
                    encounters.c.admit.is_(None),
                    encounters.c.admit.desc(),
                    encounters.c.facility,
                    encounters.c.number,
                )
            ).all()
        return tuple(
            Encounter(r.number, r.facility, patient_, r.kind, r.admit, r.discharge)
            for r in found
        )

    def find(self, text: str, limit: int) -> tuple[Patient, ...]:
        """Survivors whose MRN, or each of whose words, begins as typed; best first.

        Words are parts of any name they ever had; an ISO date is a birth date.
        """
        words = text.split()
        if not words:
            return ()
        with self.database.reading() as rows:
            query = select(patient.c.id)
            for word in words:
                query = query.where(_matches(word))
            ids = rows.scalars(query.order_by(patient.c.id).limit(limit * 4)).all()
            found = _survivors(rows, ids)
        return tuple(sorted(found, key=_shown)[:limit])

    def get(self, patient_: PatientId) -> Patient | None:
        """The survivor of this row, with merged numbers and names; None: nobody."""
        with self.database.reading() as rows:
            found = _survivors(rows, [patient_])
        return found[0] if found else None

    def mrn_owner(self, mrn: str, facility: str = "") -> PatientId | None:
        """Who has this number, merged ones resolved; typed with dashes or blanks, too.

        None for nobody, and for two people at different facilities unless
        ``facility`` tells them apart.
        """
        with self.database.reading() as rows:
            plain = re.sub(r"[\s-]", "", mrn)
            query = select(patient.c.id).where(patient.c.mrn.in_({mrn.strip(), plain}))
            if facility:
                query = query.where(patient.c.facility == facility)
            owners = _survivors(rows, rows.scalars(query).all())
        return owners[0].id if len(owners) == 1 else None

    def mrns(self, limit: int) -> tuple[str, ...]:
        """Some MRNs of the index, to learn from how the site makes them."""
        with self.database.reading() as rows:
            return tuple(rows.scalars(select(patient.c.mrn).limit(limit)))

    def name_counts(self, names: Sequence[str]) -> dict[str, int]:
        """How many rows of the index have each of these name parts."""
        folded_of = {name: fold(name) for name in names}
        counts: dict[str, int] = {}
        with self.database.reading() as rows:
            for some in portions(set(folded_of.values())):
                found = rows.execute(
                    select(patient_word.c.word, func.count().label("rows"))
                    .where(patient_word.c.word.in_(some))
                    .group_by(patient_word.c.word)
                )
                counts.update({row.word: row.rows for row in found})
        return {name: counts.get(word, 0) for name, word in folded_of.items()}


def merged_ids(connection: Connection, patient_: PatientId) -> tuple[PatientId, ...]:
    """This row and every one that was merged into it, itself first."""
    own = connection.execute(_people([patient_])).all()
    merged = _merged_rows(connection, own)
    return (patient_, *(PatientId(row.id) for rows in merged.values() for row in rows))


def fold(name: str) -> str:
    """Upper case letters and digits only, without accents."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(c for c in plain if c.isalnum()).upper()


def _write(connection: Connection, people: Sequence[Registered]) -> None:
    ids = [one.patient.id for one in people]
    new = upsert(connection, patient)
    columns = ("mrn", "facility", "born", "merged_into", "facts")
    connection.execute(
        new.on_conflict_do_update(
            index_elements=["id"], set_={c: new.excluded[c] for c in columns}
        ),
        [_row(one) for one in people],
    )
    for table, column, of in (
        (patient_key, "key", lambda one: set(one.keys)),
        (patient_word, "word", _words),
    ):
        for some in portions(ids):
            connection.execute(delete(table).where(table.c.patient.in_(some)))
        if links := [
            {column: value, "patient": one.patient.id}
            for one in people
            for value in sorted(of(one))
        ]:
            connection.execute(insert(table), links)


def _row(one: Registered) -> dict[str, Any]:
    return {
        "id": one.patient.id,
        "mrn": one.patient.mrn,
        "facility": one.patient.facility,
        "born": one.patient.born,
        "merged_into": one.merged_into or None,
        "facts": PATIENT.text(one.patient),
    }


def _words(one: Registered) -> set[str]:
    parts = {
        fold(part)
        for name in one.patient.names
        for whole in (name.family, name.given, name.middle)
        for part in (whole, *whole.replace("-", " ").split())
    }
    return parts - {""}


def _write_encounters(
    connection: Connection, some: Sequence[tuple[int, Stayed]]
) -> list[int]:
    """The positions of those that belong to nobody; the others are written."""
    known: set[str] = set()
    for ids in portions({one.encounter.patient for _, one in some}):
        known.update(
            connection.scalars(select(patient.c.id).where(patient.c.id.in_(ids)))
        )
    owners = _owners(
        connection, {one.mrn for _, one in some if one.encounter.patient not in known}
    )
    values: dict[tuple[str, str], dict[str, Any]] = {}
    lost = []
    for position, one in some:
        stay = one.encounter
        owner = stay.patient if stay.patient in known else owners.get(one.mrn)
        if owner is None:
            lost.append(position)
            continue
        values[stay.facility, stay.number] = {
            "facility": stay.facility,
            "number": stay.number,
            "patient": owner,
            "key": one.key,
            "kind": stay.kind,
            "admit": stay.admit,
            "discharge": stay.discharge,
        }
    if values:
        new = upsert(connection, encounters)
        columns = ("patient", "key", "kind", "admit", "discharge")
        connection.execute(
            new.on_conflict_do_update(
                index_elements=["facility", "number"],
                set_={c: new.excluded[c] for c in columns},
            ),
            list(values.values()),
        )
    return lost


def _owners(connection: Connection, mrns: Iterable[str]) -> dict[str, str]:
    """The one row with each MRN; numbers that several rows have are left out."""
    found: dict[str, list[str]] = {}
    for some in portions(mrns):
        rows = connection.execute(
            select(patient.c.mrn, patient.c.id).where(patient.c.mrn.in_(some))
        )
        for row in rows:
            found.setdefault(row.mrn, []).append(row.id)
    return {mrn: ids[0] for mrn, ids in found.items() if len(ids) == 1}


def _matches(word: str) -> Any:  # noqa: ANN401 - a condition of any kind
    begins = fold(word)
    named = (
        select(patient_word.c.patient)
        .where(patient_word.c.word >= begins, patient_word.c.word < begins + "\uffff")
        .scalar_subquery()
    )
    conditions = [patient.c.mrn == word, patient.c.mrn == word.replace("-", "")]
    if begins:
        conditions.append(patient.c.id.in_(named))
    if date := _date(word):
        conditions.append(patient.c.born == date)
    return or_(*conditions)


def _date(word: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(word)
    except ValueError:
        return None


def _shown(one: Patient) -> tuple[str, str, str]:
    return fold(one.names[0].family), fold(one.names[0].given), one.mrn


# --- who became whom


def _people(ids: Iterable[str]) -> Select[*tuple[Any, ...]]:
    return select(patient).where(patient.c.id.in_(list(ids)))


def _survivors(connection: Connection, ids: Iterable[str]) -> tuple[Patient, ...]:
    """The people in whom these rows live on, each once, by id."""
    ends: dict[str, AnyRow] = {}
    for some in portions(ids):
        rows = connection.execute(_people(some)).all()
        seen: set[str] = set()  # merges may run in a circle: then nobody is left
        while rows:
            seen.update(row.id for row in rows)
            ends.update({row.id: row for row in rows if row.merged_into is None})
            became = _targets(connection, [row for row in rows if row.merged_into])
            rows = [row for row in became.values() if row.id not in seen]
    merged = _merged_rows(connection, list(ends.values()))
    return tuple(_whole(ends[id_], merged.get(id_, [])) for id_ in sorted(ends))


def _targets(connection: Connection, rows: Sequence[AnyRow]) -> dict[str, AnyRow]:
    """The row that each of these was merged into, by the id of the merged one.

    The surviving number counts at the same facility first; else only one may have it.
    """
    with_mrn: dict[str, list[AnyRow]] = {}
    for some in portions({row.merged_into for row in rows}):
        for row in connection.execute(select(patient).where(patient.c.mrn.in_(some))):
            with_mrn.setdefault(row.mrn, []).append(row)
    found = {}
    for row in rows:
        there = with_mrn.get(row.merged_into, [])
        same = [other for other in there if other.facility == row.facility]
        for target in same or (there if len(there) == 1 else []):
            found[row.id] = target
    return found


def _merged_rows(
    connection: Connection, ends: Sequence[AnyRow]
) -> dict[str, list[AnyRow]]:
    """The rows that were merged into each of these, directly or by way of others."""
    root = {end.id: end.id for end in ends}
    found: dict[str, list[AnyRow]] = {}
    level = list(ends)
    while level:
        into: list[AnyRow] = []
        for some in portions({row.mrn for row in level}):
            query = select(patient).where(patient.c.merged_into.in_(some))
            into += connection.execute(query.order_by(patient.c.id))
        became = _targets(connection, into)
        level = []
        for row in into:
            target = became.get(row.id)
            if row.id in root or target is None or target.id not in root:
                continue
            root[row.id] = root[target.id]
            found.setdefault(root[row.id], []).append(row)
            level.append(row)
    return found


def _whole(row: AnyRow, merged: Sequence[AnyRow]) -> Patient:
    """The survivor with the numbers and names of the records merged into it."""
    person = PATIENT.of_text(row.facts)
    names, identifiers = list(person.names), list(person.identifiers)
    for other in merged:
        old = PATIENT.of_text(other.facts)
        names += [replace(name, alias=True) for name in old.names]
        identifiers += [Identifier(old.mrn, old.facility, "MR"), *old.identifiers]
    return replace(
        person, names=_each_once(names), identifiers=tuple(dict.fromkeys(identifiers))
    )


def _each_once(names: Iterable[Name]) -> tuple[Name, ...]:
    """Names in order, without an alias that says the same as a name before it."""
    found: dict[Name, Name] = {}
    for name in names:
        found.setdefault(replace(name, alias=False), name)
    return tuple(found.values())
