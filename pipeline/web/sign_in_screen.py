"""Sign in by password and one-time code, lock, unlock, sign out.

These doors are open to everybody, so each looks at the session itself.
"""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from pipeline.access import codes
from pipeline.users import Session, User
from pipeline.web.desk import Desk
from pipeline.web.entry import Entry, Slow
from pipeline.web.rendering import SEE_OTHER, Rendering, home_of

UNKNOWN, SLOW = 401, 429
OWN_PAGE = re.compile(r"/(?!/)[A-Za-z0-9/_.\-]*")  # of this desk, and no patient's text
WRONG = "Name and password do not fit together, or the account is closed."
WRONG_CODE = "This is not the code of this half minute, or it was used already."


def sign_in_routes(desk: Desk, entry: Entry) -> APIRouter:
    """Everything between a browser and an open session."""
    routes = APIRouter(default_response_class=HTMLResponse)
    screen = SignInScreen(desk, entry)
    routes.get("/sign-in")(screen.ask)
    routes.post("/sign-in")(screen.sign_in)
    routes.get("/sign-in/code")(screen.ask_code)
    routes.post("/sign-in/code")(screen.code)
    routes.get("/unlock")(screen.ask_unlock)
    routes.post("/unlock")(screen.unlock)
    routes.post("/lock")(screen.lock)
    routes.post("/sign-out")(screen.sign_out)
    routes.post("/alive", response_class=PlainTextResponse)(screen.alive)
    return routes


class SignInScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk, entry: Entry) -> None:
        self._entry = entry
        self._render = Rendering(desk)

    def ask(self, request: Request, next: str = "/") -> Response:
        """The form; whoever is signed in already goes on."""
        session = self._session(request)
        if not self._entry.users.any():
            return RedirectResponse("/", SEE_OTHER)
        if session and self._entry.state(session) == "open":
            return RedirectResponse(own_page(next), SEE_OTHER)
        return self._ask(request, next)

    def sign_in(
        self,
        request: Request,
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = "/",
    ) -> Response:
        """A new session, or the same sentence for whatever was wrong."""
        try:
            user = self._entry.password(name, password, address_of(request))
        except Slow as slow:
            return self._ask(request, next, name, _wait(slow))
        if user is None:
            return self._ask(request, next, name, WRONG)
        old = self._session(request)
        if old is not None:
            self._entry.sessions.end(old)
        whole = not (user.second or self._entry.demands_code)
        token = self._entry.begin(user, address_of(request), passed=whole)
        where = first_page(next, user)
        where = where if whole else f"/sign-in/code?next={where}"
        return self._with_cookie(RedirectResponse(where, SEE_OTHER), token)

    def ask_code(self, request: Request, next: str = "/") -> Response:
        """The form for the second step; with a new secret for who has none yet."""
        found = self._half(request)
        if found is None:
            return RedirectResponse("/sign-in", SEE_OTHER)
        return self._ask_code(request, found, next)

    def code(
        self,
        request: Request,
        code: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = "/",
    ) -> Response:
        """The second step: the session begins anew, under another token."""
        found = self._half(request)
        if found is None:
            return RedirectResponse("/sign-in", SEE_OTHER)
        session, user = found
        try:
            right = self._entry.code(user, code, address_of(request))
        except Slow as slow:
            return self._ask_code(request, found, next, _wait(slow))
        if not right:
            return self._ask_code(request, found, next, WRONG_CODE)
        self._entry.keep_secret(session, user)
        self._entry.sessions.end(session)
        token = self._entry.begin(user, address_of(request), passed=True)
        where = first_page(next, user)
        return self._with_cookie(RedirectResponse(where, SEE_OTHER), token)

    def ask_unlock(self, request: Request, next: str = "/") -> Response:
        """The form for the password of whoever sat here."""
        session = self._session(request)
        if session is None or session.passed is None:
            return RedirectResponse("/sign-in", SEE_OTHER)
        if self._entry.state(session) == "open":
            return RedirectResponse(own_page(next), SEE_OTHER)
        return self._locked(request, session, next)

    def unlock(
        self,
        request: Request,
        password: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = "/",
    ) -> Response:
        """The session goes on where it was locked."""
        session = self._session(request)
        if session is None or session.passed is None:
            return RedirectResponse("/sign-in", SEE_OTHER)
        try:
            user = self._entry.password(session.user, password, address_of(request))
        except Slow as slow:
            return self._locked(request, session, next, _wait(slow))
        if user is None:
            return self._locked(request, session, next, "This is not the password.")
        self._entry.sessions.unlock(session)
        return RedirectResponse(own_page(next), SEE_OTHER)

    def lock(self, request: Request) -> Response:
        """Show nothing more until the password is given."""
        session = self._session(request)
        if session is not None:
            self._entry.sessions.lock(session)
        return RedirectResponse("/unlock", SEE_OTHER)

    def sign_out(self, request: Request) -> Response:
        """The session is over, here and in every window of this browser."""
        session = self._session(request)
        if session is not None:
            self._entry.sessions.end(session)
        response = RedirectResponse("/sign-in", SEE_OTHER)
        response.delete_cookie(
            self._entry.cookie,
            secure=self._entry.front.secure,
            httponly=True,
            samesite="strict",
        )
        return response

    def alive(self) -> Response:
        """Somebody reads: the gate has noted it."""
        return PlainTextResponse("")

    def _session(self, request: Request) -> Session | None:
        return self._entry.session(request.cookies.get(self._entry.cookie))

    def _half(self, request: Request) -> tuple[Session, User] | None:
        """Who gave their password and owes a code."""
        session = self._session(request)
        if session is None or self._entry.state(session) != "second step":
            return None
        user = self._entry.users.get(session.user)
        if user is None or user.disabled is not None:
            return None
        return session, self._entry.with_secret(session, user)

    def _ask(
        self, request: Request, where: str, name: str = "", wrong: str = ""
    ) -> Response:
        return self._render.page(
            request,
            "sign_in.html",
            status=UNKNOWN if wrong else 200,
            next=own_page(where),
            name=name[:64],
            wrong=wrong,
            directory=self._entry.provider is not None,
            local=self._entry.local_accounts,
        )

    def _ask_code(
        self,
        request: Request,
        found: tuple[Session, User],
        where: str,
        wrong: str = "",
    ) -> Response:
        session, user = found
        secret = self._entry.pending.get(session.key, "")
        picture = codes.for_screen(codes.address(secret, user.name)) if secret else ""
        return self._render.page(
            request,
            "code.html",
            status=UNKNOWN if wrong else 200,
            next=own_page(where),
            wrong=wrong,
            secret=secret,
            picture=picture,
        )

    def _locked(
        self, request: Request, session: Session, where: str, wrong: str = ""
    ) -> Response:
        return self._render.page(
            request,
            "unlock.html",
            status=UNKNOWN if wrong else 200,
            next=own_page(where),
            name=session.user,
            wrong=wrong,
            directory=self._by_directory(session),
        )

    def _by_directory(self, session: Session) -> bool:
        user = self._entry.users.get(session.user)
        return user is not None and user.subject != ""

    def _with_cookie(self, response: Response, token: str) -> Response:
        """Until the browser closes; no script reads it, no other site sends it."""
        response.set_cookie(
            self._entry.cookie,
            token,
            path="/",
            secure=self._entry.front.secure,
            httponly=True,
            samesite="strict",
        )
        return response


def own_page(where: str) -> str:
    """An address of this desk; the queue for anything else."""
    return where if OWN_PAGE.fullmatch(where) else "/"


def first_page(where: str, user: User) -> str:
    """Where to go after signing in: what was asked for, else what one may open."""
    return home_of(user) if own_page(where) == "/" else own_page(where)


def address_of(request: Request) -> str:
    """From which machine the request comes, as the server or its proxy says."""
    return request.client.host if request.client else ""


def _wait(slow: Slow) -> str:
    return f"Too many tries failed. Wait {slow.seconds} seconds, then try again."
