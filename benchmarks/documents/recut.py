"""What a worked data folder holds, told anew: the cut that stands, or a fresh one.

Nothing is recognised again: a fresh cut reads the catalogue's pages and takes seconds.
The folder itself is never touched; its catalogue is copied first.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.documents.rows import PageKey, PageRow, Told, row_of, told_of_cut
from benchmarks.reading.truths import Charts
from pipeline.document import BatchId, Cut, Decision
from pipeline.flow import Tools, index_batch
from pipeline.page import Page
from pipeline.reading import PageToRead
from pipeline.review.rules import decide
from pipeline.site import Site, open_site
from pipeline.wiring import tools_of

if TYPE_CHECKING:
    from pipeline.store.pdf import PdfFacts, PdfPage


@dataclass(frozen=True, slots=True)
class Run:
    """One worked data folder and the charts that went in.

    ``fresh`` cuts its pages anew; ``types`` is the folder of another type model.
    """

    charts: Charts
    data: Path
    fresh: bool = False
    types: Path | None = None


def rows_of(run: Run, work: Path) -> list[PageRow]:
    """A row for every true page; one that is nowhere in the books was lost."""
    site = open_site(copied(run.data, work))
    if run.types:
        models = replace(site.settings.models, types=str(run.types))
        site = replace(site, settings=replace(site.settings, models=models))
    tools = tools_of(site, Nobody())
    told = dict(_told(site, tools, fresh=run.fresh))
    return [
        row_of(
            run.charts.folder.name, truth, told.get((truth.source, truth.page), Told())
        )
        for truth in run.charts.truths
    ]


def copied(data: Path, work: Path) -> Path:
    """The catalogue and settings of a data folder, for us alone, without its bytes."""
    copy = work / f"copy of {data.name}"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True, mode=0o700)
    if (data / "config").is_dir():
        shutil.copytree(data / "config", copy / "config")
    with (
        closing(
            sqlite3.connect(f"file:{data / 'catalogue.sqlite'}?mode=ro", uri=True)
        ) as old,
        closing(sqlite3.connect(copy / "catalogue.sqlite")) as new,
    ):
        old.backup(new)
    return copy


def _told(site: Site, tools: Tools, *, fresh: bool) -> Iterator[tuple[PageKey, Told]]:
    places: dict[BatchId, dict[int, PageKey]] = {}
    for line in site.catalogue.ledger():
        if line.number and line.first_batch is None:
            places.setdefault(line.batch, {})[line.number] = (line.source, line.page)
    for batch, pages in places.items():
        cut = None if fresh else site.catalogue.cut(batch)
        cut = cut or index_batch(batch, tools)
        for number, told in _of_batch(batch, cut, tools, site.catalogue.pages(batch)):
            yield pages[number], told


def _of_batch(
    batch: BatchId, cut: Cut, tools: Tools, pages: Sequence[Page]
) -> Iterator[tuple[int, Told]]:
    filed = {
        reading.document.id: isinstance(decide(reading, tools.rules), Decision)
        for reading in cut.readings
    }
    scores = tools.types.type_scores(pages)
    own = {page.number: row for page, row in zip(pages, scores, strict=True)}
    for number, told in told_of_cut(cut, filed):
        row = own[number]
        yield (
            number,
            replace(
                told,
                batch=batch,
                page_type=tools.types.types[int(row.argmax())],
                page_sure=float(np.exp(row.max())),
                strange=max(0.0, 1 - float(np.exp(row).sum())),
            ),
        )


class Nobody:
    """A reader that is never asked: all pages are read."""

    def count(self, path: Path, suffix: str) -> int:
        raise NotImplementedError

    def read(self, asked: Sequence[PageToRead]) -> Iterator[Page]:
        if asked:
            raise SystemExit("the data folder has pages that were never read")
        return iter(())

    def pdf(self, pages: Sequence[PdfPage], facts: PdfFacts) -> bytes:
        raise NotImplementedError
