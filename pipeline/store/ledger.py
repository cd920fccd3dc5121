"""The page ledger: where every source page ended up, read from where things lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    exists,
    func,
    or_,
    select,
)

from pipeline.document import BatchId, DocumentId, FiledDocument, Reading
from pipeline.page import quarter
from pipeline.store.catalogue import LedgerLine, Progress
from pipeline.store.correction_table import correction
from pipeline.store.packing import QUALITY, READING, REVIEW
from pipeline.store.page_rows import portions
from pipeline.store.queue_rows import LAST
from pipeline.store.record_rows import LIVE, as_filed
from pipeline.store.relaid_tables import is_lent, lent_page
from pipeline.store.scan_rows import best_scans
from pipeline.store.schema import (
    AnyRow,
    asked,
    batch_file,
    filed,
    place,
    rejected_file,
    rejection,
    source_page,
    weighed,
)
from pipeline.store.schema import batch as batches
from pipeline.store.schema import document as documents
from pipeline.store.schema import page as pages
from pipeline.store.turn_rows import turned


@dataclass(frozen=True, slots=True)
class _Paper:
    """What became of one document, as far as the tables say."""

    reading: Reading
    filed: FiledDocument | None
    rejected: str | None = field(repr=False)  # the clerk's reason
    asked: tuple[str, ...] | None  # the reasons for asking

    def on(self, line: LedgerLine) -> LedgerLine:
        """A page's line with its document's outcome."""
        line = replace(line, reading=self.reading)
        notes = self.reading.notes
        if self.filed:
            return replace(
                line,
                disposition="filed",
                filed=self.filed,
                decision=self.filed.decision,
                reasons=notes,
            )
        if self.rejected is not None:
            return replace(line, disposition="rejected", reasons=(self.rejected,))
        if self.asked is not None:
            return replace(line, disposition="review", reasons=(*self.asked, *notes))
        return line


def batch_ids(connection: Connection) -> list[BatchId]:
    """Every batch, in order of arrival."""
    ids = connection.scalars(select(batches.c.id).order_by(batches.c.seq))
    return [BatchId(id_) for id_ in ids]


def lines(connection: Connection, some: Sequence[BatchId]) -> Iterator[LedgerLine]:
    """The lines of these batches in order of arrival, then by file and page.

    A duplicate repeats the lines of the file that it is a copy of.
    """
    files = connection.execute(
        select(batch_file)
        .join(batches, batches.c.id == batch_file.c.batch)
        .where(batch_file.c.batch.in_(some))
        .order_by(batches.c.seq, batch_file.c.position)
    ).all()
    firsts = {file.first_batch for file in files if file.first_batch}
    own = _own_lines(connection, sorted(firsts | set(some)))
    for file in files:
        if file.first_batch is None:
            yield from own.get((file.batch, file.position), ())  # a lent one has none
            continue
        for line in own[file.first_batch, file.first_position]:
            yield replace(
                line,
                batch=BatchId(file.batch),
                source=file.name,
                duplicate_of=line.source,
                first_batch=line.batch,
            )


def _own_lines(
    connection: Connection, some: Sequence[str]
) -> dict[tuple[str, int], list[LedgerLine]]:
    """The lines of each file that is no duplicate, by batch and position."""
    lent, best = _lent(connection, some), best_scans(connection, some)
    papers = _papers(connection, some, [page.document for page in lent.values()])
    turns = turned(connection, [*some, *{page.batch for page in lent.values()}])
    found: dict[tuple[str, int], list[LedgerLine]] = {}
    for row in connection.execute(_source_pages(some)):
        here = found.setdefault((row.batch, row.position), [])
        page = (row.batch, row.number)
        lies = lent.get(page, row)
        line = _line(row, lies, papers)
        rotation = quarter(line.rotation + turns.get((lies.batch, lies.number), 0))
        here.append(replace(line, best_scan=page in best, rotation=rotation))
    return found


def _lent(connection: Connection, some: Sequence[str]) -> dict[tuple[str, int], AnyRow]:
    """Of their pages that lie in a document of another batch: where they do."""
    same = (place.c.batch == lent_page.c.batch) & (place.c.number == lent_page.c.number)
    rows = connection.execute(
        select(lent_page, place.c.document, place.c.ordinal, place.c.removed_as)
        .join(place, same)
        .where(lent_page.c.from_batch.in_(some), place.c.retired.is_(None))
        .where(place.c.document.is_not(None))
    )
    return {(row.from_batch, row.from_number): row for row in rows}


def _source_pages(some: Sequence[str]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            batch_file.c.batch,
            batch_file.c.position,
            batch_file.c.name,
            rejected_file.c.reason,
            source_page.c.number,
            source_page.c.page,
            pages.c.rotation,
            pages.c.quality,
            place.c.document,
            place.c.ordinal,
            place.c.removed_as,
        )
        .select_from(batch_file)
        .outerjoin(
            rejected_file,
            and_(
                rejected_file.c.batch == batch_file.c.batch,
                rejected_file.c.position == batch_file.c.position,
            ),
        )
        .outerjoin(
            source_page,
            and_(
                source_page.c.batch == batch_file.c.batch,
                source_page.c.file == batch_file.c.position,
            ),
        )
        .outerjoin(pages, _same_page(pages))
        .outerjoin(place, and_(_same_page(place), place.c.retired.is_(None)))
        .where(batch_file.c.batch.in_(some), ~is_lent(source_page))
        .order_by(batch_file.c.batch, batch_file.c.position, source_page.c.page)
    )


def _same_page(table: Table) -> ColumnElement[bool]:
    return and_(
        table.c.batch == source_page.c.batch, table.c.number == source_page.c.number
    )


def _line(row: AnyRow, lies: AnyRow, papers: dict[str, _Paper]) -> LedgerLine:
    """A page's line; ``lies`` tells its place."""
    line = LedgerLine(
        batch=BatchId(row.batch),
        source=row.name,
        page=row.page or 0,
        number=row.number or 0,
        disposition=None,
        rotation=row.rotation or 0,
        quality=QUALITY.of_text(row.quality) if row.quality else None,
    )
    if row.reason is not None:
        return replace(line, disposition="rejected", reasons=(row.reason,))
    if lies.removed_as:
        return replace(line, disposition="removed", removed_as=lies.removed_as)
    if lies.document is None:
        return line
    document = DocumentId(lies.document)
    line = replace(line, document=document, document_page=lies.ordinal)
    return papers[document].on(line)


def _papers(
    connection: Connection, some: Sequence[str], more: Sequence[str]
) -> dict[str, _Paper]:
    """The documents of these batches, and more of them."""
    of_these = documents.c.batch.in_(some) | documents.c.id.in_(more)
    live = {
        row.document: as_filed(row)
        for row in connection.execute(
            select(filed)
            .join(documents, documents.c.id == filed.c.document)
            .where(of_these, LIVE)
        )
    }
    rows = connection.execute(
        select(
            documents.c.id,
            func.coalesce(
                weighed.c.reading, asked.c.reading, documents.c.reading
            ).label("reading"),
            func.coalesce(weighed.c.review, asked.c.review).label("review"),
            func.coalesce(rejection.c.reason, _retraction()).label("reason"),
        )
        .outerjoin(asked, asked.c.document == documents.c.id)
        .outerjoin(weighed, (weighed.c.document == documents.c.id) & LAST)
        .outerjoin(rejection, rejection.c.document == documents.c.id)
        .where(of_these)
    )
    return {row.id: _paper(row, live.get(row.id)) for row in rows}


def _retraction() -> ColumnElement[str]:
    """Why a document was taken out of the record; it counts where nothing is live."""
    last = select(correction.c.reason).where(
        correction.c.document == documents.c.id, correction.c.retracts
    )
    return last.order_by(correction.c.seq.desc()).limit(1).scalar_subquery()


def _paper(row: AnyRow, live: FiledDocument | None) -> _Paper:
    doubts = REVIEW.of_text(row.review).reasons if row.review else None
    return _Paper(
        reading=READING.of_blob(row.reading),
        filed=live,
        rejected=row.reason,
        asked=None if doubts is None else tuple(doubt.reason for doubt in doubts),
    )


def count(connection: Connection, some: Sequence[BatchId]) -> Progress:
    """Progress over these batches; over all when none is named."""
    totals = [0, 0, 0, 0, 0]
    for portion in portions(some) if some else [[]]:
        numbers = connection.execute(_counts(portion)).one()
        totals = [total + number for total, number in zip(totals, numbers, strict=True)]
    unopened, received, read, settled, rejected = totals
    return Progress(unopened, received, read, settled, rejected)


def _counts(some: Sequence[BatchId]) -> Select[*tuple[Any, ...]]:
    def number(table: Table, *where: ColumnElement[bool]) -> ColumnElement[int]:
        query = select(func.count()).select_from(table).where(*where)
        return (
            query.where(table.c.batch.in_(some)) if some else query
        ).scalar_subquery()

    unopened = exists().where(
        batches.c.id == batch_file.c.batch, batches.c.opened.is_(None)
    )
    settled = or_(
        place.c.removed_as.is_not(None),
        exists().where(filed.c.document == place.c.document),
        exists().where(rejection.c.document == place.c.document),
        exists().where(asked.c.document == place.c.document),
    )
    lent = number(lent_page)  # each read, in a place, and counted where it came in
    return select(
        number(batch_file, unopened),
        number(source_page) - lent,
        number(pages) - lent,
        number(place, place.c.retired.is_(None), settled) - lent,
        number(rejected_file),
    )
