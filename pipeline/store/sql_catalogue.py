"""The catalogue in a database: each call one transaction over the rows of a module."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from sqlalchemy import Connection

from pipeline.document import (
    Batch,
    BatchId,
    Correction,
    Cut,
    DocumentId,
    FiledDocument,
    Key,
    PatientId,
    Reading,
    Relaid,
    Review,
    SourceFile,
    SourcePage,
)
from pipeline.page import Page, QuarterTurn
from pipeline.store import (
    books,
    check_rows,
    correction_rows,
    held_rows,
    holding_rows,
    intake_rows,
    ledger,
    merge_rows,
    model_rows,
    page_rows,
    queue_rows,
    record_rows,
    relaid_rows,
    scan_rows,
    turn_rows,
    verified_rows,
    weigh_rows,
)
from pipeline.store.answers import Answer, Corrected, Held, Referral, Rejection
from pipeline.store.catalogue import (
    LedgerLine,
    LiveModel,
    PoorScan,
    Progress,
    ToWeigh,
    Verified,
    Waiting,
)
from pipeline.store.database import Database, open_sqlite, utc_now

LEDGER_AT_ONCE = 20  # batches whose lines are held at a time


class SqlCatalogue:
    """Catalogue over one SQLite file, made or migrated when opened.

    Any number of threads and processes of this machine may have it open. Raises
    StoreUnavailable when the file cannot answer, SettingsError when a newer version
    wrote it.
    """

    def __init__(
        self,
        where: Path | Database,
        clock: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        self.database = where if isinstance(where, Database) else open_sqlite(where)
        self._now = clock

    def close(self) -> None:
        self.database.close()

    # --- what came in

    def receive(self, batch: Batch) -> BatchId:
        """The id that stands for this batch.

        The same id with the same moment of receipt is a repeat. The same id received
        anew after all its files were rejected is a new attempt, "-r2" and so on.
        """
        with self.database.writing() as rows:
            return intake_rows.receive(rows, batch, self._now())

    def batch(self, batch: BatchId) -> Batch:
        """Raises KeyError."""
        with self.database.reading() as rows:
            return intake_rows.load(rows, batch)

    def unfinished(self) -> tuple[BatchId, ...]:
        with self.database.reading() as rows:
            return intake_rows.unfinished(rows)

    def opened(
        self, batch: BatchId, pages: Sequence[SourcePage], rejected: dict[int, str]
    ) -> None:
        """Raises ValueError if a file has neither pages nor a reason, or KeyError."""
        with self.database.writing() as rows:
            intake_rows.keep_opened(rows, batch, pages, rejected, self._now())

    def source_pages(self, batch: BatchId) -> tuple[SourcePage, ...] | None:
        with self.database.reading() as rows:
            return intake_rows.source_pages(rows, batch)

    def quarantine(
        self, source: str, key: Key, size: int, reason: str, station: str
    ) -> BatchId:
        """Remember a file set aside; an empty ``key`` means that no bytes are kept."""
        file = SourceFile(source, key, size)
        with self.database.writing() as rows:
            return intake_rows.quarantine(rows, file, reason, station, self._now())

    def finish(self, batch: BatchId) -> None:
        with self.database.writing() as rows:
            intake_rows.finish(rows, batch, self._now())

    def reopen(self, batch: BatchId) -> bool:
        """Raises KeyError for an unknown batch."""
        with self.database.writing() as rows:
            return intake_rows.reopen(rows, batch, self._now())

    # --- what was read, how it was cut

    def keep_pages(self, batch: BatchId, pages: Sequence[Page]) -> None:
        """The first reading of a page stands."""
        with self.database.writing() as rows:
            page_rows.keep_pages(rows, batch, pages)

    def pages(self, batch: BatchId, numbers: Sequence[int] = ()) -> tuple[Page, ...]:
        with self.database.reading() as rows:
            return page_rows.load_pages(rows, batch, numbers)

    def read_numbers(self, batch: BatchId) -> tuple[int, ...]:
        with self.database.reading() as rows:
            return page_rows.read_numbers(rows, batch)

    def poor_scans(self) -> tuple[PoorScan, ...]:
        with self.database.reading() as rows:
            return scan_rows.poor_scans(rows)

    def best_scans(self, batch: BatchId) -> frozenset[int]:
        with self.database.reading() as rows:
            return frozenset(n for _, n in scan_rows.best_scans(rows, [batch]))

    def keep_best_scan(self, batch: BatchId, number: int, by: str) -> None:
        """Raises KeyError for a page that was not read."""
        with self.database.writing() as rows:
            scan_rows.keep_best_scan(rows, batch, number, by, self._now())

    def turns(self, batch: BatchId) -> Mapping[int, QuarterTurn]:
        with self.database.reading() as rows:
            return turn_rows.turns(rows, batch)

    def turn(self, batch: BatchId, number: int, turn: QuarterTurn, by: str) -> None:
        """Raises KeyError for a page that was not read."""
        with self.database.writing() as rows:
            turn_rows.turn(rows, (batch, number), turn, by, self._now())

    def cut(self, batch: BatchId) -> Cut | None:
        with self.database.reading() as rows:
            return page_rows.load_cut(rows, batch)

    def keep_cut(self, batch: BatchId, cut: Cut) -> Cut:
        """Raises ValueError unless the cut places each page of the batch once."""
        with self.database.writing() as rows:
            if standing := page_rows.load_cut(rows, batch):
                return standing
            page_rows.keep_cut(rows, batch, cut, self._now())
            return page_rows.load_cut(rows, batch) or cut

    def reading(self, document: DocumentId) -> Reading:
        with self.database.reading() as rows:
            return page_rows.load_reading(rows, document)

    # --- the clerk

    def settled(self, document: DocumentId) -> bool:
        with self.database.reading() as rows:
            return record_rows.is_settled(rows, document)

    def ask(self, reading: Reading, review: Review) -> None:
        """Raises KeyError for a document of no cut."""
        with self.database.writing() as rows:
            if not record_rows.is_settled(rows, reading.document.id):
                queue_rows.ask(rows, reading, review, self._now())

    def waiting(self) -> Iterator[Waiting]:
        after = 0
        while True:
            with self.database.reading() as rows:
                some = queue_rows.open_questions(rows, after)
            if not some:
                return
            yield from (waiting for _, waiting in some)
            after = some[-1][0]

    def asked(self, document: DocumentId) -> Waiting | None:
        with self.database.reading() as rows:
            return queue_rows.open_question(rows, document)

    def answer(
        self,
        document: DocumentId,
        answer: Answer,
        until: dt.datetime | None = None,
    ) -> None:
        """Raises KeyError for an unknown document.

        A blind answer is kept as a check of the machine's as well, once it stands.
        """
        with self.database.writing() as rows:
            self._keep(rows, document, answer, until)

    def first_answer(
        self,
        document: DocumentId,
        answer: Answer,
        until: dt.datetime | None = None,
        put: Waiting | None = None,
    ) -> bool:
        """Raises KeyError for an unknown document."""
        with self.database.writing() as rows:
            if put is not None and queue_rows.open_question(rows, document) != put:
                return False
            standing = queue_rows.pending(rows, document)
            if standing is not None and not isinstance(standing, Referral):
                return False
            self._keep(rows, document, answer, until)
            return True

    def _keep(
        self,
        rows: Connection,
        document: DocumentId,
        answer: Answer,
        until: dt.datetime | None,
    ) -> None:
        now = self._now()
        queue_rows.keep_answer(rows, document, answer, now)
        if until is None:
            check_rows.check_by_answer(rows, document, answer, now)
        else:
            held_rows.hold(rows, document, until)

    def pending(self, document: DocumentId) -> Answer | None:
        with self.database.reading() as rows:
            return queue_rows.pending(rows, document)

    def answers(self) -> tuple[tuple[DocumentId, Answer], ...]:
        with self.database.reading() as rows:
            return queue_rows.waiting_answers(rows)

    def due_answers(self) -> tuple[tuple[DocumentId, Answer], ...]:
        now = self._now()
        with self.database.reading() as rows:
            over = held_rows.any_over(rows, now)
        if over:
            with self.database.writing() as rows:
                held_rows.release(rows, now)
        with self.database.reading() as rows:
            return queue_rows.waiting_answers(rows, due=True)

    def held(self, by: str) -> tuple[Held, ...]:
        with self.database.reading() as rows:
            return held_rows.held_by(rows, by, self._now())

    def take_back_answer(self, document: DocumentId, by: str) -> Answer | None:
        with self.database.writing() as rows:
            return held_rows.take_back(rows, document, by, self._now())

    def put_back(self, document: DocumentId, answer: Answer, why: str) -> None:
        with self.database.writing() as rows:
            queue_rows.put_back(rows, document, answer, (why, self._now()))

    def failure(self, document: DocumentId) -> str:
        with self.database.reading() as rows:
            return queue_rows.failure(rows, document)

    def reject(self, document: DocumentId, rejection: Rejection) -> None:
        """A filed document stays filed. Raises KeyError for an unknown document."""
        with self.database.writing() as rows:
            queue_rows.reject(rows, document, rejection, self._now())

    # --- what is weighed again

    def to_weigh(self, after: int = 0) -> ToWeigh | None:
        with self.database.reading() as rows:
            return weigh_rows.next_to_weigh(rows, after)

    def left_to_weigh(self) -> int:
        with self.database.reading() as rows:
            return weigh_rows.count_to_weigh(rows)

    def weighed(self, reading: Reading, review: Review, change: int) -> None:
        with self.database.writing() as rows:
            weigh_rows.keep_weighed(rows, reading, review, change, self._now())

    def file_weighed(self, reading: Reading, filed: FiledDocument, change: int) -> bool:
        """Raises KeyError for an unknown document, ValueError for a wrong version."""
        with self.database.writing() as rows:
            return weigh_rows.file_weighed(rows, reading, filed, change, self._now())

    # --- the record

    def file(self, filed: FiledDocument) -> FiledDocument:
        """Raises KeyError for an unknown document, ValueError for a wrong version."""
        with self.database.writing() as rows:
            return record_rows.file(rows, filed, self._now())

    def filed(self, document: DocumentId) -> FiledDocument | None:
        with self.database.reading() as rows:
            return record_rows.live(rows, document)

    def versions(self, document: DocumentId) -> tuple[FiledDocument, ...]:
        with self.database.reading() as rows:
            return record_rows.all_versions(rows, document)

    def of_patient(self, patient: PatientId) -> Iterator[FiledDocument]:
        """Also what was filed under records merged into this one or linked to it."""
        with self.database.reading() as rows:
            found = record_rows.live_of(rows, _chart(rows, patient))
        yield from found

    def homes(
        self, batch: BatchId, numbers: Sequence[int]
    ) -> tuple[tuple[BatchId, int, DocumentId | None], ...]:
        with self.database.reading() as rows:
            return relaid_rows.homes(rows, batch, numbers)

    def correct(
        self,
        said: Correction,
        new: FiledDocument | None,
        relaid: Relaid | None = None,
    ) -> None:
        with self.database.writing() as rows:
            correction_rows.correct(rows, said, (new, relaid), self._now())

    def corrections(self, document: DocumentId) -> tuple[Corrected, ...]:
        with self.database.reading() as rows:
            return correction_rows.corrections(rows, document)

    def gone_from(self, patient: PatientId) -> tuple[FiledDocument, ...]:
        with self.database.reading() as rows:
            return correction_rows.gone_from(rows, _chart(rows, patient))

    # --- what clerks teach

    def verified(self) -> Iterator[Verified]:
        with self.database.reading() as rows:
            ids = verified_rows.answered_documents(rows)
        for portion in page_rows.portions(ids):
            with self.database.reading() as rows:
                found = list(verified_rows.verified(rows, portion))
            yield from found

    def promotions(self) -> tuple[LiveModel, ...]:
        with self.database.reading() as rows:
            return model_rows.promotions(rows)

    def promote(self, name: str, manifest: str, by: str) -> None:
        with self.database.writing() as rows:
            model_rows.promote(rows, name, manifest, by, self._now())

    def take_back(self, by: str) -> None:
        """Raises KeyError if the shipped model is the live one."""
        with self.database.writing() as rows:
            model_rows.take_back(rows, by, self._now())

    # --- the books

    def ledger(self, batches: Sequence[BatchId] = ()) -> Iterator[LedgerLine]:
        """In order of arrival, then by file and page."""
        some: Sequence[BatchId] = batches
        if not some:
            with self.database.reading() as rows:
                some = ledger.batch_ids(rows)
        for portion in page_rows.portions(some, LEDGER_AT_ONCE):
            with self.database.reading() as rows:
                found = list(ledger.lines(rows, portion))
            yield from found

    def progress(self, batches: Sequence[BatchId] = ()) -> Progress:
        with self.database.reading() as rows:
            return ledger.count(rows, batches)

    def audit(
        self, who: str, did: str, what: str, patient: str = "", purpose: str = ""
    ) -> None:
        with self.database.writing() as rows:
            books.chain(rows, (who, did, what), self._now(), (patient, purpose))

    def first_bad_audit_line(self) -> int | None:
        """The first line of the audit trail that was tampered with; None: none."""
        with self.database.reading() as rows:
            return books.first_bad_line(rows)


def _chart(rows: Connection, patient: PatientId) -> tuple[PatientId, ...]:
    """Every id under which this patient's paper is filed."""
    ids = merge_rows.merged_ids(rows, patient)
    return (*ids, *holding_rows.linked_to(rows, ids))
