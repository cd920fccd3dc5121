"""Which requests are looked at at all: those of a browser that is on the desk's page.

Until there is a user the desk listens on 127.0.0.1 only. A page of another site that
is open in the same browser could still send requests here, so a foreign Host (DNS
rebinding) and a foreign Origin (cross-site forms) are refused. Who asks, and what they
may, is for gate.py to say.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse

log = logging.getLogger(__name__)

LOCAL = "127.0.0.1"
OWN_NAMES = (LOCAL, "localhost")
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), usb=()",
    "Referrer-Policy": "same-origin",  # no-referrer would make Origin "null"
    "X-Content-Type-Options": "nosniff",
}

WAY_BACK = "/sign-in/back"  # the house's directory leads here
YEAR = f"max-age={365 * 24 * 3600}"

Next = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Front:
    """By which host names browsers reach the desk, and whether by TLS."""

    names: tuple[str, ...] = OWN_NAMES
    secure: bool = False

    @property
    def scheme(self) -> str:
        return "https" if self.secure else "http"


def guard_of(front: Front) -> Callable[[Request, Next], Awaitable[Response]]:
    """The outermost check of a desk that is reached in this way."""
    headers = HEADERS | ({"Strict-Transport-Security": YEAR} if front.secure else {})

    async def guard(request: Request, answer: Next) -> Response:
        response = await _answered(request, answer, front)
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    return guard


async def _answered(request: Request, answer: Next, front: Front) -> Response:
    """Refuse foreign callers; let no error out that could show a patient's text."""
    if refusal := _refusal(request, front):
        return PlainTextResponse(refusal, 403)
    try:
        return await answer(request)
    except Exception as error:  # noqa: BLE001 - the web edge: one request may fail, the desk stays
        number = uuid4().hex[:8]
        log.error("request %s failed: %s", number, type(error).__name__)  # noqa: TRY400 - a traceback may hold patient text
        return PlainTextResponse(
            f"This did not work (note {number}). Nothing was changed; "
            "go back and try again, or tell your administrator the number.",
            500,
        )


def _refusal(request: Request, front: Front) -> str:
    if _name(request.headers.get("host", "")) not in front.names:
        return "This desk answers only to its own address."
    if request.url.scheme != front.scheme:
        return f"This desk is reached by {front.scheme} only."
    origin = request.headers.get("origin")
    if origin is not None and origin != f"{front.scheme}://{request.headers['host']}":
        return "This desk takes nothing from another site's page."
    came_back = request.method == "GET" and request.scope["path"] == WAY_BACK
    foreign = request.headers.get("sec-fetch-site") in ("cross-site", "same-site")
    if foreign and not came_back:
        return "This desk takes nothing from another site's page."
    return ""


def _name(host: str) -> str:
    return urlsplit(f"//{host}").hostname or ""
