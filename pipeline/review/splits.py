"""What a verified batch is kept for: it teaches, it tests, or it certifies; for ever.

The split follows from the batch's id alone, so that no training moves a page from one
to the other, and the pages of a batch never stand on both sides.
"""

from __future__ import annotations

import hashlib
from typing import Literal

from pipeline.document import BatchId

Split = Literal["train", "frozen", "certificate"]
RULE = "sha256 of the batch id, modulo 100: train below 70, frozen below 85"
_TRAIN, _FROZEN = 70, 85  # of 100


def split_of(batch: BatchId) -> Split:
    """Learn from "train", compare models on "frozen", look at "certificate" never."""
    place = int(hashlib.sha256(batch.encode()).hexdigest(), 16) % 100
    if place < _TRAIN:
        return "train"
    return "frozen" if place < _FROZEN else "certificate"
