"""The trap set's section for docs/measures.md: methods side by side, traps, origins."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

import numpy as np

from benchmarks.reading.tables import table
from benchmarks.traps import curve
from benchmarks.traps.figures import (
    Answers,
    by_group,
    certified_share,
    line_of,
    risk_coverage,
    shown,
)
from benchmarks.traps.pages import ABSENT_DOUBLE
from benchmarks.traps.peers import Answer
from benchmarks.traps.weighing import Weighed, shipped
from pipeline.review.certificate import Checked, upper_bound

OURS = "Chartfiler"
_LEAST = 1e-17  # of a doubt: beyond what a float of the confidence holds


@dataclass(frozen=True, slots=True)
class Run:
    """Both seeds as weighed, and Splink's answers to them if it was there."""

    people: int
    tune: Sequence[Weighed] = field(repr=False)
    report: Sequence[Weighed] = field(repr=False)
    splink: Mapping[str, Mapping[int, Answer]] = field(repr=False)


Pair = tuple[Answers, Answers]  # of the tuning seed, of the report's
Score = Callable[[Weighed], float]


def section(run: Run) -> list[str]:
    return [
        f"{run.people:,} people, {len(run.report):,} pages;"
        f" lines chosen on {len(run.tune):,} pages of another seed.",
        "",
        *_methods(run),
        "",
        *_groups(run),
        *_reasons(run),
        *_costs(run),
    ]


def methods(run: Run) -> dict[str, Pair]:
    """Every way to score a page, on both seeds."""
    pairs = {
        OURS: _both(run, lambda one: _gated(one, one.doubt)),
        "without shadows": _both(run, lambda one: _gated(one, one.unshadowed)),
        "without gates": _both(run, lambda one: _score(one.doubt)),
        "without either": _both(run, lambda one: _score(one.unshadowed)),
    }
    if run.splink:
        for name, place in (("Splink, best pair", 1), ("Splink, normalised", 2)):
            pairs[name] = (
                _splinks(run.tune, run.splink["tune"], place),
                _splinks(run.report, run.splink["report"], place),
            )
    return pairs


def _both(run: Run, score: Score) -> Pair:
    return _answers(run.tune, score), _answers(run.report, score)


def _answers(some: Sequence[Weighed], score: Score) -> Answers:
    scores = np.array([score(one) if one.best >= 0 else -math.inf for one in some])
    return Answers(scores, np.array([one.right for one in some], bool))


def _score(doubt: float) -> float:
    return -math.log10(max(doubt, _LEAST))


def _gated(one: Weighed, doubt: float) -> float:
    """The strictest line that it stands, doubt and margin moved as one.

    A rung of the certificate's ladder asks for a margin of as many bits as its doubt
    has, and three more: 16.6 at 1 in 10,000.
    """
    if one.reasons:
        return -math.inf
    return min(_score(doubt), (one.margin - _BEYOND) * math.log10(2))


def _beyond() -> float:
    rules = shipped()
    return rules.patient_margin + math.log2(1 - rules.patient_at_least)


_BEYOND = _beyond()  # bits of the shipped margin over those of the shipped doubt


def _splinks(
    some: Sequence[Weighed], found: Mapping[int, Answer], place: int
) -> Answers:
    scores, right = [], []
    for one in some:
        row, bits, doubt = found.get(one.truth.number, (-1, -math.inf, 1.0))
        scores.append(-math.inf if row < 0 else bits if place == 1 else _score(doubt))
        right.append(row == one.truth.row)
    return Answers(np.array(scores), np.array(right, bool))


def _methods(run: Run) -> Iterator[str]:
    rows = []
    pairs = methods(run)
    _, ours = pairs[OURS]
    said = f"p >= {shipped().patient_at_least}"
    fixed = shown(f"{OURS}, as shipped", ours, shipped_line(), said)
    rows.append([*fixed.cells(), ""])
    for name, (before, now) in pairs.items():
        line = line_of(before)
        share, found = certified_share(before, now)
        told = f"{share:.4f} ({found.wrong} of {found.documents:,})"
        rows.append([*shown(name, now, line, f"{line:.2f}").cells(), told])
    rules = _rules(run.report)
    rows.append([*shown("exact rules", rules, 0.0, "-").cells(), ""])
    head = ["method", "line", "filed", "wrong", "95 % bound", "bound <= 1e-4"]
    yield from table([*head, "certified by fixed sequence"], rows)
    yield _doubles(run, ours)


def _doubles(run: Run, ours: Answers) -> str:
    """How many of the wrong ones nobody could have told by what is printed."""
    told = by_group([one.truth.traps for one in run.report], ours, shipped_line())
    pages, found = told.get(ABSENT_DOUBLE, (0, Checked(0, 0)))
    return (
        f"{pages} pages are of somebody whom the index does not hold and who has name,"
        f" birth date and address of somebody whom it holds; {found.wrong} of them are"
        " among the wrong ones of the first line."
    )


def shipped_line() -> float:
    return _score(1 - shipped().patient_at_least)


def _rules(some: Sequence[Weighed]) -> Answers:
    scores = np.array([0.0 if one.by_rule >= 0 else -math.inf for one in some])
    return Answers(scores, np.array([o.by_rule == o.truth.row for o in some], bool))


def _groups(run: Run) -> Iterator[str]:
    """By trap and by origin, at the shipped threshold."""
    ours = methods(run)[OURS][1]
    line = shipped_line()
    rules = _rules(run.report)
    kinds = [one.truth.traps or ("none",) for one in run.report]
    rows = []
    beside = by_group(kinds, rules, 0.0)
    for name, (pages, found) in by_group(kinds, ours, line).items():
        other = beside[name][1]
        rows.append(
            [
                name,
                str(pages),
                f"{found.documents / pages:.3f}",
                str(found.wrong),
                f"{other.documents / pages:.3f}",
                str(other.wrong),
            ]
        )
    head = ["trap", "pages", "filed", "wrong", "exact rules file", "wrong"]
    yield from table(head, rows)
    yield ""
    yield from _origins(run, ours, line)


def _origins(run: Run, ours: Answers, line: float) -> Iterator[str]:
    """What is found, filed and misfiled of people of each origin, side by side."""
    known = [(one.truth.origin,) if one.truth.row >= 0 else () for one in run.report]
    every = [(one.truth.origin,) for one in run.report]
    wrong = by_group(every, ours, line)
    nearest = _answers(run.report, lambda _: 0.0)
    matched = by_group(known, nearest, 0.0)
    rows, waiting = [], []
    for name, (pages, found) in by_group(known, ours, line).items():
        bad = wrong[name][1]
        bound = upper_bound(Checked(bad.documents, bad.wrong))
        right = matched[name][1].documents - matched[name][1].wrong
        waiting.append(1 - found.documents / pages)
        told = [f"{right / pages:.3f}", f"{1 - waiting[-1]:.3f}", f"{waiting[-1]:.3f}"]
        rows.append([name, str(pages), *told, str(bad.wrong), f"{bound:.1e}"])
    head = ["name origin", "of people in the index", "the likeliest is right"]
    yield from table([*head, "filed", "waiting", "wrong", "95 % bound"], rows)
    yield ""
    yield f"Of an origin {min(waiting):.3f} to {max(waiting):.3f} wait."
    yield ""


def _reasons(run: Run) -> Iterator[str]:
    """Why pages of people in the index wait, and how many could not but wait."""
    at = 1 - shipped().patient_at_least
    known = [one for one in run.report if one.truth.row >= 0]
    counts: dict[str, int] = {}
    for one in known:
        why = one.reasons or (
            ("unsure of the patient",)
            if one.doubt > at
            else ("two patients fit",)
            if one.margin < shipped().patient_margin
            else ()
        )
        for reason in why[:1]:
            counts[reason] = counts.get(reason, 0) + 1
    fields = [set(one.truth.fields) for one in known]
    could = sum(map(_prints_enough, fields))
    yield f"{could / len(run.report):.4f} of all pages, about people in the index,"
    yield "print MRN or birth date and a second one of MRN, birth date, name, address"
    yield "and telephone."
    yield ""
    rows = [
        [reason, f"{count / len(run.report):.4f}"]
        for reason, count in sorted(counts.items(), key=lambda pair: -pair[1])
    ]
    yield from table(["first reason to wait", "of all pages"], rows)
    yield ""


def _prints_enough(fields: Set[str]) -> bool:
    """Whether the two groups that the gates ask for are printed at all."""
    strong = len(fields & {"mrn", "born"})
    return strong > 1 or bool(strong and fields & {"name", "address", "phone"})


def _costs(run: Run) -> Iterator[str]:
    took = np.array([one.scored for one in run.report]) * 1e3
    many = np.array([one.candidates for one in run.report])
    middle, high = np.percentile(took, [50, 95])
    yield f"Scoring and deciding a page, CPU ms: mean {took.mean():.2f}, median"
    yield f"{middle:.2f}, p95 {high:.2f}; {many.mean():.0f} candidates a page."


def picture(run: Run) -> str:
    """Risk over coverage of every method, on the report's pages."""
    curves = {name: risk_coverage(now) for name, (_, now) in methods(run).items()}
    return curve.svg(curves, "Wrong patients among the pages filed")
