"""The sample on the screen: a filed document, its pages alone, and a form.

Neither what the machine found nor where the document lies is shown, and nobody is given
what they filed, corrected or checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from pipeline.checks import MachineAnswer
from pipeline.document import DocumentId, DocumentType, Patient, Reading
from pipeline.errors import InputError
from pipeline.web.desk import Desk
from pipeline.web.origin import Origins
from pipeline.web.overlay import stand
from pipeline.web.rendering import SEE_OTHER, Rendering, seat

CONFLICT, UNPROCESSABLE = 409, 422
FOUND = 8  # patients shown for what was typed
NOT_YOURS = "This document does not wait for your check: take the next one."
NOBODY = "nobody"
WHOSE = "Say whose it is: look the patient up, or choose nobody of the index."
NOBODY_FITS = "Nobody in the index fits that: try fewer letters, or the MRN."
KIND = "Say what it is: choose its type."


class Said(BaseModel):
    """The form as it was sent."""

    action: str = ""  # look | check
    text: str = Field(default="", repr=False)  # typed, to look somebody up
    looked: str = Field(default="", repr=False)  # the text that this screen answers
    mrn: str = Field(default="", repr=False)  # of whom was chosen; "nobody"
    type: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """The form as it comes back."""

    said: Said = field(default_factory=Said)
    people: tuple[Patient, ...] = field(default=(), repr=False)
    wrong: str = ""


def sample_routes(desk: Desk) -> APIRouter:
    """The next document of the sample, and what a person says of it."""
    routes, screen = APIRouter(), SampleScreen(desk)
    routes.get("/sample", response_class=HTMLResponse)(screen.next)
    routes.post("/sample/{document}", response_model=None)(screen.check)
    return routes


class SampleScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._render = Rendering(desk)

    def next(self, request: Request) -> Response:
        """The oldest that waits for whoever looks."""
        desk = seat(request, self._desk)
        one = next(_waiting(desk), None)
        if one is None:
            return self._render.page(request, "sample.html", waits=False)
        return self._show(request, one.document, Shown())

    def check(
        self, request: Request, document: str, said: Annotated[Said, Form()]
    ) -> Response:
        """Look somebody up, or keep the check and go on to the next."""
        desk = seat(request, self._desk)
        id_ = DocumentId(document)
        sample = desk.sample
        if sample is None or not (sample.waits(id_, desk.clerk) and _seen(id_, desk)):
            return self._render.message(request, NOT_YOURS, CONFLICT)
        if said.action != "check" or said.text != said.looked:  # typed anew: Enter
            desk.audit("searched patients", id_)
            return self._show(request, id_, _looked_up(said, desk))
        owner = None if said.mrn == NOBODY else desk.people.mrn_owner(said.mrn)
        if owner is None and said.mrn != NOBODY:
            return self._show(request, id_, _again(said, WHOSE, desk))
        if said.type not in {facts.key for facts in desk.offered()}:
            return self._show(request, id_, _again(said, KIND, desk))
        try:
            sample.check(id_, owner, DocumentType(said.type), desk.clerk)
        except InputError as error:
            return self._render.message(request, str(error), CONFLICT)
        desk.audit("checked", id_)
        return RedirectResponse("/sample", SEE_OTHER)

    def _show(self, request: Request, document: DocumentId, shown: Shown) -> Response:
        desk = seat(request, self._desk)
        read = desk.catalogue.reading(document).document
        pages = {p.number: p for p in desk.catalogue.pages(read.batch, read.pages)}
        turns = desk.catalogue.turns(read.batch)
        desk.audit("viewed", document)
        return self._render.page(
            request,
            "sample.html",
            status=UNPROCESSABLE if shown.wrong else 200,
            waits=True,
            only_shown=True,
            reading=Reading(read, (), ()),
            pages=[(n, pages[number], ()) for n, number in enumerate(read.pages, 1)],
            stands=[stand(pages[n], turns.get(n, 0)) for n in read.pages],
            origin=Origins(desk.catalogue).of(read),
            shown=shown,
            nobody=NOBODY,
        )


def _waiting(desk: Desk) -> Iterator[MachineAnswer]:
    """What these eyes may see and these hands did not have."""
    for one in desk.sample.waiting(desk.clerk) if desk.sample else ():
        if _seen(one.document, desk):
            yield one


def _seen(document: DocumentId, desk: Desk) -> bool:
    """Whether it lies in a record, and these eyes may see it."""
    filed = desk.catalogue.filed(document)
    return filed is not None and desk.sees_filed(filed)


def _looked_up(said: Said, desk: Desk) -> Shown:
    text = said.text.strip()
    found = desk.people.find(text, FOUND) if text else ()
    return Shown(said, found, "" if found else NOBODY_FITS)


def _again(said: Said, wrong: str, desk: Desk) -> Shown:
    text = said.text.strip()
    return Shown(said, desk.people.find(text, FOUND) if text else (), wrong)
