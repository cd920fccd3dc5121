"""Which way up a page lies that says nothing of it: as its neighbours do."""

from __future__ import annotations

import collections
from collections.abc import Sequence

from pipeline.page import Page, QuarterTurn

_ENOUGH = 3  # pages that say how they lie
_AGREED = 0.9  # share of them that lie the same way


def turn_of_neighbours(page: Page, others: Sequence[Page]) -> QuarterTurn | None:
    """The turn that ``others`` of its batch agree on for a page that tells none.

    Pages of the same side of the sheet are asked first, for backs may lie on their
    heads where fronts stand; then all. None where too few say how they lie, where
    they do not agree, where the page is of another shape than they are, and where
    something on it tells or nothing needs to be told.
    """
    if page.quality.oriented or page.quality.blank:
        return None
    alike = [
        other
        for other in others
        if other.quality.oriented and other.words and _wide(other) == _wide(page)
    ]
    same_side = [other for other in alike if (other.number - page.number) % 2 == 0]
    for some in (same_side, alike):
        if len(some) < _ENOUGH:
            continue
        counted = collections.Counter(other.rotation for other in some)
        (turn, votes), *_ = counted.most_common(1)
        if votes >= _AGREED * len(some):
            return turn
    return None


def _wide(page: Page) -> bool:
    """Whether it is wider than high as it was scanned, before its turn."""
    width, height = page.size if page.rotation in (0, 180) else page.size[::-1]
    return width > height
