"""Which files in a folder have stopped growing.

A file is settled when inode, size and time stayed the same for the settle time, nobody
has it open for writing, and it has its format's end. Nothing is followed: links and
whatever is no regular file are told apart by lstat and O_NOFOLLOW.
"""

from __future__ import annotations

import fcntl
import os
import signal
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from pipeline.ingest.trailers import Shape, shape

Mark = tuple[int, int, int]  # inode, bytes, mtime in ns

_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")
_DEEPEST = 12  # folders in folders


@dataclass(frozen=True, slots=True)
class Seen:
    """One entry of a folder tree. ``regular`` is false for links, pipes, devices."""

    name: str = field(repr=False)  # from the root, "/" between parts
    mark: Mark
    regular: bool

    @property
    def size(self) -> int:
        return self.mark[1]


@dataclass(slots=True)
class _Watched:
    mark: Mark
    since: float
    shape: Shape | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """How long a file has rested (seconds), and its shape once it is settled."""

    seen: Seen
    age: float
    shape: Shape | None  # None while it grows, or somebody writes

    @property
    def settled(self) -> bool:
        return self.shape is not None and self.shape.whole


class Settling:
    """Remembers what it saw, so that rest is measured by our own clock.

    ``settle`` in seconds; a file system whose clock is off does no harm.
    """

    def __init__(self, root: Path, settle: float) -> None:
        self._root = root
        self._settle = settle
        self._known: dict[str, _Watched] = {}

    def look(self, entries: tuple[Seen, ...], now: float) -> tuple[Rest, ...]:
        """Every entry with its rest at ``now`` (monotonic seconds)."""
        self._known = {
            seen.name: self._watched(seen, self._known, now) for seen in entries
        }
        return tuple(self._rest(seen, now) for seen in entries)

    def _watched(
        self, seen: Seen, known: Mapping[str, _Watched], now: float
    ) -> _Watched:
        before = known.get(seen.name)
        same = before is not None and before.mark == seen.mark
        return before if before and same else _Watched(seen.mark, now)

    def _rest(self, seen: Seen, now: float) -> Rest:
        watched = self._known[seen.name]
        age = now - watched.since
        if not seen.regular or not seen.size or age < self._settle:
            return Rest(seen, age, None)
        if watched.shape is None or not watched.shape.whole:
            watched.shape = shape_of(self._root / seen.name)
        return Rest(seen, age, watched.shape)


def entries(root: Path) -> tuple[Seen, ...]:
    """What lies under ``root``, by name; hidden and unfinished names left out."""
    return tuple(sorted(_entries(root, "", 0), key=lambda seen: seen.name))


def _entries(folder: Path, prefix: str, depth: int) -> Iterator[Seen]:
    try:
        found = list(os.scandir(folder))
    except FileNotFoundError:
        return
    for entry in found:
        if ignored(entry.name):
            continue
        name = prefix + entry.name
        if entry.is_dir(follow_symlinks=False) and depth < _DEEPEST:
            yield from _entries(Path(entry.path), name + "/", depth + 1)
        elif seen := look_at(Path(entry.path), name):
            yield seen


def look_at(path: Path, name: str) -> Seen | None:
    """One entry, not followed; None if it is gone."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    regular = stat.S_ISREG(status.st_mode)
    return Seen(name, (status.st_ino, status.st_size, status.st_mtime_ns), regular)


def mark_of(path: Path) -> Mark | None:
    """What changes when a file does; None if it is gone."""
    seen = look_at(path, "")
    return seen.mark if seen else None


def ignored(name: str) -> bool:
    """Names by which programs say: not yours, or not yet."""
    lower = name.lower()
    return lower.startswith((".", "~$")) or lower.endswith(_UNFINISHED)


def being_written(path: Path) -> bool:
    """Whether somebody has it open for writing; False where nobody can tell (NFS, SMB).

    A read lease is refused while a writer is there. Whoever opens the file in the
    moment that we hold it is told to us by a signal that is ignored by default.
    """
    with opened(path) as file:
        try:
            fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        return False


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A regular file for reading; OSError for a link, and never a wait for a pipe."""
    number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(number, "rb") as file:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise OSError("not a regular file")
        yield file


def shape_of(path: Path) -> Shape | None:
    """None while a writer is there; nothing whole if it cannot be opened."""
    try:
        if being_written(path):
            return None
        with opened(path) as file:
            return shape(file)
    except OSError:
        return Shape(None, whole=False)
