"""What a clerk's hands do on a document before it is answered, and just after.

Drafts kept, patients looked up while typing, words of the picture taken into a field,
pages turned, an answer taken back. All by forms, so that no patient's text stands in a
URL.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse

from pipeline.document import DocumentId, Patient
from pipeline.page import QUARTERS, quarter
from pipeline.store.answers import Referral
from pipeline.web import answers
from pipeline.web.back import way_back, with_back
from pipeline.web.desk import Desk
from pipeline.web.picked import Asked, day_in, words_in
from pipeline.web.rendering import SEE_OTHER, Rendering, nothing, seat

FOUND = 8  # patients shown while typing
TOO_LATE = "The worker has this answer already: correct the filed document instead."
NOT_OPEN = "This document is answered, or keyed by you: its pages stay as they stand."
CONFLICT = 409


def hand_routes(desk: Desk) -> APIRouter:
    """Draft, search, words under the pointer, turns, taking back."""
    routes, screen = APIRouter(), HandScreen(desk)
    routes.post("/documents/{document}/draft")(screen.draft)
    routes.post("/documents/{document}/people")(screen.people)
    routes.post("/documents/{document}/pages/{n}/words")(screen.words)
    routes.post("/documents/{document}/pages/{n}/turn")(screen.turn)
    routes.post("/documents/{document}/undo")(screen.undo)
    return routes


class HandScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._render = Rendering(desk)

    def draft(
        self, request: Request, document: str, form: Annotated[answers.Form, Form()]
    ) -> Response:
        """Keep what the clerk has typed so far."""
        desk = seat(request, self._desk)
        if desk.catalogue.pending(DocumentId(document)) is not None:
            return Response(status_code=204)  # sent meanwhile: the draft is that
        desk.in_hand.keep_draft(DocumentId(document), desk.clerk, form.model_dump())
        return Response(status_code=204)

    def people(
        self, request: Request, document: str, text: Annotated[str, Form()] = ""
    ) -> Response:
        """Patients who fit what is typed, each with what tells them apart."""
        desk = seat(request, self._desk)
        if desk.catalogue.asked(DocumentId(document)) is None:
            return nothing()
        found = (
            desk.people.find(_plain_dates(text, desk), FOUND) if text.strip() else ()
        )
        desk.audit("searched patients", document)
        return JSONResponse([_told(one, found, desk) for one in found])

    def words(
        self,
        request: Request,
        document: str,
        n: int,
        asked: Annotated[Asked, Form()],
    ) -> Response:
        """What stands in a box of the n-th page, or under one point of it.

        For a date the day that the words mean.
        """
        desk = seat(request, self._desk)
        waiting = desk.catalogue.asked(DocumentId(document))
        if waiting is None or not 1 <= n <= len(waiting.reading.document.pages):
            return nothing()
        at = waiting.reading.document
        [page] = desk.catalogue.pages(at.batch, (at.pages[n - 1],))
        desk.audit("read words", document)
        if asked.field == "date":
            return JSONResponse({"text": day_in(page, asked.box, desk.dates)})
        return JSONResponse({"text": words_in(page, asked.box)})

    def turn(
        self, request: Request, document: str, n: int, turn: Annotated[int, Form()]
    ) -> Response:
        """The n-th page stands so from now on, clockwise of how the machine read it."""
        desk, id_ = seat(request, self._desk), DocumentId(document)
        waiting = desk.catalogue.asked(id_)
        if waiting is None or turn not in QUARTERS:
            return nothing()
        paper = waiting.reading.document
        if not 1 <= n <= len(paper.pages):
            return nothing()
        said = desk.catalogue.pending(id_)
        if (said and not isinstance(said, Referral)) or not desk.may_key(waiting):
            return PlainTextResponse(NOT_OPEN, CONFLICT)
        desk.catalogue.turn(paper.batch, paper.pages[n - 1], quarter(turn), desk.clerk)
        desk.audit("turned a page", document)
        return Response(status_code=204)

    def undo(self, request: Request, document: str, back: str = "") -> Response:
        """Take the clerk's answer back, and show the document as it was sent."""
        desk = seat(request, self._desk)
        id_ = DocumentId(document)
        if desk.catalogue.take_back_answer(id_, desk.clerk) is None:
            return self._render.message(request, TOO_LATE, CONFLICT)
        return RedirectResponse(
            with_back(f"/documents/{document}", way_back(back)), SEE_OTHER
        )


def _plain_dates(text: str, desk: Desk) -> str:
    """The same with dates as the index has them: 3/4/1961 becomes 1961-03-04."""
    words = (_iso(word, desk) if "/" in word else word for word in text.split())
    return " ".join(words)


def _iso(word: str, desk: Desk) -> str:
    days = desk.dates(word)
    return days[0].isoformat() if days else word


def _told(one: Patient, found: Iterable[Patient], desk: Desk) -> dict[str, Any]:
    """What a clerk needs to know a person by, and of whom to beware."""
    like = [other for other in found if other.id != one.id and _same(one, other)]
    name = one.names[0]
    return {
        "mrn": one.mrn,
        "name": f"{name.family}, {name.given} {name.middle} {name.suffix}".strip(),
        "formerly": [f"{n.family}, {n.given}" for n in one.names[1:]],
        "born": one.born.isoformat() if one.born else "",
        "sex": one.sex,
        "where": ", ".join(filter(None, (one.address, one.city))),
        "died": one.died.isoformat() if one.died else "",
        "alike": [kind for kind, _ in desk.alerts(one.id) or ()],
        "same_name": [other.mrn for other in like],
    }


def _same(one: Patient, other: Patient) -> bool:
    names = {(n.family.casefold(), n.given.casefold()) for n in one.names}
    return any((n.family.casefold(), n.given.casefold()) in names for n in other.names)
