"""What waits for a clerk, and which pages are worth another scan."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from pipeline.document import BatchId, DocumentId
from pipeline.store.catalogue import Waiting
from pipeline.store.worklist import Counts, Item, Kinds, State, Wanted
from pipeline.web.desk import Desk
from pipeline.web.groups import address, by_doubt
from pipeline.web.origin import Origins, place_of
from pipeline.web.own_work import own_items
from pipeline.web.rendering import SEE_OTHER, SHOWN, Rendering, nothing, seat

LISTED = 50  # items at a time: a longer list is not read, and every look pays for it
Told = tuple[Kinds, int]  # with the pages worth another scan
LONGEST = 87_600  # hours: ten years
Hours = Annotated[float, Query(ge=0, le=LONGEST, allow_inf_nan=False)]
KINDS_AGE = 15.0  # seconds that counts by kind may be old: they look at every item


def queue_routes(desk: Desk) -> APIRouter:
    """The queue and the scans to repeat."""
    routes, screen = APIRouter(), QueueScreen(desk)
    routes.get("/", response_class=HTMLResponse)(screen.queue)
    routes.get("/queue/alarm")(screen.alarm)
    routes.get("/scans", response_class=HTMLResponse)(screen.scans)
    routes.post("/documents/{document}/pages/{n}/best-scan")(screen.best_scan)
    return routes


class QueueScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._render = Rendering(desk)
        self._kinds = KindsNow(desk)

    def queue(
        self,
        request: Request,
        reason: str = "",
        type: str = "",
        station: str = "",
        hours: Hours = 0.0,
        state: State = "",
    ) -> Response:
        """What waits: STAT first, then appointments by day, then the oldest."""
        desk = seat(request, self._desk)
        desk.rank()
        wanted = Wanted(reason, type, station, hours, state)
        counts = desk.worklist.counts()
        kinds, poor = self._kinds.now()
        every = wanted == Wanted()
        items = own_items(desk, wanted, LISTED)
        matching = counts.open if every else desk.worklist.count(wanted)
        if matching <= LISTED:  # what is closed to whoever looks is not counted
            matching = len(items)
        return self._render.page(
            request,
            "queue.html",
            count=matching if every else counts.open,
            counts=counts,
            kinds=kinds,
            poor=poor,
            wanted=wanted,
            every=every,
            matching=matching,
            asked_for=urlencode(dict(_pairs(wanted))),
            waiting=[_shown(item, desk) for item in items],
            groups=list(_groups(items, desk)),
            alarm=_alarm(counts, desk.rules.stat_alarm_minutes),
            reading=self._being_read(),
        )

    def alarm(self) -> dict[str, int]:
        """For the script: minutes that a STAT paper has waited too long, or 0."""
        counts = self._desk.worklist.counts()
        return {"minutes": _alarm(counts, self._desk.rules.stat_alarm_minutes)}

    def _being_read(self) -> int:
        """Pages of unfinished batches that are not read yet."""
        busy = self._desk.catalogue.unfinished()
        if not busy:
            return 0
        now = self._desk.catalogue.progress(busy)
        return now.received - now.read

    def scans(self, request: Request) -> Response:
        """Pages that are worth another scan."""
        desk = seat(request, self._desk)
        poor = [
            one
            for one in desk.catalogue.poor_scans()
            if desk.eyes is None or desk.sees(desk.catalogue.reading(one.document))
        ]
        origins = Origins(self._desk.catalogue)
        shown = [
            (
                one,
                origins.of(desk.catalogue.reading(one.document).document),
                desk.catalogue.filed(one.document) is not None,
            )
            for one in poor[:SHOWN]
        ]
        return self._render.page(request, "scans.html", count=len(poor), shown=shown)

    def best_scan(
        self, request: Request, document: str, n: int, back: Annotated[str, Form()] = ""
    ) -> Response:
        """Keep that the n-th page cannot be scanned any better."""
        desk = seat(request, self._desk)
        try:
            reading = self._desk.catalogue.reading(DocumentId(document))
        except KeyError:
            return nothing()
        if not 1 <= n <= len(reading.document.pages):
            return nothing()
        page = reading.document.pages[n - 1]
        batch = reading.document.batch
        desk.catalogue.keep_best_scan(batch, page, desk.clerk)
        where = f"/documents/{reading.document.id}" if back == "document" else "/scans"
        return RedirectResponse(where, SEE_OTHER)


def _shown(item: Item, desk: Desk) -> tuple[Item, Waiting, tuple[str, str]]:
    """What its card shows, without what a blind one hides."""
    where = place_of(item.sheets, item.station) if item.sheets else (item.station, "")
    return item, desk.shown(item.waiting), where


def _groups(items: Iterable[Item], desk: Desk) -> Iterator[tuple[str, str, int]]:
    """Of these, where some of a batch can be judged side by side, and how many."""
    batches: dict[BatchId, list[Item]] = {}
    for item in items:
        batches.setdefault(item.waiting.reading.document.batch, []).append(item)
    for batch, some in batches.items():
        for doubt, alike in by_doubt(some, desk).items():
            if len(alike) > 1:
                yield address(batch, doubt), " and ".join(doubt), len(alike)


class KindsNow:
    """Counts of what waits by kind, counted again when they are old; any thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._counting = threading.Lock()
        self._last: tuple[float, Told] | None = None

    def now(self) -> Told:
        """At most KINDS_AGE old; while one counts, the others take the last ones."""
        last = self._last
        if last is not None and time.monotonic() - last[0] < KINDS_AGE:
            return last[1]
        if last is not None and not self._counting.acquire(blocking=False):
            return last[1]
        if last is None:
            self._counting.acquire()
        try:
            work = self._desk.worklist
            found = (work.kinds(), work.poor())
            self._last = (time.monotonic(), found)
            return found
        finally:
            self._counting.release()


def _alarm(counts: Counts, minutes: float) -> int:
    """Minutes for which the oldest STAT paper has waited, if too long; else 0."""
    if counts.oldest_stat is None:
        return 0
    waited = (dt.datetime.now(dt.UTC) - counts.oldest_stat) / dt.timedelta(minutes=1)
    return int(waited) if waited >= minutes else 0


def _pairs(wanted: Wanted) -> Iterator[tuple[str, str]]:
    """The filter as the address of the next item has it."""
    for name in ("reason", "type", "station", "hours"):
        if value := getattr(wanted, name):
            yield name, str(value)
