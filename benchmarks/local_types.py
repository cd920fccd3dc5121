"""How many examples a local type needs: `python -m benchmarks.local_types --seed 1`.

300 local types (benchmarks/local_papers.py) share the shipped ones; a clerk has typed
10, 30 or 100 documents of each, every one about another patient, read with two
characters in a hundred wrong. On ten more of each it prints how often the right one is
first, and among the five that a clerk is shown; beside it the shipped type at least.
--numbered prints each type's own form number at the foot and learns it as well.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from benchmarks.local_numbers import numbers_seen, with_number, with_numbers
from benchmarks.local_papers import TYPES, LocalType, local_types, pages_of, papers
from pipeline.classify.corpus import TrainingPage
from pipeline.classify.model import Scores
from pipeline.classify.printing import misread
from pipeline.classify.site_fit import SitePages, fit_site
from pipeline.classify.site_model import SiteWeights, mixed
from pipeline.classify.site_terms import site_terms
from pipeline.classify.text_model import TextModel, load_model
from pipeline.document import DocumentType
from pipeline.index.formtypes import FormTable
from pipeline.learning import document_score

SHIPPED = Path(__file__).parent.parent / "models" / "types"
READ_WRONG = 0.02  # of the characters
HELD_OUT = 10  # documents of each type
SHOWN = 5
NO_FORMS: FormTable = {}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--types", type=int, default=TYPES)
    parser.add_argument("--examples", type=int, nargs="+", default=[10, 30, 100])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--model", type=Path, default=SHIPPED)
    about = "print a form number on every page, misread like all else"
    parser.add_argument("--numbered", action="store_true", help=about)
    given = parser.parse_args()
    base = load_model(given.model)
    locals_ = local_types(given.seed, given.types)
    write = partial(written, seed=given.seed, base=base, numbered=given.numbered)
    tested = write(locals_, max(given.examples), HELD_OUT)
    print(f"{len(locals_)} local types like {len({t.like for t in locals_})} shipped;")
    print(f"{len(locals_) * HELD_OUT} documents held out; seed {given.seed}\n")
    print("| examples | pages | first | first five | shipped type | refit |")
    print("|---|---|---|---|---|---|")
    learned = write(locals_, 0, max(given.examples))
    for examples in given.examples:
        some = learned.first(examples)
        began = time.perf_counter()
        site = fit_site(SitePages(some.pages, some.base, base.types, likes(locals_)))
        spent = time.perf_counter() - began
        table = numbers_seen(some.pages) if given.numbered else {}
        row = figures(site, tested, likes(locals_), table)
        print(f"| {examples} | {len(some.pages)} | {row} | {spent:.0f} s |", flush=True)


@dataclass(frozen=True, slots=True)
class Written:
    """Pages with the shipped model's word on them; ``number`` of each one's paper."""

    pages: list[TrainingPage] = field(repr=False)
    base: Scores = field(repr=False)
    number: NDArray[np.int_] = field(repr=False)

    def first(self, examples: int) -> Written:
        """The pages of so many papers of each type."""
        at = np.flatnonzero(self.number < examples)
        pages = [self.pages[i] for i in at]
        return Written(pages, self.base[at], self.number[at])


def written(
    some: Sequence[LocalType],
    first: int,
    count: int,
    seed: int,
    base: TextModel,
    *,
    numbered: bool = False,
) -> Written:
    pages, number = [], []
    for nth, local in enumerate(some):
        rng = Random(f"{seed}/{local.key}/{first}/read")
        for n, paper in enumerate(papers(local, first, count, seed)):
            for page in pages_of(paper, local, f"{local.key}/{first + n}"):
                whole = with_number(page, local, nth) if numbered else page
                lines = misread(whole.lines, READ_WRONG, rng)
                pages.append(replace(page, lines=lines))
                number.append(n)
    scores = base.type_lines([page.lines for page in pages])
    return Written(pages, scores, np.array(number))


def likes(some: Sequence[LocalType]) -> dict[DocumentType, DocumentType]:
    return {local.key: local.like for local in some}


def figures(
    site: SiteWeights,
    tested: Written,
    like: Mapping[DocumentType, DocumentType],
    table: FormTable = NO_FORMS,
) -> str:
    """First, among the first five, and right as to the shipped type, of documents."""
    voices = site.trust, site.pull
    near = np.array(
        [site.near(site.vocabulary.weigh(site_terms(p.lines))) for p in tested.pages]
    )
    scores = mixed(tested.base, site.said, near, voices)
    scores = with_numbers(site.types, scores, tested.pages, table)
    pairs = []
    for _, own in groupby(range(len(scores)), key=lambda i: tested.pages[i].document):
        rows = [*own]
        order = np.argsort(-document_score(scores[rows]))[:SHOWN]
        pairs.append(([site.types[i] for i in order], tested.pages[rows[0]].type))
    first = np.mean([row[0] == kind for row, kind in pairs])
    five = np.mean([kind in row for row, kind in pairs])
    shipped = np.mean([like.get(row[0], row[0]) == like[kind] for row, kind in pairs])
    return f"{first:.3f} | {five:.3f} | {shipped:.3f}"


if __name__ == "__main__":
    main()
