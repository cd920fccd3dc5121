"""Papers made of rows: the true ones, and what became of each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from benchmarks.documents.rows import PageKey, PageRow

MOSTLY_BY_HAND = 0.5  # share of a paper's words
MUCH_BY_HAND = 0.25  # share of a batch's words: a chart kept by hand


@dataclass(frozen=True, slots=True)
class Paper:
    """One true document; ``told`` is the row of the page that speaks for it.

    That is a page of the machine's document which holds most of its pages, the first
    on a tie; None where every page of it was set aside or lost.
    """

    rows: tuple[PageRow, ...] = field(repr=False)
    told: PageRow | None
    whole: bool  # its pages are one document of the machine's, but for blank sides

    @property
    def type(self) -> str:
        return self.rows[0].type or ""

    @property
    def level(self) -> str:
        return self.rows[0].level

    @property
    def typed(self) -> str:
        return (self.told.told.type if self.told else None) or "nothing"

    @property
    def sure(self) -> float:
        return self.told.told.sure if self.told else 0.0

    @property
    def filed(self) -> bool:
        return all(row.told.filed for row in self.rows)

    @property
    def by_hand(self) -> bool:
        words = sum(row.by_hand for row in self.rows)
        return words > MOSTLY_BY_HAND * (words + sum(r.printed for r in self.rows))

    @property
    def date_printed(self) -> bool:
        return any(row.date_printed for row in self.rows)

    @property
    def date_told(self) -> str | None:
        return self.told.told.date if self.told else None


@dataclass(frozen=True, slots=True)
class Gap:
    """Between two content pages of one batch; named by the page after it."""

    after: PageRow = field(repr=False)
    begins: bool
    told: bool


def papers_of(rows: Iterable[PageRow]) -> list[Paper]:
    """The true documents, by run, in the order of their first pages."""
    true: dict[tuple[str, str], list[PageRow]] = defaultdict(list)
    told: dict[tuple[str, str], set[PageKey]] = defaultdict(set)
    for row in rows:
        if row.content and row.document:
            true[row.of, row.document].append(row)
        if row.content and row.told.document:
            told[row.of, row.told.document].add((row.source, row.page))
    return [_paper(own, told) for own in true.values()]


def _paper(rows: list[PageRow], told: dict[tuple[str, str], set[PageKey]]) -> Paper:
    named = Counter(row.told.document for row in rows if row.told.document)
    if not named:
        return Paper(tuple(rows), None, whole=False)
    [(most, _)] = named.most_common(1)
    speaker = next(row for row in rows if row.told.document == most)
    own = {(row.source, row.page) for row in rows}
    return Paper(tuple(rows), speaker, told[rows[0].of, most or ""] == own)


def told_papers(rows: Iterable[PageRow]) -> dict[str, int]:
    """How many documents the machine made, by the level of their first page."""
    first: dict[tuple[str, str], str] = {}
    for row in rows:
        if row.told.document:
            first.setdefault((row.of, row.told.document), row.level)
    return Counter(first.values())


def batches_of(rows: Sequence[PageRow]) -> list[list[PageRow]]:
    """Rows that came in together, in the order of the feeder."""

    def place(row: PageRow) -> tuple[str, str, int]:
        return row.of, row.told.batch, row.told.order

    known = sorted((row for row in rows if row.told.batch), key=place)
    return [list(some) for _, some in groupby(known, lambda row: place(row)[:2])]


def gaps_of(rows: Sequence[PageRow]) -> list[Gap]:
    """Every gap between two content pages; a page set aside cuts on both sides."""
    return [
        Gap(
            after,
            begins=before.document != after.document,
            told=before.told.document is None
            or before.told.document != after.told.document,
        )
        for batch in batches_of(rows)
        for before, after in pairwise(row for row in batch if row.content)
    ]


def by_hand(batch: Sequence[PageRow]) -> bool:
    """Whether much of a batch is handwriting."""
    words = sum(row.by_hand for row in batch)
    return words > MUCH_BY_HAND * (words + sum(row.printed for row in batch))


def right_through(batch: Sequence[PageRow]) -> bool:
    """A stream without one error: every page in its document, none lost or added."""
    papers = papers_of(batch)
    aside = [row for row in batch if not row.content]
    return all(paper.whole for paper in papers) and all(
        row.told.document is None for row in aside
    )
