"""Documents that clerks referred to others: to the index steward, or for a rescan."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from pipeline.document import DocumentId, Reading
from pipeline.store.answers import Referral
from pipeline.store.desk_rows import Referred
from pipeline.web.desk import Desk
from pipeline.web.origin import Origins
from pipeline.web.own_work import with_types
from pipeline.web.rendering import SEE_OTHER, SHOWN, Rendering, nothing, seat

LISTS = {
    "steward": "Referred to the index steward: not in the index",
    "rescan": "Referred to be scanned again: cannot be read",
}


def referred_routes(desk: Desk) -> APIRouter:
    """The two lists, and the way back into the queue."""
    routes, screen = APIRouter(), ReferredScreen(desk)
    routes.get("/referred/{to}", response_class=HTMLResponse)(screen.listed)
    routes.post("/documents/{document}/return")(screen.give_back)
    return routes


def _own(to: str, desk: Desk) -> Iterator[tuple[Referred, Reading]]:
    """Of a list what these eyes may see, as they may see it."""
    for one in desk.in_hand.referred(to):
        waiting = desk.catalogue.asked(one.document)
        if waiting is not None and desk.sees(waiting.reading):
            yield one, desk.shown(waiting).reading


class ReferredScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._render = Rendering(desk)

    def listed(self, request: Request, to: str) -> Response:
        """What was referred to one list and is theirs, oldest first, with reasons."""
        if to not in LISTS:
            return nothing()
        desk = seat(request, self._desk)
        origins = Origins(desk.catalogue)
        found = list(itertools.islice(_own(to, with_types(desk)), SHOWN + 1))
        items = [
            (one, reading, origins.of(reading.document))
            for one, reading in found[:SHOWN]
        ]
        desk.audit("listed", f"referred to {to}")
        return self._render.page(
            request,
            "referred.html",
            title=LISTS[to],
            to=to,
            more=len(found) > SHOWN,
            items=items,
        )

    def give_back(self, request: Request, document: str) -> Response:
        """Back into the queue, whoever referred it."""
        desk = seat(request, self._desk)
        said = desk.catalogue.pending(DocumentId(document))
        if not isinstance(said, Referral):
            return nothing()
        desk.catalogue.take_back_answer(DocumentId(document), desk.clerk)
        return RedirectResponse(f"/referred/{said.to}", SEE_OTHER)
