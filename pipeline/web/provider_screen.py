"""To the house's directory and back: the two addresses of OpenID Connect.

The cookie of the way is SameSite=Lax, since the directory's page leads back here; that
of the session stays Strict, so the last step is made by a page of ours.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from pipeline.access.groups import GroupRules, NotSignedIn, Told
from pipeline.store.account_rows import SqlUsers
from pipeline.users import User
from pipeline.web.desk import Desk
from pipeline.web.entry import Entry
from pipeline.web.guard import WAY_BACK
from pipeline.web.rendering import SEE_OTHER, Rendering, nothing
from pipeline.web.sign_in_screen import UNKNOWN, address_of, first_page, own_page

DIRECTORY = "directory"  # who made the account, in the audit trail
RIGHTS = ("roles", "facilities", "restricted")
NO_ROLE = "The directory knows you, but none of your groups has a role here."
TAKEN = "Another account here has your name: your administrator can help."
DISABLED = "Your account is closed."


def provider_routes(desk: Desk, entry: Entry) -> APIRouter:
    """There and back."""
    routes = APIRouter(default_response_class=HTMLResponse)
    screen = ProviderScreen(desk, entry)
    routes.get("/sign-in/directory")(screen.go)
    routes.get(WAY_BACK)(screen.back)
    return routes


class ProviderScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk, entry: Entry) -> None:
        self._entry = entry
        self._render = Rendering(desk)

    @property
    def _cookie(self) -> str:
        return f"{self._entry.cookie}-way"

    def go(self, request: Request, next: str = "/") -> Response:
        """Send the browser to the directory."""
        if self._entry.provider is None:
            return nothing()
        here = f"{self._entry.front.scheme}://{request.headers['host']}{WAY_BACK}"
        try:
            url, browser = self._entry.provider.begin(here, own_page(next))
        except NotSignedIn as why:
            return self._refused(request, str(why))
        response = RedirectResponse(url, SEE_OTHER)
        response.set_cookie(
            self._cookie,
            browser,
            max_age=600,
            path="/",
            secure=self._entry.front.secure,
            httponly=True,
            samesite="lax",
        )
        return response

    def back(self, request: Request, state: str = "", code: str = "") -> Response:
        """A session for whoever the directory says it is."""
        if self._entry.provider is None:
            return nothing()
        browser = request.cookies.get(self._cookie, "")
        try:
            told, where = self._entry.provider.finish(state, browser, code)
            user = account_of(told, self._entry.users, self._entry.groups)
        except NotSignedIn as why:
            return self._refused(request, str(why))
        token = self._entry.begin(user, address_of(request), passed=True)
        where = first_page(where, user)
        response = self._render.page(request, "arrived.html", where=where)
        response.set_cookie(
            self._entry.cookie,
            token,
            path="/",
            secure=self._entry.front.secure,
            httponly=True,
            samesite="strict",
        )
        return response

    def _refused(self, request: Request, why: str) -> Response:
        return self._render.page(
            request,
            "sign_in.html",
            status=UNKNOWN,
            next="/",
            name="",
            wrong=why,
            directory=True,
            local=self._entry.local_accounts,
        )


def account_of(told: Told, users: SqlUsers, rules: GroupRules) -> User:
    """The account of whoever the directory told, made or brought up to date.

    A name that a local account has is not theirs to take. Raises NotSignedIn.
    """
    known = users.of_subject(told.subject)
    new = rules.applied(told.groups, known or User(told.name, (), subject=told.subject))
    if not new.roles:
        raise NotSignedIn(NO_ROLE)
    if known is None:
        try:
            users.add(new, DIRECTORY)
        except KeyError:
            raise NotSignedIn(TAKEN) from None
        return new
    if known.disabled is not None:
        raise NotSignedIn(DISABLED)
    if new == known:
        return known
    rights = {name: getattr(new, name) for name in RIGHTS}
    return users.change(known.name, DIRECTORY, "changed user", **rights)
