"""verify: it names what is missing, and says nothing when nothing is."""

from __future__ import annotations

import io

import pikepdf
import pytest
from sqlalchemy import text

from pipeline.document import BatchId, DocumentId
from pipeline.store.folder import FolderStore
from pipeline.store.verify import Fault, verify
from tests.builders import (
    batch_of,
    cut_of,
    empty_books,
    file_of,
    filed_of,
    key_of,
    page_of,
    review_of,
    sources,
)
from tests.faults.stores import rot


def pdf_of(pages: int) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


@pytest.fixture
def objects(tmp_path):
    return FolderStore(tmp_path / "objects")


@pytest.fixture
def books(tmp_path, objects):
    """A filed, an asked, a blank page; a bad file; a copy; a quarantined link."""
    books = empty_books(tmp_path / "catalogue.sqlite")
    batch = books.receive(batch_of("b1", file_of("good"), file_of("bad")))
    books.receive(batch_of("b2", file_of("copy", "good")))
    for data in (b"good", b"bad"):
        objects.put(data)
    books.opened(batch, sources(4), {1: "truncated"})
    books.keep_pages(batch, [page_of(n) for n in range(1, 5)])
    cut = books.keep_cut(batch, cut_of("b1", (1, 2), (3,), blank=[4]))
    books.file(put(objects, "b1-1", 2))
    books.ask(cut.readings[1], review_of())
    books.finish(batch)
    link = key_of("")[:0]
    books.quarantine("link", link, 0, "a link", "scan")
    yield books
    books.close()


def put(objects, document, pages, version=1):
    filed = filed_of(document, version=version, data="x")
    return type(filed)(
        filed.id,
        filed.document,
        filed.decision,
        objects.put(pdf_of(pages)),
        filed.filed,
        filed.replaces,
    )


def told(books, objects):
    return [str(fault) for fault in verify(books, objects)]


def change(books, *statements):
    with books.database.writing() as rows:
        for name in ("update", "delete"):
            rows.execute(text(f"DROP TRIGGER IF EXISTS filed_no_{name}"))
            rows.execute(text(f"DROP TRIGGER IF EXISTS asked_no_{name}"))
        rows.execute(text("DROP INDEX IF EXISTS uq_place_live"))
        for statement in statements:
            rows.execute(text(statement))


def test_a_whole_folder_has_no_fault(books, objects):
    assert told(books, objects) == []


def test_a_missing_and_a_rotten_original(books, objects, tmp_path):
    for name in ("good", "bad"):
        key = key_of(name)
        path = tmp_path / "objects" / key[:2] / key
        path.unlink() if name == "good" else rot(path)
    assert set(told(books, objects)) == {
        f"batch b1 object {key_of('good')}: the original is missing",
        f"batch b1 object {key_of('bad')}: the original is damaged",
    }


def test_an_original_of_another_size(books, objects):
    change(books, "UPDATE batch_file SET size = 9 WHERE name = 'bad'")
    assert told(books, objects) == [
        f"batch b1 object {key_of('bad')}: the original has 3 bytes, not 9"
    ]


def test_a_filed_pdf_that_lacks_a_page_or_is_none(books, objects):
    books.file(put(objects, "b1-1", 1, version=2))
    key = objects.put(b"no pdf")
    (fault,) = told(books, objects)
    assert "document b1-1-v2" in fault
    assert fault.endswith("the filed PDF has 1 pages, not 2")
    change(books, f"UPDATE filed SET key = '{key}' WHERE version = 2")
    assert told(books, objects) == [
        f"document b1-1-v2 object {key}: the filed PDF cannot be opened"
    ]
    change(books, f"UPDATE filed SET key = '{'0' * 64}' WHERE version = 2")
    assert told(books, objects)[0].endswith("the filed PDF is missing")


@pytest.mark.parametrize(
    ("statement", "faults"),
    [
        (
            "DELETE FROM place WHERE number = 4",
            ["batch b1 page 4: lies nowhere"],
        ),
        (
            "INSERT INTO place (batch, number, removed_as) VALUES ('b1', 3, 'blank')",
            ["batch b1 page 3: lies in two places"],
        ),
        (
            "DELETE FROM asked",
            [
                "batch b1 document b1-2: neither filed, nor rejected, nor asked about",
                "document b1-2: is settled and on the work list: chartfiler queue"
                " rebuild",
            ],
        ),
        (
            "DELETE FROM rejected_file WHERE batch = 'b1'",
            ["batch b1: file 1 has 0 outcomes, not one"],
        ),
        (
            "UPDATE source_page SET page = 9 WHERE number = 4",
            ["batch b1: file 0 lacks a page"],
        ),
        (
            "UPDATE batch_file SET first_position = 1 WHERE batch = 'b2'",
            ["batch b2: file 0 copies nothing"],
        ),
        (
            "INSERT INTO filed SELECT 'odd', document, 7, patient, type, date,"
            " encounter, by, key, filed, NULL FROM filed",
            ["document b1-1: has not one newest version"],
        ),
        (
            "INSERT INTO audit"
            " SELECT seq + 2, at, who, did, what, hash, patient, purpose FROM audit",
            ["the audit trail is broken at line 2"],
        ),
    ],
)
def test_each_tampering_is_named(books, objects, statement, faults):
    change(books, statement)
    assert told(books, objects) == faults


def test_an_unfinished_batch_is_named_once(books, objects):
    objects.put(b"b3.pdf")
    books.receive(batch_of("b3"))
    books.opened(BatchId("b3"), sources(2), {})
    books.keep_cut(BatchId("b3"), cut_of("b3", (1, 2)))
    assert told(books, objects) == [
        "batch b3: unfinished: start watch, process or serve"
    ]
    assert next(verify(books, objects)) == Fault(
        "unfinished: start watch, process or serve", batch=BatchId("b3")
    )
    assert DocumentId("b3-1") in str(books.reading(DocumentId("b3-1")))
