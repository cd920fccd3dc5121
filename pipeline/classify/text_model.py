"""The shipped TypeModel: a page's words against weights learned in training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline import artefact
from pipeline.classify import starts
from pipeline.classify.features import (
    Line,
    Vector,
    Vocabulary,
    legible_lines,
    lines_of,
    terms,
)
from pipeline.classify.model import CERTAIN, Scores
from pipeline.classify.strange import NEVER, Strangeness
from pipeline.document import DocumentType
from pipeline.errors import ModelTampered
from pipeline.page import Page

FEWEST_WORDS = 4  # a page with fewer known words says nothing


@dataclass(frozen=True, slots=True)
class StartWeights:
    """The logistic model of a gap, and what the words on top say."""

    weights: NDArray[np.float64] = field(repr=False)  # one for each of starts.FEATURES
    intercept: float
    openings: Mapping[str, float] = field(repr=False)  # natural log-odds by word


@dataclass(frozen=True, slots=True)
class TextModel:
    """A linear model over a page's terms; ``weights`` is (terms, types).

    Margins become probabilities by one temperature, then are mixed with "any type"
    the more, the fewer words of the page are known. What a page may be beside all known
    types (``strange``) is taken from every one of them.
    """

    name: str
    types: tuple[DocumentType, ...]
    vocabulary: Vocabulary = field(repr=False)
    weights: NDArray[np.float32] = field(repr=False)
    intercept: NDArray[np.float32] = field(repr=False)
    temperature: float
    starting: StartWeights = field(repr=False)
    strange: Strangeness = NEVER

    def type_scores(self, pages: Sequence[Page]) -> Scores:
        """(pages, types): natural log of calibrated probabilities.

        What a row lacks to 1 is the probability of a type that the model does not know.
        """
        return self.type_lines([lines_of(page) for page in pages])

    def start_scores(self, pages: Sequence[Page]) -> Scores:
        """(pages,): natural log-odds that a document begins at this page.

        The first is certain; a page without legible words says nothing (0), and the
        page after it is compared with the last one that had any.
        """
        return self.start_lines([legible_lines(page) for page in pages])

    def type_lines(self, pages: Sequence[Sequence[Line]]) -> Scores:
        """As type_scores, from the lines of each page."""
        scores, odds = self._judged(pages)
        known: Scores = scores - np.logaddexp(0.0, odds)[:, None]
        return known

    def _judged(self, pages: Sequence[Sequence[Line]]) -> tuple[Scores, Scores]:
        """(pages, types): log-probabilities among the known types, rows sum to 1.

        And (pages,): log-odds that it is none of them.
        """
        flat = -np.log(len(self.types))
        scores = np.full((len(pages), len(self.types)), flat, np.float64)
        odds = np.full(len(pages), -np.inf)
        for i, lines in enumerate(pages):
            vector = self.vocabulary.weigh(terms(lines))
            if vector.words >= FEWEST_WORDS:
                margins = self._margins(vector)
                scores[i] = calibrated(margins, vector.words, self.temperature)
                odds[i] = self.strange.odds(margins[None, :])[0]
        return scores, odds

    def _margins(self, vector: Vector) -> Scores:
        rows = self.weights[vector.columns]
        margins = vector.values @ rows + self.intercept
        return margins.astype(np.float64)

    def start_lines(self, pages: Sequence[Sequence[Line]]) -> Scores:
        """As start_scores, from the lines of each page."""
        gaps = self.gaps(pages)
        odds = np.zeros(len(pages), np.float64)
        odds[gaps.after] = gaps.rows @ self.starting.weights + self.starting.intercept
        odds[:1] = CERTAIN
        return odds

    def gaps(self, pages: Sequence[Sequence[Line]]) -> starts.GapRows:
        """What is weighed between each page that has words and the last one before."""
        judged, _ = self._judged(pages)
        said = [i for i, lines in enumerate(pages) if lines]
        types = [judged[i] for i in said]
        sides = starts.without_bundles([starts.look_at(pages[i]) for i in said], types)
        rows = [
            starts.weigh_gap(*seen, self.starting.openings, starts.affinity(*known))
            for seen, known in zip(pairwise(sides), pairwise(types), strict=True)
        ]
        shaped = np.array(rows, np.float64).reshape(-1, len(starts.FEATURES))
        return starts.GapRows(shaped, np.array(said[:-1], int), np.array(said[1:], int))


_HALF_SURE = 6.0  # known words at which half of the weight is still on "any type"


def calibrated(margins: Scores, words: int, temperature: float) -> Scores:
    """Natural log probabilities from margins, flatter where few words are known."""
    scaled = margins * temperature
    odds = np.exp(scaled - scaled.max())
    share = words**2 / (words**2 + _HALF_SURE**2)
    probable: Scores = share * odds / odds.sum() + (1 - share) / len(margins)
    return np.log(probable)


def load_model(folder: Path) -> TextModel:
    """The model of a folder of models/; raises ModelTampered unless it is intact."""
    found = artefact.read(folder)
    try:
        model = _build(found)
    except (KeyError, TypeError, ValueError) as odd:
        raise ModelTampered(
            f"{folder}: the manifest does not fit the model; run `chartfiler train`"
        ) from odd
    return model


def _build(found: artefact.Artefact) -> TextModel:
    manifest, arrays = found.manifest, found.arrays
    types = tuple(DocumentType(key) for key in manifest["types"])
    columns = {term: i for i, term in enumerate(found.lists["terms"])}
    weights = arrays["weights"].astype(np.float32)
    if weights.shape != (len(columns), len(types)):
        raise ValueError("weights do not fit terms and types")
    if tuple(manifest["starts"]) != starts.FEATURES:
        raise ValueError("starts were trained on other features")
    openings = zip(found.lists["openings"], arrays["openings"].tolist(), strict=True)
    return TextModel(
        name=str(manifest["name"]),
        types=types,
        vocabulary=Vocabulary(columns, arrays["idf"].astype(np.float32)),
        weights=weights,
        intercept=arrays["intercept"].astype(np.float32),
        temperature=float(arrays["temperature"]),
        starting=StartWeights(
            weights=arrays["start_weights"].astype(np.float64),
            intercept=float(arrays["start_intercept"]),
            openings=dict(openings),
        ),
        strange=Strangeness(*(float(x) for x in arrays["strange"])),
    )
