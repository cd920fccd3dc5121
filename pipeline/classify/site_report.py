"""How a proposed model does on verified documents that neither model learned from.

Figures for people, as Markdown: both models side by side, each type, what is taken for
what, and how honest the probabilities are. Documents count, not pages; those of a batch
are alike, so that few batches say less than their documents seem to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipeline.classify.measure import Measured, coverage, measure
from pipeline.classify.model import Scores
from pipeline.classify.site_starts import CutsJudged
from pipeline.document import DocumentType

_PAIRS = 20  # confusions shown
_BINS = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """A model's word on verified documents.

    ``scores`` (documents, types) are natural log probabilities over ``types``, which
    include every true type, impossible where the model does not know it.
    """

    model: str
    types: tuple[DocumentType, ...]
    scores: Scores = field(repr=False)
    truth: NDArray[np.int_] = field(repr=False)

    @property
    def best(self) -> NDArray[np.int_]:
        """(documents,): the column of the likeliest type."""
        found: NDArray[np.int_] = self.scores.argmax(axis=1)
        return found

    @property
    def sure(self) -> Scores:
        """(documents,): its probability."""
        found: Scores = np.exp(self.scores.max(axis=1))
        return found

    def measured(self) -> Measured:
        """Accuracy, macro-F1, calibration and coverage; of at least one document."""
        return measure(self.scores, self.truth)

    def coverage(self, wrong: float) -> float:
        """The share that can be accepted with a share ``wrong`` of it wrong."""
        return coverage(self.sure, self.best == self.truth, wrong)

    def filed_as(self, kind: DocumentType, line: float) -> tuple[int, int]:
        """Documents that would be filed as this type, and how many are another."""
        column = self.types.index(kind)
        taken = (self.best == column) & (self.sure >= line)
        return int(taken.sum()), int((taken & (self.truth != column)).sum())


def judged(
    model: str,
    types: Sequence[DocumentType],
    scores: Scores,
    truth: Sequence[DocumentType],
) -> Judged:
    """A model's log scores (documents, types), normalised, beside the true types."""
    every = (*types, *sorted(set(truth) - set(types)))
    known = scores - scores.max(axis=1, keepdims=True, initial=-np.inf)
    known = known - np.log(np.exp(known).sum(axis=1, keepdims=True))
    full = np.full((len(truth), len(every)), -np.inf)
    full[:, : len(types)] = known
    columns = np.array([every.index(kind) for kind in truth], np.int_)
    return Judged(model, every, full, columns)


def write_report(
    about: Sequence[str],
    champion: Judged,
    challenger: Judged,
    local: Mapping[DocumentType, str],
) -> str:
    """Markdown; ``about`` are its first lines, ``local`` what is said of each bound."""
    lines = [f"# {challenger.model}", "", *about, ""]
    if not len(challenger.truth):
        lines.append("No verified document lies in the frozen set yet: not measured.")
    else:
        lines += _overall(champion, challenger)
        lines += ["", "## Types", "", *_each(challenger, local)]
        lines += ["", "## Taken for another", "", *_confusions(challenger)]
        lines += ["", "## Probabilities", "", *_reliability(champion, challenger)]
    return "\n".join(lines) + "\n"


def write_cuts(learned: str, champion: CutsJudged, challenger: CutsJudged) -> str:
    """Markdown: what was learned of where documents begin, and what it does."""
    lines = ["", "## Where documents begin", "", learned]
    if champion.documents:
        lines += ["", "| on frozen batches | live | this |", "|---|---|---|"]
        for name, old, new in zip(
            ("boundary F1", "whole-document F1"),
            (champion.boundary_f1, champion.document_f1),
            (challenger.boundary_f1, challenger.document_f1),
            strict=True,
        ):
            lines.append(f"| {name} | {old:.3f} | {new:.3f} |")
        lines += [
            "",
            f"{champion.begins} known boundaries and {champion.documents} verified"
            " documents, cut anew with all else that the index knows.",
        ]
    return "\n".join(lines) + "\n"


def _overall(champion: Judged, challenger: Judged) -> Iterator[str]:
    yield f"| on {len(challenger.truth)} documents | {champion.model} (live) | this |"
    yield "|---|---|---|"
    old, new = champion.measured(), challenger.measured()
    yield f"| accuracy | {old.accuracy:.3f} | {new.accuracy:.3f} |"
    yield f"| macro-F1 | {old.macro_f1:.3f} | {new.macro_f1:.3f} |"
    for wrong in (0.005, 0.01):
        row = [f"{one.coverage(wrong):.3f}" for one in (champion, challenger)]
        yield f"| coverage at {wrong:.1%} wrong | {' | '.join(row)} |"
    yield f"| calibration error (ECE) | {old.ece:.3f} | {new.ece:.3f} |"


def _each(one: Judged, local: Mapping[DocumentType, str]) -> Iterator[str]:
    yield "| type | documents | precision | recall | filed without a clerk |"
    yield "|---|---|---|---|---|"
    for column, kind in enumerate(one.types):
        own, called = one.truth == column, one.best == column
        if not own.any() and not called.any():
            continue
        hits = int((own & called).sum())
        precision, recall = _share(hits, called.sum()), _share(hits, own.sum())
        bound = local.get(kind, "as shipped")
        yield f"| {kind} | {own.sum()} | {precision} | {recall} | {bound} |"


def _share(hits: int, of: int) -> str:
    return f"{hits / of:.3f}" if of else "-"


def _confusions(one: Judged) -> Iterator[str]:
    wrong = one.best != one.truth
    pairs = Counter(
        zip(one.truth[wrong].tolist(), one.best[wrong].tolist(), strict=True)
    )
    if not pairs:
        yield "None."
        return
    yield "| is | was called | documents |"
    yield "|---|---|---|"
    for (truth, best), times in pairs.most_common(_PAIRS):
        yield f"| {one.types[truth]} | {one.types[best]} | {times} |"


def _reliability(champion: Judged, challenger: Judged) -> Iterator[str]:
    yield "| probability | live: documents | right | this: documents | right |"
    yield "|---|---|---|---|---|"
    for part in range(_BINS):
        cells = [_bin(one, part) for one in (champion, challenger)]
        if any(cells):
            told = " | ".join(cell or "0 | -" for cell in cells)
            yield f"| {part / _BINS:.1f} to {(part + 1) / _BINS:.1f} | {told} |"


def _bin(one: Judged, part: int) -> str:
    own = np.minimum((one.sure * _BINS).astype(int), _BINS - 1) == part
    right = (one.best == one.truth)[own]
    return f"{own.sum()} | {right.mean():.3f}" if own.any() else ""
