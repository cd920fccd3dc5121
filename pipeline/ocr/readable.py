"""How much of a page's print was read right, as far as its confidences tell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.page import Word

# share of words that are right by the engine's confidence: ENGINES.md, 21 pages
_CONFIDENCE = (0.0, 0.15, 0.45, 0.7, 0.85, 0.925, 0.975, 1.0)
_RIGHT = (0.1, 0.128, 0.265, 0.407, 0.659, 0.926, 0.993, 0.995)


def readable(words: Sequence[Word]) -> float:
    """The predicted share of words that are right, 0..1; 0 without words."""
    if not words:
        return 0.0
    confidences = [word.confidence for word in words]
    return float(np.interp(confidences, _CONFIDENCE, _RIGHT).mean())
