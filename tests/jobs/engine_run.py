"""A process that runs the job engine over two batches whose steps only leave a line."""

import sys
import time
from pathlib import Path
from types import ModuleType
from types import SimpleNamespace as Some

UNUSED = {  # what flow names and this run never calls: seconds of imports saved
    "pipeline.index.rules": ("IndexRules",),
    "pipeline.reading": ("PageToRead",),
    "pipeline.store.pdf": ("PdfFacts", "PdfPage"),
}
for name, members in UNUSED.items():
    sys.modules[name] = ModuleType(name)
    for member in members:
        setattr(sys.modules[name], member, object)

from pipeline import flow  # noqa: E402 - after the rooms were left out
from pipeline.errors import StoreUnavailable  # noqa: E402 - as above

FOLDER, MODE = Path(sys.argv[1]), sys.argv[2]


def line(*words):
    with (FOLDER / "steps").open("a") as file:
        file.write(" ".join(words) + "\n")


class Catalogue:
    def finish(self, batch):
        line("finish", batch)

    def unfinished(self):
        done = (FOLDER / "steps").read_text() if (FOLDER / "steps").exists() else ""
        return tuple(b for b in ("one", "two") if f"finish {b}" not in done)

    def settled(self, document):
        steps = FOLDER / "steps"
        return steps.exists() and f"settle {document}" in steps.read_text().splitlines()

    def reading(self, document):
        return document


def read_pages(batch, numbers, tools):
    line("read", ",".join(map(str, numbers)), batch)
    if MODE == "other tools":
        line("with", tools.name, batch)
        if batch == "one":
            jobs.use(Some(catalogue=catalogue, name="new"))
    if MODE in ("slow", "stop"):
        time.sleep(0.3)
    if MODE == "fault" and batch == "two":
        raise ValueError("SENTINEL-NAME")
    if MODE == "down once" and batch == "two" and not (FOLDER / "up").exists():
        (FOLDER / "up").touch()
        raise StoreUnavailable("the disk is full")


def documents(batch, tools):
    some = [batch] if "sizes" not in MODE else [f"{batch}-{i}" for i in range(5)]
    return Some(readings=[Some(document=Some(id=one)) for one in some])


def settle(reading, tools):
    if MODE == "small sizes" and reading.endswith("-2"):
        time.sleep(60)  # where the test kills it
    line("settle", reading)


flow.open_batch = lambda batch, tools: line("open", batch)
flow.portions = lambda batch, tools: [(1, 2), (3, 4)]
flow.read_pages = read_pages
flow.cut_of = documents
flow.settle = settle

from pipeline import jobs as module  # noqa: E402 - after the steps were replaced
from pipeline.jobs import DurableJobs  # noqa: E402 - as above

if MODE == "small sizes":
    module.DOCUMENTS_A_STEP = 1
if MODE == "later":
    module.STARTED = 0.0
if MODE == "no look":
    module.AT_FIRST = 600.0
catalogue = Catalogue()
jobs = DurableJobs(Some(catalogue=catalogue, name="old"), FOLDER / "jobs.sqlite")
for batch in catalogue.unfinished():
    jobs.submit(batch)
    jobs.submit(batch)
    while MODE == "other tools" and batch in catalogue.unfinished():
        time.sleep(0.02)
if MODE == "retry":
    print("retried", jobs.retry())
deadline = time.monotonic() + 20
if MODE == "stop":
    steps = FOLDER / "steps"
    before = steps.stat().st_size if steps.exists() else 0
    while not steps.exists() or steps.stat().st_size <= before + len("open one\n"):
        time.sleep(0.02)
    jobs.close()
    sys.exit()
while left := catalogue.unfinished():
    if left == jobs.parked() or time.monotonic() > deadline:
        break
    if MODE == "no look" and left == ("two",):
        break
    time.sleep(0.05)
print("parked", jobs.parked())
print("looks every", module.DBOS.retrieve_queue(module.QUEUE).polling_interval_sec, "s")
jobs.close()
