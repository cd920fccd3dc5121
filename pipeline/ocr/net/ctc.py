"""How probable a spelling is, over all the ways it may lie along its steps.

Source: Graves et al. 2006, Connectionist Temporal Classification: a path names one
character or none a step; a spelling's probability is the sum over all its paths.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.net.traineddata import Floats

_AT_ONCE = 1000  # spellings: a scrawled page has tens of thousands
_LEAST = np.float32(1e-5)  # of a step: what it gives nothing is still not impossible


@dataclass(frozen=True, slots=True)
class Spelling:
    """Outputs, each a character, in the steps from ``start`` to before ``end``."""

    start: int
    end: int
    outputs: tuple[int, ...] = field(repr=False)


def chances(told: Floats, spellings: Sequence[Spelling]) -> list[float]:
    """The probability of each, 0..1; ``told`` is (steps, outputs), the last is none.

    Each has a character at least and neither begins nor ends with a space, output 0;
    before and after it may be some.
    """
    found = [0.0] * len(spellings)
    alike = sorted(range(len(spellings)), key=lambda at: len(spellings[at].outputs))
    for _, some in itertools.groupby(
        alike, lambda at: len(spellings[at].outputs).bit_length()
    ):  # a long one would make all rows as wide
        places = sorted(some, key=lambda at: spellings[at].start - spellings[at].end)
        for first in range(0, len(places), _AT_ONCE):
            part = places[first : first + _AT_ONCE]
            told_by = _of_alike(told, [spellings[at] for at in part])
            for at, chance in zip(part, told_by.tolist(), strict=True):
                found[at] = chance
    return found


def _of_alike(told: Floats, spellings: Sequence[Spelling]) -> NDArray[np.float64]:
    """As ``chances``, of spellings by falling number of steps."""
    ways, skips, last = _states(spellings, told.shape[1] - 1)
    starts = np.array([one.start for one in spellings], np.int64)
    counts = np.array([one.end for one in spellings], np.int64) - starts
    rows = np.arange(len(spellings))
    reached = np.zeros(ways.shape)
    reached[:, 2] = 1.0  # before the first step; two empty states stand to its left
    reached[counts > 0, 3] = 1.0
    for step in range(int(counts.max(initial=0))):
        count = int((counts > step).sum())  # spellings that have this step
        now, at = reached[:count], starts[:count] + step
        if step:
            now[:, 2:] += now[:, 1:-1] + skips[:count, 2:] * now[:, :-2]
        seen = np.maximum(told[at[:, None], ways[:count]], _LEAST).astype(np.float64)
        space = np.maximum(told[at, 0], _LEAST)
        seen[:, 2] += space
        seen[rows[:count], last[:count]] += space
        now *= seen
    every: NDArray[np.float64] = reached[rows, last] + reached[rows, last - 1]
    return np.minimum(every, 1.0)


def _states(
    spellings: Sequence[Spelling], none: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Each spelling's outputs with none before, between and after them.

    Two states more stand before; the second array is 1 where a state may follow the
    last but one, without none between them; the third names each one's last state.
    """
    longest = max((len(one.outputs) for one in spellings), default=0)
    ways = np.full((len(spellings), max(2 * longest, 1) + 3), none, np.int64)
    for row, one in enumerate(spellings):
        ways[row, 3 : 3 + 2 * len(one.outputs) : 2] = one.outputs
    skips = np.zeros(ways.shape)
    skips[:, 5::2] = ways[:, 5::2] != ways[:, 3:-2:2]
    last = np.array([2 * len(one.outputs) + 2 for one in spellings], np.int64)
    return ways, skips, last
