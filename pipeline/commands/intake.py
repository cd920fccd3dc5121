"""``process``, ``watch`` and ``retry``: paper comes in."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from typer import Exit

from pipeline.commands.follow import TICK, follow
from pipeline.commands.tables import count_dispositions
from pipeline.document import BatchId
from pipeline.errors import FolderBusy, InputError, PipelineError, ServiceError
from pipeline.ingest.claims import open_claims
from pipeline.ingest.in_place import take_in_place
from pipeline.ingest.settling import entries
from pipeline.process import Cradle
from pipeline.site import Site
from pipeline.store.catalogue import LedgerLine
from pipeline.store.holder import holder_pid
from pipeline.wiring import batch_rules, intake_of
from pipeline.work import Work

if TYPE_CHECKING:
    from pipeline.ingest.intake import Intake

NOTHING_TAKEN = InputError.exit_code


def process(
    site: Site, paths: Sequence[Path], out: Console, cradle: Cradle | None = None
) -> None:
    """Take the files where they lie, and wait until each page has its outcome."""
    started = time.monotonic()
    arriving = take_in_place(
        paths, site.objects, site.catalogue, batch_rules(site.settings.intake)
    )
    with Work(site, cradle) as work:
        batches = _taken(site, arriving, work)
        follow(site, work, (*batches, *_copied(site, batches)), out)
    _say_what_came_of_it(site, batches, time.monotonic() - started, out)


def _taken(site: Site, arriving: Iterable[BatchId], work: Work) -> tuple[BatchId, ...]:
    """All batches; the first are read while the next are stored."""
    work.prepare()
    taken: list[BatchId] = []
    looked = -TICK
    for batch in arriving:
        taken.append(batch)
        if time.monotonic() - looked > TICK and site.catalogue.unfinished():
            work.tick()
            looked = time.monotonic()
    return tuple(taken)


def watch(
    site: Site,
    inbox: Path | None,
    out: Console,
    cradle: Cradle | None = None,
    *,
    drain: bool,
) -> None:
    """Watch the inbox and work until stopped; with ``drain`` until all is settled."""
    intake = intake_of(site, inbox or site.inbox)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    watcher = _Watcher(intake, stop, site.settings.intake.scan_seconds)
    out.print(f"watching {inbox or site.inbox}; Ctrl-C stops", highlight=False)
    started, worked = time.monotonic(), dict[BatchId, None]()
    with Work(site, cradle) as work, watcher:
        while not stop.is_set():
            work.tick()
            watcher.check()
            empty = drain and not _left_in(intake.inbox)  # before asking the books
            if drain and (batches := site.catalogue.unfinished()):
                worked |= dict.fromkeys(batches)
                follow(site, work, batches, out)
            elif empty:
                stop.set()
            stop.wait(TICK)
    if drain:
        worked |= dict.fromkeys(watcher.arrived)
        _say_what_came_of_it(site, tuple(worked), time.monotonic() - started, out)


def _left_in(inbox: Path) -> bool:
    """Whether anything lies in the inbox or is being taken in."""
    return bool(entries(inbox) or open_claims(inbox))


class _Watcher:
    """The look at the inbox, in a thread beside the work."""

    def __init__(self, intake: Intake, stop: threading.Event, every: float) -> None:
        self._intake, self._stop, self._every = intake, stop, every
        self._thread = threading.Thread(target=self._look, name="inbox")
        self.arrived: list[BatchId] = []
        self._failed: PipelineError = ServiceError("the inbox went away")

    def check(self) -> None:
        """Raises what ended the watching, so that nobody waits for nothing."""
        if not self._thread.is_alive() and not self._stop.is_set():
            raise self._failed

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        from pipeline.ingest.watch import watch as watch_inbox  # process has no inbox

        try:
            watch_inbox(self._intake, self._stop, self._every, self.arrived.append)
        except PipelineError as error:
            self._failed = error


def retry(site: Site, out: Console) -> None:
    """Rejected files from their originals, and parked batches, once more."""
    rejected = {line.batch for line in site.catalogue.ledger() if _untaken(line)}
    again = [batch for batch in sorted(rejected) if site.catalogue.reopen(batch)]
    with Work(site) as work:
        work.tick()
        if not work.holds and work.parked():
            raise FolderBusy(
                f"process {holder_pid(site.data) or 'unknown'} works this data folder: "
                "stop it, then chartfiler retry takes up what is parked"
            )
        parked = work.retry()
        follow(site, work, site.catalogue.unfinished(), out)
    came = count_dispositions(site.catalogue.ledger(again)) if again else ""
    out.print(
        f"tried again: rejected batches: {len(again)}{came and f' ({came})'}, "
        f"parked batches: {parked}",
        highlight=False,
    )


def _copied(site: Site, batches: Sequence[BatchId]) -> set[BatchId]:
    """Batches that some of these are second copies of; they may still be at work."""
    lines = site.catalogue.ledger(batches) if batches else ()
    return {line.first_batch for line in lines if line.first_batch}


def _untaken(line: LedgerLine) -> bool:
    """Whether this is a whole file that was set aside."""
    return line.disposition == "rejected" and line.page == 0


def _say_what_came_of_it(
    site: Site, batches: Sequence[BatchId], seconds: float, out: Console
) -> None:
    """One line; exits 2 when nothing at all could be taken."""
    lines = list(site.catalogue.ledger(batches)) if batches else []
    if not lines:
        out.print("nothing to file there")
        return
    pages = sum(1 for line in lines if line.page)
    count = len({line.batch for line in lines})
    out.print(
        f"{count} batches, {pages} pages in {seconds:.1f} s "
        f"({pages / max(seconds, 1e-9):.1f} pages/s): {count_dispositions(lines)}",
        highlight=False,
    )
    for line in lines:
        if _untaken(line):
            said = f"set aside: {line.source}: {'; '.join(line.reasons)}"
            out.print(said, markup=False, highlight=False, soft_wrap=True)
    if lines and all(map(_untaken, lines)):
        raise Exit(NOTHING_TAKEN)
