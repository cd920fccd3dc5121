"""A process that may die: it hangs, crashes or runs out of memory alone.

Accepted risks: the processes are not sandboxed beyond their limits, and their answers
are unpickled. Their stderr goes into memory and is dropped after each task, because
libraries quote the page in it; a task may look at what was said (``complaints``).
"""

from __future__ import annotations

import ctypes
import logging
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from types import TracebackType
from typing import Literal, cast

from pipeline.errors import PipelineError, SettingsError

Death = Literal["timed out", "crashed", "out of memory"]

_log = logging.getLogger(__name__)
_START_SECONDS = 60.0  # of an interpreter and its imports, on a busy machine
_COMPLAINTS = 65_536  # bytes of stderr that are looked at
_listening: list[bool] = []  # filled in a pool process only
_CHILD = (
    "import sys; from pipeline.process import serve; serve(*map(int, sys.argv[1:]))"
)


# --- what crosses the border between processes -----------------------------------

Task = Callable[..., Iterator[object]]  # yields what is known so far, the last is all


@dataclass(frozen=True, slots=True)
class _Answer:
    value: object = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Finished:
    """``error`` and its sentence, if the task raised one of errors.py."""

    error: type[PipelineError] | None = None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class _Died:
    """How, and which exception at which lines: never its message."""

    death: Death
    where: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The last answer of a task, and what ended it too early, if anything did."""

    last: object = field(default=None, repr=False)
    error: PipelineError | None = None
    death: Death | None = None

    def value(self) -> object:
        if self.error is not None:
            raise self.error
        return self.last


# --- the parent's side -----------------------------------------------------------


class Process:
    """One pool process, as seen by the thread that started it."""

    def __init__(self, memory_bytes: int) -> None:
        self.alive = True
        self.tasks = 0
        self._killing = threading.Lock()
        self._pipe, theirs = Pipe()
        facts = (theirs.fileno(), os.getpid(), memory_bytes)
        with theirs:
            self._popen = subprocess.Popen(
                [sys.executable, "-P", "-c", _CHILD, *map(str, facts)],
                env=_environment(),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                process_group=0,  # no Ctrl-C from the terminal; and see kill
            )

    def ready(self) -> None:
        """Waits until the process has imported what it needs."""
        if self._next(time.monotonic() + _START_SECONDS) != _Answer("ready"):
            self.kill()
            raise SettingsError(
                "a pool process does not start: raise reading.memory_bytes in "
                "config/pipeline.toml, or run chartfiler doctor"
            )

    def run(self, task: Task, args: tuple[object, ...], seconds: float) -> Outcome:
        """The task's outcome; the process is dead if that is a death."""
        self.tasks += 1
        deadline = time.monotonic() + seconds
        last: object = None
        try:
            self._pipe.send((task, args))
        except OSError:  # it died while idle
            self.kill()
            return Outcome(None, None, "crashed")
        while True:
            match self._next(deadline):
                case _Answer(value):
                    last = value
                case _Finished(error, sentence):
                    return Outcome(last, error(sentence) if error else None)
                case _Died(death, where):
                    _log.warning("a pool process %s: %s", death, where)
                    self.kill()
                    return Outcome(last, None, death)

    def _next(self, deadline: float) -> _Answer | _Finished | _Died:
        try:
            if not self._pipe.poll(max(deadline - time.monotonic(), 0.0)):
                return _Died("timed out", "killed")
            return cast("_Answer | _Finished | _Died", self._pipe.recv())
        except (EOFError, OSError):
            return _Died("crashed", "without a word")

    def kill(self) -> None:
        """The process and all that it has started; its answers end at once."""
        with self._killing:
            if self.alive:
                self.alive = False
                os.killpg(self._popen.pid, signal.SIGKILL)  # not yet waited for: ours
                self._popen.wait()


def _environment() -> dict[str, str]:
    """One thread a library: the pool has a process for each core."""
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "OMP_THREAD_LIMIT": "1",  # tesseract is five times slower with two
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OPENCV_FOR_THREADS_NUM": "1",
        "MALLOC_ARENA_MAX": "2",
        # what one image leaves is kept for the next: to give it back and have it blank
        # again costs a tenth of a page's reading without its recognition
        "MALLOC_MMAP_THRESHOLD_": "33554432",
        "MALLOC_TRIM_THRESHOLD_": "134217728",
    }


# --- the child's side ------------------------------------------------------------


def serve(pipe: int, parent: int, memory_bytes: int) -> None:
    """A pool process's life: one task after the other until the pipe ends."""
    _die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # stopping is the parent's business
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file holds the page
    _listen()
    connection = Connection(pipe)
    sys.excepthook = _last_words(connection)
    connection.send(_Answer("ready"))
    while True:
        try:
            task, args = connection.recv()
        except EOFError:
            return
        _forget()
        try:
            for value in task(*args):
                connection.send(_Answer(value))
            connection.send(_Finished())
        except PipelineError as error:
            connection.send(_Finished(type(error), str(error)))


def complaints() -> bytes:
    """What libraries wrote to stderr since the last task; nothing outside the pool."""
    if not _listening:
        return b""
    return os.pread(2, _COMPLAINTS, 0)


def _listen() -> None:
    """Keep stderr in memory: libtiff says there, and only there, what it mended."""
    os.dup2(os.memfd_create("stderr"), 2)
    _listening.append(True)


def _forget() -> None:
    os.ftruncate(2, 0)
    os.lseek(2, 0, os.SEEK_SET)


def _die_with(parent: int) -> None:
    """No process outlives the pool, not even one that is killed without notice.

    The signal comes when the *thread* that started us ends, which is when its pool
    is closed.
    """
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we had asked
        sys.exit(1)


def _last_words(
    connection: Connection,
) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    def hook(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        death: Death = "crashed"
        if issubclass(kind, MemoryError) or "nsufficient memory" in str(error):
            death = "out of memory"
        lines: list[str] = []
        while trace is not None:
            code = trace.tb_frame.f_code
            lines.append(f"{Path(code.co_filename).name}:{trace.tb_lineno}")
            trace = trace.tb_next
        connection.send(_Died(death, f"{kind.__name__} at {' '.join(lines[-4:])}"))

    return hook
