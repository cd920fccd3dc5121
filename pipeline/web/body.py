"""The body of a request: read once, no longer than it may be, and given on."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive, Scope

MOST_FIELDS = 1000


class TooLong(Exception):
    """The request is longer than [web] request_bytes allows."""


async def whole(scope: Scope, receive: Receive, most: int) -> bytes:
    """All of it, in memory. Raises TooLong as soon as there is more than ``most``."""
    declared = header(scope, b"content-length")
    if declared.isdigit() and int(declared) > most:
        raise TooLong
    parts, length = [], 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        length += len(part)
        if length > most:
            raise TooLong
        parts.append(part)
        if message["type"] != "http.request" or not message.get("more_body"):
            return b"".join(parts)


def again(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that gives the body once more, then whatever comes after it."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def given() -> Message:
        return left.pop() if left else await receive()

    return given


def header(scope: Scope, name: bytes) -> bytes:
    """The first header of this name, b"" for none."""
    found = (value for key, value in scope["headers"] if key == name)
    return next(found, b"")


async def form_field(scope: Scope, body: bytes, receive: Receive, name: str) -> str:
    """One field of a form, "" if there is none, or if it brings files."""
    if not body:
        return ""
    request = Request(scope, again(body, receive))
    form = request.form(max_files=0, max_fields=MOST_FIELDS)
    try:
        async with form as fields:
            found = fields.get(name, "")
    except (HTTPException, ValueError):
        return ""
    return found if isinstance(found, str) else ""
