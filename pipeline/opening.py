"""A received batch is opened: its pages are counted, what cannot be taken is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import Protocol

from pipeline.document import BatchId, SourceFile, SourcePage
from pipeline.errors import InputError
from pipeline.store.catalogue import Catalogue
from pipeline.store.objects import ObjectStore

COUNTED_AT_ONCE = 4  # files of a folder, so that its first page need not wait for all


class Counter(Protocol):
    """Whatever opens a received file: a pool of sandboxed processes."""

    def count(self, path: Path, suffix: str) -> int:
        """Pages in the file; raises InputError when it cannot be taken."""
        ...


def open_batch(
    batch: BatchId, catalogue: Catalogue, objects: ObjectStore, counter: Counter
) -> None:
    """Count the pages of every file; set aside each file that cannot be taken."""
    if catalogue.source_pages(batch) is not None:
        return
    pages: list[SourcePage] = []
    rejected: dict[int, str] = {}
    files = catalogue.batch(batch).files
    with ThreadPoolExecutor(COUNTED_AT_ONCE, "counting") as threads:
        counts = list(threads.map(lambda one: _counted(one, objects, counter), files))
    for position, count in enumerate(counts):
        if isinstance(count, InputError):
            rejected[position] = str(count)
            continue
        first = len(pages) + 1
        pages += [SourcePage(first + i, position, i + 1) for i in range(count)]
    catalogue.opened(batch, pages, rejected)


def _counted(
    file: SourceFile, objects: ObjectStore, counter: Counter
) -> int | InputError:
    """Pages of one file, or why it cannot be taken."""
    try:
        with objects.local(file.key) as path:
            return counter.count(path, PurePosixPath(file.name).suffix)
    except InputError as error:
        return error
