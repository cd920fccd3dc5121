"""Nobody works on what another one holds: the gate before a document's screen.

To open a document, or to send anything about it, takes it for a while; a document that
somebody else has in hand is refused with the next move.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import Request, Response

from pipeline.access.permissions import may
from pipeline.document import DocumentId
from pipeline.store.worklist import Hold
from pipeline.web.desk import Desk
from pipeline.web.rendering import Rendering, seat

CONFLICT = 409


class HeldByAnother(Exception):
    """The document is in another clerk's hands."""

    def __init__(self, document: DocumentId, hold: Hold) -> None:
        super().__init__(document)
        self.document, self.hold = document, hold


def lease_gate(desk: Desk) -> Callable[[Request], None]:
    """A dependency of the routes under /documents: takes it, or raises HeldByAnother.

    What is not open any more passes: its screen says so itself.
    """

    def take(request: Request) -> None:
        document = request.path_params.get("document")
        if document is None or not _works_on(request, document):
            return
        user = getattr(request.state, "user", None)
        if user is not None and not may(user, "answer"):
            return  # who only looks, by a glass say, takes it from nobody
        here = seat(request, desk)
        waiting = here.catalogue.asked(DocumentId(document))
        if waiting is not None and not here.may_key(waiting):
            return  # theirs was the first key: it stays free for who gives the second
        hold = here.worklist.take(DocumentId(document), here.clerk, here.lease())
        if hold is not None and hold.holder != here.clerk:
            raise HeldByAnother(DocumentId(document), hold)

    return take


def _works_on(request: Request, document: str) -> bool:
    """Its screen, or anything sent about it; a picture of a page is looked at only."""
    return request.method == "POST" or request.url.path == f"/documents/{document}"


def refusal(desk: Desk) -> Callable[[Request, Exception], Awaitable[Response]]:
    """What a clerk sees who came second."""
    render = Rendering(desk)

    async def refuse(request: Request, error: Exception) -> Response:
        assert isinstance(error, HeldByAnother)  # noqa: S101 - for mypy
        return render.page(
            request,
            "held.html",
            status=CONFLICT,
            document=error.document,
            hold=error.hold,
            sent=request.method == "POST",
        )

    return refuse
