"""``process``, ``watch`` and ``retry``: paper comes in."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from typer import Exit

from pipeline.commands.follow import TICK, follow
from pipeline.commands.tables import count_dispositions
from pipeline.document import BatchId
from pipeline.errors import InputError
from pipeline.ingest.in_place import take_in_place
from pipeline.ingest.settling import entries
from pipeline.ingest.watch import watch as watch_inbox
from pipeline.site import Site
from pipeline.wiring import batch_rules, intake_of
from pipeline.work import Work

NOTHING_TAKEN = InputError.exit_code


def process(site: Site, paths: Sequence[Path], out: Console) -> None:
    """Take the files where they lie, and wait until each page has its outcome."""
    started = time.monotonic()
    batches = take_in_place(
        paths, site.objects, site.catalogue, batch_rules(site.settings.intake)
    )
    with Work(site) as work:
        follow(site, work, batches, out)
    _say_what_came_of_it(site, batches, time.monotonic() - started, out)


def watch(site: Site, inbox: Path | None, out: Console, *, drain: bool) -> None:
    """Watch the inbox and work until stopped; with ``drain`` until all is settled."""
    intake = intake_of(site, inbox or site.inbox)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    scan = site.settings.intake.scan_seconds
    watcher = threading.Thread(target=watch_inbox, args=(intake, stop, scan))
    out.print(f"watching {inbox or site.inbox}; Ctrl-C stops", highlight=False)
    started = time.monotonic()
    with Work(site) as work:
        watcher.start()
        while not stop.is_set():
            work.tick()
            if drain and (batches := site.catalogue.unfinished()):
                follow(site, work, batches, out)
            elif drain and not entries(intake.inbox):
                stop.set()
            stop.wait(TICK)
        watcher.join()
    if drain:
        _say_what_came_of_it(site, (), time.monotonic() - started, out)


def retry(site: Site, out: Console) -> None:
    """Rejected files from their originals, and parked batches, once more."""
    rejected = {
        line.batch
        for line in site.catalogue.ledger()
        if line.disposition == "rejected" and line.page == 0
    }
    again = [batch for batch in sorted(rejected) if site.catalogue.reopen(batch)]
    with Work(site) as work:
        work.tick()
        parked = work.retry()
        follow(site, work, site.catalogue.unfinished(), out)
    out.print(f"tried again: {len(again)} rejected files, {parked} parked batches")


def _say_what_came_of_it(
    site: Site, batches: Sequence[BatchId], seconds: float, out: Console
) -> None:
    """One line; exits 2 when nothing at all could be taken."""
    lines = list(site.catalogue.ledger(batches))
    pages = sum(1 for line in lines if line.page)
    count = len({line.batch for line in lines})
    out.print(
        f"{count} batches, {pages} pages in {seconds:.1f} s "
        f"({pages / max(seconds, 1e-9):.1f} pages/s): {count_dispositions(lines)}",
        highlight=False,
    )
    for line in lines:
        if line.disposition == "rejected":
            out.print(f"set aside: {line.source}: {'; '.join(line.reasons)}")
    if lines and all(line.disposition == "rejected" for line in lines):
        raise Exit(NOTHING_TAKEN)
