"""The parts of a .traineddata file, and the network that lies in it.

Source of the layout: Tesseract 5 (Apache-2.0; tessdatamanager, network, weightmatrix),
read only as far as eng.traineddata of tessdata_fast needs it: whole numbers for
weights, one line of print in, one row of probabilities a step out.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import SettingsError

Floats = NDArray[np.float32]

_LSTM, _WORDS, _CHARACTERS = 17, 19, 21  # places of the parts in the file
_MOST_PARTS = 64
_WHOLE_NUMBERS, _DOUBLES = 1, 128  # flags of a matrix
_RATES = 64  # flag of a group of layers: a rate of learning for each follows
_GROUPS = ("Series", "RTLReversed", "XYTranspose")
_SHAPES = {"Input": 5, "Convolve": 2, "Maxpool": 2}  # numbers that tell their shape
_MATRICES = {"LSTM": 4, "SummLSTM": 4, "Tanh": 1, "Softmax": 1}
_KNOWN = (
    "Input(1,36,0,1,0) Convolve(1,1) Tanh Maxpool(3,3) SummLSTM LSTM LSTM LSTM Softmax"
)
_SPECIAL = 3  # characters before the first that is printed: blank, joined, broken


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer; a row of a matrix holds the weights of an output, its bias last."""

    kind: str
    shape: tuple[int, ...] = ()
    matrices: tuple[Floats, ...] = field(default=(), repr=False)

    def __str__(self) -> str:
        inner = ",".join(map(str, self.shape))
        return f"{self.kind}({inner})" if inner else self.kind


@dataclass(frozen=True, slots=True)
class Trained:
    """The layers in their order, what each output stands for, and the word list."""

    layers: tuple[Layer, ...]
    characters: tuple[str, ...]  # of each output; "" is none, the last one
    words: bytes = field(repr=False)


def trained(path: Path) -> Trained:
    """What lies in the file.

    Raises SettingsError where it holds another network than that of tessdata_fast.
    """
    try:
        parts = _parts(path.read_bytes())
        layers = tuple(_layers(_Reader(parts[_LSTM])))
        characters = _characters(parts[_CHARACTERS].decode("utf-8"))
        words = parts[_WORDS]
    except (OSError, KeyError, ValueError, struct.error) as error:
        raise SettingsError(refusal(path)) from error
    outputs = len(layers[-1].matrices[0]) if layers else 0
    if " ".join(map(str, layers)) != _KNOWN or outputs != len(characters):
        raise SettingsError(refusal(path))
    return Trained(layers, characters, words)


def refusal(path: Path) -> str:
    """What is wrong with the file, and the next move."""
    return (
        f"{path.name} does not hold the network of tessdata_fast: install "
        'tesseract-ocr-eng, or set engine = "tesserocr" in [reading] of '
        "config/pipeline.toml"
    )


def _parts(file: bytes) -> dict[int, bytes]:
    (count,) = struct.unpack_from("<i", file)
    if not 0 < count <= _MOST_PARTS:
        raise ValueError("no parts")
    starts = struct.unpack_from(f"<{count}q", file, 4)
    there = sorted((start, place) for place, start in enumerate(starts) if start >= 0)
    ends = [start for start, _ in there[1:]]
    return {
        place: file[start:end]
        for (start, place), end in zip(there, [*ends, len(file)], strict=True)
    }


def _characters(table: str) -> tuple[str, ...]:
    """Outputs are numbered as the rows are, without "joined" and "broken"."""
    rows = table.split("\n")
    printed = [row.split(" ", 1)[0] for row in rows[_SPECIAL + 1 : int(rows[0]) + 1]]
    return (" ", *printed, "")


class _Reader:
    """Numbers and names, one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def numbers(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + form, self._data, self._at)
        self._at += struct.calcsize("<" + form)
        return found

    def name(self) -> str:
        (length,) = self.numbers("I")
        (found,) = self.numbers(f"{length}s")
        return str(found, "ascii")

    def array(self, kind: str, count: int) -> NDArray[Any]:
        found = np.frombuffer(self._data, kind, count, self._at)
        self._at += found.nbytes
        return found


def _layers(file: _Reader) -> list[Layer]:
    """The layers below one, itself if it is no group."""
    file.numbers("b")
    kind = file.name()
    *_, flags, _, _, _ = file.numbers("2b4i")
    file.name()
    if kind in _GROUPS:
        (count,) = file.numbers("I")
        below = [layer for _ in range(count) for layer in _layers(file)]
        if flags & _RATES:
            file.numbers("{}f".format(*file.numbers("I")))
        return below
    if kind in _SHAPES:
        return [Layer(kind, file.numbers(f"{_SHAPES[kind]}i"))]
    if kind.endswith("LSTM"):
        file.numbers("i")
    matrices = [_matrix(file) for _ in range(_MATRICES[kind])]
    return [Layer(kind, matrices=tuple(matrices))]


def _matrix(file: _Reader) -> Floats:
    (mode,) = file.numbers("B")
    if not (mode & _WHOLE_NUMBERS and mode & _DOUBLES):
        raise ValueError("weights of another kind")
    high, wide, _ = file.numbers("2Ib")
    whole = file.array("i1", high * wide).reshape(high, wide)
    (count,) = file.numbers("I")
    scales = file.array("<f8", count)[:high, None]
    return np.asarray(whole * scales, np.float32)
