"""``watch`` and ``train`` in this process."""

import signal
import time

import pytest

from pipeline.ingest.watch import held
from pipeline.store.folder import FolderStore
from tests.commands.conftest import ANNA, NOBODY, paper
from tests.flow.papers import HEAD, TAIL

FAST = "[intake]\nsettle_seconds = 0.05\nscan_seconds = 0.05\n"


@pytest.fixture
def watched(house):
    before = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)}
    house.override(FAST)
    yield house
    for number, handler in before.items():
        signal.signal(number, handler)


def test_watch_drains_the_inbox_and_says_what_came_of_it(watched):
    inbox = watched.data / "inbox"
    (inbox / "a.pdf").write_text(HEAD + paper(ANNA) + TAIL)
    (inbox / "b.pdf").write_text(HEAD + NOBODY + TAIL)
    told = watched.run("watch", "--drain")
    assert "watching" in told
    assert "2 batches, 2 pages" in told
    assert not (inbox / "a.pdf").exists()
    assert "nothing to file" in watched.run("watch", "--drain")


def test_watch_drains_what_is_being_taken_in(watched, monkeypatch):
    """A large file leaves the inbox long before the catalogue has it."""
    put = FolderStore.put_file

    def slow(store, path):
        time.sleep(1.0)
        return put(store, path)

    monkeypatch.setattr(FolderStore, "put_file", slow)
    (watched.data / "inbox" / "a.pdf").write_text(HEAD + paper(ANNA) + TAIL)
    assert "1 batches, 1 pages" in watched.run("watch", "--drain")


def test_two_watchers_of_one_inbox_are_told_apart(watched):
    inbox = watched.data / "inbox"
    watched.run("watch", "--drain")
    with held(inbox):
        told = watched.run("watch", code=4)
    assert "another process watches this inbox" in told


def test_train_without_anything_to_learn_from(bare):
    nothing = bare.folder / "forms.jsonl"
    nothing.write_text("")
    told = bare.run("train", "--forms", nothing, "--out", bare.folder / "m", code=3)
    assert "--reports or --forms" in told.replace("\n", " ")
