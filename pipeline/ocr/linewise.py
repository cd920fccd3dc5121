"""Tesseract's network over all lines of a page at once, in the place of its engine.

Where lines are known, most of what Tesseract does for each of them is done again for
all: thresholds, layout, a matrix for every step. Whole pages, turns and lines that stay
unread are still the engine's.
"""

from __future__ import annotations

import functools
import itertools
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import ThreadpoolController

from pipeline.errors import SettingsError
from pipeline.ocr.net.fitted import MODEL, fitted
from pipeline.ocr.net.forward import Network
from pipeline.ocr.net.lexicon import Lexicon, ours
from pipeline.ocr.net.spelling import Speller
from pipeline.ocr.net.traineddata import Floats, Trained, refusal, trained
from pipeline.ocr.net.wordlist import edges_of
from pipeline.ocr.tesseract import TesseractEngine, tessdata_folder
from pipeline.ocr.tsv import as_print
from pipeline.page import Box, PageImage, QuarterTurn, Word

if TYPE_CHECKING:  # OpenCV, which only a reading process needs, costs 30 ms
    from pipeline.ocr.net.strips import Strip


class LinewiseEngine:
    """One network and one library instance a process; see OcrEngine.

    With ``weights`` None the network reads as eng.traineddata has it.
    """

    def __init__(
        self, tessdata: Path | None = None, weights: Path | None = MODEL
    ) -> None:
        self.whole = TesseractEngine(tessdata)
        self.weights = weights
        self.name = f"{self.whole.name}, lines together {6 if weights else 2}"
        _checked(self.whole.tessdata, weights)

    def read(
        self, image: PageImage, lines: Sequence[Box] = (), *, closely: bool = False
    ) -> tuple[Word, ...]:
        if closely or not lines:
            return self.whole.read(image, lines)
        from pipeline.ocr.net.strips import strip

        strips = [strip(image.pixels, image.dpi, line) for line in lines]
        at = [number for number, one in enumerate(strips) if one is not None]
        some = [one for one in strips if one is not None]
        network, speller = _network(self.whole.tessdata, self.weights)
        with _threads().limit(limits=1, user_api="blas"):  # two wait for each other
            told = network.read([one.pixels for one in some])
        return tuple(_words(speller, told, some, at))

    def turn(self, image: PageImage) -> tuple[QuarterTurn, float]:
        return self.whole.turn(image)


def warmed() -> None:
    """The shipped network from Tesseract's usual place, as the first page asks for it.

    Raises SettingsError where there is none.
    """
    _network(tessdata_folder(), MODEL)
    _threads()


def _words(
    speller: Speller, told: Sequence[Floats], strips: Sequence[Strip], at: Sequence[int]
) -> Iterator[Word]:
    """Words of all lines, one after the other, with a space between two."""
    if not told:
        return
    space = np.zeros((1, told[0].shape[1]), np.float32)
    space[0, 0] = 1
    rows = [part for one in told for part in (one, space)]
    starts = np.cumsum([0, *(len(one) + 1 for one in told)])
    spelt = speller.words(np.concatenate(rows))
    lines = np.searchsorted(starts, [word.start for word in spelt], side="right") - 1
    for line, some in itertools.groupby(
        zip(spelt, lines.tolist(), strict=True), lambda pair: pair[1]
    ):
        words = [word for word, _ in some]
        first = int(starts[line])
        steps = [(word.start - first, word.end - first) for word in words]
        texts = [word.text for word in words]
        for word, after, box in zip(
            words, [*texts[1:], ""], strips[line].boxes(steps), strict=True
        ):
            if text := as_print(word.text, after):
                yield Word(text, box, word.chance, at[line])


@functools.cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def _model(tessdata: Path, weights: Path | None) -> Trained:
    path = tessdata / "eng.traineddata"
    found = trained(path)
    try:
        edges_of(found.words)
    except (ValueError, struct.error) as error:
        raise SettingsError(refusal(path)) from error
    return fitted(found, weights) if weights else found


@functools.cache
def _checked(tessdata: Path, weights: Path | None) -> None:
    """Refuses another network before any page is read; it looks once a process."""
    _model(tessdata, weights)
    ours()


@functools.cache
def _network(tessdata: Path, weights: Path | None) -> tuple[Network, Speller]:
    found = _model(tessdata, weights)
    lexicon = Lexicon.of(found.words, found.characters)
    return Network.of(found), Speller(found.characters, lexicon)
