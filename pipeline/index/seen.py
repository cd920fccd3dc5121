"""Which ids a long list has named before, in sixteen bytes each at most.

A set of ten million strings takes more than a gigabyte.
"""

from __future__ import annotations

from array import array

_FIRST = 1 << 12  # places
_FULL = 0.7  # of the places taken: then there are twice as many


class Seen:
    """A set of numbers of 64 bits that only grows; open addressing, linear probing."""

    def __init__(self) -> None:
        self._places = array("Q", bytes(8 * _FIRST))
        self._count = 0

    def add(self, number: int) -> bool:
        """Whether it is new; 1..2**64-1."""
        places, last = self._places, len(self._places) - 1
        at = number & last
        while held := places[at]:
            if held == number:
                return False
            at = (at + 1) & last
        places[at] = number
        self._count += 1
        if self._count > _FULL * len(places):
            self._grow()
        return True

    def _grow(self) -> None:
        old = self._places
        self._places = new = array("Q", bytes(2 * 8 * len(old)))
        last = len(new) - 1
        for number in old:
            if number:
                at = number & last
                while new[at]:
                    at = (at + 1) & last
                new[at] = number
