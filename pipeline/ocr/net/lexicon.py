"""The word list of a .traineddata file: may this be a word?

Source of the layout: Tesseract 5 (dawg): one whole number an edge, a letter, its flags
and the first edge of the next letter. It was made from texts of the web: it knows
common surnames, but no drugs.
"""

from __future__ import annotations

import bisect
import math
import re
import struct
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

_MAGIC = 42
_FLAGS = 3  # bits: last of its letters, backwards, end of a word
_LAST, _END = 1, 4
_UNPRINTED = 2  # a letter's number in the file is that of its output and two more
_PARTS = re.compile(r"[^\W\d_]+")
_OWNERS = "'s"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Edges, sorted by their letter and the one before."""

    outputs: dict[str, int] = field(repr=False)
    count: int  # of outputs
    keys: array[int] = field(repr=False)
    after: NDArray[np.int64] = field(repr=False)
    ends: NDArray[np.bool_] = field(repr=False)
    _asked: dict[str, bool] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, file: bytes, characters: Sequence[str]) -> Self:
        """Raises ValueError where the bytes are no word list."""
        letters, edges = edges_of(file)
        bits = math.ceil(math.log2(letters + 1))
        letter = (edges & np.uint64((1 << bits) - 1)).astype(np.int64) - _UNPRINTED
        flags = ((edges >> np.uint64(bits)) & np.uint64(7)).astype(np.int64)
        first = np.flatnonzero(np.concatenate([[True], (flags[:-1] & _LAST) > 0]))
        sizes = np.diff([*first.tolist(), len(edges)])
        keys = np.repeat(first, sizes) * len(characters) + letter
        order = np.argsort(keys, kind="stable")
        after = (edges >> np.uint64(bits + _FLAGS)).astype(np.int64)
        outputs = {one: at for at, one in enumerate(characters) if at}
        ends = (flags[order] & _END) > 0
        sorted_ = array("q", keys[order].tobytes())
        return cls(outputs, len(characters), sorted_, after[order], ends)

    def knows(self, text: str) -> bool:
        """Whether every run of letters in it is a word, as written or in small ones."""
        runs = _PARTS.findall(text.removesuffix(_OWNERS))
        return bool(runs) and all(self._either(run) for run in runs)

    def forget(self) -> None:
        """What was asked since: words of a page are not kept beyond it."""
        self._asked.clear()

    def _either(self, run: str) -> bool:
        known = self._asked.get(run)
        if known is None:
            known = self._asked[run] = self._has(run) or self._has(run.lower())
        return known

    def _has(self, word: str) -> bool:
        node, end = 0, False
        for place, letter in enumerate(word):
            output = self.outputs.get(letter)
            if output is None or (place and node == 0):  # nothing follows
                return False
            key = node * self.count + output
            at = bisect.bisect_left(self.keys, key)
            if at == len(self.keys) or self.keys[at] != key:
                return False
            node, end = int(self.after[at]), bool(self.ends[at])
        return end


def edges_of(file: bytes) -> tuple[int, NDArray[np.uint64]]:
    """The number of letters and the edges as they lie in the file; cheap.

    Raises ValueError or struct.error where the bytes are no word list.
    """
    magic, letters, count = struct.unpack_from("<hii", file)
    if magic != _MAGIC:
        raise ValueError("no word list")
    return letters, np.frombuffer(file, "<u8", count, struct.calcsize("<hii"))
