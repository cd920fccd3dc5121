"""Rows of encounters: which stay is whose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from pipeline.document import Encounter, PatientId
from pipeline.store.database import upsert
from pipeline.store.page_rows import portions
from pipeline.store.patient_tables import encounter as encounters
from pipeline.store.patient_tables import patient


@dataclass(frozen=True, slots=True)
class Stayed:
    """One encounter, the key to find its patient by, and the MRN it names."""

    encounter: Encounter
    key: str = field(repr=False)
    mrn: str = field(repr=False)


def stays_of(connection: Connection, ids: Sequence[PatientId]) -> tuple[Encounter, ...]:
    """Of these rows, as the first one's, newest first."""
    found = connection.execute(
        select(encounters)
        .where(encounters.c.patient.in_(ids))
        .order_by(
            encounters.c.admit.is_(None),
            encounters.c.admit.desc(),
            encounters.c.facility,
            encounters.c.number,
        )
    )
    return tuple(
        Encounter(r.number, r.facility, ids[0], r.kind, r.admit, r.discharge)
        for r in found
    )


def write_encounters(
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
