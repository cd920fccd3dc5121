"""Pages of documents as pictures for a screen, drawn from the stored originals."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from pipeline.document import BatchId, DocumentId
from pipeline.page import QuarterTurn, quarter
from pipeline.store.catalogue import Catalogue
from pipeline.store.objects import ObjectStore

THUMBNAIL, PAGE, ZOOMED = WIDTHS = (160, 1100, 2200)  # px
REMEMBERED = 64_000_000  # bytes of drawn pages
WARMED = 3  # pages of the next document; a clerk reads the first while the rest come
_Wanted = tuple[Hashable, int, QuarterTurn]


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

    def page(
        self, document: DocumentId, n: int, width: int, turn: QuarterTurn = 0
    ) -> bytes:
        """The n-th page (from 1) of a document as PNG; raises KeyError, InputError.

        ``turn`` is clockwise, of the page as the machine holds it upright.
        """
        id_, number = self.lies(document, n)
        batch = self._catalogue.batch(id_)
        sources = self._catalogue.source_pages(id_) or ()
        source = next(page for page in sources if page.number == number)
        [read] = self._catalogue.pages(id_, (number,))
        with self._objects.local(batch.files[source.file].key) as path:
            rotation = quarter(read.rotation + turn)
            return self._pool.picture(path, source.page, rotation, width)

    def lies(self, document: DocumentId, n: int) -> tuple[BatchId, int]:
        """Which page that is now: a filed document may be given others."""
        found = self._catalogue.reading(document).document
        return found.batch, found.pages[n - 1]


class Remembered:
    """The last pictures drawn, in this process's memory only, and the next ones.

    A browser keeps none (no-store), so that a page seen twice is not drawn twice; what
    a clerk looks at next is drawn while they look at this.
    """

    def __init__(
        self,
        draw: Callable[[DocumentId, int, int, QuarterTurn], bytes],
        at_most: int = REMEMBERED,
        lies: Callable[[DocumentId, int], Hashable] = lambda *page: page,
    ) -> None:
        self._draw, self._lies, self._left = draw, lies, at_most
        self._known: OrderedDict[_Wanted, bytes] = OrderedDict()
        self._under_way: dict[_Wanted, Future[bytes]] = {}
        self._lock = threading.Lock()
        self._ahead = ThreadPoolExecutor(1, "pictures")

    def page(
        self, document: DocumentId, n: int, width: int, turn: QuarterTurn = 0
    ) -> bytes:
        """The n-th page (from 1) of a document as PNG; raises what drawing raises."""
        wanted = (self._lies(document, n), width, turn)
        with self._lock:
            if wanted in self._known:
                self._known.move_to_end(wanted)
                return self._known[wanted]
            under_way = self._under_way.get(wanted)
            if under_way is None:
                mine = self._under_way[wanted] = Future[bytes]()
        if under_way is not None:  # drawn ahead just now: not drawn twice
            return under_way.result()
        try:
            mine.set_result(self._draw(document, n, width, turn))
        except BaseException as error:
            mine.set_exception(error)
            raise
        finally:
            self._keep(wanted, mine)
        return mine.result()

    def _keep(self, wanted: _Wanted, drawn: Future[bytes]) -> None:
        with self._lock:
            del self._under_way[wanted]
            if drawn.exception() is not None:
                return
            self._known[wanted] = drawn.result()
            self._left -= len(drawn.result())
            while self._left < 0:
                _, oldest = self._known.popitem(last=False)
                self._left += len(oldest)

    def warm(self, document: DocumentId, pages: int) -> None:
        """Draw the first pages of a document, of so many, when there is time."""
        ahead: Iterable[int] = range(1, min(pages, WARMED) + 1)
        for n in ahead:
            for width in (PAGE, THUMBNAIL):
                self._ahead.submit(self.page, document, n, width)

    def close(self) -> None:
        """Draw nothing ahead any more."""
        self._ahead.shutdown(wait=False, cancel_futures=True)
