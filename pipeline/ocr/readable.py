"""How probably each word was read right: confidences as identity matching needs them.

An engine's confidence means less on a page that hardly reads: of words it calls .85
sure, 69 in 100 are right there, and 80 elsewhere. Fitted by benchmarks.word_confidence
on 133 pages of the charts generator's train split (seed 61, 24,412 words);
docs/measures.md tells how it holds on pages of other files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pipeline.page import Word

_CONFIDENCE = (0.0, 0.2, 0.4, 0.6, 0.75, 0.85, 0.905, 0.935, 0.965, 1.0)
_LEGIBILITY = (0.75, 0.88, 0.95)
_RIGHT = np.array(
    [
        (0.17, 0.17, 0.17, 0.41, 0.62, 0.69, 0.85, 0.960, 0.985, 0.990),
        (0.14, 0.15, 0.21, 0.38, 0.60, 0.71, 0.84, 0.955, 0.979, 0.990),
        (0.12, 0.12, 0.12, 0.30, 0.56, 0.80, 0.93, 0.980, 0.998, 0.999),
    ]
)


def believed(words: Sequence[Word], legibility: float) -> tuple[Word, ...]:
    """The words with the probability that they are right for a confidence.

    ``legibility`` is the page's mean confidence as the engines told it.
    """
    rights = [np.interp(legibility, _LEGIBILITY, column) for column in _RIGHT.T]
    told = np.interp([word.confidence for word in words], _CONFIDENCE, rights)
    return tuple(
        replace(word, confidence=right)
        for word, right in zip(words, told.tolist(), strict=True)
    )


def readable(words: Sequence[Word]) -> float:
    """The predicted share of believed words that are right, 0..1; 0 without words."""
    return float(np.mean([word.confidence for word in words])) if words else 0.0
