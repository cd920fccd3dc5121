"""Which way up a page lies, told by the shapes of its words before they are read.

A small network says of each piece of a line whether it stands upright, on its head,
or is no line at all (letters of several lines, side by side); the page's pieces vote.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.artefact import Arrays, read
from pipeline.ocr.snippets import HIGH, WIDE, Snippets, snippets_of
from pipeline.ocr.upright import TURNS
from pipeline.page import PageImage, QuarterTurn

MODEL = Path(__file__).parent.parent.parent / "models" / "upright"
LEAST = -4.0  # natural log of the least probability that one piece may give
UPRIGHT, HEAD_DOWN, NO_LINE = range(3)
Votes = NDArray[np.float32]  # (pieces, 3): natural logs of probabilities


@dataclass(frozen=True, slots=True)
class Lie:
    """The clockwise turn that makes a page upright, and by how many bits it leads.

    ``bits`` is the log2 of its likelihood over the next best turn's, not below 0; 0
    means that nothing on the page tells. Neighbouring pieces share their typeface and
    their dirt, so a page's bits count for less than they say.
    """

    turn: QuarterTurn
    bits: float


@dataclass(frozen=True, slots=True)
class WayUp:
    """The network's weights, (inputs, outputs), and biases, layer by layer."""

    weights: tuple[NDArray[np.float32], ...] = field(repr=False)
    biases: tuple[NDArray[np.float32], ...] = field(repr=False)

    def lie(self, image: PageImage) -> Lie:
        """Which turn the pieces of a page's lines vote for."""
        lying, on_its_side = (self._sum(part) for part in snippets_of(image))
        likelihood = {
            0: lying[UPRIGHT] + on_its_side[NO_LINE],
            90: lying[NO_LINE] + on_its_side[UPRIGHT],
            180: lying[HEAD_DOWN] + on_its_side[NO_LINE],
            270: lying[NO_LINE] + on_its_side[HEAD_DOWN],
        }
        second, best = sorted(TURNS, key=lambda turn: likelihood[turn])[-2:]
        lead = float(likelihood[best] - likelihood[second]) / math.log(2)
        return Lie(best if lead > 0 else 0, lead)

    def votes(self, pieces: Snippets) -> Votes:
        """What each piece says, seen both ways up, so that neither way is favoured."""
        seen = self._seen(pieces)
        over = self._seen(pieces[:, ::-1, ::-1])[:, [HEAD_DOWN, UPRIGHT, NO_LINE]]
        return np.asarray(np.maximum((seen + over) / 2, LEAST), np.float32)

    def _sum(self, pieces: Snippets) -> Votes:
        return np.asarray(self.votes(pieces).sum(axis=0))

    def _seen(self, pieces: Snippets) -> Votes:
        values = inputs_of(pieces)
        for weights, biases in zip(self.weights[:-1], self.biases[:-1], strict=True):
            values = np.maximum(values @ weights + biases, 0)
        values = values @ self.weights[-1] + self.biases[-1]
        values = values - values.max(axis=1, keepdims=True)
        return np.asarray(
            values - np.log(np.exp(values).sum(axis=1, keepdims=True)), np.float32
        )


def inputs_of(pieces: Snippets) -> NDArray[np.float32]:
    """A row a piece: its ink about its mean, in units of its spread."""
    rows = pieces.reshape(-1, HIGH * WIDE)
    rows = rows - rows.mean(axis=1, keepdims=True)
    return np.asarray(rows / (rows.std(axis=1, keepdims=True) + 0.05), np.float32)


def way_up(arrays: Arrays) -> WayUp:
    """From the arrays of the artefact: weights0, biases0, weights1 ..."""
    layers = range(len(arrays) // 2)
    return WayUp(
        tuple(arrays[f"weights{i}"].astype(np.float32) for i in layers),
        tuple(arrays[f"biases{i}"].astype(np.float32) for i in layers),
    )


@functools.cache
def shipped() -> WayUp:
    """The model of models/upright, one a process; ModelTampered unless intact."""
    return way_up(read(MODEL).arrays)
