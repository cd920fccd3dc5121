"""What every Catalogue must do with what comes in."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from pipeline.document import BatchId, Sidecar
from pipeline.store.catalogue import Progress
from tests.builders import (
    NOON,
    batch_of,
    cut_of,
    dispositions,
    file_of,
    filed_of,
    key_of,
    receive,
    sources,
)

LATER = NOON + dt.timedelta(hours=1)


# --- what came in


def test_a_batch_reads_back_as_it_was_received(books):
    batch = dataclasses.replace(
        batch_of("b1", file_of("Ärztin/1.tif"), file_of("2.tif")),
        sidecar=Sidecar("s1", "ada", sheets=2, order=("2.tif", "1.tif")),
        late_for=BatchId("b0"),
    )
    assert books.receive(batch) == "b1"
    assert books.batch(batch.id) == batch
    with pytest.raises(KeyError):
        books.batch(BatchId("none"))


def test_receiving_twice_is_receiving_once(books):
    assert books.receive(batch_of("b1")) == books.receive(batch_of("b1")) == "b1"
    assert books.receive(batch_of("b1", received=LATER)) == "b1"
    assert books.unfinished() == ("b1",)


def test_a_batch_is_opened_once(books):
    books.receive(batch_of("b1"))
    assert books.source_pages(BatchId("b1")) is None
    books.opened(BatchId("b1"), sources(2), {})
    books.opened(BatchId("b1"), sources(3), {})
    assert books.source_pages(BatchId("b1")) == sources(2)
    with pytest.raises(KeyError):
        books.source_pages(BatchId("none"))


def test_a_file_without_pages_needs_a_reason(books):
    batch = books.receive(batch_of("b1", file_of("a"), file_of("b")))
    with pytest.raises(ValueError, match="neither pages nor a reason"):
        books.opened(batch, sources(2), {})


def test_a_second_copy_is_a_duplicate_without_work(books):
    first = receive(books)
    copy = books.receive(batch_of("b2", file_of("copy.pdf", "b1.pdf")))
    third = books.receive(batch_of("b3", file_of("again.pdf", "b1.pdf")))
    assert (copy, third) == ("b2", "b3")
    assert books.unfinished() == (first,)
    assert books.source_pages(copy) == ()
    books.keep_cut(first, cut_of("b1", (1, 2), blank=[3]))
    books.file(filed_of("b1-1"))
    for id_, name in (("b2", "copy.pdf"), ("b3", "again.pdf")):
        lines = list(books.ledger([BatchId(id_)]))
        assert [(x.source, x.page, x.disposition) for x in lines] == [
            (name, 1, "filed"),
            (name, 2, "filed"),
            (name, 3, "removed"),
        ]
        assert {x.duplicate_of for x in lines} == {"b1.pdf"}
        assert {x.first_batch for x in lines} == {"b1"}
        assert {x.batch for x in lines} == {id_}


def test_a_batch_with_one_new_file_is_no_duplicate(books):
    receive(books)
    batch = batch_of("b2", file_of("c", "b1.pdf"), file_of("new"))
    assert books.receive(batch) in books.unfinished()


def test_a_copy_of_a_rejected_file_is_tried_again(books):
    first = books.receive(batch_of("b1"))
    books.opened(first, (), {0: "cannot be read"})
    books.finish(first)
    assert books.receive(batch_of("b1")) == "b1"  # the same receipt
    again = books.receive(batch_of("b1", received=LATER))
    assert again == "b1-r2"
    assert books.unfinished() == (again,)
    assert books.receive(batch_of("b1", received=LATER)) == again
    other = books.receive(batch_of("b9", file_of("other.pdf", "b1.pdf")))
    assert next(iter(books.ledger([other]))).duplicate_of == "b1.pdf"
    assert other not in books.unfinished()


def test_a_rejected_file_is_one_line_with_page_0(books):
    batch = books.receive(batch_of("b1", file_of("bad"), file_of("good")))
    assert dispositions(books, "b1") == [None, None]
    books.opened(batch, sources(0, 2), {0: "password-protected"})
    bad, *good = books.ledger([batch])
    assert (bad.page, bad.number, bad.disposition) == (0, 0, "rejected")
    assert bad.reasons == ("password-protected",)
    assert [(x.page, x.number, x.disposition) for x in good] == [
        (1, 1, None),
        (2, 2, None),
    ]


def test_quarantine_is_one_line_and_may_be_repeated(books):
    first = books.quarantine("x.exe", key_of("x"), 1, "no scan", "scan")
    assert books.quarantine("x.exe", key_of("x"), 1, "no scan", "scan") == first
    (line,) = books.ledger()
    assert (line.source, line.page, line.disposition) == ("x.exe", 0, "rejected")
    assert books.unfinished() == ()
    assert books.progress() == Progress(0, 0, 0, 0, 1)


def test_a_rejected_batch_is_reopened_in_place(books):
    batch = books.quarantine("x.pdf", key_of("x"), 1, "truncated", "scan")
    assert books.reopen(batch)
    assert books.unfinished() == (batch,)
    assert books.source_pages(batch) is None
    assert not books.reopen(batch)
    books.opened(batch, sources(1), {})
    again = books.quarantine("x.pdf", key_of("x"), 1, "truncated", "scan")
    assert again == f"{batch}-r2"


def test_the_rejected_files_of_a_half_good_batch_become_a_late_batch(books):
    batch = books.receive(batch_of("b1", file_of("bad"), file_of("good")))
    books.opened(batch, sources(0, 1), {0: "truncated"})
    assert books.reopen(batch)
    late = books.batch(BatchId("b1-r2"))
    assert [f.name for f in late.files] == ["bad"]
    assert late.late_for == "b1"
    assert not books.reopen(batch)  # it is being tried
    books.opened(late.id, (), {0: "truncated"})
    books.finish(late.id)
    assert books.reopen(batch)
    assert late.id in books.unfinished()


def test_nothing_to_reopen(books):
    assert not books.reopen(receive(books))
    assert not books.reopen(books.quarantine("link", key_of("")[:0], 0, "a link", "s"))
