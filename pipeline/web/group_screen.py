"""Group verification: the papers of a batch with one doubt, each agreed to by a key.

To agree is to answer: each paper by itself, through the same door and under the same
gates as on its own screen. Whose a paper is, is never agreed to here.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from pipeline.document import Decision, DocumentId
from pipeline.review.grouping import GLANCED, Suggestion
from pipeline.store.catalogue import Waiting
from pipeline.web import answers
from pipeline.web.answering import Refused, keep, to_answer
from pipeline.web.desk import Desk
from pipeline.web.groups import address, alike, card, obstacle, suggested
from pipeline.web.origin import Origins
from pipeline.web.own_work import with_types
from pipeline.web.rendering import SEE_OTHER, Rendering, seat
from pipeline.web.seeded_desk import judged

CARDS = 24  # on one page: more are not looked at
CONFLICT = 409
OTHER = "This is not what was suggested any more: open it."


class Agreed(BaseModel):
    """What stood on the card that the clerk agreed to."""

    mrn: str = Field(default="", repr=False)
    type: str = ""
    date: str = Field(default="", repr=False)
    encounter: str = Field(default="", repr=False)
    doubt: str = ""


def group_routes(desk: Desk) -> APIRouter:
    """The groups of a batch, and the papers of one."""
    routes, screen = APIRouter(), GroupScreen(desk)
    routes.get("/group", response_class=HTMLResponse)(screen.group)
    return routes


def agree_routes(desk: Desk) -> APIRouter:
    """Agreeing to one paper of a group."""
    routes, screen = APIRouter(), GroupScreen(desk)
    routes.post("/documents/{document}/agree", response_model=None)(screen.agree)
    return routes


class GroupScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._render = Rendering(desk)

    def group(self, request: Request, batch: str = "", doubt: str = "") -> Response:
        """The papers of a batch with this doubt, and which other doubts it has."""
        desk = with_types(seat(request, self._desk))
        found = alike(batch, desk) if batch else {}
        asked = tuple(one for one in GLANCED if one in doubt.split("-"))
        waiting = found.get(asked, [])
        cards = []
        for one in waiting[:CARDS]:
            if (said := suggested(one, desk)) is not None:
                cards.append(card(one, said, desk))
                desk.audit("viewed in a group", one.reading.document.id)
        others = [
            (address(some[0].reading.document.batch, fields), fields, len(some))
            for fields, some in found.items()
            if fields != asked
        ]
        origins = Origins(desk.catalogue)
        return self._render.page(
            request,
            "group.html",
            cards=[
                (one, origins.of(one.document), _told(one.suggestion)) for one in cards
            ],
            asked=asked,
            count=len(waiting),
            others=others,
            here=address(cards[0].document.batch, asked) if cards else "",
            grace=bool(desk.grace),
        )

    def agree(
        self, request: Request, document: str, agreed: Annotated[Agreed, Form()]
    ) -> Response:
        """Answer it as it was suggested, if it still is and nothing is in the way."""
        desk = seat(request, self._desk)
        try:
            waiting = to_answer(DocumentId(document), desk)
            _check(waiting, agreed, desk)
            form = answers.Form(action="file", **agreed.model_dump(exclude={"doubt"}))
            said = answers.answer_of(form, desk.shown(waiting).reading, desk)
        except (Refused, answers.Wrong) as why:
            return self._render.message(request, str(why), CONFLICT)
        if not isinstance(said, Decision):
            return self._render.message(request, OTHER, CONFLICT)
        if desk.made_up:
            return RedirectResponse(judged(desk, DocumentId(document), said), SEE_OTHER)
        try:
            keep(waiting, said, form, desk)
        except Refused as why:
            return self._render.message(request, str(why), CONFLICT)
        fields = [one for one in GLANCED if one in agreed.doubt.split("-")]
        back = address(waiting.reading.document.batch, fields)
        return RedirectResponse(back, SEE_OTHER)


def _check(waiting: Waiting, agreed: Agreed, desk: Desk) -> None:
    """Raises Refused unless this is what is suggested, and the clerk may agree."""
    said = suggested(waiting, desk)
    if said is None or _told(said) != agreed:
        raise Refused(OTHER)
    if why := obstacle(waiting, said, desk):
        raise Refused(f"Open it: {why}.")


def _told(said: Suggestion) -> Agreed:
    """The suggestion as its card says it."""
    return Agreed(
        mrn=said.patient.mrn,
        type=said.type,
        date=said.date.isoformat() if said.date else "",
        encounter=said.encounter or "",
        doubt="-".join(said.doubted),
    )
