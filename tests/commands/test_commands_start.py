"""What a command loads before the first page is read, and what it leaves for later."""

import gc
import subprocess
import sys
import time

import pytest

from pipeline import jobs, work
from pipeline.errors import ModelTampered
from pipeline.here import loading
from tests.commands.conftest import ANNA, paper

LATER = (
    "spacy",
    "thinc",
    "sklearn",
    "scipy",
    "minio",
    "alembic",
    "pikepdf.pdfa",
    "fastapi",
    "dbos",
    "pikepdf",  # what opens a file or a page: the cradle's
    "zxingcpp",
    "cv2",
    "pipeline.ocr.read",
    "pipeline.index.cut",  # from here on: needed when all pages are read, or never
    "pipeline.entering",
    "pytesseract",
    "watchdog",
    "rich.progress",
)


def test_reading_starts_before_the_models_are_loaded():
    asked = "import sys, pipeline.commands.intake; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    )
    assert not set(LATER) & set(done.stdout.split())


def test_garbage_is_looked_for_again_when_all_is_loaded():
    with loading():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_tampered_model_stops_the_command_although_it_reads(house, monkeypatch):
    def tampered(_settings: object) -> None:
        raise ModelTampered("models/roles: the hash is another one")

    class Slow(jobs.DurableJobs):  # the in-process one of these tests
        def submit(self, batch: str) -> None:
            """Reads for ever."""

    monkeypatch.setattr(work, "_LATER", 0.0)
    monkeypatch.setattr(work, "roles_of", tampered)
    monkeypatch.setattr(jobs, "DurableJobs", Slow)
    scan = house.scan("a.pdf", paper(ANNA))
    begun = time.monotonic()
    said = house.run("process", scan, code=ModelTampered.exit_code)
    assert "the hash is another one" in said
    assert time.monotonic() - begun < 60


def test_the_first_batch_is_worked_before_the_last_is_stored(house, monkeypatch):
    from pipeline.commands import intake

    monkeypatch.setattr(intake, "TICK", -1.0)
    seen = []
    arriving = intake.take_in_place

    def watched(*asked: object):
        for batch in arriving(*asked):
            yield batch
            seen.append(len(house.site.catalogue.unfinished()))

    monkeypatch.setattr(intake, "take_in_place", watched)
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        house.scan(name, paper(ANNA, more=name))
    house.run("process", house.folder / "scans")
    assert seen == [0, 0, 0]  # done when the next is asked for


@pytest.mark.parametrize("prepared", [False, True])
def test_the_pool_is_started_once(bare, monkeypatch, prepared):
    made = []

    class Pool:
        def prepare(self) -> None:
            made.append(self)

        def close(self) -> None:
            """Nothing to end."""

    monkeypatch.setattr(work, "reader_of", lambda *_, **__: Pool())
    with work.Work(bare.site) as working:
        if prepared:
            working.prepare()
        working.tick()
        working.tick()
    assert len(made) == 1
