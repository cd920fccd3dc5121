"""A filed document's history, and its correction."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from pipeline.document import DocumentId, FiledDocument, PatientId
from pipeline.store.answers import Corrected
from pipeline.web.answers import Wrong
from pipeline.web.correcting import CorrectionForm, ToMove, correction_of
from pipeline.web.desk import Desk
from pipeline.web.rendering import NOT_FOUND, SEE_OTHER, Rendering, seat

CONFLICT, UNPROCESSABLE = 409, 422
UNKNOWN = "No document with this number was ever filed."
TAKEN = "A correction of this document is being carried out: look again in a moment."
STALE = "Somebody corrected this document while you looked: see what stands now."


def record_routes(desk: Desk) -> APIRouter:
    """The history of a filed document, and its correction."""
    routes, screen = APIRouter(), RecordScreen(desk)
    routes.get("/filed/{document}", response_class=HTMLResponse)(screen.history)
    routes.post("/filed/{document}/correct", response_model=None)(screen.correct)
    return routes


class RecordScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._render = Rendering(desk)

    def history(self, request: Request, document: str) -> Response:
        """Every version with who, when and why; older ones are not to be opened."""
        versions = self._desk.catalogue.versions(DocumentId(document))
        if not versions:
            return self._render.message(request, UNKNOWN, NOT_FOUND)
        seat(request, self._desk).audit("viewed history", versions[-1].document)
        return self._show(request, versions)

    def correct(
        self,
        request: Request,
        document: str,
        form: Annotated[CorrectionForm, Form()],
    ) -> Response:
        """Keep the correction; the worker carries it out."""
        desk = seat(request, self._desk)
        versions = desk.catalogue.versions(DocumentId(document))
        if not versions:
            return self._render.message(request, UNKNOWN, NOT_FOUND)
        if document in dict(desk.catalogue.answers()):
            return self._render.message(request, TAKEN, CONFLICT)
        if form.of != versions[-1].id:
            return self._show(request, versions, form, STALE, status=CONFLICT)
        gone = desk.catalogue.filed(versions[-1].document) is None
        try:
            said = correction_of(form, versions[-1], desk, gone=gone)
        except Wrong as wrong:
            return self._show(request, versions, form, str(wrong), status=UNPROCESSABLE)
        if isinstance(said, ToMove):
            return self._show(request, versions, form, move=said)
        desk.catalogue.answer(versions[-1].document, said)
        desk.audit("corrected" if said.decision else "retracted", said.of)
        return RedirectResponse(f"/filed/{document}", SEE_OTHER)

    def _show(
        self,
        request: Request,
        versions: tuple[FiledDocument, ...],
        form: CorrectionForm | None = None,
        wrong: str = "",
        *,
        status: int = 200,
        move: ToMove | None = None,
    ) -> Response:
        desk, catalogue = seat(request, self._desk), self._desk.catalogue
        document = versions[-1].document
        reasons: dict[DocumentId, list[Corrected]] = {}
        for one in catalogue.corrections(document):
            reasons.setdefault(one.version, []).append(one)
        live = catalogue.filed(document)
        return self._render.page(
            request,
            "history.html",
            status=status,
            standing=versions[-1],
            live=live,
            versions=[
                (one, _whose(desk, one.decision.patient), reasons.get(one.id, []))
                for one in reversed(versions)
            ],
            count=len(catalogue.reading(document).document.pages),
            kept=document in dict(catalogue.answers()),
            failed=catalogue.failure(document),
            form=form or CorrectionForm(),
            wrong=wrong,
            move=move,
        )


def _whose(desk: Desk, patient: PatientId) -> tuple[str, str]:
    """The name of the chart for its address, and the person's for the eye.

    Of somebody of another facility nothing is told.
    """
    found = desk.people.get(patient)
    name = desk.names.of(patient)
    if found is not None:
        first = found.names[0]
        return name, f"{first.family}, {first.given}, MRN {found.mrn}"
    held = desk.holdings.get(patient)
    return name, f"{held.family}, {held.given}, not in the index" if held else ""
