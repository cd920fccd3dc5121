"""Small made-up papers: batches, pages, readings and decisions for any test."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pipeline.document import (
    Batch,
    BatchId,
    Cut,
    Decision,
    DocumentId,
    DocumentType,
    Doubt,
    FiledDocument,
    Key,
    Name,
    Patient,
    PatientId,
    Reading,
    Review,
    ScannedDocument,
    SourceFile,
    SourcePage,
)
from pipeline.finding import Evidence, Finding
from pipeline.page import Box, Mark, Page, Quality, Word
from pipeline.store.catalogue import Catalogue
from pipeline.store.sql_catalogue import SqlCatalogue

NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
LETTER = DocumentType("discharge_summary")
GOOD = Quality(
    ink=0.05, blank=False, dpi=300, sharpness=40.0, noise=2.0, skew=0.3, legibility=0.9
)


def key_of(data: bytes | str) -> Key:
    """The key of these bytes."""
    raw = data.encode() if isinstance(data, str) else data
    return Key(hashlib.sha256(raw).hexdigest())


def file_of(name: str, data: str = "") -> SourceFile:
    """A file whose bytes are ``data``, or its name."""
    return SourceFile(name, key_of(data or name), len(data or name))


def batch_of(
    id_: str = "b1", *files: SourceFile, received: dt.datetime = NOON
) -> Batch:
    """A batch from the station "scan", of one file if none is given."""
    return Batch(BatchId(id_), received, "scan", files or (file_of(f"{id_}.pdf"),))


def sources(*counts: int) -> tuple[SourcePage, ...]:
    """Source pages of files with so many pages each."""
    places = [(f, p + 1) for f, count in enumerate(counts) for p in range(count)]
    return tuple(SourcePage(n, f, p) for n, (f, p) in enumerate(places, start=1))


def page_of(number: int = 1, text: str = "Discharge Summary") -> Page:
    """An upright letter page at 300 dpi with these words on one line."""
    words = tuple(
        Word(word, Box(100 + 200 * i, 100, 290 + 200 * i, 140), 0.93)
        for i, word in enumerate(text.split())
    )
    mark = Mark("code128", "PATIENT 00123456", Box(10, 20, 300.5, 90))
    return Page(
        number, (2550, 3300), words, (mark,), 300, 90, GOOD, "null 1", f"f{number}"
    )


def patient_of(mrn: str = "00123456", family: str = "Doe") -> Patient:
    """Somebody, with the MRN as id."""
    return Patient(PatientId(mrn), mrn, (Name(family, "Jane"),), dt.date(1961, 3, 4))


def reading_of(
    document: str = "d1", batch: str = "b1", pages: Sequence[int] = (1,)
) -> Reading:
    """What the machine makes of a discharge summary of ``patient_of()``."""
    seen = Evidence("mrn", 17.5, "00123456", pages[0], Box(1, 2, 3, 4), exact=True)
    return Reading(
        document=ScannedDocument(DocumentId(document), BatchId(batch), tuple(pages)),
        types=(Finding(LETTER, 0.99, (), "classify 1"),),
        patients=(Finding(patient_of(), 0.999, (seen,), "index 1"),),
        dates=(Finding(dt.date(2020, 2, 29), 0.8, (), "index 1"),),
    )


def cut_of(batch: str, *documents: Sequence[int], blank: Sequence[int] = ()) -> Cut:
    """A cut into documents "<batch>-1", "<batch>-2"... and blank pages."""
    readings = tuple(
        reading_of(f"{batch}-{n}", batch, pages)
        for n, pages in enumerate(documents, start=1)
    )
    return Cut(readings, tuple((number, "blank") for number in blank), "index 1")


def review_of(reason: str = "two patients fit") -> Review:
    return Review((Doubt(reason),))


def decision_of(patient: str = "00123456", by: str = "rules 1") -> Decision:
    return Decision(PatientId(patient), LETTER, dt.date(2020, 2, 29), None, by)


def filed_of(
    document: str,
    decision: Decision | None = None,
    version: int = 1,
    data: str = "",
) -> FiledDocument:
    """A version of a filed document; later ones replace the one before."""
    ids = [document, *(f"{document}-v{n}" for n in range(2, version + 1))]
    return FiledDocument(
        id=DocumentId(ids[-1]),
        document=DocumentId(document),
        decision=decision or decision_of(),
        key=key_of(data or f"pdf of {ids[-1]}"),
        filed=NOON,
        replaces=DocumentId(ids[-2]) if version > 1 else None,
    )


def empty_books(path: Path) -> SqlCatalogue:
    """A new catalogue in this file, copied, since migrating each time is slow."""
    path.write_bytes(migrated())
    return SqlCatalogue(path)


@functools.cache
def migrated() -> bytes:
    """An empty catalogue's file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "catalogue.sqlite")
        SqlCatalogue(path).close()
        return path.read_bytes()


def receive(books: Catalogue, id_: str = "b1", pages: int = 3) -> BatchId:
    """One opened and read file in the books."""
    batch = books.receive(batch_of(id_))
    books.opened(batch, sources(pages), {})
    books.keep_pages(batch, [page_of(n) for n in range(1, pages + 1)])
    return batch


def dispositions(books: Catalogue, *batches: str) -> list[str | None]:
    return [line.disposition for line in books.ledger([BatchId(b) for b in batches])]
