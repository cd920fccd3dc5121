"""Where one nearly upright line runs the length of a page: how folds show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SLANTS = np.linspace(-0.03, 0.03, 25)  # a sheet goes through a feeder so straight


@dataclass(frozen=True, slots=True)
class Slant:
    """Columns followed at one slant (px across a px down) through the page.

    ``inside`` is the column (n, w) at which line ``x`` of the middle passes segment n;
    ``share`` (w,) how many of the segments the line shows in, 0..1.
    """

    slant: float
    inside: NDArray[np.intp]
    share: NDArray[np.float64]


def slants(line: NDArray[np.bool_], height: int, across: int) -> list[Slant]:
    """Shares of ``line`` (segments, w) at each slant that a feeder leaves.

    ``height`` is the page's, in px, ``across`` the px that a column of ``line`` has.
    """
    segments, width = line.shape
    places = (np.arange(segments) + 0.5) / segments * height - height / 2
    columns = np.arange(width)
    found = []
    for slant in _SLANTS:
        steps = np.round(slant * places / across).astype(np.intp)
        inside = np.clip(columns[None, :] + steps[:, None], 0, width - 1)
        share = np.take_along_axis(line, inside, axis=1).mean(axis=0)
        found.append(Slant(float(slant), inside, share))
    return found
