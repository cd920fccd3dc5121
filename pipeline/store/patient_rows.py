"""The patient index in a database: who is known, under which numbers, and their stays.

A merged record stays as a row and leads to the one that survives it; its number and
its names are the survivor's too. A merged record whose survivor was never imported
leads nowhere: nothing may be filed under a number that is retired.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sqlalchemy import Connection, func, select

from pipeline.document import Encounter, NameWord, Patient, PatientId
from pipeline.store import name_rows
from pipeline.store.database import Database, open_sqlite, widen_cache
from pipeline.store.encounter_rows import Stayed, stays_of, write_encounters
from pipeline.store.key_rows import nearest, numbers_with, settle
from pipeline.store.merge_rows import (
    count_survivors,
    merged_ids,
    survivors,
    survivors_of,
)
from pipeline.store.packing import PATIENT
from pipeline.store.page_rows import portions
from pipeline.store.patient_tables import encounter as encounters
from pipeline.store.patient_tables import patient
from pipeline.store.patient_writing import (
    Ready,
    Registered,
    made_ready,
    write_people,
)
from pipeline.store.schema import AnyRow
from pipeline.store.suspect_rows import drawn, overlaid

PEOPLE_AT_ONCE = 100_000  # in one transaction: two seconds
_STAYS_AT_ONCE = 50_000


class SqlPatients:
    """The patient index over one SQLite file, the catalogue's or one of its own."""

    def __init__(self, where: Path | Database) -> None:
        self.database = where if isinstance(where, Database) else open_sqlite(where)

    # --- how it comes to know

    def keep(self, people: Iterable[Registered]) -> int:
        """Write these rows, or replace those with the same id; how many there were."""
        total = self.write(made_ready(one) for one in people)
        self.settle()
        return total

    def write(self, people: Iterable[Ready]) -> int:
        """The same, but new people are found only after ``settle``.

        Written in portions, each of which stands alone: an import that was broken off
        is simply run again.
        """
        total = 0
        for some in portions(people, PEOPLE_AT_ONCE):
            latest = {one.said.id: one for one in some}
            with self.database.writing() as rows:
                widen_cache(rows)
                write_people(rows, latest)
            total += len(some)
        return total

    def settle(self) -> None:
        """Make everybody who was written findable: minutes, of ten million."""
        settle(self.database)

    def keep_encounters(self, stays: Iterable[Stayed]) -> tuple[int, ...]:
        """Write these rows; the positions of those that belong to nobody.

        The patient is the encounter's own if it is registered, else the one with the
        MRN (at any facility, if only one person has it).
        """
        lost: list[int] = []
        for some in portions(enumerate(stays), _STAYS_AT_ONCE):
            with self.database.writing() as rows:
                lost += write_encounters(rows, some)
        return tuple(lost)

    # --- whom it knows

    def with_keys(
        self, keys: Sequence[str], most: int | None = None
    ) -> tuple[Patient, ...]:
        """Survivors of every row that has one of these keys, each once.

        With ``most`` at most so many rows are looked at, and those who share most come
        first; else all, by id.
        """
        with self.database.reading() as rows:
            if most is None:
                there = _numbered(rows, numbers_with(rows, keys))
            else:
                there = _numbered(rows, nearest(rows, keys, most))
            there += _staying(rows, keys, {row.id for row in there})
            found = survivors_of(rows, there)
        return found if most else tuple(sorted(found, key=lambda one: one.id))

    def count(self) -> int:
        """People, not rows: merged ones are not counted."""
        with self.database.reading() as rows:
            return count_survivors(rows)

    def encounters(self, patient_: PatientId) -> tuple[Encounter, ...]:
        """Of this person and of the records merged into it, newest first."""
        with self.database.reading() as rows:
            return stays_of(rows, merged_ids(rows, patient_))

    def get(self, patient_: PatientId) -> Patient | None:
        """The survivor of this row, with merged numbers and names; None: nobody."""
        with self.database.reading() as rows:
            found = survivors(rows, [patient_])
        return found[0] if found else None

    def row(self, id_: PatientId) -> Patient | None:
        """The record itself as registered, merged or not."""
        with self.database.reading() as rows:
            found = rows.scalar(select(patient.c.facts).where(patient.c.id == id_))
        return PATIENT.of_text(found) if found else None

    def rows_of(self, patient_: PatientId) -> tuple[PatientId, ...]:
        """This record and all that were merged into it."""
        with self.database.reading() as rows:
            return merged_ids(rows, patient_)

    def mrn_owner(self, mrn: str, facility: str = "") -> PatientId | None:
        """Who has this number, merged ones resolved; typed with dashes or blanks, too.

        None for nobody, and for two people at different facilities unless
        ``facility`` tells them apart.
        """
        with self.database.reading() as rows:
            owners = survivors(rows, _with_mrn(rows, mrn, facility))
        return owners[0].id if len(owners) == 1 else None

    def mrns(self, limit: int) -> tuple[str, ...]:
        """Some MRNs of the index, to learn from how the site makes them."""
        with self.database.reading() as rows:
            return tuple(rows.scalars(select(patient.c.mrn).limit(limit)))

    def mrn_begins(self, head: str, most: int) -> tuple[Patient, ...]:
        """Survivors of rows whose MRN begins so, in its order."""
        within = (patient.c.mrn >= head) & (patient.c.mrn < head + "\uffff")
        query = select(patient).where(within).order_by(patient.c.mrn).limit(most)
        with self.database.reading() as rows:
            return survivors_of(rows, rows.execute(query).all())

    def drawn(self, count: int, seed: int) -> tuple[Patient, ...]:
        """About so many survivors by chance, the same by seed."""
        with self.database.reading() as rows:
            last = rows.scalar(select(func.max(patient.c.number))) or 0
            return drawn(rows, count, seed, last)

    def overlaid(self) -> Iterator[Patient]:
        """Survivors with a stay before their birth: the record may hold two people."""
        return overlaid(self.database)

    # --- the words of their names

    def bearers(self, keys: Sequence[str]) -> dict[str, int]:
        """How many rows bear the word of each key; a word that nobody bears: 0."""
        with self.database.reading() as rows:
            return dict.fromkeys(keys, 0) | name_rows.bearers(rows, keys)

    def commoner(self, part: str, than: int) -> dict[str, int]:
        """The folded words of a part of names that more rows bear, and how many."""
        with self.database.reading() as rows:
            return name_rows.commoner(rows, part, than)

    def given_names(self, most: int) -> frozenset[str]:
        """Folded words that are given names rather than surnames, of the commonest."""
        with self.database.reading() as rows:
            return name_rows.given(rows, most)

    def words_that_begin(self, head: str, most: int) -> tuple[NameWord, ...]:
        """The commonest first."""
        with self.database.reading() as rows:
            return name_rows.begins(rows, head, most)

    def words_that_sound(self, sound: str, most: int) -> tuple[NameWord, ...]:
        """The commonest first."""
        with self.database.reading() as rows:
            return name_rows.sounds(rows, sound, most)

    def words_among(self, words: Sequence[str]) -> tuple[NameWord, ...]:
        """Those that somebody bears, the commonest first."""
        with self.database.reading() as rows:
            return name_rows.among(rows, words)


def _with_mrn(connection: Connection, mrn: str, facility: str) -> Sequence[str]:
    plain = re.sub(r"[\s-]", "", mrn)
    query = select(patient.c.id).where(patient.c.mrn.in_({mrn.strip(), plain}))
    if facility:
        query = query.where(patient.c.facility == facility)
    return connection.scalars(query).all()


def _numbered(connection: Connection, numbers: Sequence[int]) -> list[AnyRow]:
    """The rows with these numbers, in their order."""
    found: dict[int, AnyRow] = {}
    for some in portions(numbers):
        query = select(patient).where(patient.c.number.in_(some))
        found.update({row.number: row for row in connection.execute(query)})
    return [found[number] for number in numbers if number in found]


def _staying(
    connection: Connection, keys: Sequence[str], known: set[str]
) -> list[AnyRow]:
    """Those with a stay under one of these keys who are not yet known."""
    ids: set[str] = set()
    for some in portions(dict.fromkeys(keys)):
        query = select(encounters.c.patient).where(encounters.c.key.in_(some))
        ids.update(connection.scalars(query))
    return [
        row
        for some in portions(sorted(ids - known))
        for row in connection.execute(select(patient).where(patient.c.id.in_(some)))
    ]
