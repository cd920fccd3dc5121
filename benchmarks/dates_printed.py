"""Service dates on pages as they are printed, without any recognition.

`python -m benchmarks.dates_printed --split tune --seed 103 --pages 300 [--misses]`

What the finder of dates misses by itself, on forms of houses that it was not made on:
the charts generator prints the pages and their printed words are taken as read. Births
and types are the truth's; stays are not known. Documents count whose day stands in
print. A hundred pages take some twenty seconds; nothing is scanned.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import get_args

from benchmarks.charts.kinds import PageTruth, PrintedWord, Side, Split
from benchmarks.charts.pile import lay
from benchmarks.charts.plan import Request, make_plan
from benchmarks.charts.press import Press
from benchmarks.charts.splits import DEFAULT_REPORTS
from benchmarks.charts.works import tasks_of
from benchmarks.dates_recall import stands
from pipeline.index.cluerules import ClueRules
from pipeline.index.clues import clues_of
from pipeline.index.numbers import MrnFormat
from pipeline.index.service import Paper, service_dates
from pipeline.page import Box, Page, Quality, Word

RULES = ClueRules(dt.date(2026, 1, 1), MrnFormat((8,), "", "none"))
_DPI, _POINTS = 300, 72
_SURE = 0.97
_QUALITY = Quality(
    ink=0.05, blank=False, dpi=_DPI, sharpness=10.0, noise=1.0, skew=0.0,
    legibility=_SURE,
)  # fmt: skip
Printed = list[tuple[PageTruth, Page]]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--split", choices=get_args(Split), default="tune")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--reports", type=Path, default=DEFAULT_REPORTS)
    parser.add_argument(
        "--misses", action="store_true", help="name them; not of report"
    )
    given = parser.parse_args()
    if given.misses and given.split == "report":
        raise SystemExit("nobody looks at single pages of the report split")
    reports = given.reports if given.reports.exists() else None
    request = Request(given.split, given.seed, given.pages, reports=reports)
    tally: Counter[str] = Counter()
    for paper in papers(request):
        outcome = told(paper)
        if outcome:
            tally[outcome] += 1
        if given.misses and outcome not in ("", "right"):
            truth = paper[0][0]
            print(truth.document, truth.house, truth.type, truth.service_date, outcome)
    total = max(tally.total(), 1)
    print(
        f"{tally.total()} print their day: {tally['right'] / total:.3f} right,"
        f" {tally['wrong']} wrong, {tally['none']} without"
    )


def papers(request: Request) -> Iterator[Printed]:
    """The documents of a plan with their pages as printed."""
    plan = make_plan(request)
    with Press() as press:
        for task in tasks_of(plan.batches):
            orders = [item.order for piece in task for item in piece.items]
            sides = iter(press.print(orders))
            for piece in task:
                found: dict[str, Printed] = defaultdict(list)
                own = [(item, next(sides)) for item in piece.items]
                rng = Random(f"{piece.batch.seed}/lay/{piece.first}")
                for leaf in lay(own, piece.batch, rng):
                    truth = leaf.truth
                    if leaf.side is None or truth.removed_as or leaf.again:
                        continue
                    paper = found[truth.document or ""]
                    paper.append((truth, page_of(leaf.side, len(paper) + 1)))
                yield from found.values()


def page_of(side: Side, number: int) -> Page:
    """The printed words of a side as a page of 300 dpi, in lines from the top."""
    rows: list[list[PrintedWord]] = []
    for word in sorted((w for w in side.words if not w.hand), key=_middle):
        height = word.box[3] - word.box[1]
        if not rows or _middle(word) > _mean(rows[-1]) + 0.4 * height:
            rows.append([])
        rows[-1].append(word)
    words = [
        Word(word.text, Box(*(x * _DPI / _POINTS for x in word.box)), _SURE, line)
        for line, row in enumerate(rows)
        for word in sorted(row, key=lambda word: word.box[0])
    ]
    size = round(8.5 * _DPI), 11 * _DPI
    return Page(number, size, tuple(words), (), _DPI, 0, _QUALITY, "printed")


def _middle(word: PrintedWord) -> float:
    return (word.box[1] + word.box[3]) / 2


def _mean(row: Sequence[PrintedWord]) -> float:
    return sum(map(_middle, row)) / len(row)


def told(paper: Printed) -> str:
    """Right, wrong or none; "" where the day is not printed."""
    truth = paper[0][0]
    if not truth.service_date:
        return ""
    day = dt.date.fromisoformat(truth.service_date)
    if not any(stands(day, page.text) for page, _ in paper):
        return ""
    clues = tuple(clue for _, page in paper for clue in clues_of(page, RULES))
    born = dt.date.fromisoformat(truth.birth_date) if truth.birth_date else None
    about = replace(Paper(RULES.received), kind=truth.type or "", born=born)
    found = service_dates(clues, about)
    if not found:
        return "none"
    return "right" if found[0].value == day else "wrong"


if __name__ == "__main__":
    main()
