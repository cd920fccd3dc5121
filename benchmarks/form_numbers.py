"""What form numbers add to the words of a page, on pages already recognised.

`python -m benchmarks.form_numbers DATA CHARTS [DATA CHARTS ...]`

Within each charts folder the numbers are learned from half of the true documents, as a
site learns them from its clerks, and told of the others: the type of each content page
by itself, with and without them. A site needs three people who share a number; a small
folder hardly has them, so that one is enough here. Also how many of the numbers that
the truth prints were read, and how many that it does not print.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from benchmarks.charts.kinds import PageTruth
from benchmarks.documents.recut import Nobody, copied
from benchmarks.reading.truths import charts_in
from pipeline.document import DocumentType
from pipeline.flow import Tools
from pipeline.index.formnumbers import form_clues_of, numbers_in
from pipeline.index.formtypes import Seen, learned, with_forms
from pipeline.index.typenumbers import TypeNumbers
from pipeline.page import Page
from pipeline.site import open_site
from pipeline.wiring import tools_of

Read = tuple[PageTruth, Page]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+", metavar="DATA CHARTS")
    parser.add_argument("--people", type=int, default=1, help="that share a number")
    given = parser.parse_args()
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    for data, charts in zip(given.folders[::2], given.folders[1::2], strict=True):
        with tempfile.TemporaryDirectory() as work:
            tools = tools_of(open_site(copied(data, Path(work))), Nobody())
            pages = list(read_pages(tools, charts))
            _measure(pages, tools, given.people, tally)
    for level, counts in sorted(tally.items()):
        print(level, "numbers:", _numbers(counts), "types:", _types(counts))


def read_pages(tools: Tools, charts: Path) -> Iterator[Read]:
    """Content pages with their truth, each scanned side once."""
    truths = {(t.source, t.page): t for t in charts_in(charts).truths}
    places = {
        (line.batch, line.number): (line.source, line.page)
        for line in tools.catalogue.ledger()
        if line.number and line.first_batch is None
    }
    for batch in dict.fromkeys(batch for batch, _ in places):
        for page in tools.catalogue.pages(batch):
            truth = truths.get(places.get((batch, page.number), ("", 0)))
            if truth and truth.document and not truth.removed_as:
                yield truth, page


def _measure(
    read: list[Read], tools: Tools, people: int, tally: dict[str, Counter[str]]
) -> None:
    seen = (
        Seen(clue.value, _type(truth), truth.document or "", truth.mrn or "")
        for truth, page in read
        if _learns(truth)
        for clue in form_clues_of(page)
    )
    table = learned(seen, people)
    held = [(truth, page) for truth, page in read if not _learns(truth)]
    text = TypeNumbers(
        tools.types.types, tools.types.type_scores([page for _, page in held])
    )
    clues = [form_clues_of(page) for _, page in held]
    both = with_forms(text, clues, table)
    for row, (truth, _) in enumerate(held):
        told = {clue.value for clue in clues[row]}
        printed = set(numbers_in(truth.text))
        known = bool(told & set(table))
        for level in ("all", truth.level):
            tally[level].update(
                pages=1,
                printed=len(printed),
                found=len(told & printed),
                false=len(told - printed),
                known=known,
                known_before=known and _best(text, row) == _type(truth),
                known_after=known and _best(both, row) == _type(truth),
                before=_best(text, row) == _type(truth),
                after=_best(both, row) == _type(truth),
            )


def _learns(truth: PageTruth) -> bool:
    return hashlib.sha256(f"forms {truth.document}".encode()).digest()[0] % 2 == 0


def _type(truth: PageTruth) -> DocumentType:
    return DocumentType(truth.type or "")


def _best(numbers: TypeNumbers, row: int) -> DocumentType:
    return numbers.types[int(numbers.scores[row].argmax())]


def _numbers(n: Counter[str]) -> str:
    recall = n["found"] / max(n["printed"], 1)
    return f"{n['printed']} printed, {recall:.3f} read, {n['false']} others"


def _types(n: Counter[str]) -> str:
    pages = max(n["pages"], 1)
    return (
        f"{n['pages']} pages, {n['before'] / pages:.4f} right by words,"
        f" {n['after'] / pages:.4f} with numbers; where a learned number stands"
        f" ({n['known']}) {n['known_before']} and {n['known_after']} right"
    )


if __name__ == "__main__":
    main()
