"""Routes: each shows what the catalogue knows, or keeps what a clerk said.

No patient's text stands in a URL: documents go by id, charts by a name that tells
nothing, and searches come as forms. Every look at paper is in the audit trail.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Form, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates

from pipeline.document import Decision, DocumentId, FiledDocument, Reading
from pipeline.review.queue import NOT_IN_INDEX, TIED
from pipeline.web import answers
from pipeline.web.desk import Desk
from pipeline.web.guard import guard
from pipeline.web.origin import Origins
from pipeline.web.overlay import boxes_on, surely, waterfall

HERE = Path(__file__).parent
SHOWN = 100  # documents of the queue, the first
WIDTHS = (160, 1100)  # px: thumbnail, page
SEE_OTHER, NOT_FOUND, CONFLICT, UNPROCESSABLE = 303, 404, 409, 422
GONE = "This document no longer waits: another clerk answered it, or it was filed."

TAKEN = "This document has an answer that is being carried out: look again later."


def make_app(desk: Desk) -> FastAPI:
    """The clerk's desk as an ASGI application; serve it on 127.0.0.1 only."""
    app = FastAPI(title="Chartfiler", docs_url=None, redoc_url=None, openapi_url=None)
    app.middleware("http")(guard)
    app.mount("/static", StaticFiles(directory=HERE / "static"))
    screens = Screens(desk)
    app.get("/", response_class=HTMLResponse)(screens.queue)
    app.get("/documents/{document}", response_class=HTMLResponse)(screens.document)
    app.get("/documents/{document}/pages/{n}/{width}.png")(screens.picture)
    app.post("/documents/{document}/answer", response_model=None)(screens.answer)
    app.get("/scans", response_class=HTMLResponse)(screens.scans)
    app.post("/documents/{document}/pages/{n}/best-scan")(screens.best_scan)
    app.get("/patients", response_class=HTMLResponse)(screens.patients)
    app.post("/patients", response_class=HTMLResponse)(screens.found)
    app.get("/steward", response_class=HTMLResponse)(screens.steward)
    app.get("/charts/{name}", response_class=HTMLResponse)(screens.chart)
    app.get("/filed/{document}/{version}.pdf")(screens.pdf)
    app.get("/healthz")(screens.health)
    return app


class Screens:
    """The screens of one desk. Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.templates = Jinja2Templates(HERE / "templates")
        self.templates.env.filters["surely"] = surely

    def queue(self, request: Request) -> Response:
        """What waits, stat papers first, then oldest first."""
        kept = {document for document, _ in self.desk.catalogue.answers()}
        waiting = [
            one
            for one in self.desk.catalogue.waiting()
            if one.reading.document.id not in kept
        ]
        stat = self.desk.stat(one.reading for one in waiting)
        first = sorted(  # stable: oldest first within each
            zip(waiting, stat, strict=True), key=lambda item: not item[1]
        )
        origins = Origins(self.desk.catalogue)
        return self._page(
            request,
            "queue.html",
            count=len(waiting),
            waiting=[
                (self.desk.shown(one), origins.of(one.reading.document), stat)
                for one, stat in first[:SHOWN]
            ],
            kept=len(kept),
            poor=len(self.desk.catalogue.poor_scans()),
            progress=self.desk.catalogue.progress(),
        )

    def document(self, request: Request, document: str) -> Response:
        """One document: its pages with the evidence drawn, reasons, suggestions."""
        return self._show(request, DocumentId(document))

    def picture(self, document: str, n: int, width: int) -> Response:
        """The n-th page of a document as PNG."""
        try:
            reading = self.desk.catalogue.reading(DocumentId(document))
        except KeyError:
            return _nothing()
        if width not in WIDTHS or not 1 <= n <= len(reading.document.pages):
            return _nothing()
        png = self.desk.picture(reading.document.id, n, width)
        return Response(png, media_type="image/png")

    def answer(
        self, request: Request, document: str, form: Annotated[answers.Form, Form()]
    ) -> Response:
        """Keep what the clerk said; the worker files it."""
        waiting = self.desk.catalogue.asked(DocumentId(document))
        if waiting is None:
            return self._message(request, GONE, CONFLICT)
        if document in dict(self.desk.catalogue.answers()):
            return self._message(request, TAKEN, CONFLICT)
        try:
            seen = self.desk.shown(waiting).reading
            said = answers.answer_of(form, seen, self.desk)
        except answers.Wrong as wrong:
            return self._show(request, DocumentId(document), form, str(wrong))
        if isinstance(said, answers.ToConfirm):
            return self._show(request, DocumentId(document), form, confirm=said.patient)
        if isinstance(said, answers.ToHold):
            self.desk.holdings.open(said.holding, self.desk.clerk)
            said = said.decision
        if isinstance(said, Decision):
            said = self.desk.with_stay(waiting, said)
        self.desk.catalogue.answer(DocumentId(document), said)
        self.desk.audit(f"answered {form.action}", document)
        return RedirectResponse("/", SEE_OTHER)

    def scans(self, request: Request) -> Response:
        """Pages that are worth another scan."""
        poor = self.desk.catalogue.poor_scans()
        origins = Origins(self.desk.catalogue)
        shown = [
            (one, origins.of(self.desk.catalogue.reading(one.document).document))
            for one in poor[:SHOWN]
        ]
        return self._page(request, "scans.html", count=len(poor), shown=shown)

    def best_scan(
        self, document: str, n: int, back: Annotated[str, Form()] = ""
    ) -> Response:
        """Keep that the n-th page cannot be scanned any better."""
        try:
            reading = self.desk.catalogue.reading(DocumentId(document))
        except KeyError:
            return _nothing()
        if not 1 <= n <= len(reading.document.pages):
            return _nothing()
        page = reading.document.pages[n - 1]
        batch = reading.document.batch
        self.desk.catalogue.keep_best_scan(batch, page, self.desk.clerk)
        where = f"/documents/{reading.document.id}" if back == "document" else "/scans"
        return RedirectResponse(where, SEE_OTHER)

    def patients(self, request: Request) -> Response:
        """The search box."""
        return self._page(request, "patients.html", found=None, text="")

    def found(self, request: Request, text: Annotated[str, Form()] = "") -> Response:
        """Patients that fit; sent as a form, so that no name is in a URL."""
        found = self.desk.people.find(text, 20) if text.strip() else ()
        self.desk.audit("searched", "patients")
        charts = [(self.desk.names.of(patient.id), patient) for patient in found]
        return self._page(request, "patients.html", found=charts, text=text)

    def steward(self, request: Request) -> Response:
        """Who is to be registered, and what waits because of the index itself."""
        desk = self.desk
        origins = Origins(desk.catalogue)
        absent, tied = (
            [(one, origins.of(one.reading.document)) for one in desk.asking(r)]
            for r in (NOT_IN_INDEX, TIED)
        )
        held = [
            (desk.names.of(one.id), one)
            for one in desk.holdings.all()
            if one.patient is None
        ]
        desk.audit("listed", "holding records")
        return self._page(
            request,
            "steward.html",
            counts={"held": len(held), "absent": len(absent), "tied": len(tied)},
            held=held[:SHOWN],
            absent=absent[:SHOWN],
            tied=tied[:SHOWN],
        )

    def chart(self, request: Request, name: str) -> Response:
        """A patient's filed documents, or a holding record's, newest first."""
        owner = self.desk.names.patient(name)
        held = self.desk.holdings.get(owner) if owner else None
        if owner and held:
            owner = held.patient or owner  # linked since: it is the patient's chart
        patient = self.desk.people.get(owner) if owner else None
        if owner is None or (patient is None and held is None):
            return self._message(request, "Look the patient up again.", NOT_FOUND)
        filed = list(self.desk.catalogue.of_patient(owner))
        self.desk.audit("viewed chart", owner)
        return self._page(
            request, "chart.html", patient=patient, held=held, filed=filed
        )

    def pdf(self, document: str, version: str) -> Response:
        """A filed version as PDF."""
        filed = self._version(DocumentId(document), version)
        if filed is None:
            return _nothing()
        self.desk.audit("viewed", filed.id)
        headers = {
            "Content-Disposition": f'inline; filename="{filed.id}.pdf"',
            "Content-Security-Policy": "frame-ancestors 'none'",  # viewers need styles
        }
        content = self.desk.objects.get(filed.key)
        return Response(content, media_type="application/pdf", headers=headers)

    def health(self) -> dict[str, Any]:
        """For a monitor: what is received and read, in pages."""
        now = self.desk.catalogue.progress()
        return {"ok": True, "received": now.received, "read": now.read}

    def _version(self, document: DocumentId, version: str) -> FiledDocument | None:
        """The live version; restricted ones are not shown."""
        filed = self.desk.catalogue.filed(document)
        return filed if filed and filed.id == version else None

    def _show(
        self,
        request: Request,
        document: DocumentId,
        form: answers.Form | None = None,
        wrong: str = "",
        confirm: Any = None,  # noqa: ANN401 - a Patient or nothing, for the template
    ) -> Response:
        waiting = self.desk.catalogue.asked(document)
        if waiting is None:
            return self._message(request, GONE, NOT_FOUND)
        self.desk.audit("viewed", document)
        stat = self.desk.stat([waiting.reading])[0]
        waiting = self.desk.shown(waiting)
        reading = waiting.reading
        return self._page(
            request,
            "document.html",
            status=UNPROCESSABLE if wrong else 200,
            waiting=waiting,
            reading=reading,
            stat=stat,
            blind=self.desk.blind(waiting),
            stays=self.desk.stays(reading),
            pages=self._pages(reading),
            origin=Origins(self.desk.catalogue).of(reading.document),
            nth={number: n for n, number in enumerate(reading.document.pages, 1)},
            bars=[(p, waterfall(p.evidence)) for p in reading.patients[:3]],
            best=self.desk.catalogue.best_scans(reading.document.batch),
            form=form or answers.Form(),
            wrong=wrong,
            confirm=confirm,
        )

    def _pages(self, reading: Reading) -> list[Any]:
        document = reading.document
        pages = self.desk.catalogue.pages(document.batch, document.pages)
        return [(n, page, boxes_on(page, reading)) for n, page in enumerate(pages, 1)]

    def _message(self, request: Request, says: str, status: int) -> Response:
        return self._page(request, "message.html", status=status, says=says)

    def _page(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        **shown: Any,  # noqa: ANN401 - whatever the template shows
    ) -> Response:
        shown |= {"desk": self.desk, "types": self.desk.offered()}
        return self.templates.TemplateResponse(
            request, template, shown, status_code=status
        )


def _nothing() -> Response:
    return PlainTextResponse("There is nothing here.", NOT_FOUND)
