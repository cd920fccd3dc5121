"""What the sides of sheets say of where documents begin, on pages already recognised.

`python -m benchmarks.duplex DATA CHARTS [DATA CHARTS ...] [--two-sided 0.5]`

The content pages of charts worked into data folders are laid as a duplex scanner gives
them: each document begins on a front, a share of them printed on both sides, every
other back blank. Cut so, and once more without the blank backs (a scanner that drops
them), which differs in nothing but what the sides tell. --slips is the share of
documents that begin on the back of the one before.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from random import Random

from benchmarks.documents.recut import Nobody, copied
from benchmarks.documents.scores import Found
from benchmarks.reading.truths import charts_in
from pipeline.document import Batch
from pipeline.flow import Tools, index_rules
from pipeline.index.cut import cut_batch
from pipeline.index.typenumbers import TypeNumbers
from pipeline.page import Page
from pipeline.site import open_site
from pipeline.wiring import tools_of

Papers = list[list[Page]]


@dataclass(frozen=True, slots=True)
class Stack:
    """Sides in the feeder's order, and the numbers on which a document begins."""

    sides: tuple[Page, ...]
    begins: frozenset[int]

    def without_blanks(self) -> Stack:
        kept = [side for side in self.sides if not side.quality.blank]
        now = {side.number: at for at, side in enumerate(kept, 1)}
        sides = tuple(replace(side, number=now[side.number]) for side in kept)
        return Stack(sides, frozenset(now[number] for number in self.begins))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+", metavar="DATA CHARTS")
    parser.add_argument("--two-sided", type=float, default=0.5)
    parser.add_argument("--slips", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rng = Random(given.seed)
    found: dict[str, list[Found]] = {"with their backs": [], "without": []}
    for data, charts in zip(given.folders[::2], given.folders[1::2], strict=True):
        with tempfile.TemporaryDirectory() as work:
            tools = tools_of(open_site(copied(data, Path(work))), Nobody())
            for batch, papers in _papers(tools, charts):
                stack = laid(papers, rng, given.two_sided, given.slips)
                found["with their backs"].append(_cut(batch, stack, tools))
                found["without"].append(_cut(batch, stack.without_blanks(), tools))
    for name, some in found.items():
        total = Found(*(sum(getattr(x, k) for x in some) for k in Found.__slots__))
        print(
            f"{name:18} {total.there} boundaries, precision {total.precision:.4f},"
            f" recall {total.recall:.4f}, F1 {total.f1:.4f}"
        )


def _papers(tools: Tools, charts: Path) -> Iterator[tuple[Batch, Papers]]:
    """The true documents of every batch, as they were fed, with their pages as read."""
    truths = {(t.source, t.page): t for t in charts_in(charts).truths}
    lines = [line for line in tools.catalogue.ledger() if line.number]
    lines = [line for line in lines if line.first_batch is None]
    lines.sort(key=lambda line: (line.batch, line.number))
    for id_, own in groupby(lines, key=lambda line: line.batch):
        read = {page.number: page for page in tools.catalogue.pages(id_)}
        known = [
            (read[x.number], truths.get((x.source, x.page)))
            for x in own
            if x.number in read
        ]
        fed = [(page, t.document) for page, t in known if t and not t.removed_as]
        papers = [[p for p, _ in some] for _, some in groupby(fed, lambda x: x[1])]
        if len(papers) > 1:
            yield tools.catalogue.batch(id_), papers


def laid(papers: Papers, rng: Random, two_sided: float, slips: float) -> Stack:
    """The papers on sheets; a blank back wherever nothing stands on it."""
    sides: list[Page] = []
    begins: set[int] = set()
    for paper in papers:
        both = rng.random() < two_sided
        if sides and sides[-1].quality.blank and rng.random() < slips:
            sides.pop()
        begins.add(len(sides) + 1)
        for page in paper:
            sides.append(replace(page, number=len(sides) + 1))
            if not both and len(sides) % 2:
                sides.append(_blank(page, len(sides) + 1))
        if len(sides) % 2:
            sides.append(_blank(paper[-1], len(sides) + 1))
    return Stack(tuple(sides), frozenset(begins))


def _blank(front: Page, number: int) -> Page:
    empty = replace(front.quality, blank=True, ink=0.0)
    return replace(front, number=number, words=(), marks=(), quality=empty)


def _cut(batch: Batch, stack: Stack, tools: Tools) -> Found:
    """Boundaries told and there; that of the first page is not counted."""
    pages: Sequence[Page] = stack.sides
    types = TypeNumbers(tools.types.types, tools.types.type_scores(pages))
    starts = tools.types.start_scores(pages)
    cut = cut_batch(batch, pages, types, starts, tools.patients, index_rules(tools))
    told = {reading.document.pages[0] for reading in cut.readings} - {1}
    there = stack.begins - {1}
    return Found(len(there), len(told), len(told & there))


if __name__ == "__main__":
    main()
