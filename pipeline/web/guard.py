"""Who may talk to the desk: this machine's own browser, on its own page.

Until accounts exist the desk listens on 127.0.0.1 only. A page of another site that
is open in the same browser could still send requests here, so a foreign Host (DNS
rebinding) and a foreign Origin (cross-site forms) are refused.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit
from uuid import uuid4

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse

from pipeline.errors import NotLocal

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
    # with "no-referrer" a browser sends its own forms with the origin "null"
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

Next = Callable[[Request], Awaitable[Response]]


def check_host(host: str) -> None:
    """Raises NotLocal for any address but this machine's own."""
    if host != LOCAL:
        raise NotLocal(
            f"the clerk's page cannot be served on {host}: there are no accounts yet, "
            f"so whoever reaches it could read every chart; use --host {LOCAL}"
        )


async def guard(request: Request, answer: Next) -> Response:
    """Refuse foreign callers; let no error out that could show a patient's text."""
    refusal = _refusal(request)
    if refusal:
        response: Response = PlainTextResponse(refusal, 403)
    else:
        try:
            response = await answer(request)
        except Exception as error:  # noqa: BLE001 - the web edge: one request may fail, the desk stays
            number = uuid4().hex[:8]
            log.error("request %s failed: %s", number, type(error).__name__)  # noqa: TRY400 - a traceback may hold patient text
            response = PlainTextResponse(
                f"This did not work (note {number}). Nothing was changed; "
                "go back and try again, or tell your administrator the number.",
                500,
            )
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _refusal(request: Request) -> str:
    if _name(request.headers.get("host", "")) not in OWN_NAMES:
        return "This desk answers only to its own address on this machine."
    origin = request.headers.get("origin")
    if origin is not None and origin != f"http://{request.headers['host']}":
        return "This desk takes nothing from another site's page."
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return "This desk takes nothing from another site's page."
    return ""


def _name(host: str) -> str:
    return urlsplit(f"//{host}").hostname or ""
