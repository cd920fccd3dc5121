"""Go on teaching the line network: PYTHON_WITH_TORCH -m benchmarks.lines.fit.

`… -m benchmarks.lines.fit SAMPLES… --start WEIGHTS.npz --minutes M --out WEIGHTS.npz`
learns from what benchmarks.lines wrote; a house of forms may be kept out and is judged
by. `python -m benchmarks.lines.keep` writes the weights to begin with, and puts those
that were learnt in models/lines.
"""

from __future__ import annotations

import argparse
import math
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.random import Generator
from torch.nn import functional
from torch.nn.utils import clip_grad_norm_

from benchmarks.lines.layers import widened
from benchmarks.lines.network import greedy, network, told, weights_of
from benchmarks.lines.rows import Row, batches, filled, rows_in

_WEIGHT = {"clean": 0.3, "typical": 0.6, "poor": 1.0}  # how often a line is taken
_WARM, _SHOWN, _KEPT = 100, 200, 2000  # steps
_JUDGED = 8  # one line in so many of the house that is kept out
_MISTAKEN = 4.0  # nats a letter: what is said to stand there does not
_FOLLOWS = 0.002  # how fast the mean of weights follows them
_RESTS = 0.02  # of the rate of learning, in the end


def main() -> None:
    given = _arguments()
    torch.manual_seed(given.seed)
    torch.set_num_threads(given.threads)
    rng = np.random.default_rng(given.seed)
    start = dict(np.load(given.start))
    characters = [str(one) for one in start.pop("characters")]
    if given.cells:
        start = widened(start, given.cells, rng)
    rows = [row for path in given.samples for row in rows_in(path, characters)]
    held = [row for row in rows if row.house == given.held][::_JUDGED]
    taught = [row for row in rows if row.house != given.held]
    print(f"{len(taught)} lines to learn from, {len(held)} to judge by", flush=True)
    parts = network(start)
    print("before:", *judged(parts, held), sep="\n  ", flush=True)
    for mean in _learn(parts, taught, given.minutes, given.rate, rng):
        learnt = network(start)
        learnt.load_state_dict(mean)
        kept: dict[str, Any] = weights_of(learnt)
        part = given.out.with_suffix(".part.npz")  # a kill leaves the last one whole
        np.savez(part, **kept, characters=np.array(characters))
        part.replace(given.out)
    print("after:", *judged(learnt, held), sep="\n  ")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("samples", type=Path, nargs="+", help="without .i8 or .jsonl")
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--rate", type=float, default=1e-3, help="of learning")
    parser.add_argument("--held", default="", help="the house that is kept out")
    parser.add_argument("--cells", type=int, nargs=4, help="more of them, by layer")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _learn(
    parts: Any, rows: Sequence[Row], minutes: float, rate: float, rng: Generator
) -> Iterator[dict[str, Any]]:
    """Teaches the network, for so long; the running mean of its weights, now and then.

    The last is that of the end.
    """
    steps = torch.optim.Adam(parts.parameters(), lr=rate)
    mean = {name: value.clone() for name, value in parts.state_dict().items()}
    began, losses = time.monotonic(), list[float]()
    for count, some in enumerate(_endless(rows, rng), 1):
        gone = (time.monotonic() - began) / 60 / minutes
        if gone >= 1:
            break
        falling = _RESTS + (1 - _RESTS) * (1 + math.cos(math.pi * gone)) / 2
        for group in steps.param_groups:
            group["lr"] = rate * falling * min(1, count / _WARM)
        loss = _loss(parts, some, rng)
        steps.zero_grad()
        loss.backward()
        clip_grad_norm_(parts.parameters(), 1.0)
        steps.step()
        losses.append(float(loss.detach()))
        for name, value in parts.state_dict().items():
            mean[name].lerp_(value, max(_FOLLOWS, 1 / count))
        if count % _SHOWN == 0:
            print(f"{gone:.0%}, {np.mean(losses[-_SHOWN:]):.4f} nats", flush=True)
        if count % _KEPT == 0:
            yield mean
    yield mean


def _endless(rows: Sequence[Row], rng: Generator) -> Iterator[Sequence[Row]]:
    """Batches of lines about as long as each other, worn ones more often."""
    while True:
        chosen = [row for row in rows if rng.random() < _WEIGHT[row.level]]
        some = list(batches(chosen, rng))
        for at in rng.permutation(len(some)):
            yield some[at]


def _loss(parts: Any, rows: Sequence[Row], rng: Generator) -> Any:
    """Nats a letter; lines that cannot say what they should are left out."""
    pixels, steps = (torch.tensor(array) for array in filled(rows, rng))
    letters = torch.tensor([letter for row in rows for letter in row.letters])
    lengths = torch.tensor([len(row.letters) for row in rows])
    with torch.autocast("cpu", torch.bfloat16):  # as well, in three fifths of the time
        found = told(parts, pixels, steps)
    each = functional.ctc_loss(
        found.float()[:, : len(rows)],
        letters,
        steps[: len(rows)],
        lengths,
        blank=found.shape[2] - 1,
        reduction="none",
        zero_infinity=True,
    )
    return (each * (each.detach() / lengths < _MISTAKEN)).sum() / lengths.sum()


def judged(parts: Any, rows: Sequence[Row]) -> Iterator[str]:
    """Share of letters wrong, by level and dpi of the look."""
    wrong: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    with torch.no_grad():
        for some in batches(rows, None):
            pixels, steps = (torch.tensor(array) for array in filled(some, None))
            found = told(parts, pixels, steps)
            for at, row in enumerate(some):
                said = greedy(found[:, at], row.steps, found.shape[2] - 1)
                count = wrong[row.level, row.dpi]
                count[0] += _apart(said, row.letters)
                count[1] += len(row.letters)
    for (level, dpi), (some_wrong, every) in sorted(wrong.items()):
        yield f"{level} at {dpi} dpi: {some_wrong / every:.4f} of {every} letters"


def _apart(one: Sequence[int], other: Sequence[int]) -> int:
    """Letters to change, take or put."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        corner, row[0] = row[0], at
        for to, wanted in enumerate(other, 1):
            step = corner + (letter != wanted)
            corner, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, step)
    return row[-1]


if __name__ == "__main__":
    main()
