"""What a supervisor counts: work by day and person, what waits by age, what came in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from pipeline.document import PatientId
from pipeline.store.check_schema import verification
from pipeline.store.database import Database
from pipeline.store.packing import CHECK, SIDECAR
from pipeline.store.relaid_tables import is_lent
from pipeline.store.schema import batch as batches
from pipeline.store.schema import filed, history, source_page
from pipeline.store.worklist_tables import pending_answer, work_item

AGES = (  # upper ends of the bars, in hours, and their names
    (1, "under an hour"),
    (8, "1 to 8 hours"),
    (24, "8 to 24 hours"),
    (72, "1 to 3 days"),
    (168, "3 to 7 days"),
    (None, "over a week"),
)
EVENTS = ("asked", "filed", "corrected", "retracted", "rejected", "answered")


@dataclass(frozen=True, slots=True)
class Did:
    """So many events of a kind by a person or the rules, on a day (UTC)."""

    day: dt.date
    event: str
    by: str
    count: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """Pages that came in from a source on a day (UTC)."""

    day: dt.date
    station: str
    pages: int


@dataclass(frozen=True, slots=True)
class Looked:
    """A document that ``by`` filed for ``filed``, and whose another found it to be."""

    by: str
    filed: PatientId
    found: PatientId | None


class SqlFigures:
    """Counts over the catalogue's database. Raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def done(self, since: dt.datetime) -> list[Did]:
        """What was done since then, by day, kind and person."""
        day = func.date(history.c.at)
        query = (
            select(day, history.c.event, history.c.by, func.count())
            .where(history.c.event.in_(EVENTS), history.c.at >= since)
            .group_by(day, history.c.event, history.c.by)
            .order_by(day)
        )
        with self.database.reading() as rows:
            return [
                Did(dt.date.fromisoformat(str(day)), event, by, count)
                for day, event, by, count in rows.execute(query)
            ]

    def ages(self, now: dt.datetime) -> list[tuple[str, int]]:
        """How many wait, by how long they have."""
        whens = [
            (work_item.c.at > now - dt.timedelta(hours=hours), place)
            for place, (hours, _) in enumerate(AGES)
            if hours is not None
        ]
        age = case(*whens, else_=len(AGES) - 1)
        kept = select(pending_answer.c.document)
        query = (
            select(age, func.count())
            .where(work_item.c.document.not_in(kept))
            .group_by(age)
        )
        with self.database.reading() as rows:
            found = {place: count for place, count in rows.execute(query)}
        return [(name, found.get(place, 0)) for place, (_, name) in enumerate(AGES)]

    def arrived(self, since: dt.datetime) -> list[Arrived]:
        """Pages by day and source."""
        own = (source_page.c.batch == batches.c.id) & ~is_lent(source_page)
        pages = select(func.count()).select_from(source_page).where(own)
        query = select(
            batches.c.received,
            batches.c.station,
            batches.c.sidecar,
            pages.scalar_subquery(),
        ).where(batches.c.received >= since)
        found: dict[tuple[dt.date, str], int] = {}
        with self.database.reading() as rows:
            for received, station, sidecar, count in rows.execute(query):
                source = SIDECAR.of_text(sidecar).station or station
                key = (received.date(), source)
                found[key] = found.get(key, 0) + count
        return [Arrived(*key, count) for key, count in sorted(found.items())]

    def looked(self) -> Iterator[Looked]:
        """Of each first version that a person filed, what each other one found."""
        query = (
            select(filed.c.by, filed.c.patient, verification.c.verification)
            .join(filed, filed.c.document == verification.c.document)
            .where(filed.c.version == 1, filed.c.by != verification.c.by)
        )
        with self.database.reading() as rows:
            found: Sequence[tuple[str, str, str]] = [
                (by, patient, text) for by, patient, text in rows.execute(query)
            ]
        for by, patient, text in found:
            yield Looked(by, PatientId(patient), CHECK.of_text(text).patient)
