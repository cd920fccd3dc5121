"""Where a document came from, as a clerk would look for the sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.document import Batch, ScannedDocument, SourcePage
from pipeline.store.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Origin:
    """``source`` is a file or a box, ``pages`` says which of it: "pages 3 to 4"."""

    source: str = field(repr=False)
    pages: str = field(repr=False)
    each: tuple[str, ...] = field(repr=False)  # for each page, in order
    station: str
    box: str
    volume: str
    received: dt.datetime  # UTC


class Origins:
    """Origins of documents; a batch is looked up once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._known: dict[str, tuple[Batch, dict[int, SourcePage]]] = {}

    def of(self, document: ScannedDocument) -> Origin:
        """Raises KeyError for a document of no batch."""
        batch, sources = self._batch(document)
        found = [sources[number] for number in document.pages]
        sheets = [(batch.files[page.file].name, page.page) for page in found]
        source, pages = place_of(sheets, batch.station)
        each = [f"page {page} of {name}" for name, page in sheets]
        side = batch.sidecar
        return Origin(
            source,
            pages,
            tuple(each),
            batch.station,
            side.box,
            side.volume,
            batch.received,
        )

    def _batch(self, document: ScannedDocument) -> tuple[Batch, dict[int, SourcePage]]:
        if document.batch not in self._known:
            sources = self._catalogue.source_pages(document.batch) or ()
            self._known[document.batch] = (
                self._catalogue.batch(document.batch),
                {page.number: page for page in sources},
            )
        return self._known[document.batch]


def place_of(sheets: Sequence[tuple[str, int]], station: str) -> tuple[str, str]:
    """The file or folder of these (file name, page), and which of it."""
    names = [name for name, _ in sheets]
    if len(set(names)) == 1:
        return names[0], _range("page", [str(page) for _, page in sheets])
    source = names[0].rpartition("/")[0] or station
    return source, _range("file", [name.rpartition("/")[2] for name in names])


def _range(what: str, which: Sequence[str]) -> str:
    if len(which) == 1:
        return f"{what} {which[0]}"
    return f"{what}s {which[0]} to {which[-1]}"
