"""The terms of a page, as a site's own model sees them.

As the shipped model's (features.py), and the words on top once more by themselves
("h:"): letterhead, department and the name of the form tell a house's local types
apart, and would be lost among the words of the text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from pipeline.classify.features import Line, plain, terms, words_of

_HEAD = 8  # lines from the top


def site_terms(lines: Sequence[Line]) -> Counter[str]:
    """How often each term occurs on a page."""
    found = terms(lines)
    for line in lines[:_HEAD]:
        words = words_of(plain(line.text))
        found.update(f"h:{word}" for word in words)
        found.update(f"h:{a} {b}" for a, b in pairwise(words))
    return found
