"""Patch codes: the four coarse bars that separate documents in a feeder.

Bars are .08 in narrow or .20 in wide, .08 in apart (Kodak A-61599, i5000 manual
A-61670). 1 and 6 are left out: the two are mirror images, and no published table at
hand says which is which.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.grey import Grey, reduced
from pipeline.ocr.skew import DPI
from pipeline.ocr.upright import TURNS, turned
from pipeline.page import Box, Mark, PageImage, QuarterTurn

_NAMES = {"NWNW": "T", "WNNW": "2", "WNWN": "3", "NWWN": "4"}
_EVERY = 3  # columns between two that are looked at
_SHORTEST = 1.4  # inches of bar; the standard asks for 2
_DARK = 128
_EDGES = 8  # of four bars


def patch(image: PageImage, small: Grey | None = None) -> Mark | None:
    """The patch in the top third of an upright page, if there is one.

    ``small`` is the same page at ``DPI``, where it is at hand. Upside down a T reads
    as 3, so the page must be known to be upright, or ``patch_any_way`` be asked.
    """
    small = reduced(image.pixels, image.dpi, DPI) if small is None else small
    scale = image.pixels.shape[1] / small.shape[1]
    found = _longest(small[: small.shape[0] // 3] < _DARK)
    if found is None:
        return None
    box = Box(found.first, found.lowest, found.last + 1, found.highest)
    edges = (box.left, box.top, box.right, box.bottom)
    return Mark("patch", _NAMES[found.bars], Box(*(scale * edge for edge in edges)))


def patch_any_way(image: PageImage) -> tuple[Mark | None, QuarterTurn]:
    """The patch of a page without text, and the turn that brings it on top.

    A T wins over its own reading as 3; else the first turn that shows one wins.
    """
    seen = [(patch(turned(image, turn)), turn) for turn in TURNS]
    found = [(mark, turn) for mark, turn in seen if mark is not None]
    found.sort(key=lambda pair: pair[0].text != "T")
    return found[0] if found else (None, 0)


@dataclass(slots=True)
class _Run:
    """One patch as it appears in neighbouring columns."""

    bars: str
    first: int
    last: int
    top: int
    bottom: int
    lowest: int
    highest: int


def _longest(dark: NDArray[np.bool_]) -> _Run | None:
    """The patch that runs through most columns, if that is long enough."""
    runs: list[_Run] = []
    for column, bars, top, bottom in _patches(dark):
        run = next((r for r in runs if _continues(r, bars, column, top)), None)
        if run is None:
            runs.append(_Run(bars, column, column, top, bottom, top, bottom))
            continue
        run.last, run.top, run.bottom = column, top, bottom
        run.lowest = min(run.lowest, top)
        run.highest = max(run.highest, bottom)
    long = [r for r in runs if r.last - r.first >= _SHORTEST * DPI]
    return max(long, key=lambda r: r.last - r.first, default=None)


def _continues(run: _Run, bars: str, column: int, top: int) -> bool:
    return (
        run.bars == bars
        and 0 < column - run.last <= 4 * _EVERY
        and abs(top - run.top) <= _EVERY
    )


def _patches(dark: NDArray[np.bool_]) -> Iterator[tuple[int, str, int, int]]:
    """Every four bars of a column whose widths fit a code: column, name, top, bottom.

    All columns at once: one after the other takes ten times as long.
    """
    seen = np.ascontiguousarray(dark[:, ::_EVERY].T).astype(np.int8)
    column, edges = np.nonzero(np.diff(seen, axis=1, prepend=0, append=0))
    first = np.searchsorted(column, column)  # of the same column
    at = np.arange(len(edges) - _EDGES + 1)
    whole = column[at] == column[at + _EDGES - 1]
    at = at[whole & ((at - first[: len(at)]) % 2 == 0)]  # each begins with a bar
    inches = np.diff(edges[at[:, None] + np.arange(_EDGES)], axis=1) / DPI
    fits = _fitting(inches)
    for i, wide in zip(at[fits].tolist(), _wide(inches[fits]), strict=True):
        name = "".join("W" if bar else "N" for bar in wide)
        if name in _NAMES:
            top, bottom = edges[i], edges[i + _EDGES - 1]
            yield int(column[i]) * _EVERY, name, int(top), int(bottom)


def _fitting(inches: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which rows of bar, space, bar, space ... have the sizes of a patch."""
    bars, spaces, long = inches[:, ::2], inches[:, 1::2], inches.sum(axis=1)
    fits = (spaces.min(axis=1) >= 0.04) & (spaces.max(axis=1) <= 0.13)  # noqa: PLR2004 - inches, nominal .08
    fits &= (bars.min(axis=1) >= 0.04) & (bars.max(axis=1) <= 0.28)  # noqa: PLR2004 - inches, nominal .08 and .20
    return np.asarray(fits & (long > 0.6) & (long < 1.0))  # noqa: PLR2004 - inches, nominal .80


def _wide(inches: NDArray[np.float64]) -> list[list[bool]]:
    wide: list[list[bool]] = (inches[:, ::2] > 0.14).tolist()  # noqa: PLR2004 - half way
    return wide
