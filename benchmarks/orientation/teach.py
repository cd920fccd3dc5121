"""Train models/upright: python -m benchmarks.orientation.teach [CHARTS ...].

Pieces of lines from sheets in every typeface, from trial pages and from charts of the
train split, each upright and on its head, a pixel or three off; a network with two
hidden layers learns to tell them. The same pages and typefaces make the same model.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from benchmarks.charts.kinds import Level, Mode, Pixels, Scan
from benchmarks.charts.scanner import scan
from benchmarks.charts.trial import trial_page
from benchmarks.orientation.pages import pages_of
from benchmarks.orientation.sheets import sheet, typefaces
from pipeline.artefact import Artefact, write
from pipeline.ocr.grey import grey, reduced
from pipeline.ocr.snippets import Snippets, snippets_of
from pipeline.ocr.wayup import HEAD_DOWN, MODEL, NO_LINE, UPRIGHT, inputs_of
from pipeline.page import PageImage

_LEVELS: tuple[Level, ...] = ("poor", "poor", "typical", "clean")
_MODES: tuple[Mode, ...] = ("grey", "bitonal", "bitonal", "grey", "colour")
_COARSE = (72, 80, 90, 100)  # dpi that pictures of pages from elsewhere have
_HIDDEN = (64, 32)
_EPOCHS = 10
Labels = NDArray[np.int64]


def drawn(pages: int, seed: int) -> Iterator[PageImage]:
    """Upright pages: sheets in any typeface and trial pages by turns."""
    for number in range(pages):
        rng = Random(f"upright/{seed}/{number}")
        level = _LEVELS[number // 2 % 4]
        if number % 2:
            page = trial_page(level, number, seed)
            pixels, how = page.pixels, page.how
        else:
            dpi = rng.choice((200, 300))
            how = Scan(level, rng.choice(_MODES), dpi, f"upright/{seed}/{number}")
            pixels = sheet(rng, dpi)
        image = PageImage(_grey(scan(pixels, replace(how, turn=0)).pixels), how.dpi)
        if rng.random() < 0.15:
            to = rng.choice(_COARSE)
            image = PageImage(reduced(image.pixels, image.dpi, to), to)
        yield image


def taught(
    pages: Iterator[PageImage], seed: int, epochs: int = _EPOCHS
) -> MLPClassifier:
    """The network after so many epochs, each of which sees every piece once."""
    pieces, labels = _pieces(pages)
    rng = np.random.default_rng(seed)
    network = MLPClassifier(_HIDDEN, batch_size=256, alpha=3e-4, random_state=seed)
    for epoch in range(epochs):
        order = rng.permutation(len(pieces))
        shown, said = _shifted(pieces[order], rng), labels[order]
        over = rng.random(len(shown)) < 0.5
        shown[over] = shown[over][:, ::-1, ::-1]
        said[over & (said == UPRIGHT)] = HEAD_DOWN
        if epoch:
            network._optimizer.learning_rate_init = 1e-3 * (1 - epoch / epochs) + 5e-5
        network.partial_fit(inputs_of(shown), said, classes=[0, 1, 2])
    return network


def saved(network: MLPClassifier, folder: Path, facts: dict[str, object]) -> None:
    """The artefact of models/upright, in half precision."""
    arrays = {}
    for layer, (weights, biases) in enumerate(
        zip(network.coefs_, network.intercepts_, strict=True)
    ):
        arrays[f"weights{layer}"] = weights.astype(np.float16)
        arrays[f"biases{layer}"] = biases.astype(np.float16)
    write(folder, Artefact(facts, arrays, {"classes": ["upright", "over", "no line"]}))


def _pieces(pages: Iterator[PageImage]) -> tuple[Snippets, Labels]:
    pieces, labels = [], []
    for image in pages:
        for found, label in zip(snippets_of(image), (UPRIGHT, NO_LINE), strict=True):
            pieces.append(found)
            labels.append(np.full(len(found), label, np.int64))
    return np.concatenate(pieces), np.concatenate(labels)


def _shifted(pieces: Snippets, rng: np.random.Generator) -> Snippets:
    """Each piece up to a pixel higher or lower and three to a side."""
    down = rng.integers(-1, 2, len(pieces))
    aside = rng.integers(-3, 4, len(pieces))
    moved = np.empty_like(pieces)
    for y in range(-1, 2):
        for x in range(-3, 4):
            these = (down == y) & (aside == x)
            moved[these] = np.roll(pieces[these], (y, x), (1, 2))
    return moved


def _grey(pixels: Pixels) -> Pixels:
    return grey(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)) if pixels.ndim > 2 else pixels


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("charts", type=Path, nargs="*", help="of the train split")
    parser.add_argument("--pages", type=int, default=600, help="to be drawn besides")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=MODEL)
    given = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    cv2.setNumThreads(1)

    def pages() -> Iterator[PageImage]:
        yield from drawn(given.pages, given.seed)
        for folder in given.charts:
            for page in pages_of(folder, "train"):
                yield page.upright

    network = taught(pages(), given.seed)
    facts: dict[str, object] = {
        "name": "upright 2026-11-24",
        "date": "2026-11-24",
        "command": "python -m benchmarks.charts CHARTS --split train --seed 1 "
        "--pages 150 && python -m benchmarks.orientation.teach CHARTS "
        f"--pages {given.pages} --seed {given.seed}",
        "seed": given.seed,
        "typefaces": len(typefaces()),
        "features": "pieces of lines, 20 x 40 px of ink",
        "model": f"network, hidden layers of {_HIDDEN}",
    }
    saved(network, given.out, facts)
    print(f"loss {network.loss_:.3f} on pages it learnt from")


if __name__ == "__main__":
    main()
