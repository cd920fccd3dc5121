"""Break the glass: see, with a reason and for a time, what is closed to one.

The reason may name a patient: it is shown to the supervisor and stands in no log and
in no line of the audit trail.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from pipeline.document import DocumentId
from pipeline.users import User
from pipeline.web.desk import Desk
from pipeline.web.entry import Entry
from pipeline.web.rendering import SEE_OTHER, SHOWN, Rendering, seat

UNPROCESSABLE = 422
SHORTEST, LONGEST = 10, 500  # letters of a reason
NO_REASON = f"Say why, in {SHORTEST} letters at least: your supervisor reads it."
NOBODY = "Nobody has this number: look again."


def glass_routes(desk: Desk, entry: Entry) -> APIRouter:
    """Break one, and the supervisor's list of them."""
    routes, screen = APIRouter(), GlassScreen(desk, entry)
    routes.get("/glass", response_class=HTMLResponse)(screen.ask)
    routes.post("/glass", response_class=HTMLResponse)(screen.smash)
    routes.get("/glass/list", response_class=HTMLResponse)(screen.listed)
    return routes


class GlassScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk, entry: Entry) -> None:
        self._desk, self._entry = desk, entry
        self._render = Rendering(desk)

    def ask(self, request: Request) -> Response:
        """The form, for the paper of one patient."""
        return self._ask(request, "", "", "")

    def smash(
        self,
        request: Request,
        document: Annotated[str, Form()] = "",
        chart: Annotated[str, Form()] = "",
        mrn: Annotated[str, Form()] = "",
        reason: Annotated[str, Form()] = "",
    ) -> Response:
        """Open one document, or one patient's paper, for a time."""
        reason = " ".join(reason.split())
        opened, where = self._meant(document, chart, mrn)
        if not opened:
            return self._ask(request, document, chart, NOBODY)
        if not SHORTEST <= len(reason) <= LONGEST:
            return self._ask(request, document, chart, NO_REASON)
        user: User = request.state.user
        self._entry.glasses.smash(user.name, opened, reason, self._entry.glass_lasts)
        return RedirectResponse(where, SEE_OTHER)

    def listed(self, request: Request) -> Response:
        """Who broke which glass, when and why, the newest first."""
        seat(request, self._desk).audit("listed", "broken glasses")
        glasses = self._entry.glasses.newest(SHOWN)
        now = self._entry.sessions.now()
        return self._render.page(request, "glasses.html", glasses=glasses, now=now)

    def _meant(self, document: str, chart: str, mrn: str) -> tuple[str, str]:
        """The id that is opened, and where its paper is looked at."""
        if document:
            id_ = DocumentId(document)
            filed = self._desk.catalogue.filed(id_)
            if filed:
                return filed.document, f"/filed/{filed.document}/{filed.id}.pdf"
            known = self._desk.catalogue.asked(id_)
            return (id_, f"/documents/{id_}") if known else ("", "")
        if chart:
            owner = self._desk.names.patient(chart)
        else:
            owner = self._desk.people.mrn_owner(mrn.strip()) if mrn.strip() else None
        return (owner, f"/charts/{self._desk.names.of(owner)}") if owner else ("", "")

    def _ask(self, request: Request, document: str, chart: str, wrong: str) -> Response:
        return self._render.page(
            request,
            "glass.html",
            status=UNPROCESSABLE if wrong else 200,
            document=document,
            chart=chart,
            wrong=wrong,
        )
