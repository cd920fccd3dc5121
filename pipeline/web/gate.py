"""Who asks, and whether they may: looked at before any screen sees the request.

A request passes when its session is open, its token shows that a page of ours sent it,
the door's permission is among the person's, and the paper of the address is theirs to
see or lies behind a glass that they broke. Every refusal of a person is audited. While
there is no user yet, everything passes: the desk then listens on loopback alone.
"""

from __future__ import annotations

import hmac
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.access.permissions import BEHIND_GLASS, Closed, may
from pipeline.document import BatchId, DocumentId
from pipeline.store.glass_rows import purpose
from pipeline.users import Session, User
from pipeline.web.body import TooLong, again, form_field, header, whole
from pipeline.web.desk import Desk
from pipeline.web.doors import OPEN, Door, door_at
from pipeline.web.entry import Entry
from pipeline.web.eyes import Eyes, Papers
from pipeline.web.rendering import SEE_OTHER, Rendering, nothing

UNKNOWN, FORBIDDEN, TOO_LONG = 401, 403, 413
MOST_BYTES = 2_000_000
SEEN_PARTS = 30  # of the idle time: so exactly it is known when somebody moved
REMEMBERED = 20_000  # looks at paper that are not written down twice
STALE = "This page is older than your sign-in: load it again, then send once more."
NOT_YOURS = "Your account is not allowed to do this."
CLOSED = "This paper is not of your facilities, or of a class that is closed to you."


@dataclass(frozen=True, slots=True)
class Passed:
    """Who was let in, for ``request.state``; nobody while there is no user.

    ``asks`` says that there are users, so that whoever is nobody may do nothing.
    """

    user: User | None = None
    session: Session | None = None
    eyes: Eyes | None = None
    purpose: str = ""
    whose: str = ""
    seen: tuple[str, str] = ("", "")  # to be audited when it was shown: did, what
    asks: bool = True

    def state(self) -> dict[str, Any]:
        return {
            "who": self.user.by if self.user else "",
            "user": self.user,
            "session": self.session,
            "eyes": self.eyes,
            "purpose": self.purpose,
            "whose": self.whose,
            "asks": self.asks,
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, as far as the gate looks at it."""

    request: Request = field(repr=False)
    door: Door
    names: dict[str, str]
    csrf: str = field(repr=False)


class Gate:
    """ASGI middleware around the screens."""

    def __init__(
        self,
        app: ASGIApp,
        desk: Desk,
        entry: Entry | None,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._app, self._desk, self._entry = app, desk, entry
        self._most = most_bytes
        self._render = Rendering(desk)
        stations = entry.stations if entry else {}
        self._papers = Papers(desk.catalogue, desk.people, desk.type_facts, stations)
        self._written = Once(REMEMBERED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        try:
            body = await whole(scope, receive, self._most)
        except TooLong:
            await PlainTextResponse("This is too long.", TOO_LONG)(scope, receive, send)
            return
        request = Request(scope)
        token = header(scope, b"x-csrf-token").decode("latin-1")
        csrf = token or await form_field(scope, body, receive, "csrf")
        said = await run_in_threadpool(self._judge, request, csrf)
        if isinstance(said, Response):
            await said(scope, receive, send)
            return
        scope.setdefault("state", {}).update(said.state())
        await self._app(scope, again(body, receive), self._noting(said, send))

    def _noting(self, passed: Passed, send: Send) -> Send:
        """Written down when the paper is about to be shown, not when it was refused."""
        did, what = passed.seen
        if not did:
            return send

        async def noted(message: Any) -> None:  # noqa: ANN401 - ASGI's message
            if message["type"] == "http.response.start" and message["status"] < 300:  # noqa: PLR2004 - it was shown
                await run_in_threadpool(self._write, passed, did, what)
            await send(message)

        return noted

    def _write(self, passed: Passed, did: str, what: str) -> None:
        session = passed.session.key if passed.session else ""
        if self._written.first((session, did, what, passed.purpose)):
            self._audit(passed, did, what)

    def _audit(self, passed: Passed, did: str, what: str) -> None:
        who = passed.user.by if passed.user else self._desk.clerk
        about = {"patient": passed.whose, "purpose": passed.purpose}
        said = {name: value for name, value in about.items() if value}
        self._desk.catalogue.audit(who, did, what, **said)

    def _judge(self, request: Request, csrf: str) -> Passed | Response:
        found = door_at(request.method, request.scope["path"])  # as the router
        if self._entry is None or not self._entry.users.any():
            return self._nobodys(found)
        if found is None:
            return nothing()
        asked = Asked(request, *found, csrf)
        session = self._entry.session(request.cookies.get(self._entry.cookie))
        if session and _sends(request) and not _same(session.csrf, csrf):
            return PlainTextResponse(STALE, FORBIDDEN)
        if asked.door.permission == OPEN:
            return Passed(session=session)
        user = self._entry.users.get(session.user) if session else None
        if session is None or user is None or user.disabled is not None:
            return _first(request, "/sign-in")
        return self._in_state(asked, session, user)

    def _in_state(
        self, asked: Asked, session: Session, user: User
    ) -> Passed | Response:
        entry = self._entry
        if entry is None:
            raise ValueError("without an entry nobody has a session")
        match entry.state(session):
            case "second step":
                return _first(asked.request, "/sign-in/code")
            case "locked":
                entry.sessions.lock(session)
                return _first(asked.request, "/unlock")
            case _ if user.one_time and asked.door.permission != "own account":
                return _first(asked.request, "/account")
            case _:
                return self._open(asked, session, user, entry)

    def _nobodys(self, found: tuple[Door, dict[str, str]] | None) -> Passed:
        """Of a folder without users: the look is written down all the same."""
        if found is None or not found[0].did:
            return Passed(asks=False)
        paper = self._paper(found[1])
        whose = paper.whose if paper else ""
        what = found[1].get("document", "")
        seen = (found[0].did, what) if paper else ("", "")
        return Passed(whose=whose, seen=seen, asks=False)

    def _open(
        self, asked: Asked, session: Session, user: User, entry: Entry
    ) -> Passed | Response:
        door = asked.door
        eyes = Eyes(user, self._papers, entry.glasses.open_for(user.name))
        paper = self._paper(asked.names)
        glass = eyes.glass_for(paper) if paper else None
        passed = Passed(
            user,
            session,
            eyes,
            purpose(glass.number) if glass else door.purpose,
            paper.whose if paper else "",
            (door.did, _what(asked.names)) if paper else ("", ""),
        )
        if door.permission == OPEN or not (
            may(user, door.permission) or (glass and door.permission in BEHIND_GLASS)
        ):
            return self._refused(asked, passed, paper, NOT_YOURS)
        if paper is not None and not eyes.see(paper):
            return self._refused(asked, passed, paper, CLOSED)
        if not (door.unattended or asked.request.headers.get("x-background")):
            entry.sessions.touch(session, entry.timing.idle / SEEN_PARTS)
        return passed

    def _paper(self, names: dict[str, str]) -> Closed | None:
        """What the paper asks for that an address names; None: there is none."""
        if "document" in names:
            return self._papers.of_document(DocumentId(names["document"]))
        if "batch" in names:
            return self._papers.of_batch(BatchId(names["batch"]))
        if "name" in names:
            owner = self._desk.names.patient(names["name"])
            return self._papers.of_patient(owner) if owner else None
        return None

    def _refused(
        self, asked: Asked, passed: Passed, paper: Closed | None, why: str
    ) -> Response:
        """Written down, and shown with the way out where there is one."""
        what = _what(asked.names) if paper else ""
        self._audit(passed, f"refused {asked.door.permission}", what or asked.door.path)
        request = asked.request
        if "text/html" not in request.headers.get("accept", ""):
            return PlainTextResponse(why, FORBIDDEN)
        for name, value in passed.state().items():
            setattr(request.state, name, value)
        breaks = bool(paper and passed.user and may(passed.user, "break glass"))
        return self._render.page(
            request,
            "refused.html",
            status=FORBIDDEN,
            why=why,
            breaks=breaks and asked.door.permission in BEHIND_GLASS,
            document=asked.names.get("document", ""),
            chart=asked.names.get("name", ""),
        )


class Once:
    """Remembers what was told, the newest so many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._told: OrderedDict[tuple[str, ...], None] = OrderedDict()
        self._lock = threading.Lock()

    def first(self, what: tuple[str, ...]) -> bool:
        """Whether this is told for the first time."""
        with self._lock:
            if what in self._told:
                self._told.move_to_end(what)
                return False
            self._told[what] = None
            if len(self._told) > self._most:
                self._told.popitem(last=False)
            return True


def _what(names: dict[str, str]) -> str:
    """The id of the paper at an address, for the books; a chart's stands in whose."""
    return names.get("document") or names.get("batch") or ("chart" * ("name" in names))


def _sends(request: Request) -> bool:
    return request.method not in ("GET", "HEAD")


def _same(token: str, said: str) -> bool:
    return hmac.compare_digest(token.encode(), said.encode("utf-8", "replace"))


def _first(request: Request, where: str) -> Response:
    """Sign in, or unlock, and come back; a script is told by the status."""
    if "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse(f"First: {where}", UNKNOWN, {"X-First": where})
    back = request.url.path
    if _sends(request):
        back = urlsplit(request.headers.get("referer", "")).path or "/"
    return RedirectResponse(f"{where}?next={quote(back)}", SEE_OTHER)
