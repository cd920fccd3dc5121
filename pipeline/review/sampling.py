"""Which documents and pages are drawn for a check: by chance, and always the same ones.

Keyed with a secret of the site, so that nobody can tell beforehand which are drawn, and
anybody with the secret can tell afterwards that they were drawn fairly.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from hashlib import sha256
from typing import TypeVar

from pipeline.document import BatchId, DocumentId

T = TypeVar("T")
_ALL = 1 << 256


def drawn(document: DocumentId, share: float, secret: bytes) -> bool:
    """Whether this document is among the ``share`` 0..1 that a person checks."""
    return _place(f"document {document}", secret) < int(share * _ALL)


def lot(batch: BatchId, page: int, secret: bytes) -> int:
    """The number that this page has drawn; the least one of a batch is looked at."""
    return _place(f"page {batch} {page}", secret)


def one_a_batch(
    pages: Iterable[tuple[BatchId, int, T]], secret: bytes
) -> dict[BatchId, tuple[int, T]]:
    """Of each batch the page with the least lot, and what comes with it."""
    best: dict[BatchId, tuple[int, int, T]] = {}
    for batch, page, of_it in pages:
        number = lot(batch, page, secret)
        if batch not in best or number < best[batch][0]:
            best[batch] = (number, page, of_it)
    return {batch: (page, of_it) for batch, (_, page, of_it) in best.items()}


def _place(what: str, secret: bytes) -> int:
    return int.from_bytes(hmac.new(secret, what.encode(), sha256).digest())
