"""Proof of the first promise, from the stores alone: every page is in one place.

What it cannot see: pages that a file had and that were never counted when it was
opened, and audit lines cut off at the very end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pikepdf
from sqlalchemy import Connection, and_, exists, func, or_, select

from pipeline.document import BatchId, DocumentId, Key
from pipeline.store.books import first_bad_line
from pipeline.store.objects import ObjectStore
from pipeline.store.queue_rows import OPEN
from pipeline.store.record_rows import NEWEST
from pipeline.store.relaid_tables import is_lent, lent_page, version_pages
from pipeline.store.schema import (
    asked,
    batch_file,
    filed,
    place,
    rejected_file,
    rejection,
    source_page,
)
from pipeline.store.schema import batch as batches
from pipeline.store.schema import document as documents
from pipeline.store.sql_catalogue import SqlCatalogue
from pipeline.store.worklist_tables import work_item

MEND = ": chartfiler queue rebuild"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as promised, by ids; ``page`` counts in its batch."""

    what: str
    batch: BatchId | None = None
    page: int | None = None
    document: DocumentId | None = None
    key: Key | None = None

    def __str__(self) -> str:
        where = (
            ("batch", self.batch),
            ("page", self.page),
            ("document", self.document),
            ("object", self.key),
        )
        named = " ".join(f"{name} {value}" for name, value in where if value)
        return f"{named}: {self.what}" if named else self.what


def verify(catalogue: SqlCatalogue, objects: ObjectStore) -> Iterator[Fault]:
    """Everything that is not as promised; nothing if each page is accounted for.

    Reads every stored object in full. Raises StoreUnavailable when a store does not
    answer: that proves nothing either way.
    """
    with catalogue.database.reading() as rows:
        faults = [
            *_unfinished(rows),
            *_files(rows),
            *_gaps(rows),
            *_pages(rows),
            *_lent(rows),
            *_papers(rows),
            *_duplicates(rows),
            *_audit(rows),
            *work_list_faults(rows),
        ]
        originals, papers = _originals(rows), _filed(rows)
    yield from faults
    for batch, key, size in originals:
        yield from (
            Fault(f"the original {what}", batch=batch, key=key)
            for what in _object(objects, key, size)
        )
    for document, key, count in papers:
        yield from (
            Fault(f"the filed PDF {what}", document=document, key=key)
            for what in _pdf(objects, key, count)
        )


# --- what the tables say


def _unfinished(rows: Connection) -> Iterator[Fault]:
    query = select(batches.c.id).where(batches.c.finished.is_(None))
    for id_ in rows.scalars(query.order_by(batches.c.seq)):
        yield Fault("unfinished: start watch, process or serve", batch=BatchId(id_))


def _files(rows: Connection) -> Iterator[Fault]:
    """Each file of a finished batch has pages, or a reason, or is a copy."""
    has_pages = exists().where(
        source_page.c.batch == batch_file.c.batch,
        source_page.c.file == batch_file.c.position,
    )
    has_reason = exists().where(
        rejected_file.c.batch == batch_file.c.batch,
        rejected_file.c.position == batch_file.c.position,
    )
    is_copy = batch_file.c.first_batch.is_not(None)
    found = rows.execute(
        select(
            batch_file.c.batch,
            batch_file.c.position,
            has_pages.label("pages"),
            has_reason.label("reason"),
            is_copy.label("copy"),
        )
        .join(batches, batches.c.id == batch_file.c.batch)
        .where(batches.c.finished.is_not(None))
    )
    for row in found:
        ends = bool(row.pages) + bool(row.reason) + bool(row.copy)
        if ends != 1:
            yield Fault(
                f"file {row.position} has {ends} outcomes, not one",
                batch=BatchId(row.batch),
            )


def _gaps(rows: Connection) -> Iterator[Fault]:
    """The pages of a file count from 1 without a gap, in its own batch."""
    found = rows.execute(
        select(source_page.c.batch, source_page.c.file)
        .where(~is_lent(source_page))
        .group_by(source_page.c.batch, source_page.c.file)
        .having(
            or_(
                func.min(source_page.c.page) != 1,
                func.max(source_page.c.page) != func.count(),
            )
        )
    )
    for row in found:
        yield Fault(f"file {row.file} lacks a page", batch=BatchId(row.batch))


def _pages(rows: Connection) -> Iterator[Fault]:
    """Each page of a finished batch lies in one place, and no page in two."""
    found = rows.execute(
        select(
            source_page.c.batch,
            source_page.c.number,
            func.count(place.c.id).label("places"),
        )
        .outerjoin(
            place,
            and_(
                place.c.batch == source_page.c.batch,
                place.c.number == source_page.c.number,
                place.c.retired.is_(None),
            ),
        )
        .join(batches, batches.c.id == source_page.c.batch)
        .group_by(source_page.c.batch, source_page.c.number, batches.c.finished)
        .having(
            or_(
                func.count(place.c.id) > 1,
                and_(func.count(place.c.id) == 0, batches.c.finished.is_not(None)),
            )
        )
    )
    for row in found:
        what = "lies in two places" if row.places else "lies nowhere"
        yield Fault(what, batch=BatchId(row.batch), page=row.number)


def _lent(rows: Connection) -> Iterator[Fault]:
    """A page that several batches list lies in one document, by one of them."""
    first = (lent_page.c.from_batch, lent_page.c.from_number)
    lists = select(*first, lent_page.c.batch, lent_page.c.number).union(
        select(*first, *first)
    )
    listed = lists.subquery("listed")
    batch, number, here, there = listed.c
    found = rows.execute(
        select(batch, number)
        .join(place, (place.c.batch == here) & (place.c.number == there))
        .where(place.c.retired.is_(None), place.c.document.is_not(None))
        .group_by(batch, number)
        .having(func.count() > 1)
    )
    for one, page in found:
        yield Fault("lies in two documents, lent", batch=BatchId(one), page=page)


def _papers(rows: Connection) -> Iterator[Fault]:
    """Each document of a finished batch has an outcome, and one newest version."""
    outcomes = (
        exists().where(filed.c.document == documents.c.id),
        exists().where(rejection.c.document == documents.c.id),
        exists().where(asked.c.document == documents.c.id),
    )
    open_ = rows.execute(
        select(documents.c.id, documents.c.batch)
        .join(batches, batches.c.id == documents.c.batch)
        .where(batches.c.finished.is_not(None), ~or_(*outcomes))
    )
    for row in open_:
        yield Fault(
            "neither filed, nor rejected, nor asked about",
            batch=BatchId(row.batch),
            document=DocumentId(row.id),
        )
    last = select(filed.c.document, NEWEST.label("last")).subquery()
    odd = rows.execute(
        select(last.c.document)
        .group_by(last.c.document)
        .having(func.count().filter(last.c.last) != 1)
    )
    for row in odd:
        yield Fault("has not one newest version", document=DocumentId(row.document))


def _duplicates(rows: Connection) -> Iterator[Fault]:
    """Each copy leads to a first file with the same bytes that is no copy itself."""
    first = batch_file.alias("first")
    found = rows.execute(
        select(batch_file.c.batch, batch_file.c.position)
        .outerjoin(
            first,
            and_(
                first.c.batch == batch_file.c.first_batch,
                first.c.position == batch_file.c.first_position,
                first.c.key == batch_file.c.key,
                first.c.first_batch.is_(None),
            ),
        )
        .where(batch_file.c.first_batch.is_not(None), first.c.batch.is_(None))
    )
    for row in found:
        yield Fault(f"file {row.position} copies nothing", batch=BatchId(row.batch))


def _audit(rows: Connection) -> Iterator[Fault]:
    if (line := first_bad_line(rows)) is not None:
        yield Fault(f"the audit trail is broken at line {line}")


# --- what the objects say


def work_list_faults(rows: Connection) -> Iterator[Fault]:
    """The work list has each open question once, and nothing else."""
    lacking = select(asked.c.document).where(
        OPEN, asked.c.document.not_in(select(work_item.c.document))
    )
    for id_ in rows.scalars(lacking):
        yield Fault(f"waits and is not on the work list{MEND}", document=id_)
    questions = select(asked.c.document).where(OPEN)
    surplus = select(work_item.c.document).where(work_item.c.document.not_in(questions))
    for id_ in rows.scalars(surplus):
        yield Fault(f"is settled and on the work list{MEND}", document=id_)


def _originals(rows: Connection) -> list[tuple[BatchId, Key, int]]:
    """One batch, the key and the size of each original; what was never kept is not."""
    found = rows.execute(
        select(func.min(batch_file.c.batch), batch_file.c.key, batch_file.c.size)
        .where(batch_file.c.key != "")
        .group_by(batch_file.c.key, batch_file.c.size)
    )
    return [(BatchId(batch), Key(key), size) for batch, key, size in found]


def _filed(rows: Connection) -> list[tuple[DocumentId, Key, int]]:
    """Every filed version, restricted ones too, with its number of pages."""
    others = {
        version: len(pages.split())
        for version, pages in rows.execute(select(version_pages))
    }
    pages = (
        select(func.count())
        .where(place.c.document == filed.c.document, place.c.retired.is_(None))
        .scalar_subquery()
    )
    found = rows.execute(select(filed.c.id, filed.c.key, pages))
    return [
        (DocumentId(id_), Key(key), others.get(id_, count)) for id_, key, count in found
    ]


def _object(objects: ObjectStore, key: Key, size: int | None) -> Iterable[str]:
    there = objects.stat(key)
    if there is None:
        return ["is missing"]
    if size is not None and there != size:
        return [f"has {there} bytes, not {size}"]
    return [] if objects.verify(key) else ["is damaged"]


def _pdf(objects: ObjectStore, key: Key, count: int) -> Iterable[str]:
    if faults := [*_object(objects, key, None)]:
        return faults
    try:
        with objects.local(key) as path, pikepdf.open(path) as pdf:
            there = len(pdf.pages)
    except pikepdf.PdfError:
        return ["cannot be opened"]
    return [] if there == count else [f"has {there} pages, not {count}"]
