"""How probably each word was read right: confidences as identity matching needs them.

An engine's confidence means less on a page that hardly reads: of words it calls .75
sure, 44 in 100 are right there, and about 65 elsewhere. Fitted on 108 pages of the
charts generator's train split (seed 61, 20,380 words) when the second reading still
looked for words itself; docs/measures.md tells how it holds for what is read now.
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
        (0.06, 0.08, 0.20, 0.24, 0.44, 0.65, 0.79, 0.905, 0.972, 0.99),
        (0.17, 0.20, 0.34, 0.51, 0.67, 0.80, 0.88, 0.96, 0.989, 0.997),
        (0.10, 0.12, 0.26, 0.45, 0.64, 0.82, 0.88, 0.98, 0.996, 0.999),
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
