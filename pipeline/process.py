"""A process that may die: it hangs, crashes or runs out of memory alone.

Each is forked from a cradle, which has loaded what every task needs and runs none: a
new one takes a hundredth of a second, and shares what the cradle holds.

Accepted risks: the processes are not sandboxed beyond their limits, and their answers
are unpickled. Their stderr goes into memory and is dropped after each task, because
libraries quote the page in it; a task may look at what was said (``complaints``).
"""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from mmap import mmap
from multiprocessing.connection import Connection, Pipe
from multiprocessing.reduction import recv_handle, send_handle
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, cast

from pipeline.errors import PipelineError, ServiceError, SettingsError

Death = Literal["timed out", "crashed", "out of memory"]

_log = logging.getLogger(__name__)
_START_SECONDS = 60.0  # of an interpreter and its imports, on a busy machine
_NO_START = (
    "a pool process does not start: raise reading.memory_bytes in "
    "config/pipeline.toml, or run chartfiler doctor"
)
_ROOM = 64_000_000  # bytes that even a small page takes
_COMPLAINTS = 65_536  # bytes of stderr that are looked at
LOADED = (  # by name, for they stand on floors above; the later when there is time
    "pipeline.loaded",
    "pipeline.warmed",
    "pipeline.store.pdf",
)
_listening: list[bool] = []  # filled in a pool process only
_CHILD = (
    "import sys; from pipeline.process import nurse;"
    "nurse(*map(int, sys.argv[1:3]), sys.argv[3:])"
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
class _Fork:
    """What a cradle is asked; the end of a pipe comes after it."""

    memory_bytes: int


@dataclass(frozen=True, slots=True)
class _Wait:
    pid: int


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


class Cradle:
    """The process from which pool processes are forked; it dies with its thread.

    The first of ``modules`` is imported there before anything else, the others one by
    one while nothing is asked.
    """

    def __init__(self, modules: Sequence[str] = LOADED) -> None:
        self._asking = threading.Lock()
        self._started = False
        self._pipe, theirs = Pipe()
        facts = (str(theirs.fileno()), str(os.getpid()), *modules)
        with theirs:
            self._popen = subprocess.Popen(
                [sys.executable, "-P", "-c", _CHILD, *facts],
                env=_environment(),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                process_group=0,  # no Ctrl-C from the terminal
            )

    @property
    def alive(self) -> bool:
        return self._popen.poll() is None

    def fork(self, pipe: Connection, memory_bytes: int) -> int:
        """The id of a new process at the other end of ``pipe``, in its own group.

        Raises SettingsError where the cradle cannot start, ServiceError where it died
        or the system has no room for one more.
        """
        if pid := self._asked(_Fork(memory_bytes), pipe):
            return pid
        raise ServiceError("there is no room for a process; it will be tried again")

    def wait(self, pid: int) -> None:
        """Wait for a process that was killed; until then its id is nobody else's."""
        with suppress(SettingsError, ServiceError):  # then it died with its cradle
            self._asked(_Wait(pid))

    def close(self) -> None:
        """End it; whatever it has forked dies with it."""
        with self._asking:
            self._kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _asked(self, what: _Fork | _Wait, pipe: Connection | None = None) -> int:
        with self._asking:
            try:
                self._pipe.send(what)
                if pipe is not None:
                    send_handle(self._pipe, pipe.fileno(), self._popen.pid)
                if self._pipe.poll(_START_SECONDS):
                    told = cast("int", self._pipe.recv())
                    self._started = True
                    return told
            except (EOFError, OSError):
                pass
            self._kill()
            if self._started:
                raise ServiceError("the pool's processes died; it will be tried again")
            raise SettingsError(_NO_START)

    def _kill(self) -> None:
        self._popen.kill()
        self._popen.wait()
        self._pipe.close()


class Process:
    """One pool process, as seen by the thread that started it."""

    def __init__(self, cradle: Cradle, memory_bytes: int) -> None:
        self.alive = True
        self.tasks = 0
        self._killing = threading.Lock()
        self._cradle = cradle
        self._pipe, theirs = Pipe()
        with theirs:
            self.pid = cradle.fork(theirs, memory_bytes)

    def ready(self) -> None:
        """Waits until the process is there, within its limits."""
        if self._next(time.monotonic() + _START_SECONDS) != _Answer("ready"):
            self.kill()
            raise SettingsError(_NO_START)

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
                with suppress(ProcessLookupError):  # it died with its cradle
                    os.killpg(self.pid, signal.SIGKILL)  # not yet waited for: ours
                self._cradle.wait(self.pid)


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


def nurse(pipe: int, parent: int, modules: Sequence[str]) -> None:
    """A cradle's life: one process after the other until the pipe ends.

    It stays with one thread, the only one that a fork takes along.
    """
    _die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # stopping is the parent's business
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file holds the page
    gc.disable()
    import_module(modules[0])
    later = deque(modules[1:])
    connection = Connection(pipe)
    while True:
        while later and not connection.poll():
            import_module(later.popleft())
        gc.freeze()  # what is loaded stays: no process looks through it, all share it
        try:
            asked = connection.recv()
        except EOFError:
            return
        if isinstance(asked, _Wait):
            os.waitpid(asked.pid, 0)
            connection.send(asked.pid)
            continue
        connection.send(_forked(connection, asked.memory_bytes))


def _forked(connection: Connection, memory_bytes: int) -> int:
    """The id of a new process, 0 where there is no room; that one does not return."""
    theirs, cradle = recv_handle(connection), os.getpid()
    try:
        pid = os.fork()
    except OSError:  # those that there are live on
        os.close(theirs)
        return 0
    if not pid:
        connection.close()
        serve(theirs, cradle, memory_bytes)
        sys.exit()
    os.setpgid(pid, pid)  # here, too: it may be killed before it has come so far
    os.close(theirs)
    return pid


def serve(pipe: int, parent: int, memory_bytes: int) -> None:
    """A pool process's life: one task after the other until the pipe ends."""
    gc.enable()
    os.setpgid(0, 0)
    _die_with(parent)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    mmap(-1, _ROOM).close()  # else it ends here: what is loaded may be over the limit
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

    The signal comes when the *thread* that started the cradle ends, which is when its
    pool is closed, and from there to all that were forked.
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
