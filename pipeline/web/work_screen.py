"""The next item, and in whose hands an item is: release, reassign, escalate."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from pipeline.document import DocumentId
from pipeline.store.worklist import Wanted
from pipeline.web.desk import Desk
from pipeline.web.own_work import next_item
from pipeline.web.queue_screen import Hours
from pipeline.web.rendering import NOT_FOUND, SEE_OTHER, Rendering, seat
from pipeline.web.seeded_desk import judged, seeded_item

UNPROCESSABLE = 422
GONE = "This document no longer waits: it was answered, filed or rejected."
NO_COMMENT = "Say in a few words what the next person must know."
IN_HAND = "Somebody has it in hand: they escalate it, or a supervisor assigns it."
NO_NAME = "Say who is to have it, as their name stands at the top of their screen."


def work_routes(desk: Desk) -> APIRouter:
    """The next item, and whose an item is."""
    routes, screen = APIRouter(), WorkScreen(desk)
    routes.get("/next", response_model=None)(screen.next)
    routes.get("/work/{document}", response_class=HTMLResponse)(screen.work)
    routes.post("/work/{document}/release", response_model=None)(screen.release)
    routes.post("/work/{document}/assign", response_model=None)(screen.assign)
    routes.post("/work/{document}/escalate", response_model=None)(screen.escalate)
    return routes


class WorkScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._render = Rendering(desk)

    def next(
        self,
        request: Request,
        reason: str = "",
        type: str = "",
        station: str = "",
        hours: Hours = 0.0,
        after: str = "",
    ) -> Response:
        """Take what is first of what is wanted; what is in hand already comes first.

        ``after`` is passed over: the clerk is still at it.
        """
        desk = seat(request, self._desk)
        desk.rank()
        wanted = Wanted(reason, type, station, hours)
        but = DocumentId(after) if after else None
        found = seeded_item(desk, wanted, but) or next_item(desk, wanted, but)
        where = f"/documents/{found}" if found else "/"  # the queue says why
        return RedirectResponse(where, SEE_OTHER)

    def work(self, request: Request, document: str) -> Response:
        """In whose hands it is, what was said of it, and what can be done."""
        return self._show(request, DocumentId(document))

    def release(self, request: Request, document: str) -> Response:
        """Back to the others."""
        desk = seat(request, self._desk)
        desk.worklist.release(DocumentId(document), desk.clerk)
        return RedirectResponse("/", SEE_OTHER)

    def assign(
        self, request: Request, document: str, to: Annotated[str, Form()] = ""
    ) -> Response:
        """Into another's hands, or one's own."""
        desk = seat(request, self._desk)
        if not to.strip():
            return self._show(request, DocumentId(document), NO_NAME)
        lease = dt.timedelta(hours=desk.rules.assigned_hours)
        name = " ".join(to.split())
        if not desk.worklist.assign(DocumentId(document), name, desk.clerk, lease):
            return self._render.message(request, GONE, NOT_FOUND)
        return RedirectResponse("/", SEE_OTHER)

    def escalate(
        self, request: Request, document: str, comment: Annotated[str, Form()] = ""
    ) -> Response:
        """To who knows more, with a comment; the clerk goes on with the next."""
        desk = seat(request, self._desk)
        said = comment.strip()
        if not said:
            return self._show(request, DocumentId(document), NO_COMMENT)
        if not desk.worklist.escalate(DocumentId(document), desk.clerk, said):
            if desk.worklist.hold(DocumentId(document)) is not None:
                return self._show(request, DocumentId(document), IN_HAND)
            return self._render.message(request, GONE, NOT_FOUND)
        if desk.made_up:
            where = judged(desk, DocumentId(document), said)
            return RedirectResponse(where, SEE_OTHER)
        return RedirectResponse("/", SEE_OTHER)

    def _show(
        self, request: Request, document: DocumentId, wrong: str = ""
    ) -> Response:
        desk = seat(request, self._desk)
        hold = desk.worklist.hold(document)
        if hold is None:
            return self._render.message(request, GONE, NOT_FOUND)
        desk.audit("looked who has", document)
        return self._render.page(
            request,
            "work.html",
            status=UNPROCESSABLE if wrong else 200,
            document=document,
            hold=hold,
            comments=desk.worklist.comments(document),
            wrong=wrong,
        )
