"""One document before a clerk: its pages with the evidence drawn, and the form."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from pipeline.document import Decision, DocumentId, Reading
from pipeline.web import answers
from pipeline.web.desk import Desk
from pipeline.web.origin import Origins
from pipeline.web.overlay import boxes_on, waterfall
from pipeline.web.rendering import NOT_FOUND, SEE_OTHER, Rendering, nothing, seat

WIDTHS = (160, 1100)  # px: thumbnail, page
CONFLICT, UNPROCESSABLE = 409, 422
GONE = "This document no longer waits: another clerk answered it, or it was filed."
TAKEN = "This document has an answer that is being carried out: look again later."


def review_routes(desk: Desk) -> APIRouter:
    """A document, its pictures, its answer."""
    routes, screen = APIRouter(), ReviewScreen(desk)
    routes.get("/documents/{document}", response_class=HTMLResponse)(screen.document)
    routes.get("/documents/{document}/pages/{n}/{width}.png")(screen.picture)
    routes.post("/documents/{document}/answer", response_model=None)(screen.answer)
    return routes


class ReviewScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._render = Rendering(desk)

    def document(self, request: Request, document: str) -> Response:
        """One document: its pages with the evidence drawn, reasons, suggestions."""
        return self._show(request, DocumentId(document))

    def picture(self, document: str, n: int, width: int) -> Response:
        """The n-th page of a document as PNG."""
        try:
            reading = self._desk.catalogue.reading(DocumentId(document))
        except KeyError:
            return nothing()
        if width not in WIDTHS or not 1 <= n <= len(reading.document.pages):
            return nothing()
        png = self._desk.picture(reading.document.id, n, width)
        return Response(png, media_type="image/png")

    def answer(
        self, request: Request, document: str, form: Annotated[answers.Form, Form()]
    ) -> Response:
        """Keep what the clerk said; the worker files it."""
        desk = seat(request, self._desk)
        waiting = self._desk.catalogue.asked(DocumentId(document))
        if waiting is None:
            return self._render.message(request, GONE, CONFLICT)
        if document in dict(self._desk.catalogue.answers()):
            return self._render.message(request, TAKEN, CONFLICT)
        try:
            seen = desk.shown(waiting).reading
            said = answers.answer_of(form, seen, desk)
        except answers.Wrong as wrong:
            return self._show(request, DocumentId(document), form, str(wrong))
        if isinstance(said, answers.ToConfirm):
            return self._show(request, DocumentId(document), form, confirm=said.patient)
        if isinstance(said, answers.ToHold):
            desk.holdings.open(said.holding, desk.clerk)
            said = said.decision
        if isinstance(said, Decision):
            said = desk.with_stay(waiting, said)
        desk.catalogue.answer(DocumentId(document), said)
        desk.audit(f"answered {form.action}", document)
        return RedirectResponse("/", SEE_OTHER)

    def _show(
        self,
        request: Request,
        document: DocumentId,
        form: answers.Form | None = None,
        wrong: str = "",
        confirm: Any = None,  # noqa: ANN401 - a Patient or nothing, for the template
    ) -> Response:
        waiting = self._desk.catalogue.asked(document)
        if waiting is None:
            return self._render.message(request, GONE, NOT_FOUND)
        desk = seat(request, self._desk)
        desk.audit("viewed", document)
        stat = self._desk.stat([waiting.reading])[0]
        waiting = desk.shown(waiting)
        reading = waiting.reading
        return self._render.page(
            request,
            "document.html",
            status=UNPROCESSABLE if wrong else 200,
            waiting=waiting,
            reading=reading,
            stat=stat,
            blind=self._desk.blind(waiting),
            stays=self._desk.stays(reading),
            pages=self._pages(reading),
            origin=Origins(self._desk.catalogue).of(reading.document),
            nth={number: n for n, number in enumerate(reading.document.pages, 1)},
            bars=[(p, waterfall(p.evidence)) for p in reading.patients[:3]],
            best=self._desk.catalogue.best_scans(reading.document.batch),
            form=form or answers.Form(),
            wrong=wrong,
            confirm=confirm,
        )

    def _pages(self, reading: Reading) -> list[Any]:
        document = reading.document
        pages = self._desk.catalogue.pages(document.batch, document.pages)
        return [(n, page, boxes_on(page, reading)) for n, page in enumerate(pages, 1)]
