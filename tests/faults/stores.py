"""Object stores and databases that fail: full, forgetful, unavailable, killed."""

from __future__ import annotations

import contextlib
import resource
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import event

from pipeline.document import Key
from pipeline.errors import StoreUnavailable
from pipeline.store.database import Database
from pipeline.store.objects import ObjectStore


class UnavailableStore:
    """Stands before a real store; answers while ``up``, then not at all."""

    def __init__(self, store: ObjectStore, *, up: bool = False) -> None:
        self.store, self.up, self.name = store, up, "unavailable"

    def __getattr__(self, name):
        if not self.up:
            raise StoreUnavailable("the store is down: start it and run again")
        return getattr(self.store, name)


class FullStore:
    """Stands before a real store; takes ``room`` new objects, then is full."""

    def __init__(self, store: ObjectStore, room: int = 0) -> None:
        self.store, self.room, self.name = store, room, "full"

    def put(self, data: bytes, metadata: dict[str, str] | None = None) -> Key:
        self._take()
        return self.store.put(data, metadata)

    def put_file(self, path: Path) -> Key:
        self._take()
        return self.store.put_file(path)

    def __getattr__(self, name):
        return getattr(self.store, name)

    def _take(self) -> None:
        if self.room == 0:
            raise StoreUnavailable("the store is full: make room and run again")
        self.room -= 1


class FlippingStore:
    """Stands before a real store; what is read has one bit flipped."""

    def __init__(self, store: ObjectStore) -> None:
        self.store, self.name = store, "flipping"

    def get(self, key: Key) -> bytes:
        data = bytearray(self.store.get(key))
        data[len(data) // 2] ^= 1
        return bytes(data)

    @contextlib.contextmanager
    def local(self, key: Key) -> Iterator[Path]:
        with self.store.local(key) as path:
            copy = path.with_name("flipped")
            copy.write_bytes(self.get(key))
            try:
                yield copy
            finally:
                copy.unlink()

    def verify(self, key: Key) -> bool:
        return False

    def __getattr__(self, name):
        return getattr(self.store, name)


@contextlib.contextmanager
def small_disk(size: int) -> Iterator[None]:
    """No file of this process may grow beyond ``size`` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def rot(path: Path) -> None:
    """Flip a bit of a file that was meant to stay as it is."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(bytes(data))


class Killed(Exception):
    """The process is gone; nobody may catch this."""


@contextlib.contextmanager
def killed_at(database: Database, nth: int) -> Iterator[None]:
    """Die before the n-th statement (from 1) that the database is given."""
    left = nth

    def count(*_):
        nonlocal left
        left -= 1
        if left == 0:
            raise Killed

    event.listen(database.engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(database.engine, "before_cursor_execute", count)
