"""Working and waiting until every page of some batches has its outcome."""

from __future__ import annotations

import time
from collections.abc import Sequence

from rich.console import Console

from pipeline.document import BatchId
from pipeline.errors import ServiceError
from pipeline.site import Site
from pipeline.work import Work

TICK = 0.25  # seconds between two looks
_LONG, _SELDOM = 10.0, 4  # seconds of work from which so much more seldom will do


def follow(
    site: Site, work: Work, batches: Sequence[BatchId], console: Console
) -> None:
    """Tick ``work`` until these batches are finished, showing pages read of received.

    Works for the holder and for a process that handed over alike: both read the
    catalogue. Raises ServiceError when only parked work is left.
    """
    from rich.progress import (  # while the first page is read
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("pages"),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        shown = bar.add_task("reading", total=None)
        began = time.monotonic()
        while left := set(batches).intersection(site.catalogue.unfinished()):
            work.tick()
            if left.issubset(work.parked()):  # all that can be done is done
                raise ServiceError(
                    f"{len(left)} batches failed too often and are parked: "
                    "see chartfiler status, then chartfiler retry"
                )
            if not bar.disable:  # counting all pages costs as much as the work's tick
                now = site.catalogue.progress(batches)
                reading = now.read < now.received
                bar.update(
                    shown,
                    description="reading" if reading else "filing",
                    completed=now.read if reading else now.settled,
                    total=now.received or None,
                )
            long = time.monotonic() - began > _LONG
            time.sleep(TICK * (_SELDOM if long else 1))
