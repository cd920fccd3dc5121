"""The figures of issue 4: types, boundaries, whole documents, dates; shares 0..1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from benchmarks.documents.papers import Gap, Paper
from benchmarks.documents.rows import PageRow

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Typed:
    """Of some documents or pages: how right the types are, and how honest."""

    count: int
    accuracy: float
    macro_f1: float
    coverage_1: float  # the largest share that can be accepted with 1 % of it wrong
    aurc: float  # mean risk over all coverages


def typed_papers(papers: Sequence[Paper]) -> Typed:
    """Documents: a type is right where the machine's document says it."""
    return typed([(p.type, p.typed, p.sure) for p in papers])


def typed_pages(pages: Sequence[PageRow]) -> Typed:
    """Content pages, each by itself, as the type model alone has it."""
    return typed(
        [
            (row.type or "", row.told.page_type or "nothing", row.told.page_sure)
            for row in pages
            if row.content
        ]
    )


def typed(told: Sequence[tuple[str, str, float]]) -> Typed:
    """From (truth, guess, probability of the guess)."""
    right = np.array([truth == guess for truth, guess, _ in told], bool)
    sure = np.array([p for *_, p in told], np.float64)
    _, risk = risk_coverage(sure, right)
    return Typed(
        count=len(told),
        accuracy=float(right.mean()) if len(told) else 0.0,
        macro_f1=macro_f1([(truth, guess) for truth, guess, _ in told]),
        coverage_1=coverage(sure, right, 0.01),
        aurc=float(risk.mean()) if len(told) else 0.0,
    )


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Mean F1 over the types that occur in the truth."""
    true, guessed = Counter(t for t, _ in pairs), Counter(g for _, g in pairs)
    hits = Counter(t for t, g in pairs if t == g)
    each = [2 * hits[kind] / (true[kind] + guessed[kind]) for kind in true]
    return float(np.mean(each)) if each else 0.0


def risk_coverage(sure: Numbers, right: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """Share accepted and share of it that is wrong, surest first; ties as they come."""
    order = np.argsort(-sure, kind="stable")
    accepted = np.arange(1, len(order) + 1)
    return accepted / max(len(order), 1), np.cumsum(~right[order]) / accepted


def coverage(sure: Numbers, right: NDArray[np.bool_], risk: float) -> float:
    """The largest share that can be accepted at this risk; ties count together."""
    order = np.argsort(-sure, kind="stable")
    share, wrong = risk_coverage(sure, right)
    last = np.append(np.diff(sure[order]) != 0, [True])[: len(order)]
    return float(share[(wrong <= risk) & last].max(initial=0.0))


@dataclass(frozen=True, slots=True)
class Found:
    """Precision, recall and F1 of things found."""

    there: int
    told: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / self.told if self.told else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.there if self.there else 0.0

    @property
    def f1(self) -> float:
        both = self.there + self.told
        return 2 * self.right / both if both else 0.0


def boundaries(gaps: Sequence[Gap]) -> Found:
    """Starts of documents among the gaps; a batch's first page is not counted."""
    return Found(
        there=sum(gap.begins for gap in gaps),
        told=sum(gap.told for gap in gaps),
        right=sum(gap.begins and gap.told for gap in gaps),
    )


def whole(papers: Sequence[Paper], told: int) -> Found:
    """Documents with exactly their pages, among the true ones and those told."""
    return Found(len(papers), told, sum(paper.whole for paper in papers))


@dataclass(frozen=True, slots=True)
class Dated:
    """Shares of the documents that print their day of service."""

    count: int
    right: float
    wrong: float
    none: float


def dated(papers: Sequence[Paper]) -> Dated:
    known = [paper for paper in papers if paper.date_printed]

    def share(fits: Callable[[Paper], bool]) -> float:
        return sum(map(fits, known)) / len(known) if known else 0.0

    right = share(lambda paper: paper.date_told == paper.rows[0].date)
    none = share(lambda paper: paper.date_told is None)
    wrong = max(1 - right - none, 0.0) if known else 0.0
    return Dated(len(known), right, wrong, none)


def confusions(papers: Sequence[Paper]) -> list[tuple[tuple[str, str], int]]:
    """(truth, told) of wrong documents, most frequent first."""
    pairs = Counter((p.type, p.typed) for p in papers if p.type != p.typed)
    return sorted(pairs.items(), key=lambda item: (-item[1], item[0]))


def auroc(strange: Sequence[float], unknown: Sequence[bool]) -> float:
    """How well a number parts the unknown from the known; nan where one is missing."""
    if len(set(unknown)) < 2:
        return float("nan")
    return float(roc_auc_score(unknown, strange))
