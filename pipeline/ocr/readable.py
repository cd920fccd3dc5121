"""How probably each word was read right: confidences as identity matching needs them.

The network's own probabilities, over all paths, are nearly right; those of lines that
the library read again are not. Fitted by benchmarks.word_confidence on 163 pages of the
charts generator's train split (seed 501, 32,855 words), of the house whose forms the
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
        (0.067, 0.096, 0.215, 0.359, 0.443, 0.490, 0.650, 0.829, 0.896, 0.951),
        (0.109, 0.271, 0.282, 0.500, 0.769, 0.885, 0.885, 0.907, 0.908, 0.995),
        (0.085, 0.175, 0.175, 0.422, 0.694, 0.824, 0.905, 0.905, 0.950, 0.996),
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
