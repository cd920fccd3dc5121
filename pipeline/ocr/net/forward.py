"""The network over all lines of a page at once: the same sums, a quarter of the time.

Tesseract multiplies a matrix and a vector for each step of each line; here the steps
of all lines that lie under each other are one matrix. The order of layers and their
sums are Tesseract's; activations are not rounded to 8 bits between them, and what lies
beside a line is neither ink nor paper, where Tesseract has noise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.net.traineddata import Floats, Layer, Trained

HIGH = 36  # px of a line
STEP = 3  # px of a line that are one step
_ROWS = HIGH // STEP
_AROUND = STEP + 2  # px from which one cell of 3 x 3 px is made
_BLOCK = 64  # steps whose columns fit into a processor's cache
_MOST = 3_000  # steps at once: 15 MB of sums
_HALF = np.float32(0.5)
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Gates:
    """A layer with memory: weights of the input, of its own last output, and biases.

    Rows: cell, then the three gates; halved, for a sigmoid is a tanh of the half.
    """

    of_input: Floats
    of_itself: Floats
    bias: Floats

    @classmethod
    def of(cls, layer: Layer) -> Self:
        cell, *gates = layer.matrices
        rows = np.concatenate([cell, *(gate * _HALF for gate in gates)])
        inputs = rows.shape[1] - 1 - len(cell)
        parts = np.split(rows, [inputs, inputs + len(cell)], axis=1)
        return cls(*(np.ascontiguousarray(part) for part in parts))


@dataclass(frozen=True, slots=True)
class Network:
    """Pixels of lines to probabilities of characters."""

    cells: Floats = field(repr=False)  # (9 * features, 25): pooled convolution
    cell_bias: Floats = field(repr=False)
    columns: _Gates = field(repr=False)
    across: tuple[_Gates, _Gates, _Gates] = field(repr=False)  # right, left, right
    output: Floats = field(repr=False)

    @classmethod
    def of(cls, trained: Trained) -> Self:
        _, _, conv, _, down, *across, out = trained.layers
        one, two, three = (_Gates.of(layer) for layer in across)
        kernel = conv.matrices[0]
        return cls(
            _pooled(kernel),
            np.ascontiguousarray(kernel[:, -1:]),
            _Gates.of(down),
            (one, two, three),
            out.matrices[0],
        )

    def read(self, lines: Sequence[Floats]) -> list[Floats]:
        """(steps, characters) probabilities for each (36, width) line, -1 ink .. 1."""
        found: dict[int, Floats] = {}
        for some in _portions([max(line.shape[1] // STEP, 1) for line in lines]):
            told = self._together([lines[at] for at in some])
            found.update(zip(some, told, strict=True))
        return [found[at] for at in range(len(lines))]

    def _together(self, lines: Sequence[Floats]) -> list[Floats]:
        """Lines by falling width."""
        steps = np.array([max(line.shape[1] // STEP, 1) for line in lines])
        starts = np.concatenate([[0], np.cumsum(steps + 1)[:-1]])  # a gap between two
        canvas = np.zeros((HIGH + 2, STEP * int((steps + 1).sum()) + 2), np.float32)
        for line, start in zip(lines, (STEP * starts + 1).tolist(), strict=True):
            wide = min(line.shape[1], line.shape[1] // STEP * STEP + 1)
            canvas[1:-1, start : start + wide] = line[:, :wide]
        beside = (steps > np.arange(steps[0])[:, None]).sum(axis=1)  # lines a step
        places = np.concatenate([starts[:n] + t for t, n in enumerate(beside.tolist())])
        told = self._columns(canvas)[places]
        right, left, again = self.across
        told = _along(right, told, beside)
        told = _along(left, told, beside, backwards=True)
        told = _along(again, told, beside)
        told = told @ self.output[:, :-1].T + self.output[:, -1]
        told -= told.max(axis=1, keepdims=True)
        np.exp(told, out=told)
        told /= told.sum(axis=1, keepdims=True)
        by_line = np.empty((len(canvas[0]) // STEP, told.shape[1]), np.float32)
        by_line[places] = told
        return [
            by_line[start : start + count]
            for start, count in zip(starts.tolist(), steps.tolist(), strict=True)
        ]

    def _columns(self, canvas: Floats) -> Floats:
        """(steps, features): each column of three pixels read from top to foot."""
        count = canvas.shape[1] // STEP
        seen, told = len(self.cell_bias), self.columns.of_itself.shape[1]
        found = np.empty((count, told), np.float32)
        # memory that is asked for anew costs more than the sums
        nine = np.empty((STEP**2, seen, _ROWS * _BLOCK), np.float32)
        both = np.empty((seen + told, _BLOCK), np.float32)
        sums = np.empty((4 * told, _BLOCK), np.float32)
        weights = np.hstack([self.columns.of_input, self.columns.of_itself])
        down, side = canvas.strides
        for at in range(0, count, _BLOCK):
            wide = min(_BLOCK, count - at)
            around = np.lib.stride_tricks.as_strided(
                canvas[:, STEP * at :],
                (_AROUND, _AROUND, _ROWS, wide),
                (down, side, STEP * down, STEP * side),
            )
            pixels = np.ascontiguousarray(around).reshape(_AROUND**2, -1)
            if wide < _BLOCK:
                nine, both, sums = (
                    part[..., : part.shape[-1] // _BLOCK * wide].copy()
                    for part in (nine, both, sums)
                )
            np.matmul(self.cells, pixels, out=nine.reshape(-1, pixels.shape[1]))
            cells = nine.max(axis=0)
            cells += self.cell_bias
            np.tanh(cells, out=cells)
            rows = cells.reshape(seen, _ROWS, wide)
            kept = np.zeros((told, wide), np.float32)
            both[seen:] = 0
            for row in range(_ROWS):
                both[:seen] = rows[:, row]
                np.matmul(weights, both, out=sums)
                np.add(sums, self.columns.bias, out=sums)
                np.tanh(sums, out=sums)
                both[seen:] = _next(sums.reshape(4, told, wide), kept)
            found[at : at + wide] = both[seen:].T
        return found


def _pooled(kernel: Floats) -> Floats:
    """Nine convolutions of 3 x 3 px around a cell, as one matrix over its 5 x 5 px."""
    features = len(kernel)
    found = np.zeros((STEP, STEP, features, _AROUND, _AROUND), np.float32)
    pixels = kernel[:, :-1].reshape(features, 3, 3).transpose(0, 2, 1)  # x was first
    for y in range(STEP):
        for x in range(STEP):
            found[y, x, :, y : y + 3, x : x + 3] = pixels
    return found.reshape(-1, _AROUND**2)


def _portions(steps: Sequence[int]) -> Iterator[list[int]]:
    """The lines by falling width, in portions that memory holds."""
    some: list[int] = []
    total = 0
    for at in sorted(range(len(steps)), key=lambda at: -steps[at]):
        if some and total + steps[at] > _MOST:
            yield some
            some, total = [], 0
        some.append(at)
        total += steps[at]
    if some:
        yield some


def _along(
    gates: _Gates, told: Floats, beside: Whole, *, backwards: bool = False
) -> Floats:
    """(steps, features), all lines together: ``beside`` of them have each step."""
    sums = told @ gates.of_input.T
    sums += gates.bias[:, 0]
    states = gates.of_itself.shape[1]
    itself = np.ascontiguousarray(gates.of_itself.T)
    found = np.empty((len(told), states), np.float32)
    kept = np.zeros((int(beside[0]), states), np.float32)
    last = np.zeros_like(kept)
    ends = np.cumsum(beside).tolist()
    steps = list(zip([0, *ends[:-1]], ends, strict=True))
    for start, end in reversed(steps) if backwards else steps:
        now = sums[start:end]
        now += last[: end - start] @ itself
        np.tanh(now, out=now)
        four = now.reshape(len(now), 4, states).transpose(1, 0, 2)
        found[start:end] = last[: end - start] = _next(four, kept[: end - start])
    return found


def _next(four: Floats, kept: Floats) -> Floats:
    """The output of one step; ``kept`` is brought up to date in its place."""
    cell, gates = four[0], four[1:]
    gates += 1
    gates *= _HALF
    kept *= gates[1]
    cell *= gates[0]
    kept += cell
    told: Floats = np.tanh(kept)
    told *= gates[2]
    return told
