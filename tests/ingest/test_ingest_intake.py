"""Claim, store, commit, remove; and what is set aside, with its reason."""

from __future__ import annotations

import logging
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from ingest_making import Ledger, Shelf, encoded, scan_pdf, sheet, write

from pipeline.document import BatchId
from pipeline.errors import FolderBusy, SettingsError, StoreUnavailable
from pipeline.ingest.batches import BatchRules
from pipeline.ingest.intake import Intake, IntakeRules
from pipeline.ingest.watch import held, look

PNG, TIFF = encoded(sheet(), "PNG"), encoded(sheet(), "TIFF")
PDF = scan_pdf(encoded(sheet(), "JPEG"))
RULES = IntakeRules(settle=5, incomplete_after=600, batches=BatchRules(quiet=60))


@dataclass
class Desk:
    """An inbox with its doubles, and a clock that only the test moves."""

    inbox: Path
    shelf: Shelf = field(default_factory=Shelf)
    books: Ledger = field(default_factory=Ledger)
    time: float = 0.0

    def __post_init__(self) -> None:
        self.inbox.mkdir(exist_ok=True)
        self.restart()

    def restart(self) -> None:
        self.intake = Intake(
            self.inbox, "desk", self.shelf, self.books, RULES, lambda: self.time
        )

    def work(self, seconds: float = 0.0) -> list[BatchId]:
        """Look, let that time pass, look again and do what can be done."""
        self.intake.errands()
        self.time += seconds
        batches = [self.intake.run(errand) for errand in self.intake.errands()]
        return [batch for batch in batches if batch]

    @property
    def left(self) -> list[str]:
        found = (p for p in self.inbox.rglob("*") if not p.is_dir() or p.is_symlink())
        names = (str(p.relative_to(self.inbox)) for p in found)
        return sorted(n for n in names if n != ".work/closed.jsonl")

    @property
    def reasons(self) -> list[str]:
        found = (self.inbox / ".quarantine").glob("*/reason.txt")
        return sorted(path.read_text().split(":")[0].strip() for path in found)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "in")


def test_a_settled_file_is_stored_committed_and_then_removed(desk: Desk) -> None:
    write(desk.inbox / "a.pdf", PDF)
    assert desk.work(4.9) == []
    (batch,) = desk.work(0.1)
    received = desk.books.batches[batch]
    assert [(f.name, f.size) for f in received.files] == [("a.pdf", len(PDF))]
    assert desk.shelf.kept[received.files[0].key] == PDF
    assert received.station == "desk"
    assert received.received.utcoffset() is not None
    assert desk.left == []
    assert desk.work(1000) == []


def test_a_folder_with_its_sidecar(desk: Desk) -> None:
    for n in (1, 2, 3):
        write(desk.inbox / f"box/{n}.tif", TIFF + bytes(n))
    write(desk.inbox / "box/job.csv", b"station,S1\npage,3.tif\npage,1.tif\n")
    (batch,) = desk.work(6)
    received = desk.books.batches[batch]
    names = [f.name for f in received.files]
    assert names == ["box/3.tif", "box/1.tif", "box/2.tif"]
    assert received.sidecar.station == "S1"
    assert desk.left == []


def test_a_late_file_names_its_batch_even_after_a_restart(desk: Desk) -> None:
    write(desk.inbox / "box/1.tif", TIFF)
    (first,) = desk.work(60)
    desk.restart()
    write(desk.inbox / "box/2.tif", TIFF)
    assert desk.work(59) == []
    (late,) = desk.work(1)
    assert desk.books.batches[late].late_for == first
    write(desk.inbox / "box/3.tif", TIFF)
    (later,) = desk.work(60)
    assert desk.books.batches[later].late_for == first


def test_a_late_file_waits_while_its_batch_is_in_work(desk: Desk) -> None:
    write(desk.inbox / "box/1.tif", TIFF)
    desk.intake.errands()
    desk.time += 60
    (errand,) = desk.intake.errands()
    desk.shelf.fail_at = 1
    with pytest.raises(StoreUnavailable):
        desk.intake.run(errand)
    write(desk.inbox / "box/2.tif", TIFF)
    desk.intake.errands()
    desk.time += 60
    first, late = desk.intake.errands()
    assert desk.intake.run(late) is None
    assert desk.intake.run(first)
    (batch,) = desk.work()
    assert desk.books.batches[batch].late_for == first.claim.id


REFUSED = [
    ("words.txt", b"words", 5, "not a format we take"),
    ("empty.pdf", b"", 600, "the file is empty"),
    (
        "half.pdf",
        PDF[: len(PDF) // 2],
        600,
        "the file never got its end, or cannot be read",
    ),
    ("zeros.tif", bytes(900), 600, "the file never got its end, or cannot be read"),
    ("bad.xml", b"<batch", 60, "the sidecar is no plain XML"),
    ("lonely.csv", b"station,S1\n", 60, "a sidecar without pages"),
]


@pytest.mark.parametrize(("name", "data", "after", "reason"), REFUSED)
def test_quarantine(
    desk: Desk, name: str, data: bytes, after: float, reason: str
) -> None:
    write(desk.inbox / name, data)
    assert desk.work(after - 0.1) == []
    (claim,) = desk.work(0.2)
    assert desk.reasons == [reason]
    folder = desk.inbox / ".quarantine" / claim
    assert (folder / name).read_bytes() == data
    (entry,) = desk.books.set_aside
    assert entry[0] == name
    assert desk.shelf.kept[entry[1]] == data
    assert name not in (folder / "reason.txt").read_text()
    assert desk.books.batches == {}
    assert desk.work(1000) == []


def test_links_and_pipes_are_set_aside_and_not_followed(desk: Desk) -> None:
    secret = write(desk.inbox.parent / "secret.pdf", PDF)
    (desk.inbox / "link.pdf").symlink_to(secret)
    os.mkfifo(desk.inbox / "pipe.pdf")
    assert len(desk.work()) == 2
    assert secret.read_bytes() == PDF
    assert desk.shelf.kept == {}
    assert {key for _, key, _ in desk.books.set_aside} == {""}
    assert desk.reasons == ["a link or not a regular file"] * 2


def test_a_bad_sidecar_does_not_keep_its_pages(desk: Desk) -> None:
    write(desk.inbox / "box/1.tif", TIFF)
    write(desk.inbox / "box/job.csv", b"sheets_fed,many\n")
    desk.work(61)
    desk.work()
    assert desk.books.names == ["box/1.tif"]
    assert desk.reasons == ["the sidecar's sheets_fed is no number"]


def test_a_file_named_like_our_own_is_kept_too(desk: Desk) -> None:
    for name in ("reason.txt", "claim.jsonl", "0"):
        write(desk.inbox / name, b"mine")
    assert len(desk.work(6)) == 3
    folders = list((desk.inbox / ".quarantine").iterdir())
    assert all(any(p.read_bytes() == b"mine" for p in f.iterdir()) for f in folders)


def test_a_writer_that_kept_the_file_open_is_waited_for(desk: Desk) -> None:
    path = write(desk.inbox / "a.png", PNG)
    desk.intake.errands()
    desk.time += 6
    (errand,) = desk.intake.errands()
    with path.open("ab") as file:
        assert desk.intake.run(errand) is None
        file.write(b"\0more")
    (batch,) = desk.work()
    (source,) = desk.books.batches[batch].files
    assert desk.shelf.kept[source.key] == PNG + b"\0more"


def test_a_file_that_changes_while_it_is_stored_is_stored_again(desk: Desk) -> None:
    write(desk.inbox / "a.png", PNG)
    put, grow = desk.shelf.put_file, [True]

    def growing(path: Path) -> str:
        key = put(path)
        if grow.pop() if grow else False:
            with path.open("ab") as file:
                file.write(b"\0")
        return key

    desk.shelf.put_file = growing  # type: ignore[method-assign, assignment]
    assert desk.work(6) == []
    (batch,) = desk.work()
    assert desk.books.batches[batch].files[0].size == len(PNG) + 1


def test_a_file_that_went_away_is_let_go(desk: Desk) -> None:
    path = write(desk.inbox / "a.png", PNG)
    desk.intake.errands()
    desk.time += 6
    (errand,) = desk.intake.errands()
    path.unlink()
    assert desk.intake.run(errand) is None
    assert desk.left == []


def test_a_file_that_was_replaced_is_looked_at_anew(desk: Desk) -> None:
    path = write(desk.inbox / "a.png", PNG)
    desk.intake.errands()
    desk.time += 6
    (errand,) = desk.intake.errands()
    write(path, PNG + b"\0")
    assert desk.intake.run(errand) is None
    assert desk.left == ["a.png"]
    assert len(desk.work(6)) == 1


def test_bytes_that_are_no_utf8_in_a_name(desk: Desk) -> None:
    write(desk.inbox / os.fsdecode(b"caf\xe9.png"), PNG)
    desk.shelf.fail_at = 1
    with pytest.raises(StoreUnavailable):
        desk.work(6)
    desk.restart()
    assert len(desk.work()) == 1
    assert desk.books.names == ["caf\\xe9.png"]


def test_a_claim_without_a_journal_is_never_thrown_away(desk: Desk) -> None:
    write(desk.inbox / ".work/empty/claim.jsonl", b'{"torn')
    write(desk.inbox / ".work/lost/0", PNG)
    assert desk.work() == []
    assert desk.left == [".quarantine/lost/0"]


def test_the_inbox_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="inbox"):
        Intake(tmp_path / "none", "desk", Shelf(), Ledger())


def test_one_process_holds_an_inbox(desk: Desk) -> None:
    with held(desk.inbox), pytest.raises(FolderBusy), held(desk.inbox):
        pass
    with held(desk.inbox):
        pass


class Cursed(Shelf):
    def put_file(self, path: Path) -> str:  # type: ignore[override]
        if path.read_bytes() == PNG:
            raise RuntimeError("SENTINEL-NAME")
        return super().put_file(path)


def test_one_file_never_stops_the_others(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(tmp_path / "in", Cursed())
    write(desk.inbox / "SENTINEL-NAME.png", PNG)
    write(desk.inbox / "b.tif", TIFF)
    desk.intake.errands()
    desk.time += 6
    arrived: list[BatchId] = []
    with caplog.at_level(logging.DEBUG):
        assert look(desk.intake, arrived.append, threading.Event())
    assert len(arrived) == 1
    assert desk.books.names == ["b.tif"]
    assert "stays in .work" in caplog.text
    assert "SENTINEL" not in caplog.text
    assert "SENTINEL" not in repr(desk.intake.errands())


def test_a_store_that_is_down_ends_the_pass(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    write(desk.inbox / "SENTINEL-NAME.png", PNG)
    desk.intake.errands()
    desk.time += 6
    desk.shelf.fail_at = 1
    assert not look(desk.intake, lambda _: None, threading.Event())
    assert "StoreUnavailable" in caplog.text
    assert "SENTINEL" not in caplog.text
    assert look(desk.intake, lambda _: None, threading.Event())
    assert desk.books.names == ["SENTINEL-NAME.png"]
