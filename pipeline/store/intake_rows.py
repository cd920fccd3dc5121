"""Rows of what came in: batches, their files, attempts, duplicates and pages."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

from sqlalchemy import Connection, delete, exists, insert, select, update

from pipeline.document import Batch, BatchId, Key, SourceFile, SourcePage
from pipeline.store.books import note
from pipeline.store.packing import SIDECAR
from pipeline.store.relaid_tables import is_lent
from pipeline.store.schema import AnyRow, batch_file, rejected_file, source_page
from pipeline.store.schema import batch as batches

_REJECTED = exists().where(
    rejected_file.c.batch == batch_file.c.batch,
    rejected_file.c.position == batch_file.c.position,
)


_LENT = exists().where(  # listed for the sake of one page: its own batch has them all
    source_page.c.batch == batch_file.c.batch,
    source_page.c.file == batch_file.c.position,
    is_lent(source_page),
)


def receive(connection: Connection, batch: Batch, now: dt.datetime) -> BatchId:
    """The id that stands for a batch: its own, an earlier one's, or a new attempt's."""
    if not batch.files:
        raise ValueError(f"batch {batch.id} has no files")
    attempts = _attempts(connection, batch.id)
    for attempt in attempts:
        # the same receipt again: a repeat after a kill, not a second try
        if attempt.received == batch.received:
            return BatchId(attempt.id)
    if attempts and not _all_rejected(connection, BatchId(attempts[-1].id)):
        return BatchId(attempts[-1].id)
    standing = _next_id(batch.id, attempts)
    _write(connection, batch, standing, now)
    return standing


def _write(
    connection: Connection, batch: Batch, standing: BatchId, now: dt.datetime
) -> None:
    firsts = [_first(connection, file.key) for file in batch.files]
    repeats = all(firsts)
    connection.execute(
        insert(batches).values(
            id=standing,
            origin=batch.id,
            received=batch.received,
            station=batch.station,
            sidecar=SIDECAR.text(batch.sidecar),
            late_for=batch.late_for,
            opened=now if repeats else None,
            finished=now if repeats else None,
        )
    )
    connection.execute(
        insert(batch_file),
        [
            {
                "batch": standing,
                "position": position,
                "name": file.name,
                "key": file.key,
                "size": file.size,
                "first_batch": first.batch if repeats and first else None,
                "first_position": first.position if repeats and first else None,
            }
            for position, (file, first) in enumerate(
                zip(batch.files, firsts, strict=True)
            )
        ],
    )
    event = "received as a duplicate" if repeats else "received"
    note(connection, event, "intake", now, (standing, None))


def _first(connection: Connection, key: Key) -> AnyRow | None:
    """The first file with these bytes that was not rejected."""
    return connection.execute(
        select(batch_file.c.batch, batch_file.c.position)
        .join(batches, batches.c.id == batch_file.c.batch)
        .where(batch_file.c.key == key, batch_file.c.first_batch.is_(None))
        .where(~_REJECTED, ~_LENT)
        .order_by(batches.c.seq, batch_file.c.position)
        .limit(1)
    ).first()


def _attempts(connection: Connection, batch: BatchId) -> Sequence[AnyRow]:
    """Every attempt at the same batch, oldest first."""
    return connection.execute(
        select(batches.c.id, batches.c.received)
        .where((batches.c.origin == batch) | (batches.c.id == batch))
        .order_by(batches.c.seq)
    ).all()


def _next_id(origin: BatchId, attempts: Sequence[AnyRow]) -> BatchId:
    return BatchId(f"{origin}-r{len(attempts) + 1}") if attempts else origin


def _all_rejected(connection: Connection, batch: BatchId) -> bool:
    left = select(batch_file.c.position).where(batch_file.c.batch == batch, ~_REJECTED)
    return connection.execute(left.limit(1)).first() is None


def load(connection: Connection, batch: BatchId) -> Batch:
    """Raises KeyError."""
    row = connection.execute(select(batches).where(batches.c.id == batch)).first()
    if row is None:
        raise KeyError(batch)
    files = connection.execute(
        select(batch_file)
        .where(batch_file.c.batch == batch)
        .order_by(batch_file.c.position)
    )
    return Batch(
        id=BatchId(row.id),
        received=row.received,
        station=row.station,
        files=tuple(SourceFile(f.name, Key(f.key), f.size) for f in files),
        sidecar=SIDECAR.of_text(row.sidecar),
        late_for=BatchId(row.late_for) if row.late_for else None,
    )


def unfinished(connection: Connection) -> tuple[BatchId, ...]:
    """Batches with work left, in order of arrival."""
    ids = connection.scalars(
        select(batches.c.id).where(batches.c.finished.is_(None)).order_by(batches.c.seq)
    )
    return tuple(BatchId(id_) for id_ in ids)


def finish(connection: Connection, batch: BatchId, now: dt.datetime) -> None:
    """Take a batch off the list of work, once."""
    changed = connection.execute(
        update(batches)
        .where(batches.c.id == batch, batches.c.finished.is_(None))
        .values(finished=now)
    )
    if changed.rowcount:
        note(connection, "finished", "worker", now, (batch, None))


def keep_opened(
    connection: Connection,
    batch: BatchId,
    pages: Sequence[SourcePage],
    rejected: dict[int, str],
    now: dt.datetime,
) -> None:
    """Write the pages and rejections of a batch, once; every file has one of them."""
    if _opened(connection, batch):
        return
    files = set(
        connection.scalars(
            select(batch_file.c.position).where(batch_file.c.batch == batch)
        )
    )
    if {page.file for page in pages} | set(rejected) != files:
        raise ValueError(f"batch {batch}: a file has neither pages nor a reason")
    if pages:
        connection.execute(
            insert(source_page),
            [
                {"batch": batch, "number": p.number, "file": p.file, "page": p.page}
                for p in pages
            ],
        )
    if rejected:
        connection.execute(
            insert(rejected_file),
            [
                {"batch": batch, "position": position, "reason": reason}
                for position, reason in rejected.items()
            ],
        )
    connection.execute(update(batches).where(batches.c.id == batch).values(opened=now))
    note(connection, "opened", "worker", now, (batch, None))


def _opened(connection: Connection, batch: BatchId) -> bool:
    """Whether it was opened; raises KeyError."""
    row = connection.execute(
        select(batches.c.opened).where(batches.c.id == batch)
    ).first()
    if row is None:
        raise KeyError(batch)
    return row.opened is not None


def source_pages(
    connection: Connection, batch: BatchId
) -> tuple[SourcePage, ...] | None:
    """The pages in order; None before the batch was opened."""
    if not _opened(connection, batch):
        return None
    rows = connection.execute(
        select(source_page)
        .where(source_page.c.batch == batch)
        .order_by(source_page.c.number)
    )
    return tuple(SourcePage(row.number, row.file, row.page) for row in rows)


def quarantine(
    connection: Connection,
    file: SourceFile,
    reason: str,
    station: str,
    now: dt.datetime,
) -> BatchId:
    """A batch of one rejected file; the same file again is the same batch."""
    named = "\0".join((station, file.name, file.key))
    origin = BatchId(f"q-{hashlib.sha256(named.encode()).hexdigest()[:24]}")
    attempts = _attempts(connection, origin)
    if attempts and _all_rejected(connection, BatchId(attempts[-1].id)):
        return BatchId(attempts[-1].id)
    standing = _next_id(origin, attempts)
    values = {
        "id": standing,
        "origin": origin,
        "received": now,
        "station": station,
        "opened": now,
        "finished": now,
    }
    empty = Batch(standing, now, station, (file,))
    connection.execute(
        insert(batches).values(**values, sidecar=SIDECAR.text(empty.sidecar))
    )
    connection.execute(
        insert(batch_file).values(
            batch=standing, position=0, name=file.name, key=file.key, size=file.size
        )
    )
    connection.execute(
        insert(rejected_file).values(batch=standing, position=0, reason=reason)
    )
    note(connection, "set aside", "intake", now, (standing, None))
    return standing


def reopen(connection: Connection, batch: BatchId, now: dt.datetime) -> bool:
    """Make the rejected files of a batch unopened again, where they are not known.

    If others of its files were accepted, the rejected ones become a late batch.
    """
    here = load(connection, batch)
    later = [a.id for a in _attempts(connection, batch) if a.id != batch]
    positions = connection.scalars(
        select(rejected_file.c.position)
        .where(rejected_file.c.batch == batch)
        .order_by(rejected_file.c.position)
    ).all()
    files = tuple(
        here.files[position]
        for position in positions
        if here.files[position].key
        and _first(connection, here.files[position].key) is None
    )
    if not files:
        return False
    if len(positions) == len(here.files):
        _reset(connection, batch)
    elif later:
        return reopen(connection, BatchId(later[-1]), now)
    else:
        late = Batch(batch, now, here.station, files, here.sidecar, late_for=batch)
        _write(connection, late, BatchId(f"{batch}-r2"), now)
    note(connection, "reopened", "operator", now, (batch, None))
    return True


def _reset(connection: Connection, batch: BatchId) -> None:
    connection.execute(delete(rejected_file).where(rejected_file.c.batch == batch))
    connection.execute(
        update(batches).where(batches.c.id == batch).values(opened=None, finished=None)
    )
