"""Where clerks say that documents begin: to learn from, and to compare models on.

A clerk who answers a document has seen its pages, and says with it that they are one
document; who cut it anew says so outright. So the gaps inside a verified document go
on, and where one lies beside another, the second begins. A gap with a page on either
side that was filed automatically, or that still waits, is not known and says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

import numpy as np

from pipeline.classify import starts
from pipeline.classify.features import legible_lines
from pipeline.classify.model import TypeModel
from pipeline.classify.site_starts import (
    HELD_FAST,
    CutsJudged,
    SiteGaps,
    fit_starts,
    summed,
)
from pipeline.classify.text_model import StartWeights, TextModel
from pipeline.document import BatchId, Cut, DocumentId, ScannedDocument
from pipeline.index.candidates import KeyedIndex
from pipeline.index.cut import cut_batch
from pipeline.index.rules import IndexRules
from pipeline.index.siterules import with_types
from pipeline.index.typenumbers import TypeNumbers
from pipeline.page import Page
from pipeline.site import Site
from pipeline.store.catalogue import Verified
from pipeline.wiring import index_of, with_forms_of

GAP_RULE = (
    "gaps inside and between documents that a clerk answered, none filed by rules"
)
_MOST_LEARNED = 20_000  # pages of train batches, those with cuts by hand first
_MOST_COMPARED = 2_000  # pages of frozen batches, cut twice
Tick = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class CutLessons:
    """What verified cuts taught: counts of gaps, and the weights that came of them.

    ``held`` is how hard these are held to the shipped ones.
    """

    starting: StartWeights = field(repr=False)
    held: float
    gaps: int
    begins: int
    by_hand: int  # beside or inside documents that a clerk cut anew
    batches: int

    @property
    def moved(self) -> StartWeights | None:
        """The weights, if they are not the shipped ones."""
        return None if self.held == HELD_FAST else self.starting

    def as_row(self) -> dict[str, float | None]:
        return {
            "gaps": self.gaps,
            "begins": self.begins,
            "cut by hand": self.by_hand,
            "batches": self.batches,
            "held": self.held if self.moved else None,
        }

    def told(self) -> str:
        """A sentence or two for the report."""
        seen = (
            f"{self.gaps} gaps of {self.batches} batches are known, {self.begins} of"
            f" them boundaries, {self.by_hand} of documents that clerks cut by hand."
        )
        if self.moved:
            return f"{seen} They moved the shipped weights (held by {self.held:g})."
        return f"{seen} They move nothing: the shipped weights stay."


def cut_lessons(
    site: Site, some: Sequence[Verified], shipped: TextModel, tick: Tick
) -> CutLessons:
    """The known gaps of these documents' batches, and what they teach."""
    hand = site.recuts.by_hand()
    known = [one for one in _known_cuts(some) if one.says_anything]
    known.sort(key=lambda one: hand.isdisjoint(d.id for d in one.documents))
    rows, begins, batches = [], [], []
    by_hand = seen = 0
    for place, one in enumerate(known):
        if seen >= _MOST_LEARNED:
            break
        pages = site.catalogue.pages(one.batch)
        seen += len(pages)
        gaps = shipped.gaps([legible_lines(page) for page in pages])
        for row, at in zip(gaps.rows, _numbers(pages, gaps), strict=True):
            begin = one.begins(*at)
            if begin is not None:
                rows.append(row)
                begins.append(begin)
                batches.append(place)
                by_hand += not hand.isdisjoint(one.beside(*at))
        tick("looking at cuts", place + 1, len(known))
    learned = SiteGaps(
        np.array(rows).reshape(-1, len(starts.FEATURES)),
        np.array(begins, np.bool_),
        np.array(batches, np.int_),
    )
    starting, held = fit_starts(learned, shipped.starting)
    counts = len(begins), sum(begins), by_hand, len(set(batches))
    return CutLessons(starting, held, *counts)


def _numbers(pages: Sequence[Page], gaps: starts.GapRows) -> Iterator[tuple[int, int]]:
    """Numbers of the pages before and after each gap."""
    for before, after in zip(gaps.before, gaps.after, strict=True):
        yield pages[before].number, pages[after].number


@dataclass(frozen=True, slots=True)
class KnownCut:
    """What the verified documents of one batch say of its gaps."""

    batch: BatchId
    documents: tuple[ScannedDocument, ...]

    @property
    def says_anything(self) -> bool:
        """Whether any gap can be known: two pages of clerks' documents."""
        return sum(len(one.pages) for one in self.documents) > 1

    def begins(self, before: int, after: int) -> bool | None:
        """Whether a document begins between two pages; None where it is not known."""
        one, other = self.of(before), self.of(after)
        if one is None or other is None:
            return None
        if one is other:
            at = one.pages.index
            return False if at(before) < at(after) else None  # a better scan, lent
        return True if other.pages[0] == after else None

    def of(self, number: int) -> ScannedDocument | None:
        return next((one for one in self.documents if number in one.pages), None)

    def beside(self, *numbers: int) -> set[DocumentId]:
        """The documents of these pages."""
        return {one.id for number in numbers if (one := self.of(number))}


def _known_cuts(some: Iterable[Verified]) -> Iterator[KnownCut]:
    order = sorted(some, key=lambda one: (one.document.batch, one.document.pages))
    for batch, own in groupby(order, key=lambda one: one.document.batch):
        yield KnownCut(batch, tuple(one.document for one in own))


# --- comparing -----------------------------------------------------------------------


def judge_cuts(
    site: Site,
    some: Sequence[Verified],
    models: tuple[TypeModel, TypeModel],
    tick: Tick,
) -> tuple[CutsJudged, CutsJudged]:
    """What both models make of the frozen batches, with all that the index knows."""
    patients, rules = index_of(site)
    rules = with_types(rules, site.type_facts.values())
    found: tuple[list[CutsJudged], list[CutsJudged]] = [], []
    known, seen = list(_known_cuts(some)), 0
    for done, one in enumerate(known, 1):
        if seen >= _MOST_COMPARED:
            break
        pages = site.catalogue.pages(one.batch)
        seen += len(pages)
        for model, counts in zip(models, found, strict=True):
            cut = _cut(site, one.batch, pages, model, (patients, rules))
            counts.append(judge_cut(one, pages, cut))
        tick("cutting anew", done, len(known))
    old, new = (summed(counts) for counts in found)
    return old, new


def _cut(
    site: Site,
    batch: BatchId,
    pages: Sequence[Page],
    model: TypeModel,
    index: tuple[KeyedIndex, IndexRules],
) -> Cut:
    patients, rules = index
    types = TypeNumbers(model.types, model.type_scores(pages))
    return cut_batch(
        site.catalogue.batch(batch),
        pages,
        types,
        model.start_scores(pages),
        patients,
        with_forms_of(model, rules),
    )


def judge_cut(known: KnownCut, pages: Sequence[Page], cut: Cut) -> CutsJudged:
    """One batch as a model cut it beside what is known; illegible sides left out."""
    said = [page.number for page in pages if page.legible]
    made = {
        number: reading.document.id
        for reading in cut.readings
        for number in reading.document.pages
    }
    begins = told = right = 0
    for before, after in pairwise(said):
        begin = known.begins(before, after)
        if begin is None:
            continue
        parted = made.get(after) is None or made.get(before) != made.get(after)
        begins, told, right = begins + begin, told + parted, right + (begin and parted)
    mine = {_worded(one.pages, said) for one in known.documents} - {frozenset()}
    theirs = {_worded(r.document.pages, said) for r in cut.readings}
    every = frozenset().union(*mine)
    touching = {own for own in theirs if own & every}
    return CutsJudged(
        begins, told, right, len(mine), len(touching), len(mine & touching)
    )


def _worded(pages: Iterable[int], said: Sequence[int]) -> frozenset[int]:
    return frozenset(pages).intersection(said)
