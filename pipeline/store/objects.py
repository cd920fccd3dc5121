"""Bytes, named by what they are: write once, never overwritten. The seam."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from pipeline.document import Key


class ObjectStore(Protocol):
    """Content-addressed bytes; ``put`` of the same bytes twice is one object.

    Every call raises StoreUnavailable when the store cannot answer.
    """

    name: str  # which store, for doctor and status: "folder", "s3 bucket charts"

    def put(self, data: bytes, metadata: dict[str, str] | None = None) -> Key:
        """Store, read back, compare; the key (sha256, hex).

        ``metadata`` is ASCII, ids and counts only: document, type, pages; no name.
        """
        ...

    def put_file(self, path: Path) -> Key:
        """The same for a file on disk, in constant memory."""
        ...

    def get(self, key: Key) -> bytes:
        """Raises KeyError if there is none."""
        ...

    def local(self, key: Key) -> AbstractContextManager[Path]:
        """A path to read the bytes from while the context lasts; raises KeyError."""
        ...

    def stat(self, key: Key) -> int | None:
        """Size in bytes; None if there is none."""
        ...

    def verify(self, key: Key) -> bool:
        """Whether the stored bytes still have this hash."""
        ...
