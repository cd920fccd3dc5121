"""Objects in a folder of this machine: ``ab/abcdef…``, named by their SHA-256.

Written once, by way of a temporary file that is linked into place, so that no reader
sees half an object and no writer overwrites one. Files are read-only (0444). This is
not WORM storage: root, or the owner of the folder, can still delete. Use an S3 server
with object lock where a rule demands more.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from pipeline.document import Key
from pipeline.errors import StoreUnavailable

CHUNK = 1 << 20  # bytes held at a time
TEMPORARY = ".tmp-"
LEFT = 3600.0  # seconds since the last write: nobody is at it any more
log = logging.getLogger(__name__)


class FolderStore:
    """Content-addressed files under ``root``, which is made if need be (0700)."""

    def __init__(self, root: Path) -> None:
        self.name = "folder"
        self._root = root
        self._sound: dict[Key, tuple[int, int, int]] = {}  # what was checked, and when
        with _answering("open"):
            root.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, data: bytes, metadata: dict[str, str] | None = None) -> Key:
        """Store, read back, compare; the key. The first metadata of a key stand."""
        check_metadata(metadata or {})
        key = Key(hashlib.sha256(data).hexdigest())
        with _answering(key), self._temporary() as (file, temporary):
            file.write(data)
            self._publish(file, temporary, key)
        if metadata:
            self._describe(key, metadata)
        return key

    def put_file(self, path: Path) -> Key:
        """The same for a file on disk; the key is that of the bytes as copied."""
        digest = hashlib.sha256()
        with (
            path.open("rb") as source,
            _answering("a file"),
            self._temporary() as (file, temporary),
        ):
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                file.write(chunk)
            key = Key(digest.hexdigest())
            self._publish(file, temporary, key)
        return key

    def get(self, key: Key) -> bytes:
        """Raises KeyError if there is none, StoreUnavailable if it is damaged."""
        path = self._find(key)
        with _answering(key):
            data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != key:
            raise damaged(key)
        return data

    @contextlib.contextmanager
    def local(self, key: Key) -> Iterator[Path]:
        """The stored file itself: read it, never write it.

        Its hash is checked once, be it when it was stored, and again when the file has
        changed. Raises KeyError if there is none, StoreUnavailable if it is damaged.
        """
        path = self._find(key)
        with _answering(key):
            mark = _mark(path)
            whole = self._sound.get(key) == mark or _hash(path) == key
        if not whole:
            raise damaged(key)
        self._sound[key] = mark
        yield path

    def stat(self, key: Key) -> int | None:
        path = self._path(key)
        with _answering(key):
            if not path.is_file():
                self._check_root()
                return None
            return path.stat().st_size

    def verify(self, key: Key) -> bool:
        """Whether the stored bytes still have this hash; False if there are none."""
        if self.stat(key) is None:
            return False
        with _answering(key):
            return _hash(self._path(key)) == key

    def metadata(self, key: Key) -> dict[str, str]:
        """What was said of the object when it was first put."""
        beside = self._find(key).with_suffix(".json")
        with _answering(key):
            text = beside.read_text() if beside.exists() else "{}"
        return {str(name): str(value) for name, value in json.loads(text).items()}

    def sweep(self) -> None:
        """Remove what killed processes were writing, an hour ago or longer."""
        with _answering("sweep"):
            for left in self._root.glob(f"{TEMPORARY}*"):
                with contextlib.suppress(FileNotFoundError):  # it was just published
                    if time.time() - left.stat().st_mtime > LEFT:
                        left.unlink()

    def _path(self, key: Key) -> Path:
        return self._root / key[:2] / key

    def _find(self, key: Key) -> Path:
        if self.stat(key) is None:
            raise KeyError(key)
        return self._path(key)

    def _check_root(self) -> None:
        """A disk that is not mounted must not look like an empty store."""
        self._root.stat()

    @contextlib.contextmanager
    def _temporary(self) -> Iterator[tuple[BinaryIO, Path]]:
        """A file of its own on the same file system, gone when the context ends."""
        handle, name = tempfile.mkstemp(dir=self._root, prefix=TEMPORARY)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file, temporary
        finally:
            temporary.unlink(missing_ok=True)

    def _publish(self, file: BinaryIO, temporary: Path, key: Key) -> None:
        """Make a whole, durable temporary file the object, and read it back."""
        os.fchmod(file.fileno(), 0o444)
        file.flush()
        os.fsync(file.fileno())
        # forget the written pages, so that reading back asks the disk
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        path = self._path(key)
        if not path.parent.exists():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            _sync_folder(self._root)
        _link(temporary, path)
        written = path.stat().st_mtime_ns
        if _hash(path) == key:
            temporary.unlink(missing_ok=True)  # one name less is a change of the object
            mark = _mark(path)
            if path.stat().st_mtime_ns == written:  # nobody wrote while it was read
                self._sound[key] = mark
        else:
            self._heal(temporary, path, key)
        _sync_folder(path.parent)

    def _heal(self, temporary: Path, path: Path, key: Key) -> None:
        """Replace an object that has rotted by the same bytes, given again."""
        if _hash(temporary) != key:
            with contextlib.suppress(OSError):
                if path.samefile(temporary):
                    path.unlink()
            raise StoreUnavailable(
                f"object {key} was not read back as it was written:"
                " check the disk and run again"
            )
        log.warning("object %s was damaged on disk and has been replaced", key)
        temporary.replace(path)

    def _describe(self, key: Key, metadata: dict[str, str]) -> None:
        path = self._path(key).with_suffix(".json")
        with _answering(key), self._temporary() as (file, temporary):
            file.write(json.dumps(metadata, sort_keys=True).encode())
            os.fchmod(file.fileno(), 0o444)
            file.flush()
            os.fsync(file.fileno())
            _link(temporary, path)
            _sync_folder(path.parent)


def check_metadata(metadata: dict[str, str]) -> None:
    """Raises ValueError unless all of it is printable ASCII (ids and counts)."""
    for name, value in metadata.items():
        if not (name + value).isascii() or not (name + value).isprintable():
            raise ValueError("metadata of an object are printable ASCII only")


def damaged(key: Key) -> StoreUnavailable:
    """The error for an object whose bytes are not what its name says."""
    return StoreUnavailable(
        f"object {key} is damaged: restore it from a backup, then run verify"
    )


def _link(temporary: Path, path: Path) -> None:
    """Give the file its name; one that has the name already keeps it."""
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(temporary)


def _mark(path: Path) -> tuple[int, int, int]:
    """What is another one once the file is written to, renamed or given rights."""
    state = path.stat()
    return state.st_ino, state.st_size, state.st_ctime_ns


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _answering(what: str) -> Iterator[None]:
    """Say in our own words that the disk did not answer; names no path."""
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(
            f"the object folder cannot take or give {what}"
            f" ({os.strerror(error.errno or 0)}): make room or mend the disk, run again"
        ) from None
