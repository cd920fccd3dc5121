"""Who works: the one process that holds a data folder does the jobs.

``watch``, ``process`` and ``serve`` all make a Work and tick it from their main
thread. The first to get the lock is the holder; the others hand over through the
catalogue, and the next of them takes the lock when the holder ends or is killed.
"""

from __future__ import annotations

import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import TYPE_CHECKING, Self

from pipeline import flow
from pipeline.document import BatchId
from pipeline.errors import ServiceError, SettingsError
from pipeline.process import Cradle
from pipeline.ranking import A_TURN, rank_waiting
from pipeline.reading import ReadingPool
from pipeline.rereading import read_recuts
from pipeline.site import Site
from pipeline.store.catalogue import LiveModel
from pipeline.store.folder import FolderStore
from pipeline.store.holder import Holder
from pipeline.store.temporary import sweep
from pipeline.weighing import Weighing
from pipeline.wiring import reader_of, roles_of, tools_of, with_live_types

if TYPE_CHECKING:  # loading DBOS takes as long as a reading process needs to be ready
    from pipeline.jobs import DurableJobs

_LATER = 1.0  # seconds from the launch until the role model is loaded
_LOOK = 5.0  # seconds between two looks whether another type model was promoted
log = logging.getLogger(__name__)


class Work:
    """The jobs of one data folder, worked by whoever holds it."""

    def __init__(self, site: Site, cradle: Cradle | None = None) -> None:
        """``cradle`` was started ahead, for the first pool; the caller closes it."""
        self.site = site
        self._cradle = cradle
        self._holder = Holder(site.data)
        self._pool: ReadingPool | None = None
        self._tools: flow.Tools | None = None
        self._jobs: DurableJobs | None = None
        self._weighing: Weighing | None = None
        self._loading = ThreadPoolExecutor(1, "roles")
        self._roles: Future[object] | None = None
        self._launched = 0.0
        self._model: tuple[LiveModel, ...] = ()  # promoted, as the tools have it
        self._looked = 0.0

    @property
    def holds(self) -> bool:
        return self._jobs is not None

    def prepare(self) -> None:
        """Take the lock if it is free, and start the pool: it takes a moment.

        To be called from the main thread, as tick.
        """
        if self._pool is None and self._holder.acquire(blocking=False):
            self._start_pool()

    def tick(self) -> None:
        """Take the lock if it is free; as the holder, see to all that waits.

        Raises what is wrong with the role model, which is loaded beside the reading.

        To be called again and again from the main thread: the pool's processes die
        with the thread that made them.
        """
        if self._jobs is None and self._holder.acquire(blocking=False):
            self._launch()
        self._load_roles()
        if self._jobs is not None and self._tools is not None:
            try:
                self._renew(self._jobs, self._tools)
                flow.sweep(self._tools, self._jobs)
                rank_waiting(
                    self.site.worklist,
                    self.site.type_facts,
                    self.site.settings.queue,
                    A_TURN,
                )
                read_recuts(self.site.recuts, self._tools)
                if self._weighing is not None:
                    self._weighing.turn()
            except ServiceError as error:
                log.warning("a service is down, trying again: %s", error)

    def parked(self) -> tuple[BatchId, ...]:
        """Work that failed too often, whoever works this folder."""
        from pipeline.jobs import parked_in

        left = self.site.catalogue.unfinished()
        return parked_in(self.site.data / "jobs.sqlite", left)

    def retry(self) -> int:
        """Start parked work again; 0 unless this process is the holder."""
        return self._jobs.retry() if self._jobs else 0

    def close(self) -> None:
        """Stop; what is under way goes on with the next holder."""
        if self._jobs:
            self._jobs.close()
        if self._pool:
            self._pool.close()
        self._jobs = self._pool = self._tools = self._roles = None
        self._weighing = None
        self._loading.shutdown(cancel_futures=True)
        self._loading = ThreadPoolExecutor(1, "roles")
        self._holder.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _start_pool(self) -> ReadingPool:
        sweep(self.site.data)
        if isinstance(self.site.objects, FolderStore):
            self.site.objects.sweep()
        self._pool = reader_of(self.site.settings, cradle=self._cradle)
        self._cradle = None
        self._pool.prepare()
        return self._pool

    def _launch(self) -> None:
        pool = self._pool or self._start_pool()
        from pipeline.jobs import DurableJobs  # while the processes load their own

        self._model = self.site.catalogue.promotions()[-1:]
        tools = tools_of(self.site, pool)
        tools.oversight.admit(tools.rules)
        self._tools = tools
        self._jobs = DurableJobs(self._tools, self.site.data / "jobs.sqlite")
        self._weighing = Weighing(self._tools)
        self._launched = time.monotonic()

    def _renew(self, jobs: DurableJobs, tools: flow.Tools) -> None:
        """Give the next batch the model that was promoted, or returned to, meanwhile.

        One that cannot be used, or may not file in this site's mode, is not taken.
        """
        if time.monotonic() - self._looked < _LOOK:
            return
        self._looked = time.monotonic()
        live = self.site.catalogue.promotions()[-1:]
        if live == self._model:
            return
        try:
            self._tools = with_live_types(tools, self.site)
        except SettingsError as error:
            log.warning("the promoted type model is not taken up: %s", error)
        else:
            jobs.use(self._tools)
            self._weighing = Weighing(self._tools)
            log.info("type model from the next batch on: %s", self._tools.types.name)
        self._model = live

    def _load_roles(self) -> None:
        """Beside the reading, a moment after its start, which needs every core."""
        if self._roles is None and self.holds:
            if time.monotonic() - self._launched > _LATER:
                self._roles = self._loading.submit(roles_of, self.site.settings.models)
        elif self._roles is not None and self._roles.done():
            self._roles.result()
