"""Which report texts are kept back from every training, so that figures stay honest.

The split of a text follows from the text alone: the hash of its letters and digits in
lower case. Who sets it in other lines, capitals or punctuation does not move it.
Near-equal texts may fall apart here; benchmarks/charts/splits.py leaves such texts out
of its pools, so that none of them is printed for one split and learned in another.
"""

from __future__ import annotations

import hashlib
import re
from typing import Literal

TextSplit = Literal["train", "tune", "report"]
RULE = "sha256 of the letters and digits in lower case, modulo 100: report below 20"
_REPORT, _TUNE = 20, 40  # of 100: report below the first, tune below the second


def split_of(text: str) -> TextSplit:
    """The split in which the text may be printed; "report" must never be learned."""
    said = re.sub(r"[\W_]+", "", text).lower()
    place = int(hashlib.sha256(said.encode()).hexdigest(), 16) % 100
    if place < _REPORT:
        return "report"
    return "tune" if place < _TUNE else "train"
