"""What the type model says of a batch's pages, as the index reckons with it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.document import DocumentType
from pipeline.index.decoder import FOLLOWING_PAGE, log_sum

Scores = NDArray[np.float64]
_SURELY_KNOWN = -1e-9


@dataclass(frozen=True, slots=True)
class TypeNumbers:
    """(pages, types): natural log-probabilities, and the types in column order.

    What a row lacks to 1 is the probability that the page is of none of the types.
    """

    types: tuple[DocumentType, ...]
    scores: Scores

    def among_known(self) -> Scores:
        """The same, given that each page is of one of the types; rows sum to 1."""
        return self.scores - log_sum(self.scores)[:, None]

    def of_page(self, row: int) -> list[float]:
        """One row of ``among_known``."""
        one = self.scores[row : row + 1]
        return [float(score) for score in (one - log_sum(one)[:, None])[0]]

    def strange(self, first: int, last: int) -> float:
        """Probability 0..1 that pages first..last are a document of no known type.

        The mean of their log-odds, the first page's twice: as the decoder weighs them.
        """
        known = np.minimum(log_sum(self.scores[first : last + 1]), _SURELY_KNOWN)
        odds = np.log(-np.expm1(known)) - known
        weights = np.full(len(odds), FOLLOWING_PAGE)
        weights[0] = 1.0
        return 1 / (1 + math.exp(-float(weights @ odds / weights.sum())))
