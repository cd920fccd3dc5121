"""A page of the desk as HTML, and who is looking at it.

Every screen module makes its pages here: ``Rendering.page`` gives the template the
desk of the person who looks, the types on offer, and what their session is good for.
Each form that posts is given the session's token when its template is compiled, so
that no template can forget it.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse
from fastapi.templating import Jinja2Templates
from jinja2.ext import Extension

from pipeline.access.permissions import Permission, may
from pipeline.document import DocumentId
from pipeline.users import User
from pipeline.web.desk import Desk
from pipeline.web.eyes import Eyes
from pipeline.web.known_people import KnownPeople
from pipeline.web.overlay import surely
from pipeline.web.seeded_desk import before

HERE = Path(__file__).parent
SEE_OTHER, NOT_FOUND = 303, 404
SHOWN = 100  # of a list, the first
OFFERED = dt.timedelta(minutes=5)  # so long the siblings of what was set right are
POSTED = re.compile(r"<form\b[^>]*\bmethod=[\"']post[\"'][^>]*>", re.IGNORECASE)
HIDDEN_FIELD = '<input type="hidden" name="csrf" value="{{ csrf_token }}">'


class FormToken(Extension):
    """Puts the session's token into every form that posts."""

    def preprocess(
        self,
        source: str,
        name: str | None,  # noqa: ARG002 - Jinja's
        filename: str | None = None,  # noqa: ARG002 - Jinja's
    ) -> str:
        return POSTED.sub(lambda found: found[0] + HIDDEN_FIELD, source)


@cache
def templates() -> Jinja2Templates:
    """The templates of every screen, compiled once."""
    made = Jinja2Templates(HERE / "templates")
    made.env.filters["surely"] = surely
    made.env.add_extension(FormToken)
    return made


class Rendering:
    """The pages of one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._templates = desk, templates()

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
        user: User | None = getattr(request.state, "user", None)
        session = getattr(request.state, "session", None)
        shown |= {
            "desk": desk,
            "held_answers": own_seat(request, self._desk).held(),
            "set_right": _set_right(own_seat(request, self._desk)),
            "types": desk.offered(),
            "user": user,
            "home": home_of(user),
            "may": partial(_may, user, getattr(request.state, "asks", False)),
            "csrf_token": session.csrf if session else "",
            "idle_minutes": self._desk.idle_minutes if user else "",
        }
        return self._templates.TemplateResponse(
            request, template, shown, status_code=status
        )

    def message(self, request: Request, says: str, status: int) -> Response:
        """One sentence, with the next move in it."""
        return self.page(request, "message.html", status=status, says=says)


def _set_right(desk: Desk) -> DocumentId | None:
    """What the clerk has just set right, so that they may look for its siblings."""
    if desk.siblings is None:
        return None
    return next((one.document for one in desk.siblings.by(desk.clerk, OFFERED)), None)


def seat(request: Request, desk: Desk) -> Desk:
    """The desk with the signed-in person at it, before the document of the address."""
    return own_seat(request, before(desk, request.path_params.get("document", "")))


def own_seat(request: Request, desk: Desk) -> Desk:
    """The desk with the signed-in person at it: their name goes into every record.

    Its ``people`` are those whom the person may know; lists of paper ask it what the
    person sees: ``sees``, ``sees_filed``, ``knows``.
    """
    state = request.state
    name: str = getattr(state, "who", "")
    eyes: Eyes | None = getattr(state, "eyes", None)
    whose: str = getattr(state, "whose", "")
    return replace(
        desk,
        clerk=name or desk.clerk,
        people=KnownPeople(desk.people, eyes, whose) if eyes else desk.people,
        eyes=eyes,
        purpose=getattr(state, "purpose", ""),
        whose=whose,
    )


def home_of(user: User | None) -> str:
    """The first page of whoever is signed in: one that they may open."""
    if user is None:
        return "/"
    homes: tuple[tuple[Permission, str], ...] = (
        ("queue", "/"),
        ("station", "/scans"),
        ("search", "/patients"),
        ("audit", "/audit"),
        ("administer", "/users"),
    )
    return next((path for may_do, path in homes if may(user, may_do)), "/account")


def _may(user: User | None, asks: bool, permission: Permission) -> bool:  # noqa: FBT001 - bound by partial
    """Whether a page offers this; everything while there is no user."""
    return may(user, permission) if user else not asks


def nothing() -> Response:
    """What a guessed address gets."""
    return PlainTextResponse("There is nothing here.", NOT_FOUND)
