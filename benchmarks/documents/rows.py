"""One row a page: what is true of it and what the machine made of it.

Numbers, keys and days only, so that every table can be made again from JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.charts.kinds import PageTruth
from benchmarks.documents.printed_days import prints_day
from benchmarks.reading.words import words_of
from pipeline.document import Cut, DocumentId, Reading

PageKey = tuple[str, int]  # source and page in it


@dataclass(frozen=True, slots=True)
class Told:
    """What the machine made of one page: ``sure`` and the like are 0..1.

    ``document`` is None for a page that was set aside, rejected or lost; ``order`` is
    its place in its batch. ``page_type`` is what the page says by itself, ``strange``
    how probably it is of no known type.
    """

    batch: str = ""
    order: int = 0
    document: str | None = None
    filed: bool = False
    removed: str | None = None
    type: str | None = None
    sure: float = 0.0
    boundary: float = 0.0
    date: str | None = None
    page_type: str | None = None
    page_sure: float = 0.0
    strange: float = 0.0


@dataclass(frozen=True, slots=True)
class PageRow:
    """One page; ``printed`` and ``by_hand`` count words, ``date_printed`` is its own.

    ``of`` names the run that it belongs to: documents of two runs are never one.
    """

    of: str
    source: str
    page: int
    split: str
    level: str
    printed: int
    by_hand: int
    trap: str | None
    house: str | None
    removed: str | None
    document: str | None
    document_page: int | None
    type: str | None
    date: str | None
    date_printed: bool
    date_by_hand: bool
    told: Told

    @property
    def content(self) -> bool:
        return self.removed is None


def row_of(run: str, truth: PageTruth, told: Told) -> PageRow:
    return PageRow(
        of=run,
        source=truth.source,
        page=truth.page,
        split=truth.split,
        level=truth.level,
        printed=words_of(truth.text).total(),
        by_hand=words_of(truth.handwritten).total(),
        trap=truth.trap,
        house=truth.house,
        removed=truth.removed_as,
        document=truth.document,
        document_page=truth.document_page,
        type=truth.type,
        date=truth.service_date,
        date_printed=prints_day(truth.service_date, truth.text),
        date_by_hand=prints_day(truth.service_date, truth.handwritten),
        told=told,
    )


def told_of_cut(
    cut: Cut, filed: Mapping[DocumentId, bool]
) -> Iterator[tuple[int, Told]]:
    """Page number in the batch, and what the cut says of it."""
    for number, removed in cut.removed:
        yield number, Told(order=number, removed=removed)
    for reading in cut.readings:
        for number in reading.document.pages:
            yield number, _in_reading(reading, number, filed)


def _in_reading(
    reading: Reading, number: int, filed: Mapping[DocumentId, bool]
) -> Told:
    best = reading.types[0] if reading.types else None
    return Told(
        batch=reading.document.batch,
        order=number,
        document=reading.document.id,
        filed=filed[reading.document.id],
        type=best.value if best else None,
        sure=best.confidence if best else 0.0,
        boundary=reading.boundary,
        date=reading.dates[0].value.isoformat() if reading.dates else None,
    )


def save(file: Path, results: Mapping[str, object], rows: Sequence[PageRow]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    told = {**results, "pages": [asdict(row) for row in rows]}
    file.write_text(json.dumps(told) + "\n")


def loaded(rows: Iterable[dict[str, object]]) -> list[PageRow]:
    """The rows of a saved file."""
    return [
        PageRow(**{**row, "told": Told(**row["told"])})  # type: ignore[arg-type]  # our own file
        for row in rows
    ]
