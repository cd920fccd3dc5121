"""Tesseract's network in torch, so that it can go on learning; weights in and out.

Run with a Python that has torch and numpy (torch is no part of the project).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from benchmarks.lines.layers import CELLS, CONVOLUTION, OUTPUT, Arrays
from pipeline.ocr.net.forward import HIGH, STEP

_ROWS = HIGH // STEP
_DOWN, *_ACROSS = CELLS


def network(weights: Arrays) -> Any:
    """The parts by the names of their weights."""
    kernel, output = weights[CONVOLUTION][0], weights[OUTPUT][0]
    parts = nn.ModuleDict({
        CONVOLUTION: nn.Conv2d(1, len(kernel), 3, padding=1),
        OUTPUT: nn.Linear(output.shape[1] - 1, len(output)),
    })  # fmt: skip
    pixels = kernel[:, :-1].reshape(-1, 1, 3, 3).transpose(0, 1, 3, 2)  # x was first
    with torch.no_grad():
        _copy(parts[CONVOLUTION], pixels, kernel[:, -1])
        _copy(parts[OUTPUT], output[:, :-1], output[:, -1])
        for name in (_DOWN, *_ACROSS):
            cell, into, forget, out = weights[name].astype(np.float32)
            rows = np.concatenate([into, forget, cell, out])  # in torch's order
            inputs = rows.shape[1] - 1 - len(cell)
            part = nn.LSTM(inputs, len(cell))
            part.weight_ih_l0.copy_(torch.tensor(rows[:, :inputs]))
            part.weight_hh_l0.copy_(torch.tensor(rows[:, inputs:-1]))
            part.bias_ih_l0.copy_(torch.tensor(rows[:, -1]))
            part.bias_hh_l0.zero_()
            parts[name] = part
    return parts


def _copy(part: Any, weight: NDArray[Any], bias: NDArray[Any]) -> None:
    part.weight.copy_(torch.tensor(weight.astype(np.float32)))
    part.bias.copy_(torch.tensor(bias.astype(np.float32)))


def told(parts: Any, pixels: Any, steps: Any) -> Any:
    """(steps, lines, characters): logarithms of probabilities.

    ``pixels`` are (lines, 1, 36, 3 * most steps), 0 beside a line; ``steps`` says how
    many steps each line has.
    """
    lines, most = pixels.shape[0], pixels.shape[3] // STEP
    cells = torch.tanh(functional.max_pool2d(parts[CONVOLUTION](pixels), STEP))
    columns = cells.permute(2, 0, 3, 1).reshape(_ROWS, lines * most, -1)
    _, (seen, _) = parts[_DOWN](columns.contiguous())
    found = seen[0].view(lines, most, -1).transpose(0, 1)
    place = torch.arange(most)[:, None]
    mirrored = torch.where(place < steps, steps - 1 - place, place)[..., None]
    for name in _ACROSS:
        if name == _ACROSS[1]:  # from the line's end to its beginning
            turn = mirrored.expand(-1, -1, found.shape[2])
            found, _ = parts[name](found.gather(0, turn))
            found = found.gather(0, mirrored.expand(-1, -1, found.shape[2]))
        else:
            found, _ = parts[name](found)
    return functional.log_softmax(parts[OUTPUT](found), -1)


def weights_of(parts: Any) -> dict[str, NDArray[np.float16]]:
    """The weights as models/lines keeps them."""
    first = parts[CONVOLUTION]
    kernel = first.weight.transpose(2, 3).reshape(len(first.weight), -1)
    found = {
        CONVOLUTION: _rows(kernel, first.bias)[None],
        OUTPUT: _rows(parts[OUTPUT].weight, parts[OUTPUT].bias)[None],
    }
    for name in (_DOWN, *_ACROSS):
        part = parts[name]
        both = torch.cat([part.weight_ih_l0, part.weight_hh_l0], 1)
        rows = _rows(both, part.bias_ih_l0 + part.bias_hh_l0)
        into, forget, cell, out = np.split(rows, 4)
        found[name] = np.stack([cell, into, forget, out])
    return {name: rows.astype(np.float16) for name, rows in found.items()}


def _rows(weight: Any, bias: Any) -> NDArray[Any]:
    rows: NDArray[Any] = torch.cat([weight, bias[:, None]], 1).detach().numpy()
    return rows


def greedy(row: Any, steps: int, none: int) -> list[int]:
    """The characters a line most probably says, step by step."""
    best = row[:steps].argmax(-1).tolist()
    pairs: Sequence[tuple[int, int]] = list(zip([none, *best], best, strict=False))
    return [one for before, one in pairs if one not in (before, none)]
