"""From answers and checks to a certificate: which pages count, and what they show.

Counted are pages that the machine would have filed by itself, answered blind under the
plan's hash by the machine that is certified. A document on which people still differ
counts as wrong; one that nobody looked at does not count, and is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.checks import MachineAnswer
from pipeline.document import BatchId, DocumentType
from pipeline.review.certificate import Checked, certified, upper_bound
from pipeline.review.eprocess import shown
from pipeline.review.ladder import (
    RATES,
    Plan,
    Rung,
    descend,
    design_effect,
    thinned,
)
from pipeline.review.sampling import one_a_batch
from pipeline.review.verdict import Verdict

INHERITED = "inherited from a page of the document"
GROUNDS = {
    "cover": "cover barcode with printed agreement",
    "printed": "two printed groups",
    "folder": "one printed group, in the patient's own folder",
    "none": "other",
}
Trial = tuple[MachineAnswer, Verdict]


@dataclass(frozen=True, slots=True)
class RungShown:
    """What the pages say of one rung; ``counts`` are independent pages."""

    rung: Rung
    pages: int
    batches: int
    effect: float
    counts: Checked
    bound: float
    coverage: float  # of all pages that the machine answered
    evidence: float  # e-value against the loosest rate; valid at any moment
    grounds: Mapping[str, Checked]
    stations: Mapping[str, Checked]
    drawn: tuple[tuple[BatchId, int], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """What was shown: the rungs, and the rate that is certified for each."""

    rungs: tuple[RungShown, ...]
    rates: tuple[float, ...]  # of each rung, the strictest of RATES; 1 for none
    types: Mapping[DocumentType, Checked]  # documents, of another type
    open: int  # documents on which people still differ
    unseen: int  # documents that would have been filed and were not checked


@dataclass(frozen=True, slots=True)
class _Page:
    batch: BatchId
    number: int
    grounds: str
    station: str
    wrong: bool


def prove(
    answers: Sequence[MachineAnswer],
    verdicts: Mapping[str, Verdict],
    plan: Plan,
    secret: bytes,
) -> Proof:
    """The proof from one machine's answers under this plan, by document id."""
    trials = [(a, verdicts[a.document]) for a in answers if a.document in verdicts]
    pages = sum(len(answer.pages) for answer in answers)
    rungs = tuple(
        _shown(place, trials, answers, (pages, plan, secret))
        for place in range(len(plan.rungs))
    )
    rates = [1.0] * len(rungs)
    for asked in sorted(RATES, reverse=True):  # the strictest has the last word
        holds = descend([one.counts for one in rungs], asked)
        rates[:holds] = [asked] * holds
    return Proof(
        rungs=rungs,
        rates=tuple(rates),
        types=_types(trials),
        open=sum(v.open for answer, v in trials if answer.rung is not None),
        unseen=sum(a.rung is not None and a.document not in verdicts for a in answers),
    )


def accepted(answer: MachineAnswer, rung: int) -> bool:
    """Whether the document would have been filed under this rung's thresholds."""
    return answer.rung is not None and answer.rung <= rung


def _shown(
    place: int,
    trials: Sequence[Trial],
    answers: Sequence[MachineAnswer],
    of: tuple[int, Plan, bytes],
) -> RungShown:
    answered, plan, secret = of
    pages = [
        page
        for answer, verdict in trials
        if accepted(answer, place)
        for page in _pages(answer, verdict)
    ]
    sizes = Counter(page.batch for page in pages)
    effect, counted = 1.0, pages
    if plan.page_a_batch:
        lots = one_a_batch(((p.batch, p.number, p) for p in pages), secret)
        counted = [page for _, page in lots.values()]
    else:
        effect = design_effect(list(sizes.values()), plan.icc)
    counts = thinned(_count(counted), effect)
    filed = sum(len(a.pages) for a in answers if accepted(a, place))
    return RungShown(
        rung=plan.rungs[place],
        pages=len(pages),
        batches=len(sizes),
        effect=effect,
        counts=counts,
        bound=upper_bound(counts),
        coverage=filed / answered if answered else 0.0,
        evidence=shown((page.wrong for page in counted), max(RATES)),
        grounds=_by((page.grounds, page) for page in counted),
        stations=_by((page.station, page) for page in counted),
        drawn=tuple(sorted((page.batch, page.number) for page in counted)),
    )


def _pages(answer: MachineAnswer, verdict: Verdict) -> Iterable[_Page]:
    for number in answer.pages:
        own = number in answer.own_pages
        grounds = GROUNDS[answer.grounds] if own else INHERITED
        wrong = verdict.wrong_patient
        yield _Page(answer.batch, number, grounds, answer.lane.station, wrong)


def _count(pages: Sequence[_Page]) -> Checked:
    return Checked(len(pages), sum(page.wrong for page in pages))


def _by(pages: Iterable[tuple[str, _Page]]) -> dict[str, Checked]:
    kinds: dict[str, list[_Page]] = {}
    for kind, page in pages:
        kinds.setdefault(kind, []).append(page)
    return {kind: _count(some) for kind, some in sorted(kinds.items())}


def _types(trials: Sequence[Trial]) -> dict[DocumentType, Checked]:
    """Of each type, one document a batch: they are alike within it."""
    found: dict[DocumentType, dict[BatchId, list[bool]]] = {}
    for answer, verdict in trials:
        if answer.type is not None and answer.rung is not None:
            batches = found.setdefault(answer.type, {})
            batches.setdefault(answer.batch, []).append(verdict.wrong_type)
    return {
        kind: Checked(len(batches), sum(any(wrong) for wrong in batches.values()))
        for kind, batches in sorted(found.items())
    }


def types_certified(proof: Proof, error: float) -> tuple[DocumentType, ...]:
    """The types whose own bound on being another type is at most ``error``."""
    return tuple(k for k, found in proof.types.items() if certified(found, error))
