"""How probably each word was read right: confidences as identity matching needs them.

The network's own probabilities, over all paths, are nearly right; those of lines that
the library read again are not. Fitted by benchmarks.word_confidence on 136 pages of the
charts generator's train split (seed 301, 27,567 words); docs/measures.md tells how it
holds on pages of other files.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.page import Word

_CONFIDENCE = (0.0, 0.2, 0.4, 0.6, 0.75, 0.85, 0.905, 0.935, 0.965, 1.0)
_LEGIBILITY = (0.75, 0.88, 0.95)
_RIGHT = np.array(
    [
        (0.093, 0.475, 0.475, 0.490, 0.660, 0.703, 0.815, 0.887, 0.937, 0.991),
        (0.137, 0.397, 0.434, 0.538, 0.752, 0.833, 0.883, 0.947, 0.978, 0.987),
        (0.053, 0.260, 0.260, 0.540, 0.712, 0.842, 0.870, 0.911, 0.963, 0.999),
    ]
)


def believed(words: Sequence[Word], legibility: float) -> tuple[Word, ...]:
    """The words with the probability that they are right for a confidence.

    ``legibility`` is the page's mean confidence as the engines told it. No word list
    vouches for what has a digit: it is believed no more than the engine said.
    """
    rights = [np.interp(legibility, _LEGIBILITY, column) for column in _RIGHT.T]
    told = np.interp([word.confidence for word in words], _CONFIDENCE, rights)
    return tuple(
        Word(word.text, word.box, _at_most(word, right), word.line)
        for word, right in zip(words, told.tolist(), strict=True)
    )


def _at_most(word: Word, right: float) -> float:
    digits = any(map(str.isdigit, word.text))
    return min(right, word.confidence) if digits else right


def readable(words: Sequence[Word]) -> float:
    """The predicted share of believed words that are right, 0..1; 0 without words."""
    return float(np.mean([word.confidence for word in words])) if words else 0.0
