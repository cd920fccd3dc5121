"""The auditor's page: who saw this patient's paper, and what for.

The number is sent as a form, so that it stands in no address; the page shows who did
what, and nothing of the paper itself.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse

from pipeline.web.desk import Desk
from pipeline.web.entry import Entry
from pipeline.web.rendering import Rendering, seat

UNPROCESSABLE = 422
MOST = 1000  # lines on a page
NOBODY = "Nobody in the index has this MRN."


def audit_routes(desk: Desk, entry: Entry) -> APIRouter:
    """The question and its answer."""
    routes, screen = APIRouter(), AuditScreen(desk, entry)
    routes.get("/audit", response_class=HTMLResponse)(screen.ask)
    routes.post("/audit", response_class=HTMLResponse)(screen.answer)
    return routes


class AuditScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk, entry: Entry) -> None:
        self._desk, self._entry = desk, entry
        self._render = Rendering(desk)

    def ask(self, request: Request) -> Response:
        return self._render.page(request, "audit.html", lines=None, mrn="", wrong="")

    def answer(self, request: Request, mrn: Annotated[str, Form()] = "") -> Response:
        """Every line about this patient's paper; the question is one more."""
        owner = self._desk.people.mrn_owner(mrn.strip())
        if owner is None:
            return self._render.page(
                request,
                "audit.html",
                status=UNPROCESSABLE,
                lines=None,
                mrn=mrn,
                wrong=NOBODY,
            )
        lines = self._entry.trail.of_patient(owner)
        seat(request, self._desk).audit("read audit trail", owner, owner)
        shown = tuple(reversed(lines))[:MOST]
        return self._render.page(
            request, "audit.html", lines=lines, shown=shown, mrn=mrn, wrong=""
        )
