"""A page of the desk as HTML, and who is looking at it.

Every screen module makes its pages here: ``Rendering.page`` gives the template the
desk of the person who looks, and the types on offer.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse
from fastapi.templating import Jinja2Templates

from pipeline.web.desk import Desk
from pipeline.web.overlay import surely

HERE = Path(__file__).parent
SEE_OTHER, NOT_FOUND = 303, 404
SHOWN = 100  # of a list, the first


class Rendering:
    """The templates of one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._templates = Jinja2Templates(HERE / "templates")
        self._templates.env.filters["surely"] = surely

    def page(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        **shown: Any,  # noqa: ANN401 - whatever the template shows
    ) -> Response:
        """The template with what it shows, the desk and its types."""
        # looked up once a page: each look at the site's own types is a query
        known = dict(self._desk.type_facts.items())
        desk = replace(seat(request, self._desk), type_facts=known)
        shown |= {"desk": desk, "types": desk.offered()}
        return self._templates.TemplateResponse(
            request, template, shown, status_code=status
        )

    def message(self, request: Request, says: str, status: int) -> Response:
        """One sentence, with the next move in it."""
        return self.page(request, "message.html", status=status, says=says)


def seat(request: Request, desk: Desk) -> Desk:
    """The desk with the signed-in person at it: their name goes into every record."""
    name: str = getattr(request.state, "who", "")
    return replace(desk, clerk=name) if name else desk


def nothing() -> Response:
    """What a guessed address gets."""
    return PlainTextResponse("There is nothing here.", NOT_FOUND)
