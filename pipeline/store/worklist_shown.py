"""Items of the work list with all that a list shows of each, in a few queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, and_, select

from pipeline.store.packing import SIDECAR
from pipeline.store.queue_rows import as_waiting, questions
from pipeline.store.schema import asked, batch_file, place, source_page
from pipeline.store.schema import batch as batches
from pipeline.store.worklist import FAR, Item, Place
from pipeline.store.worklist_tables import work_item


def shown(
    connection: Connection, documents: Sequence[str], now: dt.datetime
) -> list[Item]:
    """These open questions in the given order; who held one until now holds it not."""
    waiting = {
        row.document: as_waiting(row)
        for row in connection.execute(
            questions()
            .add_columns(asked.c.document)
            .where(asked.c.document.in_(documents))
        )
    }
    sheets = _sheets(connection, documents)
    rows = connection.execute(
        select(work_item, batches.c.sidecar)
        .join(batches, batches.c.id == work_item.c.batch)
        .where(work_item.c.document.in_(documents))
    )
    found: dict[str, Item] = {}
    for row in rows:
        held = row.holder is not None and row.until > now
        if row.document in waiting:
            found[row.document] = Item(
                waiting=waiting[row.document],
                place=Place(row.place),
                due=None if row.due == FAR else row.due,
                station=row.station,
                box=SIDECAR.of_text(row.sidecar).box,
                sheets=tuple(sheets[row.document]),
                holder=row.holder if held else "",
                until=row.until if held else None,
                escalated=row.escalated is not None,
            )
    return [found[one] for one in documents if one in found]


def _sheets(
    connection: Connection, documents: Sequence[str]
) -> dict[str, list[tuple[str, int]]]:
    """The (file name, page) of each page of each document, in order."""
    same_page = and_(
        source_page.c.batch == place.c.batch, source_page.c.number == place.c.number
    )
    same_file = and_(
        batch_file.c.batch == source_page.c.batch,
        batch_file.c.position == source_page.c.file,
    )
    rows = connection.execute(
        select(place.c.document, batch_file.c.name, source_page.c.page)
        .join(source_page, same_page)
        .join(batch_file, same_file)
        .where(place.c.document.in_(documents), place.c.retired.is_(None))
        .order_by(place.c.document, place.c.ordinal)
    )
    found: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for document, name, page in rows:
        found[document].append((name, page))
    return found
