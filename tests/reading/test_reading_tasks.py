"""What a pool process does, looked at without one."""

from __future__ import annotations

import os
import socket
import sys
from multiprocessing.connection import Pipe
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipeline import process, reading
from pipeline.errors import UnreadableFile
from pipeline.ingest.limits import Limits
from pipeline.page import Page
from pipeline.reading import PageToRead
from tests.faults.engines import Calm


@pytest.fixture
def path(tmp_path: Path) -> Path:
    pixels = np.full((400, 600), 255, np.uint8)
    pixels[40:80, 40:200] = 0
    Image.fromarray(pixels).save(tmp_path / "a.png", dpi=(75, 75))
    return tmp_path / "a.png"


def test_a_page_is_known_before_it_is_read(path: Path) -> None:
    asked = PageToRead(path, 1, 4)
    known, read = reading._read(asked, Calm(), Limits())
    assert isinstance(read, Page)
    assert (known.number, known.size, known.words) == (4, (600, 400), ())
    assert known.fingerprint == read.fingerprint
    assert len(read.words) == 2
    assert list(reading._counted(path, ".png", Limits())) == [1]
    assert list(reading._called(max, (1, 2), {})) == [2]


def served(monkeypatch: pytest.MonkeyPatch, *tasks: tuple[object, ...]) -> list[object]:
    """All that ``serve`` says about these tasks, run here."""
    for harmful in ("_die_with", "signal", "resource"):
        monkeypatch.setattr(process, harmful, _Nothing())
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    ours, theirs = Pipe()
    for task in tasks:
        ours.send(task)
    fd = os.dup(theirs.fileno())
    theirs.close()
    half = os.dup(ours.fileno())

    with socket.socket(fileno=half) as end:
        end.shutdown(socket.SHUT_WR)
    process.serve(fd, 0, 0)
    said = []
    while ours.poll():
        try:
            said.append(ours.recv())
        except EOFError:
            break
    ours.close()
    return said


class _Nothing:
    """Does nothing, whatever is asked of it."""

    def __getattr__(self, name: str) -> object:
        return self

    def __call__(self, *args: object) -> None:
        return None


def test_answers_and_errors_cross_the_border(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "empty").touch()
    said = served(
        monkeypatch,
        (reading._called, (max, (1, 2), {})),
        (reading._counted, (tmp_path / "empty", ".pdf", Limits())),
    )
    ready, answer, end, refused = said
    assert (ready, answer) == (process._Answer("ready"), process._Answer(2))
    assert end == process._Finished()
    assert isinstance(refused, process._Finished)
    assert refused.error is UnreadableFile
    assert "empty" not in repr(refused).replace("is empty", "")


@pytest.mark.parametrize(
    ("error", "death"),
    [
        (ValueError("SENTINEL-NAME"), "crashed"),
        (MemoryError(), "out of memory"),
        (RuntimeError("Insufficient memory"), "out of memory"),
    ],
)
def test_last_words_say_where_but_never_what(error: Exception, death: str) -> None:
    ours, theirs = Pipe()
    with ours, theirs:
        try:
            raise error
        except Exception as caught:
            hook = process._last_words(theirs)
            hook(type(caught), caught, caught.__traceback__)
        said = ours.recv()
    assert said.death == death
    assert "test_reading_tasks.py:" in said.where
    assert "SENTINEL" not in repr(said)
