"""The watch loop with real clocks, real writers and file events."""

from __future__ import annotations

import hashlib
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from ingest_making import Ledger, Shelf, encoded, scan_pdf, sheet, write

from pipeline.errors import StoreUnavailable
from pipeline.ingest import watch as watching
from pipeline.ingest.batches import BatchRules
from pipeline.ingest.intake import Intake, IntakeRules
from pipeline.ingest.watch import watch

RULES = IntakeRules(settle=0.3, incomplete_after=60, batches=BatchRules(quiet=1.2))


@contextmanager
def watched(inbox: Path, shelf: Shelf, books: Ledger, every: float) -> Iterator[None]:
    stop = threading.Event()
    intake = Intake(inbox, "desk", shelf, books, RULES)
    thread = threading.Thread(target=watch, args=(intake, stop, every))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def until(true: Callable[[], bool], seconds: float = 12) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.05)


def slowly(path: Path, data: bytes, chance: random.Random) -> None:
    """With pauses while open and while closed, longer than the settle time."""
    third = len(data) // 3
    for part in (data[:third], data[third : 2 * third], data[2 * third :]):
        with path.open("ab") as file:
            file.write(part[: len(part) // 2])
            file.flush()
            time.sleep(chance.uniform(0, 0.5))
            file.write(part[len(part) // 2 :])
        time.sleep(chance.uniform(0, 0.6))


def renamed(path: Path, data: bytes, chance: random.Random) -> None:
    part = path.with_name(path.name + ".part")
    slowly(part, data, chance)
    part.rename(path)


def burst(path: Path, data: bytes, chance: random.Random) -> None:
    write(path, data)


def numbered(number: int, form: str) -> bytes:
    image = sheet()
    image.putpixel((300, 400), number)
    image.putpixel((301, 400), number * 3)
    if form == "pdf":
        return scan_pdf(encoded(image, "PNG"))
    options = {"compression": "tiff_lzw"} if form == "tiff" else {}
    return encoded(image, form, **options)


def test_torture(tmp_path: Path) -> None:
    inbox, shelf, books = tmp_path / "in", Shelf(), Ledger()
    inbox.mkdir()
    chance = random.Random(7)
    sent: Counter[str] = Counter()
    threads = []
    for number in range(36):
        form = ("pdf", "tiff", "png", "jpeg")[number % 4]
        way = (slowly, renamed, burst)[number % 3]
        data = numbered(number, form)
        sent[hashlib.sha256(data).hexdigest()] += 1
        path = inbox / f"{number}.{form}"
        own = random.Random(number)
        threads.append(threading.Thread(target=way, args=(path, data, own)))
    with watched(inbox, shelf, books, 0.1):
        for thread in threads:
            thread.start()
            time.sleep(chance.uniform(0, 0.05))
        for thread in threads:
            thread.join()
        until(lambda: len(books.batches) >= len(sent))
        until(lambda: not any(p.is_file() for p in inbox.iterdir()))
    received = Counter(f.key for b in books.batches.values() for f in b.files)
    assert received == sent
    assert books.set_aside == {}
    assert [p.name for p in (inbox / ".work").iterdir() if p.is_dir()] == []


def test_a_file_event_wakes_the_watch(tmp_path: Path) -> None:
    inbox, shelf, books = tmp_path / "in", Shelf(), Ledger()
    inbox.mkdir()
    looks: list[float] = []
    intake = Intake(inbox, "desk", shelf, books, RULES)
    errands = intake.errands

    def counted() -> object:
        looks.append(time.monotonic())
        return errands()

    intake.errands = counted  # type: ignore[method-assign, assignment]
    stop = threading.Event()
    thread = threading.Thread(target=watch, args=(intake, stop, 30))
    thread.start()
    until(lambda: len(looks) == 1)
    time.sleep(0.2)
    write(inbox / "a.png", encoded(sheet(), "PNG"))
    until(lambda: len(looks) >= 2)
    settled = len(looks)
    time.sleep(0.5)
    assert len(looks) - settled <= 3, "reading the file wakes nobody"
    stop.set()
    thread.join(5)
    assert not thread.is_alive()


def test_without_file_events_the_look_is_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Deaf:
        def schedule(self, *_: object, **__: object) -> None:
            raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(watching, "Observer", Deaf)
    inbox, shelf, books = tmp_path / "in", Shelf(), Ledger()
    inbox.mkdir()
    with watched(inbox, shelf, books, 0.1):
        write(inbox / "a.png", encoded(sheet(), "PNG"))
        until(lambda: books.names == ["a.png"])
    assert "looking regularly" in caplog.text


def test_a_store_that_is_down_for_a_while(tmp_path: Path) -> None:
    class Down(Shelf):
        tries = 0

        def put_file(self, path: Path) -> str:  # type: ignore[override]
            self.tries += 1
            if self.tries < 3:
                raise StoreUnavailable("down")
            return super().put_file(path)

    inbox, shelf, books = tmp_path / "in", Down(), Ledger()
    write(inbox / "a.png", encoded(sheet(), "PNG"))
    with watched(inbox, shelf, books, 0.1):
        until(lambda: books.names == ["a.png"])


def test_an_inbox_that_goes_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    intake = Intake(inbox, "desk", Shelf(), Ledger(), RULES)

    def gone() -> object:
        raise OSError(116, "stale file handle")

    monkeypatch.setattr(intake, "errands", gone)
    assert not watching.look(intake, lambda _: None, threading.Event())
    assert "cannot be read" in caplog.text
