"""The seam to a type model: numbers for each page and gap, nothing decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.document import DocumentType
from pipeline.page import Page

Scores = NDArray[np.float64]


class TypeModel(Protocol):
    """Loaded from models/ and checked against its manifest."""

    @property
    def name(self) -> str:
        """With version: "types 2026-11-23"."""
        ...

    @property
    def types(self) -> tuple[DocumentType, ...]:
        """What it knows, in column order."""
        ...

    def type_scores(self, pages: Sequence[Page]) -> Scores:
        """(pages, types): natural log of calibrated probabilities.

        Rows sum to 1 at most: the rest is the probability that the page is of a type
        that the model does not know. A page that says nothing (blank, unread) gets a
        flat row that sums to 1.
        """
        ...

    def start_scores(self, pages: Sequence[Page]) -> Scores:
        """(pages,): natural log-odds that a document begins at this page.

        From what the pages look like and say of themselves (title on top, "Page 2
        of 3", header likeness); identity and separators are index's business.
        """
        ...


@dataclass(frozen=True, slots=True)
class Undecided:
    """The simplest model: every type is as likely, every page may begin a document."""

    types: tuple[DocumentType, ...]
    name: str = "undecided 1"

    def type_scores(self, pages: Sequence[Page]) -> Scores:
        """(pages, types): the same number throughout."""
        return np.full((len(pages), len(self.types)), -np.log(len(self.types)))

    def start_scores(self, pages: Sequence[Page]) -> Scores:
        """(pages,): certain for the first page, even odds after it."""
        odds = np.zeros(len(pages))
        odds[:1] = CERTAIN
        return odds


CERTAIN = 20.0  # natural log-odds that a batch's first page begins a document
