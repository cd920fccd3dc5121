"""How often a type may be wrong, and which of a site's own types are open for filing.

Exact, from counts: of the documents that would be filed as the type, as many were
checked by a clerk, and so many of them are another type. Source: Clopper & Pearson
(1934), in the form of docs/SCIENCE.md, section 4.1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.document import DocumentType

DOUBT = 0.05  # so often, at most, the true error lies above the bound
_STEPS = 50  # halvings: the bound to 1e-15


@dataclass(frozen=True, slots=True)
class Checked:
    """Held-out documents that would be filed as a type, and how many are another."""

    documents: int
    wrong: int


def open_types(
    checked: Mapping[DocumentType, Checked], error_at_most: float
) -> frozenset[DocumentType]:
    """The types whose upper bound is at most this share 0..1: 0.01 needs 299 clean."""
    return frozenset(
        kind for kind, found in checked.items() if certified(found, error_at_most)
    )


def certified(found: Checked, error_at_most: float) -> bool:
    """Whether a type that errs oftener would look this good only one time in twenty."""
    return chance(found, error_at_most) <= DOUBT


def upper_bound(found: Checked) -> float:
    """The error, 0..1, that is not exceeded with a confidence of 95 %; 1 unchecked."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if chance(found, middle) <= DOUBT:
            high = middle
        else:
            low = middle
    return high


def chance(found: Checked, error: float) -> float:
    """The probability of at most so many wrong ones where each is with ``error``."""
    if found.wrong >= found.documents or error <= 0.0:
        return 1.0
    if error >= 1.0:
        return 0.0
    terms = (_log_binomial(found.documents, k, error) for k in range(found.wrong + 1))
    return min(1.0, math.fsum(math.exp(term) for term in terms))


def _log_binomial(n: int, k: int, share: float) -> float:
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return ways + k * math.log(share) + (n - k) * math.log1p(-share)
