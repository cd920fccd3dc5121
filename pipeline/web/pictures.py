"""Pages of documents as pictures for a screen, drawn from the stored originals."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from pipeline.document import DocumentId
from pipeline.page import QuarterTurn
from pipeline.store.catalogue import Catalogue
from pipeline.store.objects import ObjectStore


class Picturer(Protocol):
    """Whatever draws a page of a received file: a pool of sandboxed processes."""

    def picture(
        self, path: Path, page: int, rotation: QuarterTurn, width: int
    ) -> bytes:
        """PNG, upright, ``width`` px wide; raises InputError."""
        ...


class Pictures:
    """Pages of documents as pictures for a screen."""

    def __init__(
        self, catalogue: Catalogue, objects: ObjectStore, pool: Picturer
    ) -> None:
        self._catalogue, self._objects, self._pool = catalogue, objects, pool

    def page(self, document: DocumentId, n: int, width: int) -> bytes:
        """The n-th page (from 1) of a document as PNG; raises KeyError, InputError."""
        found = self._catalogue.reading(document).document
        number = found.pages[n - 1]
        batch = self._catalogue.batch(found.batch)
        sources = self._catalogue.source_pages(found.batch) or ()
        source = next(page for page in sources if page.number == number)
        [read] = self._catalogue.pages(found.batch, (number,))
        with self._objects.local(batch.files[source.file].key) as path:
            return self._pool.picture(path, source.page, read.rotation, width)
