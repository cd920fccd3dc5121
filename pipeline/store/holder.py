"""Who works this data folder: one process at a time, let go even by a kill -9."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.errors import FolderBusy

# file systems on which locks and SQLite's shared memory cannot be trusted
REMOTE = frozenset({
    "9p", "afs", "beegfs", "ceph", "cifs", "davfs", "fuse.davfs2", "fuse.glusterfs",
    "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "glusterfs", "lustre", "ncpfs", "nfs",
    "nfs4", "smb2", "smb3", "smbfs",
})  # fmt: skip


class Holder:
    """The lock of one data folder, held by an open file: ``DATA/holder.lock``.

    The operating system lets go when the process ends, however it ends. The file
    stays and names the last holder's process id; the lock is not the file's presence.
    """

    def __init__(self, data: Path) -> None:
        self._path = data / "holder.lock"
        self._file: int | None = None

    def acquire(self, *, blocking: bool) -> bool:
        """Hold the folder; False when another one does and ``blocking`` is off.

        A holder that holds it already keeps it.
        """
        if self._file is not None:
            return True
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if blocking else fcntl.LOCK_NB))
        except BlockingIOError:
            os.close(file)
            return False
        except BaseException:
            os.close(file)
            raise
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._file = file
        return True

    def release(self) -> None:
        """Let go; nothing happens if it is not held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        """Hold it at once, or raise FolderBusy."""
        if not self.acquire(blocking=False):
            who = holder_pid(self._path.parent)
            raise FolderBusy(
                f"process {who or 'unknown'} works this data folder:"
                " wait until it ends, or stop it, and run again"
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def holder_pid(data: Path) -> int | None:
    """The process that holds this folder now; None when nobody does."""
    try:
        file = os.open(data / "holder.lock", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        written = os.pread(file, 20, 0).strip()
        return int(written) if written.isdigit() else None
    finally:
        os.close(file)
    return None


def is_local(path: Path, mounts: Path = Path("/proc/mounts")) -> bool:
    """Whether a folder lies on a disk of this machine, not on a share.

    True where the system does not say (no /proc).
    """
    return file_system(path, mounts) not in REMOTE


def file_system(path: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """The kind of file system under a path: "ext4", "nfs4"...; "" if unknown."""
    try:
        lines = mounts.read_text(errors="surrogateescape").splitlines()
    except OSError:
        return ""
    there = path.resolve()
    kind, longest = "", -1
    for line in lines:
        _device, at, type_, *_ = line.split(" ")
        # the kernel writes a space in a mount point as \040
        point = Path(at.encode("latin-1", "replace").decode("unicode_escape"))
        depth = len(point.parts)
        if there.is_relative_to(point) and depth >= longest:
            kind, longest = type_, depth
    return kind
