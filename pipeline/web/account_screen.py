"""One's own account: what it may do, another password, one-time codes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from pipeline.access import codes, passwords
from pipeline.users import Session, User
from pipeline.web.desk import Desk
from pipeline.web.entry import Entry, Slow
from pipeline.web.rendering import SEE_OTHER, Rendering
from pipeline.web.sign_in_screen import WRONG_CODE, address_of

UNPROCESSABLE = 422


def account_routes(desk: Desk, entry: Entry) -> APIRouter:
    """The page of whoever is signed in."""
    routes = APIRouter(default_response_class=HTMLResponse)
    screen = AccountScreen(desk, entry)
    routes.get("/account")(screen.show)
    routes.post("/account/password")(screen.password)
    routes.post("/account/second")(screen.second)
    routes.post("/account/sign-out")(screen.sign_out)
    return routes


class AccountScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk, entry: Entry) -> None:
        self._entry = entry
        self._render = Rendering(desk)

    def show(self, request: Request) -> Response:
        return self._show(request)

    def password(
        self,
        request: Request,
        old: Annotated[str, Form()] = "",
        new: Annotated[str, Form()] = "",
        again: Annotated[str, Form()] = "",
    ) -> Response:
        """Another one; every session of the old one is over, this one too."""
        _, user = _here(request)
        try:
            right = self._entry.password(user.name, old, address_of(request))
        except Slow as slow:
            return self._show(request, f"Wait {slow.seconds} seconds, then try again.")
        if right is None:
            return self._show(request, "The password now is another.")
        if new != again:
            return self._show(request, "The new one was not the same both times.")
        same = "the new one is the one now" if new == old else ""
        if fault := same or passwords.fault(new, user.name):
            return self._show(request, f"No: {fault}.")
        changed = {"password": passwords.hashed(new), "one_time": None}
        self._entry.users.change(user.name, user.by, "changed own password", **changed)
        self._entry.users.sign_out(user.name, user.by)
        return RedirectResponse("/sign-in", SEE_OTHER)

    def second(self, request: Request, code: Annotated[str, Form()] = "") -> Response:
        """Begin with one-time codes, when the first one was right."""
        session, user = _here(request)
        if user.second:
            return self._show(request)
        try:
            ours = self._entry.with_secret(session, user)
            right = self._entry.code(ours, code, address_of(request))
        except Slow as slow:
            return self._show(request, f"Wait {slow.seconds} seconds, then try again.")
        if not right:
            return self._show(request, WRONG_CODE)
        self._entry.keep_secret(session, user)
        return RedirectResponse("/account", SEE_OTHER)

    def sign_out(self, request: Request) -> Response:
        """Every session of this person is over, on all machines."""
        _, user = _here(request)
        self._entry.users.sign_out(user.name, user.by)
        return RedirectResponse("/sign-in", SEE_OTHER)

    def _show(self, request: Request, wrong: str = "") -> Response:
        session, user = _here(request)
        secret = ""
        if not user.second and not user.subject:
            secret = self._entry.with_secret(session, user).second
        picture = codes.for_screen(codes.address(secret, user.name)) if secret else ""
        return self._render.page(
            request,
            "account.html",
            status=UNPROCESSABLE if wrong else 200,
            wrong=wrong,
            secret=secret,
            picture=picture,
        )


def _here(request: Request) -> tuple[Session, User]:
    """Who is signed in: the gate has seen to it that somebody is."""
    return request.state.session, request.state.user
