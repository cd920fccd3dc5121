"""The sheet in work while it is worn and scanned, and what a step of wear is."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from benchmarks.charts.kinds import Mode, Pixels


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a step may know of the sheet; inches times ``dpi`` are pixels."""

    dpi: int
    mode: Mode
    rng: np.random.Generator
    behind: Pixels | None = field(default=None, repr=False)

    def px(self, inches: float) -> int:
        """Whole pixels, at least one."""
        return max(1, round(inches * self.dpi))

    @property
    def scale(self) -> float:
        """Pixels of this sheet for one at 300 dpi."""
        return self.dpi / 300


Step = Callable[[Pixels, float, Sheet], Pixels]


def numbers(*parts: str) -> np.random.Generator:
    """Random numbers that depend on the words alone."""
    return np.random.default_rng(zlib.crc32("/".join(parts).encode()))
