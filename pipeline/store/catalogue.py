"""What is known of every file, page and document: the seam to the catalogue.

Append-only where it matters: decisions, filed versions, reviews and history are never
rewritten. One call is one transaction; every call may be repeated with the same effect.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from pipeline.document import (
    Batch,
    BatchId,
    Correction,
    Cut,
    Decision,
    DocumentId,
    DocumentType,
    FiledDocument,
    Key,
    PatientId,
    Reading,
    Relaid,
    Removed,
    Review,
    ScannedDocument,
    SourcePage,
)
from pipeline.page import Page, Quality, QuarterTurn
from pipeline.store.answers import Answer, Corrected, Held, Rejection

Disposition = Literal["filed", "review", "removed", "rejected"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One document on the clerk's desk."""

    reading: Reading
    review: Review
    asked: dt.datetime  # UTC


@dataclass(frozen=True, slots=True)
class ToWeigh:
    """Open reviews of one batch whose reading is older than the index's last change.

    ``place`` is the batch's in the order of arrival, ``change`` that change's number.
    """

    batch: BatchId
    place: int
    documents: tuple[DocumentId, ...]
    change: int


@dataclass(frozen=True, slots=True)
class PoorScan:
    """A page that is worth another scan: the ``nth`` of its document, and why."""

    batch: BatchId
    number: int
    document: DocumentId
    nth: int
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """Where one source page ended up; ``disposition`` None means: not yet.

    A file without readable pages is one line with page 0. ``number`` is the page's
    number in its batch (0 with page 0). ``decision`` is the live filed version's,
    ``reading`` the machine's, ``filed`` the live version. ``quality`` is None until
    the page is read; ``best_scan`` says that a clerk knows of no better scan.
    """

    batch: BatchId
    source: str = field(repr=False)
    page: int
    number: int
    disposition: Disposition | None
    removed_as: Removed | None = None
    duplicate_of: str | None = field(default=None, repr=False)
    document: DocumentId | None = None
    document_page: int | None = None
    rotation: QuarterTurn = 0
    reading: Reading | None = None
    decision: Decision | None = None
    filed: FiledDocument | None = None
    reasons: tuple[str, ...] = ()
    first_batch: BatchId | None = None  # of a duplicate: the batch of its pages
    quality: Quality | None = None
    best_scan: bool = False


@dataclass(frozen=True, slots=True)
class Verified:
    """One filed document whose ``type`` is a clerk's word, beside the machine's.

    ``by`` and ``at`` tell who gave it that type, and when (UTC); ``patient`` is whose
    it is now.
    """

    document: ScannedDocument
    suggested: DocumentType | None
    type: DocumentType
    patient: PatientId
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class LiveModel:
    """A promoted type model: its folder's name and the SHA-256 of its manifest."""

    name: str
    manifest: str
    by: str
    at: dt.datetime  # UTC


@dataclass(frozen=True, slots=True)
class Progress:
    """Pages read of pages received, over some batches; files not yet opened."""

    unopened: int  # files
    received: int  # pages
    read: int
    settled: int  # pages with an outcome
    rejected: int  # files


class Catalogue(Protocol):
    """Everything but the bytes. Raises StoreUnavailable when it cannot answer."""

    # --- what came in
    def receive(self, batch: Batch) -> BatchId:
        """Remember a batch whose originals are stored; the id that stands for it.

        The same batch id again changes nothing. A batch whose every file's bytes
        were received before (and not rejected) is kept with its files marked as
        duplicates of the first ones; it has no pages of its own and needs no work.
        """
        ...

    def batch(self, batch: BatchId) -> Batch: ...

    def unfinished(self) -> tuple[BatchId, ...]:
        """Batches with work left, oldest first (duplicates have none)."""
        ...

    def opened(
        self, batch: BatchId, pages: Sequence[SourcePage], rejected: dict[int, str]
    ) -> None:
        """How many pages the files have; ``rejected``: file position -> reason."""
        ...

    def source_pages(self, batch: BatchId) -> tuple[SourcePage, ...] | None:
        """The pages in order; None if the batch has not been opened yet."""
        ...

    def quarantine(
        self, source: str, key: Key, size: int, reason: str, station: str
    ) -> BatchId:
        """Remember a file that intake itself set aside: one ledger line, page 0."""
        ...

    # --- what was read
    def keep_pages(self, batch: BatchId, pages: Sequence[Page]) -> None: ...

    def pages(self, batch: BatchId, numbers: Sequence[int] = ()) -> tuple[Page, ...]:
        """The pages read so far, by number; all of them when none is named."""
        ...

    def read_numbers(self, batch: BatchId) -> tuple[int, ...]:
        """The numbers of the pages read so far."""
        ...

    def poor_scans(self) -> tuple[PoorScan, ...]:
        """Pages of documents that are worth another scan, oldest first."""
        ...

    def best_scans(self, batch: BatchId) -> frozenset[int]:
        """Numbers of the pages of which a clerk said that no better scan can be had."""
        ...

    def keep_best_scan(self, batch: BatchId, number: int, by: str) -> None:
        """A clerk says so: audited, and the page is no longer offered."""
        ...

    def turns(self, batch: BatchId) -> Mapping[int, QuarterTurn]:
        """The pages that a clerk turned, and how they stand now, clockwise."""
        ...

    def turn(self, batch: BatchId, number: int, turn: QuarterTurn, by: str) -> None:
        """A clerk turns a page, by so much of how the machine read it."""
        ...

    # --- how it was cut and settled
    def cut(self, batch: BatchId) -> Cut | None: ...

    def keep_cut(self, batch: BatchId, cut: Cut) -> Cut:
        """Write the cut in one transaction; the cut that stands (the first one)."""
        ...

    def settled(self, document: DocumentId) -> bool:
        """Whether it was filed, rejected or asked about."""
        ...

    def reading(self, document: DocumentId) -> Reading:
        """Raises KeyError."""
        ...

    def ask(self, reading: Reading, review: Review) -> None:
        """Put a reading on the clerk's desk, unless it is settled."""
        ...

    def file(self, filed: FiledDocument) -> FiledDocument:
        """Add a filed version, once; the version that stands.

        With ``replaces`` None: closes an open review; a document that is filed
        already keeps what it has. Otherwise the replaced version becomes restricted.
        An answer that waited for this document is done with in the same transaction.
        """
        ...

    def finish(self, batch: BatchId) -> None:
        """Nothing is left to do for this batch."""
        ...

    # --- the clerk
    def waiting(self) -> Iterator[Waiting]:
        """The queue, oldest first."""
        ...

    def asked(self, document: DocumentId) -> Waiting | None:
        """The open review of this document, if there is one."""
        ...

    def answer(
        self,
        document: DocumentId,
        answer: Answer,
        until: dt.datetime | None = None,
    ) -> None:
        """Keep a clerk's answer until the worker files it; the last one counts.

        The worker does not get it before ``until``, so long may it be taken back.
        """
        ...

    def first_answer(
        self,
        document: DocumentId,
        answer: Answer,
        until: dt.datetime | None = None,
        put: Waiting | None = None,
    ) -> bool:
        """The same, if none waits but a referral, and the question is still ``put`` so.

        False: nothing was kept. Of two at the same moment one is the first.
        """
        ...

    def pending(self, document: DocumentId) -> Answer | None:
        """The answer about it that waits for the worker, a held one or referral too."""
        ...

    def answers(self) -> tuple[tuple[DocumentId, Answer], ...]:
        """Answers that wait for the worker, held ones and referrals too."""
        ...

    def due_answers(self) -> tuple[tuple[DocumentId, Answer], ...]:
        """Answers that the worker is to carry out now, oldest first."""
        ...

    def held(self, by: str) -> tuple[Held, ...]:
        """This clerk's answers that may still be taken back, oldest first."""
        ...

    def take_back_answer(self, document: DocumentId, by: str) -> Answer | None:
        """This clerk's held answer, or a referral, counts no more; None: too late."""
        ...

    def put_back(self, document: DocumentId, answer: Answer, why: str) -> None:
        """This answer cannot be carried out: it waits no longer, its question does.

        ``why`` joins the question's reasons and is kept as ``failure``.
        """
        ...

    def failure(self, document: DocumentId) -> str:
        """Why the last answer that failed could not be carried out; "" for none."""
        ...

    def reject(self, document: DocumentId, rejection: Rejection) -> None:
        """Close a document's review and its answer: its pages are rejected."""
        ...

    def reopen(self, batch: BatchId) -> bool:
        """Try a rejected batch again from its originals; False if it has none."""
        ...

    # --- what is weighed again, since the patient index is another
    def to_weigh(self, after: int = 0) -> ToWeigh | None:
        """The next batch with reviews to weigh again, behind the place ``after``."""
        ...

    def left_to_weigh(self) -> int:
        """How many open reviews wait to be weighed again."""
        ...

    def weighed(self, reading: Reading, review: Review, change: int) -> None:
        """It still goes to a clerk: another question is kept, the same one marked.

        What was settled or answered meanwhile keeps what it has.
        """
        ...

    def file_weighed(self, reading: Reading, filed: FiledDocument, change: int) -> bool:
        """File what waited, and say why; False if a clerk came first."""
        ...

    # --- the record
    def of_patient(self, patient: PatientId) -> Iterator[FiledDocument]:
        """Live versions, newest service date first."""
        ...

    def filed(self, document: DocumentId) -> FiledDocument | None:
        """The live version."""
        ...

    def versions(self, document: DocumentId) -> tuple[FiledDocument, ...]:
        """Every version ever filed, oldest first."""
        ...

    def homes(
        self, batch: BatchId, numbers: Sequence[int]
    ) -> tuple[tuple[BatchId, int, DocumentId | None], ...]:
        """Where these pages lie, by every batch that lists them; None: set aside."""
        ...

    def correct(
        self,
        said: Correction,
        new: FiledDocument | None,
        relaid: Relaid | None = None,
    ) -> None:
        """Carry out a correction: ``new`` replaces what it is of; None retracts that.

        ``relaid`` are its pages, where they are others. Raises KeyError or ValueError
        if another version stands by now, Superseded if one of the pages is not free.
        """
        ...

    def corrections(self, document: DocumentId) -> tuple[Corrected, ...]:
        """What was corrected, oldest first."""
        ...

    def gone_from(self, patient: PatientId) -> tuple[FiledDocument, ...]:
        """Versions that lay in this chart and whose document does not, newest first."""
        ...

    # --- what clerks teach
    def verified(self) -> Iterator[Verified]:
        """Every document whose type a clerk gave, never what rules gave it; by id."""
        ...

    def promotions(self) -> tuple[LiveModel, ...]:
        """Promoted type models that were not taken back: the last one is live."""
        ...

    def promote(self, name: str, manifest: str, by: str) -> None:
        """Make a model the live one: audited; again, it changes nothing."""
        ...

    def take_back(self, by: str) -> None:
        """Return to the model before, audited. Raises KeyError without one."""
        ...

    # --- the books
    def ledger(self, batches: Sequence[BatchId] = ()) -> Iterator[LedgerLine]:
        """One line a source page, ordered by file and page; all batches when none."""
        ...

    def progress(self, batches: Sequence[BatchId] = ()) -> Progress: ...

    def audit(
        self, who: str, did: str, what: str, patient: str = "", purpose: str = ""
    ) -> None:
        """Chain one line to the audit trail: ids only, never a patient's text.

        ``patient`` is whose paper it was, ``purpose`` what it was looked at for.
        """
        ...
