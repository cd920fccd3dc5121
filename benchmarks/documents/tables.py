"""The tables of the section, as lines of Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.documents import scores
from benchmarks.documents.papers import (
    Paper,
    batches_of,
    by_hand,
    gaps_of,
    papers_of,
    right_through,
    told_papers,
)
from benchmarks.documents.rows import PageRow
from benchmarks.reading.tables import LEVELS, Table, share, table

Group = tuple[str, list[PageRow]]
_MOST_PAIRS = 15


def groups_of(rows: Sequence[PageRow]) -> list[Group]:
    """All pages by level, and those of batches with much handwriting."""
    found: list[Group] = [
        (level, [row for row in rows if row.level == level]) for level in LEVELS
    ]
    found = [(name, some) for name, some in found if some]
    if len(found) > 1:
        found.append(("all", list(rows)))
    written = [row for batch in batches_of(rows) if by_hand(batch) for row in batch]
    return [*found, ("charts kept by hand", written)] if written else found


def types(rows: Sequence[PageRow]) -> Table:
    """Documents and pages, by level; and documents mostly by hand."""
    body = []
    for name, some in groups_of(rows):
        body.append([name, *_typed(scores.typed_papers(papers_of(some)))])
    written = [paper for paper in papers_of(rows) if paper.by_hand]
    printed = [paper for paper in papers_of(rows) if not paper.by_hand]
    for name, papers in (("mostly by hand", written), ("mostly printed", printed)):
        if papers:
            body.append([name, *_typed(scores.typed_papers(papers))])
    for name, some in groups_of(rows):
        body.append([f"pages alone, {name}", *_typed(scores.typed_pages(some))])
    head = ["", "count", "accuracy", "macro-F1", "coverage at 1 % error", "AURC"]
    return table(head, body)


def _typed(found: scores.Typed) -> list[str]:
    return [
        str(found.count),
        share(found.accuracy, 3),
        share(found.macro_f1, 3),
        share(found.coverage_1, 3),
        share(found.aurc, 4),
    ]


def cuts(rows: Sequence[PageRow]) -> Table:
    """Boundaries and whole documents by level."""
    body = []
    told = told_papers(rows)
    for name, some in groups_of(rows):
        edges = scores.boundaries(gaps_of(some))
        made = told.get(name, sum(told_papers(some).values()))
        papers = papers_of(some)
        documents = scores.whole(papers, made)
        body.append(
            [
                name,
                str(edges.there),
                share(edges.precision, 3),
                share(edges.recall, 3),
                share(edges.f1, 3),
                str(len(papers)),
                share(documents.recall, 3),
                share(documents.f1, 3),
                share(sum(p.filed for p in papers) / max(len(papers), 1), 3),
            ]
        )
    head = ["", "boundaries", "precision", "recall", "F1", "documents", "whole"]
    return table([*head, "whole-document F1", "filed without a clerk"], body)


def streams(rows: Sequence[PageRow]) -> Table:
    """Batches that were cut without one error, by kind of batch."""
    kinds: dict[str, list[list[PageRow]]] = {}
    for batch in batches_of(rows):
        kind = batch[0].source.split("_")[0].split("-")[0]
        kinds.setdefault(kind, []).append(batch)
    body = [
        [
            kind,
            str(len(some)),
            f"{sum(map(len, some)) / len(some):.0f}",
            share(sum(map(right_through, some)) / len(some), 3),
        ]
        for kind, some in sorted(kinds.items())
    ]
    return table(["kind", "batches", "pages each", "cut without an error"], body)


def dates(rows: Sequence[PageRow]) -> Table:
    """Days of service of the documents that print them."""
    body = []
    for name, some in groups_of(rows):
        found = scores.dated(papers_of(some))
        body.append(
            [
                name,
                str(found.count),
                share(found.right, 3),
                share(found.wrong, 3),
                share(found.none, 3),
            ]
        )
    return table(["", "documents that print it", "right", "wrong", "none told"], body)


def confusions(rows: Sequence[PageRow]) -> Table:
    """The pairs that are taken for each other most often."""
    papers = papers_of(rows)
    pairs = scores.confusions(papers)[:_MOST_PAIRS]
    body = [[truth, told, str(count)] for (truth, told), count in pairs]
    return table(["is", "told", "documents"], body)


def by_type(rows: Sequence[PageRow]) -> Table:
    """Precision, recall and F1 of every type that occurs."""
    papers = papers_of(rows)
    body = []
    for kind in sorted({paper.type for paper in papers}):
        found = scores.Found(
            sum(p.type == kind for p in papers),
            sum(p.typed == kind for p in papers),
            sum(p.type == kind == p.typed for p in papers),
        )
        shares = (found.precision, found.recall, found.f1)
        body.append([kind, str(found.there), *(share(x, 3) for x in shares)])
    return table(["type", "documents", "precision", "recall", "F1"], body)


def worst(papers: Sequence[Paper]) -> Table:
    """Documents with what went wrong."""
    body = [
        [
            f"{paper.rows[0].source} {_span(paper)}",
            paper.level,
            paper.type,
            f"{paper.typed} ({paper.sure:.2f})",
            wrong_with(paper),
        ]
        for paper in papers
    ]
    return table(["pages", "level", "is", "told", "what went wrong"], body)


def _span(paper: Paper) -> str:
    numbers = [row.page for row in paper.rows]
    return f"p. {min(numbers)}" + (f"-{max(numbers)}" if len(numbers) > 1 else "")


def wrong_with(paper: Paper) -> str:
    """In a few words, from the numbers alone."""
    told = []
    if paper.told is None:
        return "every page was set aside or lost"
    if paper.type != paper.typed:
        one = paper.rows[0].told
        told.append(f"type; page 1 alone: {one.page_type} ({one.page_sure:.2f})")
    if not paper.whole:
        parts = {row.told.document for row in paper.rows}
        told.append(
            f"cut into {len(parts)}" if len(parts) > 1 else "joined with others"
        )
    if paper.date_printed and paper.date_told != paper.rows[0].date:
        told.append("no date told" if paper.date_told is None else "another date")
    if paper.by_hand:
        told.append("mostly by hand")
    return "; ".join(told)


def ten_worst(rows: Sequence[PageRow], most: int = 10) -> list[Paper]:
    """Wrong types first, the surest first; then wrong cuts."""
    papers = papers_of(rows)
    wrong = [p for p in papers if p.type != p.typed or not p.whole]
    wrong.sort(key=lambda p: (p.type == p.typed, -p.sure))
    return wrong[:most]
