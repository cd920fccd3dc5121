"""Rows that an index steward should look at: drawn by chance, paired, contradictory."""

from __future__ import annotations

import random
from collections.abc import Iterator

from sqlalchemy import Connection, and_, select
from sqlalchemy.orm import aliased

from pipeline.document import Patient
from pipeline.store.database import Database
from pipeline.store.merge_rows import survives
from pipeline.store.packing import PATIENT
from pipeline.store.page_rows import portions
from pipeline.store.patient_tables import encounter, patient
from pipeline.store.schema import name_alert

_AT_ONCE = 2000

_other = aliased(patient, name="other")


def drawn(
    connection: Connection, count: int, seed: int, last: int
) -> tuple[Patient, ...]:
    """About so many survivors, the same at every run; numbers go to ``last``."""
    rng = random.Random(seed)  # noqa: S311 - a sample
    numbers = sorted(rng.sample(range(1, last + 1), min(count, last)))
    found: list[Patient] = []
    for some in portions(numbers):
        query = select(patient.c.facts).where(patient.c.number.in_(some), survives())
        found += map(PATIENT.of_text, connection.scalars(query))
    return tuple(found)


def alerted(database: Database) -> Iterator[tuple[str, Patient, Patient]]:
    """Every pair of survivors with a name alert, once."""
    query = (
        select(name_alert.c.kind, patient.c.facts, _other.c.facts.label("others"))
        .join(patient, patient.c.id == name_alert.c.patient)
        .join(_other, _other.c.id == name_alert.c.other)
        .where(name_alert.c.patient < name_alert.c.other)
        .where(survives(), survives(_other.c))
        .order_by(name_alert.c.patient, name_alert.c.other)
    )
    with database.reading() as rows:
        for row in rows.execute(query.execution_options(yield_per=_AT_ONCE)):
            yield row.kind, PATIENT.of_text(row.facts), PATIENT.of_text(row.others)


def overlaid(database: Database) -> Iterator[Patient]:
    """Survivors with a stay before their birth."""
    early = and_(encounter.c.admit.is_not(None), encounter.c.admit < patient.c.born)
    ids = select(encounter.c.patient).join(patient).where(early)  # each stay once
    query = select(patient.c.facts).where(survives(), patient.c.id.in_(ids))
    with database.reading() as rows:
        for facts in rows.scalars(
            query.order_by(patient.c.id).execution_options(yield_per=_AT_ONCE)
        ):
            yield PATIENT.of_text(facts)
