"""What came in lately, over the catalogue's database."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, exists, func, insert, select

from pipeline.document import BatchId
from pipeline.store.arrivals import Arrival, Look, Said
from pipeline.store.books import chain, note
from pipeline.store.database import Database, upsert
from pipeline.store.packing import FAULTS, SIDECAR
from pipeline.store.schema import AnyRow, batch_file, rejected_file, source_page
from pipeline.store.schema import batch as batches
from pipeline.store.schema import page as pages
from pipeline.store.station_tables import batch_word, first_look

MOST = 200  # batches of a day on one screen


class SqlArrivals:
    """Arrivals over the catalogue's database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def since(self, moment: dt.datetime, station: str = "") -> list[Arrival]:
        query = select(batches).where(batches.c.received >= moment)
        query = query.order_by(batches.c.seq.desc()).limit(MOST)
        with self.database.reading() as rows:
            found = _arrivals(rows, rows.execute(query).all())
        return [one for one in found if station in ("", one.station)]

    def of(self, batch: BatchId) -> Arrival | None:
        query = select(batches).where(batches.c.id == batch)
        with self.database.reading() as rows:
            found = _arrivals(rows, rows.execute(query).all())
        return found[0] if found else None

    def unlooked(self, moment: dt.datetime) -> list[BatchId]:
        new = exists().where(
            batch_file.c.batch == batches.c.id,
            batch_file.c.first_batch.is_(None),
            ~exists().where(rejected_file.c.batch == batch_file.c.batch),
        )
        seen = exists().where(first_look.c.batch == batches.c.id)
        query = select(batches.c.id).where(batches.c.received >= moment, new, ~seen)
        with self.database.reading() as rows:
            found = rows.scalars(query.order_by(batches.c.seq).limit(MOST))
            return [BatchId(one) for one in found]

    def keep_look(self, batch: BatchId, look: Look) -> None:
        values = {"batch": batch, "sides": look.sides, "at": look.at}
        with self.database.writing() as rows:
            new = upsert(rows, first_look).values(
                **values, faults=FAULTS.text(look.faults)
            )
            rows.execute(new.on_conflict_do_nothing())

    def say(self, batch: BatchId, said: Said) -> None:
        with self.database.writing() as rows:
            known = exists().where(batches.c.id == batch)
            if not rows.scalar(select(known)):
                raise KeyError(batch)
            values = {"did": said.did, "sheets": said.sheets, "said": said.said}
            rows.execute(
                insert(batch_word).values(batch=batch, **values, by=said.by, at=said.at)
            )
            note(rows, f"{said.did} at the station", said.by, said.at, (batch, None))
            chain(rows, (said.by, f"{said.did} batch", batch), said.at)


def _arrivals(rows: Connection, some: Sequence[AnyRow]) -> list[Arrival]:
    ids = [row.id for row in some]
    looks = {
        row.batch: Look(row.sides, FAULTS.of_text(row.faults), row.at)
        for row in rows.execute(select(first_look).where(first_look.c.batch.in_(ids)))
    }
    words: defaultdict[str, list[Said]] = defaultdict(list)
    said = select(batch_word).where(batch_word.c.batch.in_(ids))
    for row in rows.execute(said.order_by(batch_word.c.seq)):
        words[row.batch].append(Said(row.did, row.sheets, row.said, row.by, row.at))
    names = select(batch_file.c.batch, batch_file.c.name).where(
        batch_file.c.batch.in_(ids), batch_file.c.position == 0
    )
    name = {row.batch: row.name for row in rows.execute(names)}
    count = {
        table: _counted(rows, table.c.batch, ids)
        for table in (source_page, pages, rejected_file)
    }
    found = []
    for row in some:
        side = SIDECAR.of_text(row.sidecar)
        found.append(
            Arrival(
                batch=BatchId(row.id),
                received=row.received,
                station=side.station or row.station,
                box=side.box,
                volume=side.volume,
                name=name.get(row.id, ""),
                sheets=side.sheets,
                pages=count[source_page].get(row.id, 0),
                read=count[pages].get(row.id, 0),
                rejected=count[rejected_file].get(row.id, 0),
                look=looks.get(row.id),
                words=tuple(words[row.id]),
            )
        )
    return found


def _counted(
    rows: Connection, batch: ColumnElement[str], ids: Sequence[str]
) -> dict[str, int]:
    query = select(batch, func.count()).where(batch.in_(ids)).group_by(batch)
    return {id_: many for id_, many in rows.execute(query)}
