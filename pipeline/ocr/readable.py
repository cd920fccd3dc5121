"""How probably each word was read right: confidences as identity matching needs them.

The network's own probabilities, over all paths, are nearly right; those of lines that
the library read again are not. Fitted by benchmarks.word_confidence on 163 pages of the
charts generator's train split (seed 501, 32,877 words), of the house whose forms the
network did not learn from; docs/measures.md tells how it holds on pages of other files.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.page import Word

_CONFIDENCE = (0.0, 0.2, 0.4, 0.6, 0.75, 0.85, 0.905, 0.935, 0.965, 1.0)
_LEGIBILITY = (0.75, 0.88, 0.95)
_RIGHT = np.array(
    [
        (0.060, 0.135, 0.160, 0.289, 0.576, 0.672, 0.672, 0.686, 0.808, 0.945),
        (0.063, 0.134, 0.261, 0.475, 0.778, 0.906, 0.906, 0.958, 0.976, 0.983),
        (0.084, 0.165, 0.193, 0.479, 0.692, 0.850, 0.859, 0.876, 0.951, 0.995),
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
