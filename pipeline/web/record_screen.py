"""A filed document's history, and its correction."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from pipeline.document import DocumentId, FiledDocument, PatientId
from pipeline.rescanning import better_scans
from pipeline.review.siblings import changed_by
from pipeline.store.answers import Corrected
from pipeline.web.answers import Wrong
from pipeline.web.back import way_back, with_back
from pipeline.web.correcting import CorrectionForm, ToMove, correction_of
from pipeline.web.desk import Desk
from pipeline.web.origin import Origins
from pipeline.web.rendering import NOT_FOUND, SEE_OTHER, Rendering, seat

CONFLICT, UNPROCESSABLE = 409, 422
OFFERED = 12  # pages that may be a better scan
UNKNOWN = "No document with this number was ever filed."
TAKEN = "A correction of this document is being carried out: look again in a moment."
STALE = "Somebody corrected this document while you looked: see what stands now."


def record_routes(desk: Desk) -> APIRouter:
    """The history of a filed document, and its correction."""
    routes, screen = APIRouter(), RecordScreen(desk)
    routes.get("/filed/{document}", response_class=HTMLResponse)(screen.history)
    routes.get("/filed/{document}/pages/{n}", response_class=HTMLResponse)(screen.page)
    routes.post("/filed/{document}/correct", response_model=None)(screen.correct)
    return routes


@dataclass(frozen=True, slots=True)
class _Said:
    """What came of a form: what is wrong with it, or whose chart it names."""

    form: CorrectionForm = field(default_factory=CorrectionForm)
    wrong: str = ""
    move: ToMove | None = None
    back: str = ""  # the list that the document was opened from


class RecordScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._render = Rendering(desk)

    def history(self, request: Request, document: str, back: str = "") -> Response:
        """Every version with who, when and why; older ones are not to be opened.

        ``back`` is the list that it was opened from.
        """
        versions = self._desk.catalogue.versions(DocumentId(document))
        if not versions:
            return self._render.message(request, UNKNOWN, NOT_FOUND)
        seat(request, self._desk).audit("viewed history", versions[-1].document)
        return self._show(request, versions, _Said(back=way_back(back)))

    def page(self, request: Request, document: str, n: int) -> Response:
        """One of its pages, and those that may be a better scan of it."""
        desk = seat(request, self._desk)
        live = desk.catalogue.filed(DocumentId(document))
        if live is None or desk.relaid is None:
            return self._render.message(request, UNKNOWN, NOT_FOUND)
        paper = desk.catalogue.reading(live.document).document
        if not 1 <= n <= len(paper.pages):
            return self._render.message(request, UNKNOWN, NOT_FOUND)
        [read] = desk.catalogue.pages(paper.batch, (paper.pages[n - 1],))
        scans = better_scans(read, paper, desk.catalogue, desk.relaid, desk.sees)
        origins = Origins(desk.catalogue)
        desk.audit("viewed", live.document)
        return self._render.page(
            request,
            "better_scan.html",
            live=live,
            n=n,
            origin=origins.of(paper),
            scans=[(one, origins.of(one.reading.document)) for one in scans[:OFFERED]],
            kept=desk.catalogue.pending(live.document) is not None,
        )

    def correct(
        self,
        request: Request,
        document: str,
        form: Annotated[CorrectionForm, Form()],
        back: str = "",
    ) -> Response:
        """Keep the correction; the worker carries it out."""
        desk, back = seat(request, self._desk), way_back(back)
        versions = desk.catalogue.versions(DocumentId(document))
        if not versions:
            return self._render.message(request, UNKNOWN, NOT_FOUND)
        told = _Said(form, back=back)
        if form.of != versions[-1].id:
            return self._show(request, versions, replace(told, wrong=STALE), CONFLICT)
        gone = desk.catalogue.filed(versions[-1].document) is None
        try:
            said = correction_of(form, versions[-1], desk, gone=gone)
        except Wrong as wrong:
            told = replace(told, wrong=str(wrong))
            return self._show(request, versions, told, UNPROCESSABLE)
        if isinstance(said, ToMove):
            return self._show(request, versions, replace(told, move=said))
        had = desk.catalogue.reading(versions[-1].document).document.pages
        if not desk.catalogue.first_answer(versions[-1].document, said):
            return self._render.message(request, TAKEN, CONFLICT)
        desk.audit("corrected" if said.decision else "retracted", said.of)
        if desk.siblings is not None:
            changed = changed_by(said, versions[-1].decision, had)
            desk.siblings.keep(versions[-1].document, desk.clerk, changed)
        return RedirectResponse(with_back(f"/filed/{document}", back), SEE_OTHER)

    def _show(
        self,
        request: Request,
        versions: tuple[FiledDocument, ...],
        said: _Said,
        status: int = 200,
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
            kept=catalogue.pending(document) is not None,
            failed=catalogue.failure(document),
            form=said.form,
            wrong=said.wrong,
            move=said.move,
            back=said.back,
            **_pages(document, desk),
            righted=desk.siblings.fields_of(document) if desk.siblings else (),
        )


def _pages(document: DocumentId, desk: Desk) -> dict[str, Any]:
    """How many it has, whether it had others, and where those lie now."""
    paper = desk.catalogue.reading(document).document
    before = desk.relaid.before(document) if desk.relaid else ()
    apart: dict[DocumentId, str] = {}  # and where each is looked at
    for _, _, there in desk.catalogue.homes(paper.batch, before):
        if there is not None and there != document:
            waits = desk.catalogue.asked(there) is not None
            filed = bool(desk.catalogue.versions(there))
            apart[there] = "documents" if waits else "filed" if filed else ""
    return {
        "count": len(paper.pages),
        "counts": desk.relaid.counts(document) if desk.relaid else {},
        "apart": sorted(apart.items()),
        "had": len(before) if before != paper.pages else 0,
    }


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
