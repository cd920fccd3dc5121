"""What waits for a clerk, and which pages are worth another scan."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from pipeline.document import DocumentId
from pipeline.web.desk import Desk
from pipeline.web.origin import Origins
from pipeline.web.rendering import SEE_OTHER, SHOWN, Rendering, nothing, seat


def queue_routes(desk: Desk) -> APIRouter:
    """The queue and the scans to repeat."""
    routes, screen = APIRouter(), QueueScreen(desk)
    routes.get("/", response_class=HTMLResponse)(screen.queue)
    routes.get("/scans", response_class=HTMLResponse)(screen.scans)
    routes.post("/documents/{document}/pages/{n}/best-scan")(screen.best_scan)
    return routes


class QueueScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._render = Rendering(desk)

    def queue(self, request: Request) -> Response:
        """What waits, stat papers first, then oldest first."""
        desk = seat(request, self._desk)
        kept = {document for document, _ in self._desk.catalogue.answers()}
        waiting = [
            one
            for one in self._desk.catalogue.waiting()
            if one.reading.document.id not in kept and desk.sees(one.reading)
        ]
        stat = self._desk.stat(one.reading for one in waiting)
        first = sorted(  # stable: oldest first within each
            zip(waiting, stat, strict=True), key=lambda item: not item[1]
        )
        origins = Origins(self._desk.catalogue)
        return self._render.page(
            request,
            "queue.html",
            count=len(waiting),
            waiting=[
                (desk.shown(one), origins.of(one.reading.document), stat)
                for one, stat in first[:SHOWN]
            ],
            kept=len(kept),
            poor=len(self._desk.catalogue.poor_scans()),
            progress=self._desk.catalogue.progress(),
        )

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
            (one, origins.of(self._desk.catalogue.reading(one.document).document))
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
