"""How probably each word was read right: confidences as identity matching needs them.

The network's own probabilities, over all paths, are nearly right; those of lines that
the library read again are not. Fitted by benchmarks.word_confidence on 163 pages of the
charts generator's train split (seed 501, 32,862 words), of the house whose forms the
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
        (0.047, 0.120, 0.120, 0.283, 0.586, 0.702, 0.702, 0.739, 0.862, 0.961),
        (0.035, 0.209, 0.226, 0.439, 0.581, 0.770, 0.853, 0.853, 0.923, 0.988),
        (0.073, 0.174, 0.195, 0.405, 0.766, 0.849, 0.880, 0.880, 0.951, 0.996),
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
