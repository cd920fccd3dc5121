"""A list of words as a tree of letters: is this one of them, which lie near to it?"""

from __future__ import annotations

import bisect
import math
import struct
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

_MAGIC = 42
_FLAGS = 3  # bits: last of its letters, backwards, end of a word
_LAST, _END = 1, 4
_UNPRINTED = 2  # a letter's number in the file is that of its output and two more
_NOTHING = -1  # follows


@dataclass(frozen=True, slots=True)
class WordList:
    """Edges, sorted by the node they leave and their letter; the root is node 0."""

    letters: Sequence[str] = field(repr=False)
    outputs: dict[str, int] = field(repr=False)
    keys: array[int] = field(repr=False)  # node times letters and letter
    after: array[int] = field(repr=False)  # the node that an edge leads to
    ends: bytes = field(repr=False)  # 1 where a word ends with it

    @classmethod
    def of(cls, file: bytes, characters: Sequence[str]) -> Self:
        """The list in a .traineddata file; raises ValueError where it is none.

        Source of the layout: Tesseract 5 (dawg): one whole number an edge, a letter,
        its flags and the first edge of the next letter.
        """
        letters, edges = edges_of(file)
        bits = math.ceil(math.log2(letters + 1))
        letter = (edges & np.uint64((1 << bits) - 1)).astype(np.int64) - _UNPRINTED
        flags = ((edges >> np.uint64(bits)) & np.uint64(7)).astype(np.int64)
        first = np.flatnonzero(np.concatenate([[True], (flags[:-1] & _LAST) > 0]))
        sizes = np.diff([*first.tolist(), len(edges)])
        keys = np.repeat(first, sizes) * len(characters) + letter
        after = (edges >> np.uint64(bits + _FLAGS)).astype(np.int64)
        after[after == 0] = _NOTHING  # no edge leads back to the root
        return cls._sorted(characters, keys, after, (flags & _END) > 0)

    @classmethod
    def made_of(cls, words: Iterable[str], characters: Sequence[str]) -> Self:
        """A list of these words; one with a letter that is no output is left out."""
        outputs = _outputs(characters)
        nodes: dict[tuple[int, int], int] = {}
        ends: set[tuple[int, int]] = set()
        for word in words:
            node, edge = 0, None
            for letter in word if outputs.keys() >= set(word) else ():
                edge = (node, outputs[letter])
                node = nodes.setdefault(edge, len(nodes) + 1)
            if edge is not None:
                ends.add(edge)
        leads = {node for node, _ in nodes}
        keys = [node * len(characters) + letter for node, letter in nodes]
        after = [node if node in leads else _NOTHING for node in nodes.values()]
        return cls._sorted(
            characters,
            np.array(keys, np.int64),
            np.array(after, np.int64),
            np.array([edge in ends for edge in nodes], bool),
        )

    @classmethod
    def _sorted(
        cls,
        characters: Sequence[str],
        keys: NDArray[np.int64],
        after: NDArray[np.int64],
        ends: NDArray[np.bool_],
    ) -> Self:
        order = np.argsort(keys, kind="stable")
        return cls(
            characters,
            _outputs(characters),
            array("q", keys[order].tobytes()),
            array("q", after[order].tobytes()),
            ends[order].tobytes(),
        )

    def has(self, word: str) -> bool:
        """Whether this is one of the words, as it is written."""
        return self._goes_on(0, word, end=False)

    def near(self, word: str) -> set[str]:
        """The words with one letter more, one less or one other in any place.

        The letter that is more or other is a small one.
        """
        found: set[str] = set()
        node, end = 0, False  # where the letters before lead, and whether a word ends
        for at in range(len(word) + 1):
            before, rest, less = word[:at], word[at:], word[at + 1 :]
            if rest and self._goes_on(node, less, end=end):
                found.add(before + less)
            for letter, on, ends in self._small(node):
                if self._goes_on(on, rest, end=ends):
                    found.add(before + letter + rest)
                if rest and self._goes_on(on, less, end=ends):
                    found.add(before + letter + less)
            edge = self._edge(node, rest[:1])
            if edge is None:
                break
            node, end = self.after[edge], self.ends[edge] > 0
        return found - {word}

    def _goes_on(self, node: int, letters: str, *, end: bool) -> bool:
        """Whether these letters follow a node and end a word."""
        for letter in letters:
            edge = self._edge(node, letter)
            if edge is None:
                return False
            node, end = self.after[edge], self.ends[edge] > 0
        return end

    def _small(self, node: int) -> Iterator[tuple[str, int, bool]]:
        """The small letters that follow a node, where each leads, if a word ends."""
        count = len(self.letters)
        first = bisect.bisect_left(self.keys, node * count)
        last = bisect.bisect_left(self.keys, (node + 1) * count)
        for edge in range(first, last):
            letter = self.letters[self.keys[edge] - node * count]
            if letter.islower():
                yield letter, self.after[edge], self.ends[edge] > 0

    def _edge(self, node: int, letter: str) -> int | None:
        output = self.outputs.get(letter)
        if output is None:
            return None
        key = node * len(self.letters) + output
        at = bisect.bisect_left(self.keys, key)
        return at if at < len(self.keys) and self.keys[at] == key else None


def _outputs(characters: Sequence[str]) -> dict[str, int]:
    return {one: at for at, one in enumerate(characters) if at}


def edges_of(file: bytes) -> tuple[int, NDArray[np.uint64]]:
    """The number of letters and the edges as they lie in the file; cheap.

    Raises ValueError or struct.error where the bytes are no word list.
    """
    magic, letters, count = struct.unpack_from("<hii", file)
    if magic != _MAGIC:
        raise ValueError("no word list")
    return letters, np.frombuffer(file, "<u8", count, struct.calcsize("<hii"))
