"""Patients, their charts and the steward's lists.

No patient's text stands in a URL: charts go by a name that tells nothing, and searches
come as forms.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse

from pipeline.document import DocumentId, FiledDocument
from pipeline.review.queue import NOT_IN_INDEX, TIED
from pipeline.web.desk import Desk
from pipeline.web.origin import Origins
from pipeline.web.rendering import NOT_FOUND, SHOWN, Rendering, nothing, seat


def people_routes(desk: Desk) -> APIRouter:
    """Search, chart, filed PDF, the steward's page."""
    routes, screen = APIRouter(), PeopleScreen(desk)
    routes.get("/patients", response_class=HTMLResponse)(screen.patients)
    routes.post("/patients", response_class=HTMLResponse)(screen.found)
    routes.get("/steward", response_class=HTMLResponse)(screen.steward)
    routes.get("/charts/{name}", response_class=HTMLResponse)(screen.chart)
    routes.get("/filed/{document}/{version}.pdf")(screen.pdf)
    return routes


class PeopleScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._render = Rendering(desk)

    def patients(self, request: Request) -> Response:
        """The search box."""
        return self._render.page(request, "patients.html", found=None, text="")

    def found(self, request: Request, text: Annotated[str, Form()] = "") -> Response:
        """Patients that fit; sent as a form, so that no name is in a URL."""
        desk = seat(request, self._desk)
        found = desk.people.find(text, 20) if text.strip() else ()
        desk.audit("searched", "patients")
        charts = [(self._desk.names.of(patient.id), patient) for patient in found]
        return self._render.page(request, "patients.html", found=charts, text=text)

    def steward(self, request: Request) -> Response:
        """Who is to be registered, and what waits because of the index itself."""
        desk = seat(request, self._desk)
        origins = Origins(desk.catalogue)
        (absents, absent), (ties, tied) = (
            desk.asking(reasons, SHOWN) for reasons in (NOT_IN_INDEX, TIED)
        )
        held = [
            (desk.names.of(one.id), one)
            for one in desk.holdings.all()
            if one.patient is None and (desk.eyes is None or desk.eyes.all_facilities)
        ]
        desk.audit("listed", "holding records")
        return self._render.page(
            request,
            "steward.html",
            counts={"held": len(held), "absent": absents, "tied": ties},
            held=held[:SHOWN],
            absent=[(one, origins.of(one.reading.document)) for one in absent],
            tied=[(one, origins.of(one.reading.document)) for one in tied],
        )

    def chart(self, request: Request, name: str) -> Response:
        """A patient's filed documents, or a holding record's, newest first."""
        owner = self._desk.names.patient(name)
        held = self._desk.holdings.get(owner) if owner else None
        if owner and held:
            owner = held.patient or owner  # linked since: it is the patient's chart
        patient = self._desk.people.get(owner) if owner else None
        if owner is None or (patient is None and held is None):
            return self._render.message(
                request, "Look the patient up again.", NOT_FOUND
            )
        desk = seat(request, self._desk)
        every = self._desk.catalogue.of_patient(owner)
        filed = [one for one in every if desk.sees_filed(one)]
        desk.audit("viewed chart", owner, owner)
        return self._render.page(
            request,
            "chart.html",
            patient=patient,
            held=held,
            filed=filed,
            gone=[
                one
                for one in self._desk.catalogue.gone_from(owner)
                if desk.sees_filed(one)
            ],
        )

    def pdf(self, request: Request, document: str, version: str) -> Response:
        """A filed version as PDF."""
        filed = self._version(DocumentId(document), version)
        if filed is None:
            return nothing()
        seat(request, self._desk).audit("viewed", filed.id)
        headers = {
            "Content-Disposition": f'inline; filename="{filed.id}.pdf"',
            "Content-Security-Policy": "frame-ancestors 'none'",  # viewers need styles
        }
        content = self._desk.objects.get(filed.key)
        return Response(content, media_type="application/pdf", headers=headers)

    def _version(self, document: DocumentId, version: str) -> FiledDocument | None:
        """The live version; restricted ones are not shown."""
        filed = self._desk.catalogue.filed(document)
        return filed if filed and filed.id == version else None
