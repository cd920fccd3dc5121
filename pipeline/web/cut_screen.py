"""A clerk cuts documents anew: split, merge, set aside, move, reorder, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel

from pipeline.document import DocumentId, Recut, Removed
from pipeline.review import recutting
from pipeline.review.recutting import Asked, NoSuchCut
from pipeline.store.recut_rows import Superseded
from pipeline.web.desk import Desk
from pipeline.web.rendering import SEE_OTHER, Rendering, nothing, seat
from pipeline.web.seeded_desk import judged

CONFLICT, UNPROCESSABLE = 409, 422
NOT_OPEN = "One of these documents is answered, filed or cut by somebody else by now."
NOTHING_CUT = "There is no new cut of yours that could be taken back."


class Wanted(BaseModel):
    """What is to be done with a document's pages, which are counted in it from 1."""

    did: str = ""  # split | merge | aside | move | reorder
    before: int = 0  # split: the page with which the second part begins
    other: str = ""  # merge, move: another document of the batch
    first: bool = False  # merge: the other one goes in front
    pages: str = ""  # aside, move, reorder: "2 3"
    as_: str = ""  # aside


def cut_routes(desk: Desk) -> APIRouter:
    """Cutting, taking back, and whether the machine has read what was cut."""
    routes, screen = APIRouter(), CutScreen(desk)
    routes.post("/documents/{document}/cut", response_model=None)(screen.cut)
    routes.post("/cuts/undo", response_model=None)(screen.undo)
    routes.get("/documents/{document}/read")(screen.is_read)
    return routes


class CutScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._render = Rendering(desk)

    def cut(
        self, request: Request, document: str, wanted: Annotated[Wanted, Form()]
    ) -> Response:
        """Cut anew in one transaction; then the first of the new documents."""
        desk = seat(request, self._desk)
        if desk.recuts is None:
            return nothing()
        if desk.made_up:
            where = judged(desk, DocumentId(document), wanted.did)
            return RedirectResponse(where, SEE_OTHER)
        try:
            new = self._recut(DocumentId(document), wanted, desk)
            if new is None:
                return self._render.message(request, NOT_OPEN, CONFLICT)
            made = desk.recuts.keep(new)
        except NoSuchCut as wrong:
            return self._render.message(request, str(wrong), UNPROCESSABLE)
        except Superseded:
            return self._render.message(request, NOT_OPEN, CONFLICT)
        return RedirectResponse(_first(made), SEE_OTHER)

    def undo(self, request: Request) -> Response:
        """Take the clerk's last new cut back."""
        desk = seat(request, self._desk)
        last = desk.recuts.last(desk.clerk) if desk.recuts else None
        if desk.recuts is None or last is None:
            return self._render.message(request, NOTHING_CUT, CONFLICT)
        try:
            made = desk.recuts.keep(
                recutting.undone(
                    last.recut, last.made, last.before, last.nth, desk.clerk
                )
            )
        except Superseded:
            return self._render.message(request, NOT_OPEN, CONFLICT)
        return RedirectResponse(_first(made), SEE_OTHER)

    def is_read(self, request: Request, document: str) -> Response:
        """Whether the machine has read this document since it was cut."""
        recuts = seat(request, self._desk).recuts
        if recuts is None:
            return nothing()
        return JSONResponse({"read": recuts.is_read(DocumentId(document))})

    def _recut(self, document: DocumentId, wanted: Wanted, desk: Desk) -> Recut | None:
        """Raises NoSuchCut; None if one of the documents is not open."""
        one = _asked(document, desk)
        if one is None:
            return None
        own = one[0].document.pages
        match wanted.did:
            case "split":
                return recutting.split(one, wanted.before, desk.clerk)
            case "reorder":
                return recutting.reorder(one, _pages(wanted, own), desk.clerk)
            case "aside":
                pages = _pages(wanted, own)
                return recutting.set_aside(one, pages, _as(wanted.as_), desk.clerk)
            case "merge" | "move":
                other = _asked(DocumentId(wanted.other), desk)
                return other and _with_other(one, other, wanted, desk.clerk)
            case _:
                raise NoSuchCut("Choose split, merge, set aside, move or reorder.")


def _with_other(one: Asked, other: Asked, wanted: Wanted, by: str) -> Recut:
    if wanted.did == "move":
        pages = _pages(wanted, one[0].document.pages)
        return recutting.move(pages, one, other, by)
    pair = (other, one) if wanted.first else (one, other)
    return recutting.merge(*pair, by)


def _asked(document: DocumentId, desk: Desk) -> Asked | None:
    waiting = desk.catalogue.asked(document)
    if waiting is None or not desk.sees(waiting.reading):
        return None  # the gate has looked at the first document, not at the other
    if not desk.may_key(waiting):
        return None  # the second key is another person's, and so is the cut
    return waiting.reading, waiting.review


def _pages(wanted: Wanted, own: Sequence[int]) -> tuple[int, ...]:
    """The numbers in the batch of pages that are counted in their document."""
    try:
        places = [int(word) for word in wanted.pages.split()]
    except ValueError:
        raise NoSuchCut("Name pages by their numbers: 2 3.") from None
    if not all(1 <= place <= len(own) for place in places):
        raise NoSuchCut("The document has no such page.")
    return tuple(own[place - 1] for place in places)


def _as(said: str) -> Removed:
    for known in recutting.BY_CLERK:
        if known == said:
            return known
    raise NoSuchCut("Say as what: blank, separator, duplicate or no record.")


def _first(made: Sequence[DocumentId]) -> str:
    return f"/documents/{made[0]}" if made else "/next"
