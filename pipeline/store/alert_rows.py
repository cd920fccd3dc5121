"""Rows of name alerts: who of the index may be taken for whom.

What makes two people alike is index's to say, near_rows.py brings them together, and
here is kept what was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, exists, func, or_, select
from sqlalchemy.orm import aliased

from pipeline.document import Patient, PatientId
from pipeline.store.database import Database, upsert
from pipeline.store.import_rows import PATIENTS
from pipeline.store.merge_rows import count_survivors, survives
from pipeline.store.page_rows import portions
from pipeline.store.patient_tables import patient
from pipeline.store.schema import index_change, name_alert
from pipeline.store.suspect_rows import alerted

Pair = tuple[PatientId, PatientId, str]  # patient, other, kind
_AT_ONCE = 5000  # rows written in one go

_other = aliased(patient, name="other")


@dataclass(frozen=True, slots=True)
class AlertCounts:
    """Patients with an alert of each kind, with any, and all there are."""

    kinds: tuple[tuple[str, int], ...]  # the widest first
    alerted: int
    patients: int

    @property
    def share(self) -> float:
        """Of patients with an alert, 0..1."""
        return self.alerted / self.patients if self.patients else 0.0


class SqlAlerts:
    """The name alerts of one index, each pair in both directions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, patient_: PatientId) -> tuple[tuple[str, str], ...] | None:
        """(kind, the other's MRN), survivors only; None before the first import."""
        with self._database.reading() as rows:
            found = rows.execute(
                select(name_alert.c.kind, _other.c.mrn)
                .join(_other, _other.c.id == name_alert.c.other)
                .where(name_alert.c.patient == patient_, survives(_other.c))
                .order_by(name_alert.c.kind, _other.c.mrn)
            ).all()
            computed = select(exists().where(index_change.c.did == PATIENTS))
            if not found and not rows.scalar(computed):
                return None
        return tuple((row.kind, row.mrn) for row in found)

    def replace(self, ids: Sequence[PatientId], pairs: Iterable[Pair]) -> None:
        """The alerts of these people, and of others about them, are these pairs."""
        with self._database.writing() as rows:
            run = rows.scalar(select(func.max(name_alert.c.run))) or 0
            for some in portions(ids):
                about = or_(
                    name_alert.c.patient.in_(some), name_alert.c.other.in_(some)
                )
                rows.execute(delete(name_alert).where(about))
            new = upsert(rows, name_alert)
            for chunk in portions(dict.fromkeys(pairs), _AT_ONCE):
                rows.execute(new.on_conflict_do_nothing(), _values(chunk, run))

    def replace_all(self, pairs: Iterable[Pair]) -> None:
        """All alerts are these pairs, which may take minutes to come.

        Written in portions, so that nobody waits: until the end the alerts from before
        hold as well, and after a kill until the next run.
        """
        with self._database.reading() as rows:
            run = (rows.scalar(select(func.max(name_alert.c.run))) or 0) + 1
        for some in portions(pairs, _AT_ONCE):
            with self._database.writing() as rows:
                new = upsert(rows, name_alert)
                updated = {"kind": new.excluded.kind, "run": new.excluded.run}
                rows.execute(
                    new.on_conflict_do_update(
                        index_elements=["patient", "other"], set_=updated
                    ),
                    _values(some, run),
                )
        with self._database.writing() as rows:
            rows.execute(delete(name_alert).where(name_alert.c.run < run))

    def pairs(self) -> Iterator[tuple[str, Patient, Patient]]:
        """Every pair of survivors with an alert, once, by its kind."""
        return alerted(self._database)

    def counts(self) -> AlertCounts:
        """How many patients have an alert."""
        held = name_alert.c.patient
        with self._database.reading() as rows:
            kinds = rows.execute(
                select(name_alert.c.kind, func.count(held.distinct()).label("patients"))
                .group_by(name_alert.c.kind)
                .order_by(func.count(held.distinct()).desc(), name_alert.c.kind)
            ).all()
            alerted = rows.scalar(select(func.count(held.distinct()))) or 0
            people = count_survivors(rows)
        return AlertCounts(tuple((r.kind, r.patients) for r in kinds), alerted, people)


def _values(pairs: Sequence[Pair], run: int) -> list[dict[str, object]]:
    return [{"patient": p, "other": o, "kind": k, "run": run} for p, o, k in pairs]
