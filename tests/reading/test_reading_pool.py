"""The pool survives every engine, and no page pays for another."""

from __future__ import annotations

import importlib
import os
import resource
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from pipeline.errors import (
    ModelTampered,
    OverLimit,
    ServiceError,
    SettingsError,
    UnreadableFile,
    UnsupportedFile,
)
from pipeline.ocr import linewise, wayup
from pipeline.ocr.engine import OcrEngine
from pipeline.process import Cradle, Process
from pipeline.reading import PageToRead, PoolLimits, ReadingPool
from tests.faults import engines

LIMITS = PoolLimits(workers=2, page_seconds=20.0, memory_bytes=2_000_000_000)


def page(folder: Path, name: str, size: tuple[int, int]) -> Path:
    """A picture with some ink, so that it is read at all."""
    pixels = np.full((size[1], size[0]), 255, np.uint8)
    pixels[40:80, 40:200] = 0
    path = folder / name
    Image.fromarray(pixels).save(path, dpi=(75, 75))
    return path


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tests' own workers are told is not what the pool tells its processes."""
    for name in [name for name in os.environ if "THREADS" in name]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def calm() -> Iterator[ReadingPool]:
    """A pool for all who ask it for nothing bad; its processes start when asked."""
    with ReadingPool(engines.Calm(), LIMITS) as pool:
        yield pool


@pytest.fixture
def asked(tmp_path: Path) -> list[PageToRead]:
    """Good, bad, good, good: the faulty engines fail on the upright one."""
    wide, tall = (600, 400), (400, 600)
    sizes = (wide, tall, wide, wide)
    return [
        PageToRead(page(tmp_path, f"{i}.png", size), 1, i)
        for i, size in enumerate(sizes, 1)
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("engine", "trouble"),
    [
        (engines.Crashing(), "engine crashed"),
        (engines.Hanging(), "engine timed out"),
        (engines.Hungry(), "out of memory"),
        (engines.Raising(), "engine crashed"),
        (engines.Refusing(), "engine refused the page"),
    ],
)
def test_a_failure_costs_only_its_own_page(
    engine: OcrEngine,
    trouble: str,
    asked: list[PageToRead],
    caplog: pytest.LogCaptureFixture,
) -> None:
    seconds = 6.0 if isinstance(engine, engines.Hanging) else 30.0
    limits = PoolLimits(2, seconds, 1_500_000_000)
    with ReadingPool(engine, limits) as pool:
        pages = list(pool.read(asked))
    assert [p.number for p in pages] == [1, 2, 3, 4]
    assert [p.troubles for p in pages] == [(), (trouble,), (), ()]
    assert [len(p.words) for p in pages] == [2, 0, 2, 2]
    assert pages[1].size == (400, 600)
    assert pages[1].fingerprint
    assert not pages[1].quality.blank
    assert "SENTINEL" not in caplog.text


def test_garbage_comes_back_in_bounds(asked: list[PageToRead]) -> None:
    with ReadingPool(engines.Babbling(), LIMITS) as pool:
        pages = list(pool.read(asked))
    for one in pages:
        assert one.troubles == ()
        for word in one.words:
            assert 0 <= word.box.left <= word.box.right <= one.size[0]
            assert 0 <= word.box.top <= word.box.bottom <= one.size[1]
            assert 0 <= word.confidence <= 1
            assert word.text.encode()


@pytest.mark.slow
def test_a_process_killed_by_someone_else_is_given_a_second_chance(
    asked: list[PageToRead], tmp_path: Path
) -> None:
    engine = engines.CrashingOnce(memory=str(tmp_path / "once"))
    with ReadingPool(engine, LIMITS) as pool:
        assert [p.troubles for p in pool.read(asked)] == [()] * 4


def test_a_page_that_cannot_be_decoded(
    calm: ReadingPool, asked: list[PageToRead], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(asked[0].path.read_bytes()[:60])
    pages = list(calm.read([PageToRead(broken, 1, 1), asked[0]]))
    assert pages[0].troubles == ("page could not be decoded",)
    assert pages[0].size == (1, 1)
    assert pages[1].troubles == ()


def test_count_and_its_errors(
    calm: ReadingPool, asked: list[PageToRead], tmp_path: Path
) -> None:
    empty, text = tmp_path / "empty.pdf", tmp_path / "a.txt"
    empty.touch()
    text.write_text("SENTINEL-NAME")
    assert calm.count(asked[0].path, ".png") == 1
    with pytest.raises(UnreadableFile):
        calm.count(empty, ".pdf")
    with pytest.raises((UnsupportedFile, UnreadableFile)) as refused:
        calm.count(text, ".txt")
    assert "SENTINEL" not in str(refused.value)
    assert "a.txt" not in str(refused.value)


def test_counting_a_file_without_end_is_over_the_limit(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)  # opening it hangs for want of a writer
    with ReadingPool(engines.Calm(), PoolLimits(1, 1.0)) as pool:
        with pytest.raises(OverLimit, match="page_seconds"):
            pool.count(pipe, ".pdf")


def test_run_any_function_in_the_pool(calm: ReadingPool) -> None:
    assert calm.run(os.getpid) != os.getpid()
    assert calm.run(sorted, [2, 1], reverse=True) == [2, 1]
    with pytest.raises(ServiceError, match="crashed"):
        calm.run(os.abort)


def test_processes_are_replaced_after_their_share() -> None:
    with ReadingPool(engines.Calm(), PoolLimits(1, tasks_per_process=2)) as pool:
        seen = [pool.run(os.getpid) for _ in range(4)]
    assert seen[0] == seen[1] != seen[2] == seen[3]


def test_a_cradle_started_ahead_is_the_pools() -> None:
    with Cradle() as cradle:
        with ReadingPool(engines.Calm(), LIMITS, cradle=cradle) as pool:
            assert pool.run(os.getppid) != os.getpid()
            assert cradle.alive
        assert not cradle.alive


def test_processes_are_forked_from_one_that_has_one_thread() -> None:
    with ReadingPool(engines.Calm(), PoolLimits(1, tasks_per_process=2)) as pool:
        one, _, other = (pool.run(os.getppid) for _ in range(3))
        assert one == other
        assert len(list(Path(f"/proc/{one}/task").iterdir())) == 1


def test_what_every_page_asks_is_there_before_the_fork() -> None:
    """Each process loaded it anew, between its first page and its recognition."""
    with Cradle(("pipeline.warmed",)) as cradle:
        with ReadingPool(engines.Calm(), PoolLimits(1), cradle=cradle) as pool:
            assert pool.run(_models) == [1, 1]
            one = pool.run(os.getppid)
            assert len(list(Path(f"/proc/{one}/task").iterdir())) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        ModelTampered("models/upright: the hash is another one"),
        PermissionError("a usual place of Tesseract's data is not open to us"),
    ],
)
def test_a_model_that_is_not_whole_stops_the_page_not_the_cradle(
    monkeypatch: pytest.MonkeyPatch, wrong: Exception
) -> None:
    def tampered() -> None:
        raise wrong

    monkeypatch.setattr(wayup, "shipped", tampered)
    importlib.reload(importlib.import_module("pipeline.warmed"))


def test_a_cradle_killed_by_someone_else_is_replaced() -> None:
    with ReadingPool(engines.Calm(), LIMITS) as pool:
        cradle, process = pool.run(_cradle_and_own)
        os.kill(cradle, signal.SIGKILL)
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline and not gone(process):
            time.sleep(0.05)
        assert gone(process)
        assert pool.run(_cradle_and_own)[0] != cradle


def test_libraries_have_one_thread_a_process(calm: ReadingPool) -> None:
    assert calm.run(_opencv_threads) == 1


def test_room_of_one_image_is_kept_for_the_next(calm: ReadingPool) -> None:
    pages = calm.run(_pages_given)
    assert pages < 1000  # 10,000 without


@pytest.mark.slow
def test_several_threads_may_ask(asked: list[PageToRead]) -> None:
    answers: dict[int, list[int]] = {}

    def ask(who: int) -> None:
        answers[who] = [p.number for p in pool.read(asked)]

    with ReadingPool(engines.Calm(), LIMITS) as pool:
        threads = [threading.Thread(target=ask, args=(i,)) for i in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == {i: [1, 2, 3, 4] for i in range(3)}


def test_a_closed_pool_never_calls_a_page_bad(asked: list[PageToRead]) -> None:
    pool = ReadingPool(engines.Hanging(), PoolLimits(1, 60.0))
    started = time.monotonic()
    threading.Timer(2.0, pool.close).start()
    with pytest.raises(ServiceError):
        list(pool.read(asked))
    assert time.monotonic() - started < 10
    with pytest.raises(ServiceError, match="closed"):
        pool.run(os.getpid)


def test_a_process_that_cannot_start_is_the_operators_business(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with ReadingPool(engines.Calm(), LIMITS) as pool:
        with pytest.raises(SettingsError, match="memory_bytes"):
            pool.run(os.getpid)


def test_memory_that_holds_no_page_is_the_operators_business() -> None:
    """Not the pages': each would come back as one that takes too much."""
    with ReadingPool(engines.Calm(), PoolLimits(1, 20.0, 100_000_000)) as pool:
        with pytest.raises(SettingsError, match="memory_bytes"):
            pool.run(os.getpid)


def test_a_cradle_that_cannot_fork_keeps_those_it_has() -> None:
    with Cradle(("tests.faults.forkless",)) as cradle:
        with ReadingPool(engines.Calm(), LIMITS, cradle=cradle) as pool:
            for _ in range(2):
                with pytest.raises(ServiceError, match="no room"):
                    pool.run(os.getpid)
                assert cradle.alive


def test_a_pool_closed_while_a_process_starts_blames_no_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def killed(process: Process) -> None:
        pool._closed = True
        process.kill()
        raise SettingsError("memory_bytes")

    monkeypatch.setattr(Process, "ready", killed)
    with ReadingPool(engines.Calm(), LIMITS) as pool:
        with pytest.raises(ServiceError, match="closed"):
            pool.run(os.getpid)


@pytest.mark.slow
def test_what_a_process_started_dies_with_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    path = page(tmp_path, "a.png", (600, 400))
    with ReadingPool(engines.Starting(note=str(note)), PoolLimits(1, 3.0)) as pool:
        (read,) = pool.read([PageToRead(path, 1, 1)])
    assert read.troubles == ("engine timed out",)
    assert gone(int(note.read_text()))


def test_a_pool_process_imports_no_more_than_it_needs(calm: ReadingPool) -> None:
    known = calm.run(_modules)
    assert "pipeline.ocr.read" in known
    for heavy in (
        "spacy",
        "sklearn",
        "sqlalchemy",
        "dbos",
        "minio",
        "fastapi",
        "typer",
    ):
        assert heavy not in known


@pytest.mark.slow
def test_no_process_survives_a_killed_parent(tmp_path: Path) -> None:
    """Neither one that is idle nor one that is busy in native code."""
    tall = page(tmp_path, "t.png", (400, 600))
    program = f"""
        import os, threading, time
        from pathlib import Path
        from pipeline.reading import PageToRead, PoolLimits, ReadingPool
        from tests.faults.engines import Hanging
        pool = ReadingPool(Hanging(), PoolLimits(2, 600.0))
        pages = [PageToRead(Path({str(tall)!r}), 1, 1)]
        threading.Thread(target=lambda: list(pool.read(pages)), daemon=True).start()
        while len(pool._processes) < 1: time.sleep(0.05)
        print(pool.run(os.getpid), flush=True)
        time.sleep(1)
        print(*[p.pid for p in pool._processes], flush=True)
        time.sleep(600)
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
    )
    with parent:
        assert parent.stdout
        parent.stdout.readline()
        children = [int(pid) for pid in parent.stdout.readline().split()]
        parent.send_signal(signal.SIGKILL)
    assert len(children) == 2
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline and not all(map(gone, children)):
        time.sleep(0.05)
    assert all(map(gone, children))


def gone(pid: int) -> bool:
    """Ended; a zombie that no one has waited for has ended, too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def _cradle_and_own() -> tuple[int, int]:
    return os.getppid(), os.getpid()


def _opencv_threads() -> int:
    return cv2.getNumThreads()


def _pages_given() -> int:
    """Memory pages for five times four images of 8 MB, after four that are gone."""
    for image in range(6):
        if image == 1:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        _ = [np.ones((3300, 2550), np.uint8) for _ in range(4)]
        del _
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def _models() -> list[int]:
    caches = (wayup.shipped, linewise._network)
    return [cache.cache_info().currsize for cache in caches]


def _modules() -> list[str]:
    return [name.split(".")[0] for name in sys.modules] + list(sys.modules)
