"""Rows of holding records: people of the archive whom the index does not know.

What holds of one is its last row: what the paper says, and whom a steward linked it
to. A row is never changed, nor is a filed version: whose it is, is found when read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy import Connection, func, insert, select

from pipeline.document import Holding, PatientId, is_held
from pipeline.store.books import chain
from pipeline.store.database import Database, utc_now
from pipeline.store.holding_table import holding
from pipeline.store.merge_rows import merged_ids
from pipeline.store.packing import HOLDING
from pipeline.store.page_rows import portions


class SqlHoldings:
    """The holding records over the catalogue's database. Raises StoreUnavailable."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        self.database = database
        self._now = clock

    def get(self, id_: PatientId) -> Holding | None:
        """The record with this id as it stands."""
        if not is_held(id_):
            return None
        with self.database.reading() as rows:
            return _standing(rows, id_)

    def all(self) -> tuple[Holding, ...]:
        """Every record as it stands, the one that was opened first first."""
        last = select(func.max(holding.c.seq)).group_by(holding.c.id)
        first = func.min(holding.c.seq).over(partition_by=holding.c.id).label("first")
        told = select(holding.c.seq, holding.c.facts, first).subquery()
        query = select(told.c.facts).where(told.c.seq.in_(last))
        with self.database.reading() as rows:
            found = rows.scalars(query.order_by(told.c.first)).all()
        return tuple(HOLDING.of_text(facts) for facts in found)

    def whose(self, id_: PatientId) -> PatientId:
        """The patient that a record is linked to; every other id is its own."""
        found = self.get(id_)
        return found.patient if found and found.patient else id_

    def open(self, said: Holding, by: str) -> Holding:
        """Keep what the paper says; of a record that stands only what it lacked."""
        with self.database.writing() as rows:
            old = _standing(rows, said.id)
            if old is None:
                return self._write(rows, replace(said, patient=None), "opened", by)
            new = replace(
                old,
                family=old.family or said.family,
                given=old.given or said.given,
                born=old.born or said.born,
            )
            return old if new == old else self._write(rows, new, "completed", by)

    def link(self, id_: PatientId, patient: PatientId, by: str) -> Holding:
        """From now on all its paper is this patient's.

        Raises KeyError for an unknown record, ValueError for one that is linked.
        """
        with self.database.writing() as rows:
            old = _standing(rows, id_)
            if old is None:
                raise KeyError(id_)
            if old.patient == patient:
                return old
            if old.patient is not None:
                raise ValueError(f"{id_} is linked")
            return self._write(rows, replace(old, patient=patient), "linked", by)

    def unlink(self, id_: PatientId, by: str) -> Holding:
        """Its paper is the record's own again. Raises KeyError for an unknown one."""
        with self.database.writing() as rows:
            old = _standing(rows, id_)
            if old is None:
                raise KeyError(id_)
            if old.patient is None:
                return old
            return self._write(rows, replace(old, patient=None), "unlinked", by)

    def _write(self, rows: Connection, new: Holding, did: str, by: str) -> Holding:
        now = self._now()
        values = {"id": new.id, "facts": HOLDING.text(new), "patient": new.patient}
        rows.execute(insert(holding).values(**values, did=did, by=by, at=now))
        what = f"{new.id} to {new.patient}" if new.patient else new.id
        line = (by, f"{did} holding record", what)
        chain(rows, line, now, (new.patient or new.id, ""))
        return new


def chart_of(connection: Connection, patient: PatientId) -> tuple[PatientId, ...]:
    """Every id under which this patient's paper is filed."""
    ids = merged_ids(connection, patient)
    return (*ids, *linked_to(connection, ids))


def linked_to(
    connection: Connection, patients: Sequence[PatientId]
) -> tuple[PatientId, ...]:
    """The records that are linked to one of these patients now."""
    last = select(func.max(holding.c.seq)).group_by(holding.c.id)
    found: list[PatientId] = []
    for some in portions(patients):
        query = select(holding.c.id).where(holding.c.patient.in_(some))
        once = connection.scalars(query.distinct()).all()
        for ids in portions(once):
            now = last.where(holding.c.id.in_(ids))
            still = query.where(holding.c.seq.in_(now)).order_by(holding.c.seq)
            found += [PatientId(id_) for id_ in connection.scalars(still)]
    return tuple(found)


def _standing(connection: Connection, id_: PatientId) -> Holding | None:
    query = select(holding.c.facts).where(holding.c.id == id_)
    facts = connection.scalar(query.order_by(holding.c.seq.desc()).limit(1))
    return HOLDING.of_text(facts) if facts else None
