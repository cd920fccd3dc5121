"""A site's own TypeModel: the shipped one, corrected by what clerks have said.

Two voices for each type, weighed against each other in training: what the shipped
model says of the page, turned into the site's types by what it said of their verified
pages; and how near the page comes to those pages, by linear weights over the site's
words. A local type is a type like any other; one without enough verified pages has no
column, and a shipped one without any keeps the shipped model's word. Where documents
begin is the shipped model's business too, with weights of the site's own where clerks'
cuts have moved them (site_starts).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline import artefact
from pipeline.classify.features import Vector, Vocabulary, lines_of
from pipeline.classify.model import Scores, TypeModel
from pipeline.classify.site_terms import site_terms
from pipeline.classify.text_model import StartWeights, TextModel
from pipeline.document import DocumentType
from pipeline.errors import ModelTampered, SettingsError
from pipeline.page import Page

UNSEEN = 0.3  # how near a page counts as coming to a type without verified pages
_HALF_SURE = 6.0  # known words at which half of the site's voice is heard
Weights = NDArray[np.float32]
Voices = tuple[float, float]  # trust and pull

_LEAST = 1e-9  # probability that a page is of any known type, at least


@dataclass(frozen=True, slots=True)
class SiteWeights:
    """What was learned; columns are ``types``: the shipped ones, then the site's own.

    ``weights`` (terms, types) tell how near a page comes to a type, about 1 for its
    own; ``learned`` (types,) which types had verified pages; ``said`` (types, shipped
    types) what the shipped model says of a type's pages, rows sum to 1. ``trust`` and
    ``pull`` weigh the two voices.
    """

    types: tuple[DocumentType, ...]
    vocabulary: Vocabulary = field(repr=False)
    weights: Weights = field(repr=False)
    learned: NDArray[np.bool_] = field(repr=False)
    said: Weights = field(repr=False)
    trust: float = 1.0
    pull: float = 10.0

    def near(self, vector: Vector) -> Scores:
        """(types,): how near a page comes to each, less where few words are known."""
        found = vector.values @ self.weights[vector.columns]
        share = vector.words**2 / (vector.words**2 + _HALF_SURE**2)
        heard: Scores = np.where(self.learned, found, UNSEEN) * share
        return heard


def mixed(base: Scores, said: Weights, near: Scores, voices: Voices) -> Scores:
    """(pages, types): natural log probabilities from both voices.

    ``base`` (pages, shipped types) are the shipped model's log probabilities. What a
    row lacks to 1 is the probability of a type that neither knows.
    """
    trust, pull = voices
    scores = trust * np.log(np.exp(base) @ said.T.astype(np.float64)) + pull * near
    scores -= scores.max(axis=1, keepdims=True)
    found: Scores = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    # what the shipped model takes for no type at all stays so, unless the site knows it
    known = np.minimum(np.exp(base).sum(axis=1, keepdims=True), 1.0)
    own = np.clip(near.max(axis=1, keepdims=True), 0.0, 1.0)
    found += np.log(np.maximum(known + (1 - known) * own, _LEAST))
    return found


@dataclass(frozen=True, slots=True)
class SiteModel:
    """The TypeModel of a site's data folder, over the shipped one.

    ``checked`` counts, by local type, the held-out documents that would be filed as it
    from the probability ``line`` on, and how many of them are of another type.
    ``forms`` counts the verified documents of each type by the form number they bear.
    """

    name: str
    base: TypeModel
    site: SiteWeights = field(repr=False)
    checked: Mapping[DocumentType, tuple[int, int]] = field(default_factory=dict)
    line: float = 1.0
    forms: Mapping[str, Mapping[DocumentType, int]] = field(default_factory=dict)

    @property
    def types(self) -> tuple[DocumentType, ...]:
        return self.site.types

    def type_scores(self, pages: Sequence[Page]) -> Scores:
        """(pages, types): natural log of calibrated probabilities, at most 1 a row."""
        site, base = self.site, self.base.type_scores(pages)
        voices = site.trust, site.pull
        scores = np.full((len(pages), len(self.types)), -np.log(len(self.types)))
        # page by page, so that each is scored the same alone and among others
        for row, page, told in zip(scores, pages, base, strict=True):
            near = self.near(page)
            if near.any() or np.ptp(told):
                row[:] = mixed(told[None, :], site.said, near[None, :], voices)[0]
        return scores

    def near(self, page: Page) -> Scores:
        """(types,): how near the page comes to each type's verified pages."""
        return self.site.near(self.site.vocabulary.weigh(site_terms(lines_of(page))))

    def start_scores(self, pages: Sequence[Page]) -> Scores:
        """(pages,): as ``base`` has it, whose weights of gaps may be the site's own."""
        return self.base.start_scores(pages)


# --- on disk -----------------------------------------------------------------------

BACK = "`chartfiler models rollback` returns to the model before; then `train` anew"


def as_arrays(
    site: SiteWeights, starting: StartWeights | None = None
) -> artefact.Arrays:
    """What artefact.write takes as numbers; ``starting`` where gaps were learned."""
    gaps = {}
    if starting is not None:
        gaps = {
            "start_weights": starting.weights,
            "start_intercept": np.array(starting.intercept),
        }
    return {
        **gaps,
        "weights": site.weights.astype(np.float16),
        "idf": site.vocabulary.idf.astype(np.float16),
        "learned": site.learned,
        "said": site.said.astype(np.float32),
        "voices": np.array([site.trust, site.pull]),
    }


def load_site_model(folder: Path, base: TypeModel, base_manifest: str) -> SiteModel:
    """The model of a folder of DATA/models, over the shipped one.

    Raises ModelTampered unless it is intact, and SettingsError if it was trained over
    another shipped model than that with the manifest of this SHA-256.
    """
    try:
        found = artefact.read(folder)
    except ModelTampered as error:
        raise ModelTampered(f"{error}; {BACK}") from error
    base_of = found.manifest.get("base")
    if not isinstance(base_of, dict) or base_of.get("manifest") != base_manifest:
        raise SettingsError(
            f"{folder.name} was trained over another shipped model than this release's"
            f" {base.name}: {BACK}"
        )
    try:
        return SiteModel(
            str(found.manifest["name"]),
            _with_starts(found, base),
            _build(found, base),
            {DocumentType(k): (n, bad) for k, n, bad in found.manifest["checked"]},
            float(found.manifest["line"]),
            _forms(found.manifest.get("forms", {})),  # models before them have none
        )
    except (KeyError, TypeError, ValueError, AttributeError) as odd:
        raise ModelTampered(
            f"{folder}: the manifest does not fit the model; {BACK}"
        ) from odd


def _forms(
    told: Mapping[str, Mapping[str, int]],
) -> dict[str, dict[DocumentType, int]]:
    return {
        number: {DocumentType(kind): int(count) for kind, count in counts.items()}
        for number, counts in told.items()
    }


def _with_starts(found: artefact.Artefact, base: TypeModel) -> TypeModel:
    """The shipped model with the site's weights of gaps, where any were learned."""
    if "start_weights" not in found.arrays:
        return base
    if not isinstance(base, TextModel):
        raise TypeError("the shipped model weighs no gaps")
    weights = found.arrays["start_weights"].astype(np.float64)
    intercept = float(found.arrays["start_intercept"])
    fits = weights.shape == base.starting.weights.shape
    if not (fits and np.isfinite([*weights, intercept]).all()):
        raise ValueError("weights of gaps do not fit what is looked at")
    starting = replace(base.starting, weights=weights, intercept=intercept)
    return replace(base, starting=starting)


def _build(found: artefact.Artefact, base: TypeModel) -> SiteWeights:
    types = tuple(DocumentType(key) for key in found.manifest["types"])
    columns = {term: i for i, term in enumerate(found.lists["terms"])}
    weights = found.arrays["weights"].astype(np.float32)
    if weights.shape != (len(columns), len(types)):
        raise ValueError("weights do not fit terms and types")
    if found.arrays["said"].shape != (len(types), len(base.types)):
        raise ValueError("what the shipped model said does not fit its types")
    trust, pull = found.arrays["voices"].tolist()
    return SiteWeights(
        types=types,
        vocabulary=Vocabulary(columns, found.arrays["idf"].astype(np.float32)),
        weights=weights,
        learned=found.arrays["learned"],
        said=found.arrays["said"],
        trust=trust,
        pull=pull,
    )
