"""One page, from a received file's bytes to words, in processes that may die.

Received files are opened and recognised here only, in processes of their own, under
memory and time limits: a hang or a crash costs its own page and no other. A pool
process imports this module and what it names, never the catalogue, DBOS or a model.
The tasks import what opens a file or a page when they run, which is in a process that
has it already: the command's own, which never does, starts a fifth of a second sooner.
"""

from __future__ import annotations

import dataclasses
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

from pipeline.errors import (
    InputError,
    OverLimit,
    ServiceError,
    SettingsError,
    UnreadableFile,
)
from pipeline.ingest.limits import Limits
from pipeline.ocr.engine import OcrEngine
from pipeline.page import Page, QuarterTurn
from pipeline.process import Cradle, Outcome, Process, Task, complaints
from pipeline.store.temporary import temporary_file

if TYPE_CHECKING:
    from pipeline.store.pdf import PdfFacts, PdfPage

P = ParamSpec("P")
T = TypeVar("T")

# libtiff paints over bad fax codes in white and says so on stderr only; so does our
# own drawing of a damaged PDF page
DAMAGED = "the scan's data are damaged, parts of it may be white"


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """Section [reading] of config/pipeline.toml, and [limits] for received files.

    ``page_seconds`` is the longest that one page, or counting one file, may take;
    ``memory_bytes`` the address space of one process; after ``tasks_per_process``
    tasks a process is replaced.
    """

    workers: int
    page_seconds: float = 120.0
    memory_bytes: int = 3_000_000_000
    tasks_per_process: int = 200
    files: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class PageToRead:
    """Side ``page`` of the file at ``path``, to become page ``number`` of its batch.

    ``turn`` is how its neighbours lie, for a page that does not tell by itself.
    """

    path: Path = field(repr=False)
    page: int
    number: int
    turn: QuarterTurn | None = None


class ReadingPool:
    """As many processes as there are workers, for every thread that asks.

    Each process belongs to one thread of the pool, which starts it, and kills it
    when it is overdue; so no task can disturb another one.
    """

    def __init__(
        self,
        engine: OcrEngine,
        limits: PoolLimits,
        second: OcrEngine | None = None,
        cradle: Cradle | None = None,
    ) -> None:
        """``cradle`` is one that was started ahead; it is the pool's from here on."""
        self.engine = engine
        self.second = second
        self.limits = limits
        self._cradle = cradle
        self._threads = ThreadPoolExecutor(limits.workers, "reading")
        self._own = threading.local()
        self._processes: set[Process] = set()
        self._lock = threading.Lock()
        self._closed = False

    def __enter__(self) -> ReadingPool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kills the processes; whoever waits for an answer gets a ServiceError."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            for process in self._processes:
                process.kill()
        self._threads.shutdown()
        if self._cradle is not None:
            self._cradle.close()

    def prepare(self) -> None:
        """Start the processes, so that the first task need not wait for it."""
        for _ in range(self.limits.workers):
            self._submit(_ready, (), self.limits.page_seconds)

    def count(self, path: Path, suffix: str) -> int:
        """Sides of the file; see ingest.formats.count_pages for suffix and errors.

        A file that crashes the process raises UnreadableFile, one that takes too
        long or too much memory OverLimit.
        """
        asked = (path, suffix, self.limits.files)
        outcome = self._submit(_counted, asked, self.limits.page_seconds).result()
        match outcome.death:
            case None:
                return cast("int", outcome.value())
            case "crashed":
                raise UnreadableFile(
                    "opening the file crashes the program that does it: scan it again"
                )
            case "timed out":
                raise OverLimit(
                    "opening the file takes longer than reading.page_seconds: split "
                    "the file or raise it"
                )
            case "out of memory":
                raise OverLimit(
                    "opening the file takes more memory than reading.memory_bytes: "
                    "split the file or raise it"
                )

    def read(self, asked: Sequence[PageToRead]) -> Iterator[Page]:
        """The pages in the order asked for, read side by side on all workers.

        A page that could not be read comes without words and says why in its
        ``troubles``. Only what an operator can mend is raised: SettingsError,
        ServiceError.
        """
        waiting: deque[tuple[PageToRead, Future[Outcome]]] = deque()
        try:
            for page in asked:
                task = (page, self.engine, self.limits.files, self.second)
                future = self._submit(_read, task, self.limits.page_seconds)
                waiting.append((page, future))
                if len(waiting) > 2 * self.limits.workers:  # others want a turn, too
                    yield _page(*_first(waiting))
            while waiting:
                yield _page(*_first(waiting))
        finally:
            for _, future in waiting:
                future.cancel()

    def pdf(self, pages: Sequence[PdfPage], facts: PdfFacts) -> bytes:
        """The filed PDF, made in a pool process, for it opens received files.

        Each page has as long as reading one has. Raises InputError for a page whose
        image cannot be carried, ServiceError where the process died.
        """
        from pipeline.store.pdf import write_pdf  # half a second that few tasks need

        seconds = self.limits.page_seconds * max(len(pages), 1)
        with temporary_file() as held:
            self._ran((write_pdf, (pages, facts, held), {}), seconds)
            return held.read_bytes()

    def picture(
        self, path: Path, page: int, rotation: QuarterTurn, width: int
    ) -> bytes:
        """Side ``page`` of a file for a screen: PNG, upright, ``width`` px wide."""
        return self.run(_pictured, path, page, (rotation, width), self.limits.files)

    def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``function`` returns in a pool process; it must pickle by name.

        Raises what it raises of errors.py, and ServiceError where the process died.
        """
        call = (function, args, kwargs)
        return cast("T", self._ran(call, self.limits.page_seconds))

    def _ran(self, call: tuple[object, ...], seconds: float) -> object:
        outcome = self._submit(_called, call, seconds).result()
        if outcome.death is not None:
            raise ServiceError(
                f"a pool process {outcome.death}; the work will be tried again"
            )
        return outcome.value()

    def _submit(
        self, task: Task, args: tuple[object, ...], seconds: float
    ) -> Future[Outcome]:
        if self._closed:
            raise ServiceError("the reading pool is closed; start the program again")
        return self._threads.submit(self._outcome, task, args, seconds)

    def _outcome(self, task: Task, args: tuple[object, ...], seconds: float) -> Outcome:
        """One task in this thread's process; a crash is given a second chance.

        For the process may have died of something else: its neighbour's memory, or
        a person with the kill command.
        """
        outcome = self._process().run(task, args, seconds)
        if outcome.death == "crashed" and not self._closed:
            outcome = self._process().run(task, args, seconds)
        if self._closed and outcome.death is not None:
            raise ServiceError("the reading pool was closed; start the program again")
        return outcome

    def _process(self) -> Process:
        """This thread's own, new where the last one is dead or has done its share."""
        process: Process | None = getattr(self._own, "process", None)
        if process and process.alive and process.tasks < self.limits.tasks_per_process:
            return process
        with self._lock:
            if process:
                process.kill()
                self._processes.discard(process)
            if self._closed:
                raise ServiceError("the reading pool is closed")
            if self._cradle is None or not self._cradle.alive:
                self._cradle = Cradle()  # it dies with this thread of the pool
            self._own.process = process = Process(
                self._cradle, self.limits.memory_bytes
            )
            self._processes.add(process)
        try:
            process.ready()
        except SettingsError:
            if self._closed:  # it was killed while it started
                raise ServiceError("the reading pool is closed") from None
            raise
        return process


def _page(asked: PageToRead, outcome: Outcome) -> Page:
    """The page that came back, or as much of it as was known before it went wrong."""
    page = cast("Page | None", outcome.last)
    if outcome.error is not None and not isinstance(outcome.error, InputError):
        raise outcome.error
    if outcome.error is not None:
        trouble = "engine refused the page" if page else "page could not be decoded"
    elif outcome.death is None:
        return cast("Page", outcome.value())
    elif outcome.death == "out of memory":
        trouble = "out of memory"
    else:
        trouble = f"engine {outcome.death}"
    from pipeline.ocr.read import unread_page  # seldom: most pages came back

    return dataclasses.replace(page or unread_page(asked.number), troubles=(trouble,))


def _first(
    waiting: deque[tuple[PageToRead, Future[Outcome]]],
) -> tuple[PageToRead, Outcome]:
    page, future = waiting.popleft()
    return page, future.result()


# --- tasks -----------------------------------------------------------------------


def _ready() -> Iterator[None]:
    """There is a process, and its cradle has loaded all that reading needs."""
    yield None


def _counted(path: Path, suffix: str, limits: Limits) -> Iterator[int]:
    from pipeline.ingest.formats import count_pages

    yield count_pages(path, limits, suffix)


def _read(
    asked: PageToRead,
    engine: OcrEngine,
    limits: Limits,
    second: OcrEngine | None = None,
) -> Iterator[Page]:
    """First the page without words: all that is left of it if the engine dies."""
    from pipeline.ingest.formats import page_image
    from pipeline.ingest.pdf import FORGIVEN
    from pipeline.ocr.read import read_page, unread_page

    image = page_image(asked.path, asked.page, limits)
    said = complaints()
    damaged = b"Fax" in said or FORGIVEN.encode() in said
    before = unread_page(asked.number, image)
    yield before
    known = before.fingerprint
    page = read_page(image, asked.number, engine, asked.turn, second, known)
    yield dataclasses.replace(page, troubles=(*page.troubles, *[DAMAGED] * damaged))


def _pictured(
    path: Path, page: int, shown: tuple[QuarterTurn, int], limits: Limits
) -> bytes:
    from pipeline.ingest.formats import page_image
    from pipeline.store.views import page_png

    rotation, width = shown
    return page_png(page_image(path, page, limits).pixels, rotation, width)


def _called(
    function: Callable[..., object],
    args: tuple[object, ...],
    kwargs: dict[str, object],
) -> Iterator[object]:
    yield function(*args, **kwargs)
