"""Files with people in them, for nobody's eyes but their maker's."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from pipeline.errors import InputError
from pipeline.lists import write_list


def write_private(
    file: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]
) -> None:
    """The file is 0600, also where it was there. Raises InputError."""
    with private(file) as out:
        write_list(out, columns, rows)


@contextmanager
def private(file: Path) -> Iterator[TextIO]:
    """Open for writing by its owner alone. Raises InputError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        opened = os.open(file, flags, 0o600)
    except OSError as error:
        raise InputError(
            f"the list cannot be written: {error.strerror}; choose another file"
        ) from None
    with os.fdopen(opened, "w", encoding="utf-8", newline="") as out:
        os.fchmod(out.fileno(), 0o600)
        yield out
