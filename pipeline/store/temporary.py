"""Temporary files hold patients' paper: they lie in the data folder, for its owner.

``DATA/tmp/<process id>`` belongs to one process and whatever it starts; it goes when
the process ends, or with the next holder if that was a kill.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import StoreUnavailable

PARENT = "tmp"
NO_ROOM = "a temporary file cannot be written: make room on its disk, and run again"


def use_own_folder(data: Path) -> None:
    """From here on every temporary file of this process and its children lies there."""
    folder = data / PARENT / str(os.getpid())
    (data / PARENT).mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)


@contextmanager
def temporary_file() -> Iterator[Path]:
    """An empty file, gone when the context ends; raises StoreUnavailable if it must."""
    try:
        held = tempfile.NamedTemporaryFile(prefix="chartfiler-")  # noqa: SIM115 - below
    except OSError:
        raise StoreUnavailable(NO_ROOM) from None
    with held:
        yield Path(held.name)


def sweep(data: Path) -> None:
    """Remove what killed processes left behind."""
    parent = data / PARENT
    for folder in parent.iterdir() if parent.is_dir() else ():
        if not _alive(folder.name):
            shutil.rmtree(folder, ignore_errors=True)


def _alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:  # somebody else's, so it is there
        return True
    return True
