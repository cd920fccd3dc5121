"""A kill at any line, a store that fails at any call: nothing lost, nothing twice."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest
from ingest_making import Ledger, Shelf, encoded, sheet, write

from pipeline.errors import StoreUnavailable
from pipeline.ingest.batches import BatchRules
from pipeline.ingest.intake import Intake, IntakeRules

NOW = IntakeRules(settle=0, incomplete_after=0, batches=BatchRules(quiet=0))
PNG, TIFF = encoded(sheet(), "PNG"), encoded(sheet(), "TIFF")
WATCHED = ("intake.py", "claims.py", "ingest_making.py")


pytestmark = [  # what a kill leaves open, this process has to close
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


class Killed(BaseException):
    """Nothing in the house catches this, as nothing catches kill -9."""


def fill(inbox: Path) -> None:
    write(inbox / "a.png", PNG)
    write(inbox / "box/1.tif", TIFF)
    write(inbox / "box/2.tif", TIFF + b"\0")
    write(inbox / "box/job.csv", b"station,S1\npage,2.tif\npage,1.tif\n")
    write(inbox / "words.txt", b"words")


def passed(inbox: Path, shelf: Shelf, books: Ledger) -> None:
    """One start of the process and one pass."""
    intake = Intake(inbox, "desk", shelf, books, NOW)
    for errand in intake.errands():
        intake.run(errand)


def check(inbox: Path, shelf: Shelf, books: Ledger) -> None:
    batches = [[f.name for f in b.files] for b in books.batches.values()]
    assert sorted(batches) == [["a.png"], ["box/2.tif", "box/1.tif"]]
    assert all(f.key in shelf.kept for b in books.batches.values() for f in b.files)
    assert [name for name, *_ in books.set_aside] == ["words.txt"]
    quarantined = [p.name for p in (inbox / ".quarantine").glob("*/*")]
    assert Counter(quarantined) == {"words.txt": 1, "reason.txt": 1, "claim.jsonl": 1}
    rest = [p for p in inbox.rglob("*") if p.is_file() and ".quarantine" not in p.parts]
    assert [p.name for p in rest] == ["closed.jsonl"]


def killing(at: int) -> tuple[Callable[..., object], list[int]]:
    """A trace that kills at the n-th line of our own code; and the lines so far."""
    count = [0]

    def line(frame: FrameType, event: str, _: object) -> object:
        if event == "line":
            count[0] += 1
            if count[0] == at:
                raise Killed
        return line

    def call(frame: FrameType, event: str, _: object) -> object:
        return line if frame.f_code.co_filename.endswith(WATCHED) else None

    return call, count


def traced(work: Callable[[], None], at: int) -> int:
    """Run until the n-th line; how many lines were run."""
    trace, count = killing(at)
    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type]  # as typeshed has it
    try:
        work()
    except Killed:
        pass
    finally:
        sys.settrace(before)
    return count[0]


def test_a_kill_at_every_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)  # only a power cut would tell
    at = 1
    while True:
        inbox, shelf, books = tmp_path / f"in{at}", Shelf(), Ledger()
        fill(inbox)
        lines = traced(lambda i=inbox, s=shelf, b=books: passed(i, s, b), at)  # type: ignore[misc]
        passed(inbox, shelf, books)
        check(inbox, shelf, books)
        if lines < at:
            break
        at += 1 if at < 30 else 7
    assert at > 300, "the kills went through the whole pass"


def test_a_second_kill_while_clearing_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    for first in range(150, 900, 61):
        for second in range(1, 500, 67):
            inbox = tmp_path / f"in{first}-{second}"
            shelf, books = Shelf(), Ledger()
            fill(inbox)
            for at in (first, second):
                traced(lambda i=inbox, s=shelf, b=books: passed(i, s, b), at)  # type: ignore[misc]
            passed(inbox, shelf, books)
            check(inbox, shelf, books)


@pytest.mark.parametrize("which", ["shelf", "books", "answer"])
@pytest.mark.parametrize("call", [1, 2, 3, 4])
def test_a_store_that_fails_once(tmp_path: Path, which: str, call: int) -> None:
    inbox, shelf, books = tmp_path / "in", Shelf(), Ledger()
    fill(inbox)
    if which == "shelf":
        shelf.fail_at = call
    elif which == "books":
        books.fail_at = call
    else:
        books.fail_after = call
    if call < 4 or which == "shelf":
        with pytest.raises(StoreUnavailable):
            passed(inbox, shelf, books)
    passed(inbox, shelf, books)
    check(inbox, shelf, books)
