"""On a stack scanned from both sides a document begins on the front of a sheet.

Whether a batch is such a stack, its blank backs tell: every second side, and no front
among them. The station's count of sheets, where it gives one, settles it.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

_USUAL = 0.2  # share of stacks that come with all of their backs
_BACK = 0.97  # of the blank sides of such a stack that are backs; else one in two
_EVEN = 2.0  # times as likely to have an even number of sides as any other stack
_ODD = 0.05  # a stack of both sides with a side missing
_SURE = 0.97  # where the station counted half as many sheets as sides came
# Shares of the first pages, and of the later ones, that are a sheet's front.
_FRONT_OF_FIRST, _FRONT_OF_LATER = 0.97, 0.45


@dataclass(frozen=True, slots=True)
class Duplex:
    """How probably both sides of every sheet lie in the batch, as they were fed."""

    probability: float

    def start(self, number: int) -> float:
        """Natural log-odds that a document begins on side ``number``, from 1."""
        front = number % 2 == 1
        first, later = (
            (_FRONT_OF_FIRST, _FRONT_OF_LATER)
            if front
            else (1 - _FRONT_OF_FIRST, 1 - _FRONT_OF_LATER)
        )
        # of other stacks a side's number says nothing
        mixed = self.probability * first / later + (1 - self.probability)
        return math.log(mixed)


ONE_SIDED = Duplex(0.0)


def duplex(sides: int, blank: Collection[int], sheets: int | None) -> Duplex:
    """From the number of sides, the blank ones, and the sheets that the station fed."""
    if sheets and sides == 2 * sheets:
        return Duplex(_SURE)
    if sheets and sides <= sheets:
        return ONE_SIDED
    backs = sum(number % 2 == 0 for number in blank)
    bits = backs * math.log2(2 * _BACK)
    bits += (len(blank) - backs) * math.log2(2 * (1 - _BACK))
    odds = _USUAL / (1 - _USUAL) * 2.0 ** min(bits, 50.0)
    odds *= _ODD if sides % 2 else _EVEN
    return Duplex(odds / (1 + odds) if blank else 0.0)
