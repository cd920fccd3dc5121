"""``process PATH…``: the same batches, from files that stay where they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ingest_making import Ledger, Shelf, encoded, scan_pdf, sheet, write

from pipeline.document import BatchId
from pipeline.errors import UnsupportedFile
from pipeline.ingest import in_place
from pipeline.ingest.in_place import take_in_place

PNG, TIFF = encoded(sheet(), "PNG"), encoded(sheet(), "TIFF")
PDF = scan_pdf(encoded(sheet(), "JPEG"))


def taken(paths: list[Path], shelf: Shelf, books: Ledger) -> tuple[BatchId, ...]:
    return tuple(take_in_place(paths, shelf, books))


def fill(root: Path) -> None:
    write(root / "10.pdf", PDF)
    write(root / "2.png", PNG)
    write(root / "box/1.tif", TIFF)
    write(root / "box/2.tif", TIFF + b"\0")
    write(root / "box/job.csv", b"page,2.tif\npage,1.tif\npage,3.tif\n")
    write(root / "s_0001.tif", TIFF)
    write(root / "s.xml", b"<batch station='S9'><page file='s_0001.tif'/></batch>")
    write(root / ".hidden.pdf", PDF)


def tree(root: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_a_folder_again_and_again(tmp_path: Path) -> None:
    fill(tmp_path)
    before = tree(tmp_path)
    shelf, books = Shelf(), Ledger()
    ids = taken([tmp_path], shelf, books)
    names = [[f.name for f in books.batches[batch].files] for batch in ids]
    assert names == [
        ["s_0001.tif"],
        ["2.png"],
        ["10.pdf"],
        ["box/2.tif", "box/1.tif"],
    ]
    box = books.batches[ids[3]]
    assert box.sidecar.order == ("2.tif", "1.tif", "3.tif")
    assert box.station == "process"
    assert box.late_for is None
    assert tree(tmp_path) == before
    assert taken([tmp_path], shelf, books) == ids
    assert len(books.batches) == 4
    write(tmp_path / "2.png", PNG + b"\0")
    changed = taken([tmp_path], shelf, books)
    assert len(set(changed) - set(ids)) == 1


def test_a_large_file_lets_a_few_small_ones_go_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first page waited until 180 MB were stored, whose name came first."""
    monkeypatch.setattr(in_place, "SMALL", len(PDF))
    monkeypatch.setattr(in_place, "FEW", 2)
    write(tmp_path / "lonely.csv", b"station,S1\n")  # refused: no page of it is read
    for name in ("1.pdf", "3.pdf", "box/1.pdf", "box/2.pdf"):  # the box is a batch
        write(tmp_path / name, PDF + b"\0" * (name in ("1.pdf", "3.pdf")))
    write(tmp_path / "box/job.csv", b"page,1.pdf\npage,2.pdf\n")
    for name in ("2.pdf", "4.pdf", "5.pdf"):
        write(tmp_path / name, PDF)
    books = Ledger()
    ids = taken([tmp_path], Shelf(), books)
    first = [
        books.batches[batch].files[0].name for batch in ids if batch in books.batches
    ]
    assert first == ["2.pdf", "4.pdf", "1.pdf", "3.pdf", "5.pdf", "box/1.pdf"]


def test_single_files_are_named_by_their_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path)
    monkeypatch.chdir(tmp_path)
    books = Ledger()
    ids = taken(
        [Path("s.xml"), Path("s_0001.tif"), tmp_path / ".hidden.pdf"], Shelf(), books
    )
    assert books.names == [".hidden.pdf", "s_0001.tif"]
    assert books.batches[ids[0]].sidecar.station == "S9"
    again = taken([tmp_path / "s.xml", tmp_path / "s_0001.tif"], Shelf(), books)
    assert again == ids[:1]


def test_the_same_bytes_in_two_places_are_two_batches(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        write(tmp_path / name, PDF)
    shelf, books = Shelf(), Ledger()
    assert len(taken([tmp_path], shelf, books)) == 2
    assert len(shelf.kept) == 1


def test_refusals_are_entered_and_stop_nothing(tmp_path: Path) -> None:
    write(tmp_path / "a.pdf", PDF)
    write(tmp_path / "empty.pdf", b"")
    write(tmp_path / "words.txt", b"words")
    write(tmp_path / "bad.xml", b"<batch")
    write(tmp_path / "lonely.csv", b"station,S1\n")
    (tmp_path / "link.pdf").symlink_to(tmp_path / "a.pdf")
    os.mkfifo(tmp_path / "pipe.pdf")
    shelf, books = Shelf(), Ledger()
    ids = taken([tmp_path], shelf, books)
    assert books.names == ["a.pdf"]
    reasons = {name: why.split(":")[0] for (name, *_), why in books.set_aside.items()}
    assert reasons == {
        "bad.xml": "the sidecar is no plain XML",
        "empty.pdf": "the file is empty",
        "link.pdf": "a link or not a regular file",
        "lonely.csv": "a sidecar without pages",
        "pipe.pdf": "a link or not a regular file",
        "words.txt": "not a format we take",
    }
    assert len(tree(tmp_path)) >= 6
    assert taken([tmp_path], shelf, books) == ids


def test_a_truncated_file_goes_on_to_the_pool(tmp_path: Path) -> None:
    write(tmp_path / "half.pdf", PDF[: len(PDF) // 2])
    books = Ledger()
    taken([tmp_path], Shelf(), books)
    assert books.names == ["half.pdf"]


def test_a_path_where_nothing_is(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFile, match="path 2") as caught:
        taken([tmp_path, tmp_path / "SENTINEL"], Shelf(), Ledger())
    assert "SENTINEL" not in str(caught.value)


def test_a_link_is_not_followed_even_when_named(tmp_path: Path) -> None:
    fill(tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    books = Ledger()
    taken([tmp_path / "link"], Shelf(), books)
    assert books.batches == {}
    assert len(books.set_aside) == 1
