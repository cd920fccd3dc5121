"""Looks at each batch as it comes in, while its paper is still in hand.

Beside the work, in processes of its own, so that no reading is waited for: what it
finds stands on the station's page, and decides nothing.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from pipeline.document import Batch, BatchId, SourcePage
from pipeline.errors import InputError, ServiceError
from pipeline.index.cluerules import ClueRules
from pipeline.index.foreign import foreign
from pipeline.index.marks import read_marks
from pipeline.ingest.stack import faults_of_pages
from pipeline.looking import look_at
from pipeline.opening import open_batch
from pipeline.page import PageLook, SheetFault
from pipeline.reading import ReadingPool
from pipeline.site import Site
from pipeline.store.arrivals import Look

WITHIN = dt.timedelta(hours=12)  # what came in earlier has left the operator's hands
PAUSE = 0.5  # seconds between two looks at the books
DIED = "opening this page ends the program that does it: scan the sheet again"
log = logging.getLogger(__name__)


class FirstLooks:
    """The looks of one data folder; ``pool`` is not the one that reads."""

    def __init__(self, site: Site, pool: ReadingPool, rules: ClueRules) -> None:
        self._site, self._pool, self._rules = site, pool, rules
        self._failed: set[BatchId] = set()

    def run(self, stop: threading.Event) -> None:
        """Until stopped; to be called in a thread."""
        while not stop.wait(PAUSE):
            try:
                while not stop.is_set() and self.turn():
                    pass
            except ServiceError as error:
                log.warning("no look at a batch, trying again: %s", error)

    def turn(self) -> bool:
        """Look at the next batch that nobody has looked at; False if there is none."""
        since = dt.datetime.now(dt.UTC) - WITHIN
        for batch in self._site.arrivals.unlooked(since):
            if batch not in self._failed:
                self._failed.add(batch)  # unless it ends well
                self._look(batch)
                self._failed.discard(batch)
                return True
        return False

    def _look(self, id_: BatchId) -> None:
        site = self._site
        open_batch(id_, site.catalogue, site.objects, self._pool)
        batch = site.catalogue.batch(id_)
        sides = site.catalogue.source_pages(id_) or ()
        workers = self._pool.limits.workers
        with ExitStack() as stack:
            paths = [
                stack.enter_context(site.objects.local(file.key))
                for file in batch.files
            ]

            def one(side: SourcePage) -> PageLook:
                return self._side(paths[side.file], side)

            with ThreadPoolExecutor(workers, "looking") as threads:
                looks = list(threads.map(one, sides))
        faults = tuple(self._faults(batch, looks))
        now = dt.datetime.now(dt.UTC)
        site.arrivals.keep_look(id_, Look(len(sides), faults, now))

    def _side(self, path: Path, side: SourcePage) -> PageLook:
        limits = self._pool.limits.files
        try:
            return self._pool.run(look_at, path, side.page, side.number, limits)
        except InputError as error:
            return PageLook(side.number, unreadable=str(error))
        except ServiceError:
            return PageLook(side.number, unreadable=DIED)

    def _faults(self, batch: Batch, looks: list[PageLook]) -> Iterator[SheetFault]:
        yield from faults_of_pages(looks)
        clues = [
            clue
            for look in looks
            for clue in read_marks(look.marks, look.number, self._rules)
        ]
        whose = self._site.people.mrn_owner
        yield from foreign(clues, batch.sidecar.patient, whose)
