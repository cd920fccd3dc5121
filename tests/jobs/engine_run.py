"""The job engine over two batches whose steps only leave a line; see forked.py."""

import sys
import time
from pathlib import Path
from types import ModuleType
from types import SimpleNamespace as Some

UNUSED = {  # what flow names and these runs never call: seconds of imports saved
    "pipeline.index.rules": ("IndexRules",),
    "pipeline.reading": ("PageToRead",),
    "pipeline.store.pdf": ("PdfFacts", "PdfPage"),
}
for name, members in UNUSED.items():
    sys.modules[name] = ModuleType(name)
    for member in members:
        setattr(sys.modules[name], member, object)

from pipeline import flow  # noqa: E402 - after the rooms were left out
from pipeline import jobs as module  # noqa: E402 - as above
from pipeline.errors import StoreUnavailable  # noqa: E402 - as above

SET = {
    "small sizes": {"DOCUMENTS_A_STEP": 1},
    "later": {"STARTED": 0.0},
    "no look": {"AT_FIRST": 600.0},
}


class Steps:
    """The steps of both batches, as lines of a file, and the catalogue they tell."""

    def __init__(self, folder: Path, mode: str) -> None:
        self.folder, self.mode, self.file = folder, mode, folder / "steps"
        self.jobs: module.DurableJobs | None = None

    def line(self, *words):
        with self.file.open("a") as file:
            file.write(" ".join(words) + "\n")

    def lines(self):
        return self.file.read_text().splitlines() if self.file.exists() else []

    # --- the catalogue

    def finish(self, batch):
        self.line("finish", batch)

    def unfinished(self):
        done = self.lines()
        return tuple(b for b in ("one", "two") if f"finish {b}" not in done)

    def settled(self, document):
        return f"settle {document}" in self.lines()

    def reading(self, document):
        return document

    # --- the journey

    def read_pages(self, batch, numbers, tools):
        self.line("read", ",".join(map(str, numbers)), batch)
        if self.mode == "other tools":
            self.line("with", tools.name, batch)
            if batch == "one":
                self.jobs.use(Some(catalogue=self, name="new"))
        if self.mode in ("slow", "stop"):
            time.sleep(0.3)
        if self.mode == "fault" and batch == "two":
            raise ValueError("SENTINEL-NAME")
        up = self.folder / "up"
        if self.mode == "down once" and batch == "two" and not up.exists():
            up.touch()
            raise StoreUnavailable("the disk is full")

    def cut_of(self, batch, tools):
        some = (
            [batch] if "sizes" not in self.mode else [f"{batch}-{i}" for i in range(5)]
        )
        return Some(readings=[Some(document=Some(id=one)) for one in some])

    def settle(self, reading, tools):
        if self.mode == "small sizes" and reading.endswith("-2"):
            time.sleep(60)  # where the test kills it
        self.line("settle", reading)


def run(folder: Path, mode: str) -> None:
    """File the batches that are left; prints what is parked at the end."""
    steps = Steps(folder, mode)
    flow.open_batch = lambda batch, tools: steps.line("open", batch)
    flow.portions = lambda batch, tools: [(1, 2), (3, 4)]
    flow.read_pages, flow.cut_of = steps.read_pages, steps.cut_of
    flow.settle = steps.settle
    for name, value in SET.get(mode, {}).items():
        setattr(module, name, value)
    before = len(steps.lines())
    tools = Some(catalogue=steps, name="old")
    jobs = steps.jobs = module.DurableJobs(tools, folder / "jobs.sqlite")
    for batch in steps.unfinished():
        jobs.submit(batch)
        jobs.submit(batch)
        while mode == "other tools" and batch in steps.unfinished():
            time.sleep(0.02)
    if mode == "retry":
        print("retried", jobs.retry())
    if mode == "stop":
        while len(steps.lines()) < before + 2:
            time.sleep(0.02)
    else:
        _wait(steps, jobs)
        queue = module.DBOS.retrieve_queue(module.QUEUE)
        print("parked", jobs.parked())
        print("looks every", queue.polling_interval_sec, "s")
    jobs.close()


def _wait(steps: Steps, jobs: module.DurableJobs) -> None:
    """Until all is done or parked."""
    deadline = time.monotonic() + 20
    while (left := steps.unfinished()) and time.monotonic() < deadline:
        if left == jobs.parked() or (steps.mode == "no look" and left == ("two",)):
            return
        time.sleep(0.05)
