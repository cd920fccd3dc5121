"""Lines as benchmarks.lines wrote them, in batches of a few fixed shapes.

A new shape costs torch seconds: it makes code for each.
"""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from pipeline.ocr.net.forward import HIGH, STEP

_STEPS = (12, 18, 26, 36, 48, 64, 84, 108, 140, 180, 232, 300, 400, 520, 704)
_TOGETHER = 4480  # steps
_NOISY, _SHIFTED = 0.15, 0.15  # share of lines that are spoiled further
_SAME = {
    "–": "-", "‐": "-", "‑": "-", "−": "-", "…": "...", "×": "x", "•": "*", "·": ".",
    "″": '"', "′": "'",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its pixels, -127 ink .. 127 paper, and what is printed on it."""

    pixels: NDArray[np.int8] = field(repr=False)
    letters: tuple[int, ...] = field(repr=False)
    level: str
    house: str
    dpi: int

    @property
    def steps(self) -> int:
        return max(int(self.pixels.shape[1]) // STEP, 1)


def rows_in(path: Path, characters: Sequence[str]) -> Iterator[Row]:
    """The lines that these characters can say, and that are neither long nor narrow."""
    codes = {character: code for code, character in enumerate(characters) if character}
    pixels = np.memmap(path.with_suffix(".i8"), np.int8, "r")
    for line in path.with_suffix(".jsonl").read_text("utf-8").splitlines():
        text, level, house, dpi, wide, at = json.loads(line)[:6]
        text = "".join(_SAME.get(letter, letter) for letter in text)
        if not set(text) <= codes.keys():
            continue
        letters = tuple(codes[letter] for letter in text)
        row = Row(
            pixels[at : at + HIGH * wide].reshape(HIGH, wide),
            letters,
            level,
            house,
            dpi,
        )
        twice = sum(a == b for a, b in itertools.pairwise(letters))
        if len(letters) + twice <= row.steps <= _STEPS[-1]:
            yield row


def batches(rows: Sequence[Row], rng: Generator | None) -> Iterator[list[Row]]:
    """Lines of about the same length; drawn at random, or in their order without."""
    by_length: dict[int, list[Row]] = defaultdict(list)
    for at in range(len(rows)) if rng is None else rng.permutation(len(rows)):
        by_length[_most(rows[at].steps)].append(rows[at])
    for most, some in by_length.items():
        size = _size(most)
        for at in range(0, len(some), size):
            part = some[at : at + size]
            if rng is None or len(part) > size // 2:
                yield part


def filled(
    rows: Sequence[Row], rng: Generator | None
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """(lines, 1, 36, px) from -1 to 1 and the steps of each; empty lines at the end.

    With ``rng`` some are spoiled a little more.
    """
    most = _most(max(row.steps for row in rows))
    pixels = np.zeros((_size(most), 1, HIGH, STEP * most), np.float32)
    steps = np.ones(len(pixels), np.int64)
    for at, row in enumerate(rows):
        line = row.pixels.astype(np.float32) / np.float32(127)
        if rng is not None:
            line = _spoiled(line, rng)
        wide = min(line.shape[1], STEP * row.steps + 1, pixels.shape[3])
        pixels[at, 0, :, :wide] = line[:, :wide]
        steps[at] = row.steps
    return pixels, steps


def _most(steps: int) -> int:
    return next(most for most in _STEPS if most >= steps)


def _size(most: int) -> int:
    return max(_TOGETHER // most, 4)


def _spoiled(line: NDArray[np.float32], rng: Generator) -> NDArray[np.float32]:
    """With noise, or cut out a pixel or two higher or lower."""
    if rng.random() < _NOISY:
        noise = rng.normal(0, rng.uniform(0.05, 0.35), line.shape)
        line = np.clip(line + noise, -1, 1).astype(np.float32)
    if rng.random() < _SHIFTED:
        off = int(rng.choice((-2, -1, 1, 2)))
        rows = np.clip(np.arange(HIGH) - off, 0, HIGH - 1)
        line = line[rows]
    return line
