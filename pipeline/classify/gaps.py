"""Learning where documents begin: streams of pages whose starts are known."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from random import Random

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from pipeline.classify import starts
from pipeline.classify.corpus import TrainingPage
from pipeline.classify.model import Scores
from pipeline.classify.text_model import StartWeights

_FEWEST_PEOPLE, _FEWEST_HOUSES = 5, 4
_MOST_OPENINGS = 3000
_LOOSE = 10.0  # inverse of the regularisation


@dataclass(frozen=True, slots=True)
class Gaps:
    """Rows of starts.FEATURES, and whether a document begins after the gap."""

    rows: Scores = field(repr=False)
    begins: NDArray[np.bool_]
    fed: NDArray[np.bool_]  # whether the pages lay so in a stack


def joined(parts: Sequence[Gaps]) -> Gaps:
    """All gaps in one."""
    return Gaps(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.begins for part in parts]),
        np.concatenate([part.fed for part in parts]),
    )


def learn_openings(pages: Sequence[TrainingPage]) -> dict[str, float]:
    """Natural log-odds by word on top: first page of a document against a later one."""
    first: Counter[str] = Counter()
    later: Counter[str] = Counter()
    people: dict[str, set[str]] = {}
    houses: dict[str, set[str]] = {}  # a house's own name says nothing of the next
    for page in pages:
        words = set(starts.look_at(page.lines).top) if page.lines else set()
        (first if page.page == 1 else later).update(words)
        for word in words:
            people.setdefault(word, set()).add(page.person)
            houses.setdefault(word, set()).add(page.group)
    firsts = sum(page.page == 1 for page in pages) or 1
    laters = (len(pages) - firsts) or 1
    odds = {
        word: math.log((first[word] + 1) / (firsts + 2))
        - math.log((later[word] + 1) / (laters + 2))
        for word, who in people.items()
        if len(who) >= _FEWEST_PEOPLE and len(houses[word]) >= _FEWEST_HOUSES
    }
    telling = sorted(odds, key=lambda word: -abs(odds[word]) * len(people[word]))
    return {word: odds[word] / 2 for word in sorted(telling[:_MOST_OPENINGS])}


_ORDERS: tuple[Callable[[TrainingPage], tuple[str, ...]], ...] = (
    lambda _: (),
    lambda page: (page.group,),
    lambda page: (page.type, page.group),
)


def gaps_of(
    pages: Sequence[TrainingPage],
    own: Collection[int],
    scores: Scores,
    openings: Mapping[str, float],
    rng: Random,
) -> Gaps:
    """The gaps of three streams: papers shuffled, house by house, type by type.

    ``scores`` are held-out type scores by page. Neighbours of one house share heads and
    feet, and a row of notes of one type looks like one long note: both make a chart
    hard to cut. Stacks of charts are taken as they were fed. Only gaps before pages
    of ``own`` count.
    """
    rows, begins, fed = [], [], []
    for stream in (*_shuffled(pages, own, rng), *_as_fed(pages)):
        sides = {i: starts.look_at(pages[i].lines) for i in stream}
        for a, b in pairwise(stream):
            if b not in own:
                continue
            stays = starts.affinity(scores[a], scores[b])
            rows.append(starts.weigh_gap(sides[a], sides[b], openings, stays))
            begins.append(pages[a].document != pages[b].document)
            fed.append(bool(pages[b].batch))
    shaped = np.array(rows).reshape(-1, len(starts.FEATURES))
    return Gaps(shaped, np.array(begins, bool), np.array(fed, bool))


def _shuffled(
    pages: Sequence[TrainingPage], own: Collection[int], rng: Random
) -> Iterator[list[int]]:
    """Own pages that came in no stack, as three streams of whole papers."""
    loose = [i for i, page in enumerate(pages) if i in own and not page.batch]
    papers = [list(paper) for _, paper in groupby(loose, lambda i: pages[i].document)]
    papers = [paper for paper in papers if all(pages[i].lines for i in paper)]
    for order in _ORDERS:
        rng.shuffle(papers)
        papers.sort(key=lambda paper: order(pages[paper[0]]))
        yield [i for paper in papers for i in paper]


def _as_fed(pages: Sequence[TrainingPage]) -> Iterator[list[int]]:
    """Every stack in the order of its feeder, without pages that say nothing."""
    known = [i for i, page in enumerate(pages) if page.batch and page.lines]
    for _, stack in groupby(known, lambda i: pages[i].batch):
        yield list(stack)


def learn_starts(gaps: Gaps, openings: Mapping[str, float]) -> StartWeights:
    """Weights under which starts and continuations are equally likely beforehand.

    Gaps of stacks count as much as all shuffled ones, however few they are.
    """
    weight = np.ones(len(gaps.fed))
    if 0 < gaps.fed.sum() < len(gaps.fed):
        weight[gaps.fed] = (~gaps.fed).sum() / gaps.fed.sum()
    model = LogisticRegression(C=_LOOSE, class_weight="balanced", max_iter=3000)
    model.fit(gaps.rows, gaps.begins, weight)
    return StartWeights(model.coef_[0], float(model.intercept_[0]), dict(openings))


@dataclass(frozen=True, slots=True)
class CutsMeasured:
    """Shares 0..1 over held-out gaps; recall of starts, and of continuations."""

    gaps: int
    accuracy: float
    starts_found: float
    continuations_kept: float

    def as_row(self) -> dict[str, float]:
        return {
            "gaps": self.gaps,
            "accuracy": round(self.accuracy, 4),
            "starts_found": round(self.starts_found, 4),
            "continuations_kept": round(self.continuations_kept, 4),
        }


def measure_cuts(gaps: Gaps, weights: StartWeights) -> CutsMeasured:
    """How often the sign of the log-odds is right."""
    said = gaps.rows @ weights.weights + weights.intercept > 0
    right = said == gaps.begins
    return CutsMeasured(
        gaps=len(right),
        accuracy=float(right.mean()),
        starts_found=float(right[gaps.begins].mean()),
        continuations_kept=float(right[~gaps.begins].mean()),
    )
