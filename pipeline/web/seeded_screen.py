"""After a seeded item: whether the clerk noticed, told at once and to them alone."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from pipeline.document import DocumentId
from pipeline.web.desk import Desk
from pipeline.web.rendering import Rendering, nothing, seat


def seeded_routes(desk: Desk) -> APIRouter:
    """What a clerk is told."""
    routes, render = APIRouter(), Rendering(desk)

    def told(request: Request, document: str) -> Response:
        """What stood on the paper, what was suggested, and what the clerk said."""
        here = seat(request, desk)
        told = here.seeds.told(DocumentId(document), here.clerk) if here.seeds else None
        if told is None:
            return nothing()
        return render.page(request, "seeded.html", told=told, document=document)

    routes.get("/documents/{document}/told", response_class=HTMLResponse)(told)
    return routes
