"""What an index steward does with two records, and the numbers of older houses.

A merge is an edge (``alias_of``) that is followed when people are read, and an unmerge
takes it away; who did it and why is kept in rows that are only ever added.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, or_, select, update

from pipeline.document import PatientId
from pipeline.store.books import chain
from pipeline.store.database import Database, upsert, utc_now
from pipeline.store.key_rows import key_number, move_keys
from pipeline.store.merge_rows import survivors
from pipeline.store.page_rows import portions
from pipeline.store.patient_tables import old_number, patient, steward

MERGED, UNMERGED = "merged", "unmerged"


@dataclass(frozen=True, slots=True)
class StewardAct:
    """A merge of one row into another, or its undoing; None: the list's merge."""

    patient: PatientId
    other: PatientId | None
    did: str
    reason: str = field(repr=False)
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class OldNumber:
    """A number of an older or another house, whose it is, and the key to find it by."""

    value: str = field(repr=False)
    authority: str
    mrn: str = field(repr=False)
    key: str = field(repr=False)


class SqlSteward:
    """The steward's acts over the catalogue's database. Raises StoreUnavailable."""

    def __init__(
        self, database: Database, clock: Callable[[], dt.datetime] = utc_now
    ) -> None:
        self._database = database
        self._now = clock

    def merge(self, one: PatientId, into: PatientId, by: str, reason: str) -> None:
        """The first row lives on in the second from now on.

        Raises KeyError for a row that is not there, ValueError for one that was merged
        already, and for a circle.
        """
        with self._database.writing() as rows:
            if _edge(rows, one) != (None, None):
                raise ValueError("merged already")
            ends = survivors(rows, [into])
            if not ends or ends[0].id == one:
                raise ValueError("a circle of merges, or one that leads nowhere")
            there = update(patient).where(patient.c.id == one)
            rows.execute(there.values(alias_of=into))
            self._keep(rows, (one, into, MERGED), by, reason)

    def unmerge(self, one: PatientId, by: str, reason: str) -> bool:
        """The row is a person again; whether the hospital's list had merged it.

        Then the next list merges it again, unless it is mended there. Raises KeyError,
        and ValueError for one that was not merged.
        """
        with self._database.writing() as rows:
            alias, listed = _edge(rows, one)
            if alias is None and listed is None:
                raise ValueError("not merged")
            there = update(patient).where(patient.c.id == one)
            edge = {"merged_into": None} if alias is None else {"alias_of": None}
            rows.execute(there.values(edge))
            was = PatientId(alias) if alias else None
            self._keep(rows, (one, was, UNMERGED), by, reason)
        return alias is None

    def _keep(
        self,
        rows: Connection,
        act: tuple[PatientId, PatientId | None, str],
        by: str,
        reason: str,
    ) -> None:
        one, other, did = act
        now = self._now()
        values = {"patient": one, "other": other, "did": did, "reason": reason}
        rows.execute(insert(steward).values(**values, by=by, at=now))
        what = f"patient {one} and {other}" if other else f"patient {one}"
        chain(rows, (by, did, what), now, (one, ""))

    def acts(self, ids: Sequence[PatientId]) -> tuple[StewardAct, ...]:
        """Those about these rows, on either side, oldest first."""
        about = or_(steward.c.patient.in_(ids), steward.c.other.in_(ids))
        with self._database.reading() as rows:
            found = rows.execute(select(steward).where(about).order_by(steward.c.seq))
            return tuple(
                StewardAct(r.patient, r.other, r.did, r.reason, r.by, r.at)
                for r in found
            )

    def row_with(self, mrn: str, facility: str = "") -> PatientId | None:
        """The row itself with this number, merged or not; None for none or several."""
        query = select(patient.c.id).where(patient.c.mrn == mrn)
        if facility:
            query = query.where(patient.c.facility == facility)
        with self._database.reading() as rows:
            found = rows.scalars(query.limit(2)).all()
        return PatientId(found[0]) if len(found) == 1 else None

    def keep_old_numbers(self, numbers: Iterable[OldNumber]) -> tuple[int, ...]:
        """Write these; the positions of those whose MRN nobody, or not one, has."""
        lost: list[int] = []
        for some in portions(enumerate(numbers), 5000):
            with self._database.writing() as rows:
                lost += _write_old(rows, some)
        return tuple(lost)


def _edge(connection: Connection, one: PatientId) -> tuple[str | None, str | None]:
    """The row that a steward, and the MRN that the list, merged this one into."""
    query = select(patient.c.alias_of, patient.c.merged_into)
    row = connection.execute(query.where(patient.c.id == one)).first()
    if row is None:
        raise KeyError(one)
    return row.alias_of, row.merged_into


def _write_old(
    connection: Connection, some: Sequence[tuple[int, OldNumber]]
) -> list[int]:
    owners: dict[str, list[tuple[str, int]]] = {}
    for mrns in portions({one.mrn for _, one in some}):
        query = select(patient.c.mrn, patient.c.id, patient.c.number)
        for row in connection.execute(query.where(patient.c.mrn.in_(mrns))):
            owners.setdefault(row.mrn, []).append((row.id, row.number))
    values: dict[tuple[str, str], dict[str, str]] = {}
    keys, lost = [], []
    for position, one in some:
        match owners.get(one.mrn):
            case [(id_, number)]:
                told = {"value": one.value, "authority": one.authority}
                values[one.value, one.authority] = told | {"patient": id_}
                keys.append((key_number(one.key), number))
            case _:
                lost.append(position)
    if values:
        new = upsert(connection, old_number)
        connection.execute(
            new.on_conflict_do_update(
                index_elements=["value", "authority"],
                set_={"patient": new.excluded.patient},
            ),
            list(values.values()),
        )
        move_keys(connection, (), keys)
    return lost
