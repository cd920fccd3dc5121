"""One document before a clerk: its pages with the evidence drawn, and the form."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from pipeline.document import Decision, DocumentId
from pipeline.page import QUARTERS, quarter
from pipeline.store.answers import Answer, Referral
from pipeline.store.catalogue import Waiting
from pipeline.web import answers
from pipeline.web.desk import Desk
from pipeline.web.own_work import following
from pipeline.web.pictures import WIDTHS
from pipeline.web.rendering import NOT_FOUND, SEE_OTHER, Rendering, nothing, seat
from pipeline.web.review_page import Said, shown

CONFLICT, UNPROCESSABLE = 409, 422
GONE = "This document no longer waits: another clerk answered it, or it was filed."
KEYED = "You gave this document its first key: another person must give the second."
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
        return self._show(request, DocumentId(document), Said())

    def picture(
        self, document: str, n: int, width: int, turn: int | None = None
    ) -> Response:
        """The n-th page of a document as PNG: as it stands, unless a turn is told."""
        try:
            reading = self._desk.catalogue.reading(DocumentId(document))
        except KeyError:
            return nothing()
        paper = reading.document
        if width not in WIDTHS or not 1 <= n <= len(paper.pages):
            return nothing()
        if turn is None:
            stands = self._desk.catalogue.turns(paper.batch)
            turn = stands.get(paper.pages[n - 1], 0)
        if turn not in QUARTERS:
            return nothing()
        png = self._desk.picture(paper.id, n, width, quarter(turn))
        return Response(png, media_type="image/png")

    def answer(
        self, request: Request, document: str, form: Annotated[answers.Form, Form()]
    ) -> Response:
        """Keep what the clerk said; the worker files it when its time has come."""
        desk = seat(request, self._desk)
        id_ = DocumentId(document)
        waiting = self._desk.catalogue.asked(id_)
        if waiting is None:
            return self._render.message(request, GONE, CONFLICT)
        standing = dict(self._desk.catalogue.answers()).get(id_)
        if standing is not None and not isinstance(standing, Referral):
            return self._render.message(request, TAKEN, CONFLICT)
        if not desk.may_key(waiting):
            return self._render.message(request, KEYED, CONFLICT)
        try:
            said = answers.answer_of(form, desk.shown(waiting).reading, desk)
        except answers.Wrong as wrong:
            return self._show(request, id_, Said(form, str(wrong)))
        if isinstance(said, answers.ToConfirm):
            return self._show(request, id_, Said(form, confirm=said.patient))
        if isinstance(said, answers.ToHold):
            desk.holdings.open(said.holding, desk.clerk)
            said = said.decision
        self._keep(waiting, said, form, desk)
        return RedirectResponse("/next", SEE_OTHER)

    def _keep(
        self, waiting: Waiting, said: Answer, form: answers.Form, desk: Desk
    ) -> None:
        document = waiting.reading.document.id
        if isinstance(said, Decision):
            said = desk.with_stay(waiting, said)
        until = None if isinstance(said, Referral) else desk.until()
        if until is None:
            desk.in_hand.drop_draft(document, desk.clerk)
        else:  # what is taken back is shown as it was sent
            desk.in_hand.keep_draft(document, desk.clerk, form.model_dump())
        desk.catalogue.answer(document, said, until)
        if note := form.notes.strip():
            desk.in_hand.note(document, note, desk.clerk)
        desk.audit(f"answered {form.action}", document)

    def _show(self, request: Request, document: DocumentId, said: Said) -> Response:
        waiting = self._desk.catalogue.asked(document)
        if waiting is None:
            return self._render.message(request, GONE, NOT_FOUND)
        desk = seat(request, self._desk)
        if not desk.may_key(waiting):
            return self._render.message(request, KEYED, CONFLICT)
        desk.audit("viewed", document)
        page = self._render.page(
            request,
            "document.html",
            status=UNPROCESSABLE if said.wrong else 200,
            **shown(waiting, desk, said),
        )
        if after := following(desk, document):
            desk.warm(after.reading.document.id, len(after.reading.document.pages))
        return page
