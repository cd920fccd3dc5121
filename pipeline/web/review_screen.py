"""One document before a clerk: its pages with the evidence drawn, and the form."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from pipeline.document import DocumentId, ScannedDocument
from pipeline.page import QUARTERS, quarter
from pipeline.web import answers
from pipeline.web.answering import GONE, KEYED, Refused, keep, to_answer
from pipeline.web.back import way_back
from pipeline.web.desk import Desk
from pipeline.web.own_work import following
from pipeline.web.pictures import WIDTHS
from pipeline.web.rendering import (
    NOT_FOUND,
    SEE_OTHER,
    Rendering,
    nothing,
    own_seat,
    seat,
)
from pipeline.web.review_page import Said, shown
from pipeline.web.seeded_desk import judged

CONFLICT, UNPROCESSABLE = 409, 422


def review_routes(desk: Desk) -> APIRouter:
    """A document, its pictures, its answer."""
    routes, screen = APIRouter(), ReviewScreen(desk)
    routes.get("/documents/{document}", response_class=HTMLResponse)(screen.document)
    routes.get("/documents/{document}/pages/{n}/{width}.png")(screen.picture)
    routes.post("/documents/{document}/answer", response_model=None)(screen.answer)
    return routes


def picture_of(
    desk: Desk, paper: ScannedDocument, asked: tuple[int, int, int | None]
) -> Response:
    """A page by number, width and turn; without a turn as it stands."""
    n, width, turn = asked
    if width not in WIDTHS or not 1 <= n <= len(paper.pages):
        return nothing()
    if turn is None:
        stands = desk.catalogue.turns(paper.batch)
        turn = stands.get(paper.pages[n - 1], 0)
    if turn not in QUARTERS:
        return nothing()
    png = desk.picture(paper.id, n, width, quarter(turn))
    return Response(png, media_type="image/png")


class ReviewScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._render = Rendering(desk)

    def document(self, request: Request, document: str, back: str = "") -> Response:
        """One document: its pages with the evidence drawn, reasons, suggestions.

        ``back`` is the list that it was opened from.
        """
        return self._show(request, DocumentId(document), Said(back=way_back(back)))

    def picture(
        self,
        request: Request,
        document: str,
        n: int,
        width: int,
        turn: int | None = None,
    ) -> Response:
        """The n-th page of a document as PNG: as it stands, unless a turn is told."""
        desk = seat(request, self._desk)
        try:
            reading = desk.catalogue.reading(DocumentId(document))
        except KeyError:
            return nothing()
        return picture_of(desk, reading.document, (n, width, turn))

    def answer(
        self,
        request: Request,
        document: str,
        form: Annotated[answers.Form, Form()],
        back: str = "",
    ) -> Response:
        """Keep what the clerk said; then the next one, or the list that it is of."""
        desk, back = seat(request, self._desk), way_back(back)
        id_ = DocumentId(document)
        try:
            waiting = to_answer(id_, desk)
            said = answers.answer_of(form, desk.shown(waiting).reading, desk)
        except Refused as why:
            return self._render.message(request, str(why), CONFLICT)
        except answers.Wrong as wrong:
            return self._show(request, id_, Said(form, str(wrong), back=back))
        if isinstance(said, answers.ToConfirm):
            told = Said(form, confirm=said.patient, back=back)
            return self._show(request, id_, told)
        if desk.made_up:  # nothing is kept but the lesson
            return RedirectResponse(judged(desk, id_, said), SEE_OTHER)
        if isinstance(said, answers.ToHold):
            desk.holdings.open(said.holding, desk.clerk)
            said = said.decision
        try:
            keep(waiting, said, form, desk)
        except Refused as why:
            return self._render.message(request, str(why), CONFLICT)
        return RedirectResponse(back or "/next", SEE_OTHER)

    def _show(self, request: Request, document: DocumentId, said: Said) -> Response:
        desk = seat(request, self._desk)
        waiting = desk.catalogue.asked(document)
        if waiting is None:
            return self._render.message(request, GONE, NOT_FOUND)
        if not desk.may_key(waiting):
            return self._render.message(request, KEYED, CONFLICT)
        desk.audit("viewed", document)
        page = self._render.page(
            request,
            "document.html",
            status=UNPROCESSABLE if said.wrong else 200,
            **shown(waiting, desk, said),
        )
        if after := following(own_seat(request, self._desk), document):
            desk.warm(after.reading.document.id, len(after.reading.document.pages))
        return page
