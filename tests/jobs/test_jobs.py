"""The job engine in processes of its own: kills, parked work, and what it remembers."""

import os
import shutil
import signal
import sqlite3
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline import flow, jobs
from pipeline.document import BatchId
from pipeline.errors import PipelineError, StoreUnavailable
from pipeline.jobs import PlainJson, parked_in
from tests.jobs.forked import engine, finish

ONE, TWO = BatchId("one"), BatchId("two")


@pytest.fixture(scope="module")
def gone(tmp_path_factory) -> Path:
    """The folder of an engine that has filed both batches; not to change."""
    folder = tmp_path_factory.mktemp("gone")
    finish(folder, "go")
    return folder


@pytest.fixture(scope="module")
def at_fault(tmp_path_factory) -> Path:
    """The folder of an engine whose second batch was at fault; not to change."""
    folder = tmp_path_factory.mktemp("fault")
    finish(folder, "fault")
    return folder


def told(folder: Path) -> str:
    return (folder / "told").read_text()


def steps(folder: Path) -> list[str]:
    return (folder / "steps").read_text().splitlines()


def wait_for(folder: Path, count: int) -> None:
    deadline = time.monotonic() + 30
    while not (folder / "steps").exists() or len(steps(folder)) < count:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_every_step_is_run_once_in_order(gone):
    assert [s for s in steps(gone) if s.endswith("one")] == [
        "open one",
        "read 1,2 one",
        "read 3,4 one",
        "settle one",
        "finish one",
    ]
    assert len(steps(gone)) == 10


def test_the_queue_is_looked_at_less_often_once_it_runs(tmp_path, gone):
    assert "looks every 0.1 s" in told(gone)
    assert "looks every 0.5 s" in finish(tmp_path, "later")


def test_the_first_batch_does_not_wait_for_a_look_at_the_queue(tmp_path):
    finish(tmp_path, "no look")
    assert [s for s in steps(tmp_path) if s.startswith("finish")] == ["finish one"]


def test_after_a_kill_the_work_goes_on_where_it_was(tmp_path):
    process = engine(tmp_path, "slow")
    wait_for(tmp_path, 4)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    before = steps(tmp_path)
    finish(tmp_path, "go")
    after = steps(tmp_path)[len(before) :]
    assert sorted(s for s in after if s.startswith("finish")) == [
        "finish one",
        "finish two",
    ]
    again = [s for s in after if s in before]
    assert len(again) <= 2  # at most the step that each batch was in


def test_steps_of_another_size_lose_no_document(tmp_path):
    """An upgrade may change how many are settled a step, between kill and launch."""
    process = engine(tmp_path, "small sizes")
    wait_for(tmp_path, 10)  # both batches opened and read, two documents settled each
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert "parked ()" in finish(tmp_path, "large sizes")
    settled = sorted(s for s in steps(tmp_path) if s.startswith("settle"))
    assert settled == [f"settle {b}-{i}" for b in (ONE, TWO) for i in range(5)]


def test_orderly_stops_park_nothing_however_many(tmp_path):
    for _ in range(5):  # more than the recoveries that a batch gets
        assert finish(tmp_path, "stop") == ""
        assert parked_in(tmp_path / "jobs.sqlite", (ONE, TWO)) == ()
    assert "finish one" not in steps(tmp_path)
    assert "parked ()" in finish(tmp_path, "go")
    assert {"finish one", "finish two"} <= set(steps(tmp_path))


def test_a_service_that_comes_back_is_waited_for(tmp_path):
    finish(tmp_path, "down once")
    assert steps(tmp_path).count("read 1,2 two") == 2
    assert "finish two" in steps(tmp_path)


def test_a_finished_batch_that_has_work_again_is_started_again(tmp_path, gone):
    """As ``retry`` leaves a rejected one: its first attempt had ended well."""
    shutil.copytree(gone, tmp_path, dirs_exist_ok=True)
    (tmp_path / "steps").unlink()
    finish(tmp_path, "go")
    assert steps(tmp_path).count("finish one") == 1
    assert parked_in(tmp_path / "jobs.sqlite", (ONE, TWO)) == ()


def test_a_batch_keeps_the_tools_with_which_it_began(tmp_path):
    finish(tmp_path, "other tools")
    used = [step for step in steps(tmp_path) if step.startswith("with")]
    assert used == ["with old one"] * 2 + ["with new two"] * 2


def test_a_fault_parks_its_batch_only_and_retry_takes_it_on_again(tmp_path, at_fault):
    shutil.copytree(at_fault, tmp_path, dirs_exist_ok=True)
    assert "parked ('two',)" in told(tmp_path)
    assert parked_in(tmp_path / "jobs.sqlite", (ONE, TWO)) == (TWO,)
    assert "finish one" in steps(tmp_path)
    assert "SENTINEL" not in told(tmp_path)
    assert "retried 1" in finish(tmp_path, "retry")
    assert "finish two" in steps(tmp_path)


def test_no_word_of_an_unknown_error_is_kept(at_fault):
    for file in at_fault.glob("jobs.sqlite*"):
        assert b"SENTINEL" not in file.read_bytes()


class OneBroken:
    """Settles all but the first, which is at fault, and the second, once."""

    def __init__(self):
        self.done, self.down = set(), True

    def settled(self, document):
        return document in self.done

    def reading(self, document):
        if document == "broken":
            raise ValueError
        if document == "later" and self.down:
            self.down = False
            raise StoreUnavailable("the disk is full")
        return document


def test_a_fault_does_not_hide_that_a_service_was_down(monkeypatch):
    """Or the step would not be tried again, and the batch be parked too early."""
    catalogue = OneBroken()
    tools = SimpleNamespace(catalogue=catalogue)
    monkeypatch.setattr(flow, "settle", lambda d, tools: catalogue.done.add(d))
    with pytest.raises(StoreUnavailable):
        jobs._settle(["broken", "later"], tools)
    with pytest.raises(ValueError):
        jobs._settle(["broken", "later"], tools)
    assert catalogue.done == {"later"}


def test_no_step_need_settle_what_the_last_one_will(monkeypatch):
    finished, catalogue = [], OneBroken()
    catalogue.finish = finished.append
    catalogue.done.add("before")
    monkeypatch.setattr(flow, "settle", lambda d, tools: catalogue.done.add(d))
    monkeypatch.setattr(jobs, "_index", lambda batch, tools: ["before", "forgotten"])
    jobs._finish(ONE, SimpleNamespace(catalogue=catalogue))
    assert (catalogue.done, finished) == ({"before", "forgotten"}, [ONE])


def test_the_database_is_concurrent(gone):
    mode = sqlite3.connect(gone / "jobs.sqlite").execute("PRAGMA journal_mode")
    assert mode.fetchone() == ("wal",)
    assert (gone / "jobs.sqlite").stat().st_mode & 0o077 == 0


def test_errors_cross_a_step_as_class_and_sentence():
    plain = PlainJson()
    back = plain.deserialize(plain.serialize(StoreUnavailable("the disk is full")))
    assert isinstance(back, PipelineError)
    assert str(back) == "StoreUnavailable: the disk is full"
    assert "SENTINEL" not in plain.serialize(ValueError("SENTINEL"))
    assert plain.deserialize(plain.serialize({"a": [1, "x", None]})) == {
        "a": [1, "x", None]
    }


def test_only_ids_and_numbers_cross_a_step():
    with pytest.raises(TypeError, match="may not cross"):
        PlainJson().serialize({"page": object()})
