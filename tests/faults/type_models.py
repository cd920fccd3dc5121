"""Type models that break their promises, for tests of whoever relies on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.classify.model import Scores
from pipeline.document import DocumentType
from pipeline.page import Page


@dataclass(frozen=True, slots=True)
class NotANumber:
    """Says NaN of every page and gap."""

    types: tuple[DocumentType, ...]
    name: str = "nan 1"

    def type_scores(self, pages: Sequence[Page]) -> Scores:
        return np.full((len(pages), len(self.types)), np.nan)

    def start_scores(self, pages: Sequence[Page]) -> Scores:
        return np.full(len(pages), np.nan)


@dataclass(frozen=True, slots=True)
class SureAndWrong:
    """Is certain that every page is of its first type, and begins a document."""

    types: tuple[DocumentType, ...]
    name: str = "sure 1"

    def type_scores(self, pages: Sequence[Page]) -> Scores:
        scores = np.full((len(pages), len(self.types)), -50.0)
        scores[:, 0] = 0.0
        return scores

    def start_scores(self, pages: Sequence[Page]) -> Scores:
        return np.full(len(pages), 50.0)
