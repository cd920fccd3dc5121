"""Look at an inbox until told to stop: the scan is the truth, inotify only wakes it."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from watchdog.events import (
    FileClosedEvent,
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from pipeline.document import BatchId
from pipeline.errors import FolderBusy, ServiceError
from pipeline.ingest.claims import QUARANTINE, WORK
from pipeline.ingest.intake import Errand, Intake

_LONGEST_WAIT = 60.0  # seconds between tries while a store is down
_SHORTEST_WAIT = 0.05  # between two looks, however many events come
_log = logging.getLogger(__name__)


def watch(
    intake: Intake,
    stop: threading.Event,
    every: float,
    arrived: Callable[[BatchId], None] = lambda _: None,
) -> None:
    """Take in what comes, until ``stop``; ``every`` seconds a look.

    ``arrived`` is told each batch after the catalogue has it. Raises FolderBusy if
    another process watches this inbox. Nothing that a file does ends the loop.
    """
    wake = threading.Event()
    with held(intake.inbox), _woken(intake.inbox, wake):
        wait = every
        while not stop.is_set():
            wake.clear()
            up = look(intake, arrived, stop)
            wait = every if up else min(max(wait, every) * 2, _LONGEST_WAIT)
            _rest(stop, wake if up else stop, wait)


def look(
    intake: Intake, arrived: Callable[[BatchId], None], stop: threading.Event
) -> bool:
    """One pass over everything that can be done; False if a store is down."""
    try:
        errands = intake.errands()
    except OSError as error:  # the inbox itself: a share that went away
        _log.warning("the inbox cannot be read (%s)", type(error).__name__)
        return False
    for errand in errands:
        if stop.is_set():
            break
        try:
            batch = _run(intake, errand)
        except ServiceError as error:
            _log.warning("claim %s waits: %s", errand.claim.id, type(error).__name__)
            return False
        if batch:
            arrived(batch)
    return True


def _run(intake: Intake, errand: Errand) -> BatchId | None:
    """One file's or folder's turn. The one broad except of intake stands here."""
    try:
        return intake.run(errand)
    except ServiceError:
        raise
    except Exception as error:  # noqa: BLE001 - no file may stop the others
        _log.error("claim %s stays in .work: %s", errand.claim.id, type(error).__name__)
        return None


@contextmanager
def held(inbox: Path) -> Iterator[None]:
    """Hold the inbox for this process; raises FolderBusy."""
    path = inbox / WORK / "lock"
    number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderBusy(
                "another process watches this inbox: stop it first"
            ) from None
        yield
    finally:
        os.close(number)


def _rest(stop: threading.Event, wake: threading.Event, wait: float) -> None:
    """Until something happens, at most ``wait`` seconds; short enough to stop."""
    until = time.monotonic() + wait
    stop.wait(min(wait, _SHORTEST_WAIT))
    while not stop.is_set() and (left := until - time.monotonic()) > 0:
        if wake.wait(min(left, 0.5)):
            return


class _Waker(FileSystemEventHandler):
    """Sets an event when something may have come; our own doings do not count."""

    def __init__(self, inbox: Path, wake: threading.Event) -> None:
        self._ours = tuple(f"{inbox}/{name}" for name in (WORK, QUARANTINE))
        self._wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        comes = isinstance(
            event,
            FileCreatedEvent | FileModifiedEvent | FileMovedEvent | FileClosedEvent,
        )
        where = os.fsdecode(event.dest_path or event.src_path)
        if comes and not where.startswith(self._ours):
            self._wake.set()


@contextmanager
def _woken(inbox: Path, wake: threading.Event) -> Iterator[None]:
    """Let the kernel wake us where it can; where not, the regular look is enough."""
    observer = Observer()
    try:
        observer.schedule(_Waker(inbox, wake), str(inbox), recursive=True)
        observer.start()
    except OSError as error:
        _log.warning("no file events here (%s): looking regularly", error.errno)
        yield
        return
    try:
        yield
    finally:
        observer.stop()
        with suppress(RuntimeError):
            observer.join()
