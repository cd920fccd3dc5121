"""The network's layers by the names of their weights; more cells in them.

A wider network can learn more. What is new hears what the others hear, by small
chance, and at first nobody listens to it: the wider one says what the narrower said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from pipeline.ocr.net.fitted import name_of

CONVOLUTION, *CELLS, OUTPUT = map(name_of, (2, 4, 5, 6, 7, 8))
Arrays = Mapping[str, NDArray[Any]]  # as models/lines has them; rows end in the bias


def widened(
    weights: Arrays, cells: Sequence[int], rng: Generator
) -> dict[str, NDArray[Any]]:
    """Weights with so many cells in the layers of CELLS, never fewer than there are."""
    found = {name: np.asarray(rows, np.float32) for name, rows in weights.items()}
    before = 0  # inputs that are new
    for name, wanted in zip(CELLS, cells, strict=True):
        rows = weights[name].astype(np.float32)
        now = rows.shape[1]
        if wanted < now:
            raise ValueError(f"{name} has {now} cells, {wanted} are fewer")
        found[name] = _grown(rows, before, wanted - now, rng)
        before = wanted - now
    rows = found[OUTPUT]
    found[OUTPUT] = np.insert(rows, [rows.shape[2] - 1] * before, 0, axis=2)
    return found


def _grown(
    rows: NDArray[np.float32], before: int, more: int, rng: Generator
) -> NDArray[np.float32]:
    """(4, cells, inputs + cells + 1) with ``before`` more inputs, ``more`` cells."""
    now = rows.shape[1]
    inputs = rows.shape[2] - 1 - now
    places = [inputs] * before + [inputs + now] * more
    rows = np.insert(rows, places, 0, axis=2)
    new = rng.normal(0, rows.shape[2] ** -0.5, (len(rows), more, rows.shape[2]))
    new[:, :, -1] = 0
    return np.concatenate([rows, new.astype(np.float32)], axis=1)
