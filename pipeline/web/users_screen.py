"""Accounts at the desk: an administrator adds people, changes and closes accounts.

Nobody changes their own, and the emergency account is changed at the machine only. A
password is made here, shown this once, and exchanged by its owner at the first sign-in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from pipeline.access import passwords
from pipeline.access.accounts import (
    ONE_TIME,
    Given,
    fields_of,
    keep_one,
    new_name,
    one_time_password,
)
from pipeline.errors import InputError
from pipeline.users import ROLES, User
from pipeline.web.desk import Desk
from pipeline.web.entry import Entry
from pipeline.web.rendering import SEE_OTHER, Rendering, nothing, seat

UNPROCESSABLE = 422
FIRST = "The first user is made at the machine: chartfiler users add"
OWN = "Another administrator changes your own account."
SEALED = "The emergency account is changed at the machine only: chartfiler users"
ELSEWHERE = "The house's directory says who this is: change it there."
NO_LOCAL = "Local accounts are switched off: people are added in the house's directory."


class Said(BaseModel):
    """The form of an account as it was sent."""

    action: str = ""  # change | password | disable | enable | sign out
    name: str = ""
    roles: list[str] = Field(default_factory=list)
    facilities: str = "*"
    restricted: str = ""

    @property
    def given(self) -> Given:
        facilities = [one for one in map(str.strip, self.facilities.split(",")) if one]
        return Given(self.roles, facilities, ["".join(self.restricted.split())])


def users_routes(desk: Desk, entry: Entry) -> APIRouter:
    """The list of accounts, and each by itself."""
    routes = APIRouter(default_response_class=HTMLResponse)
    screen = UsersScreen(desk, entry)
    routes.get("/users")(screen.listed)
    routes.post("/users")(screen.add)
    routes.get("/users/{account}")(screen.one)
    routes.post("/users/{account}", response_model=None)(screen.change)
    return routes


class UsersScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk, entry: Entry) -> None:
        self._desk, self._entry, self._users = desk, entry, entry.users
        self._render = Rendering(desk)

    def listed(self, request: Request) -> Response:
        """Every account, without its secrets, and the form for a new one."""
        seat(request, self._desk).audit("listed", "users")
        return self._listed(request, Said())

    def add(self, request: Request, said: Annotated[Said, Form()]) -> Response:
        """A new account; its password is shown this once."""
        try:
            return self._added(request, said)
        except InputError as error:
            return self._listed(request, said, str(error))

    def one(self, request: Request, account: str) -> Response:
        """One account, and what can be done with it."""
        user = self._users.get(account)
        return self._one(request, user) if user else nothing()

    def change(
        self, request: Request, account: str, said: Annotated[Said, Form()]
    ) -> Response:
        """Do it, and show how the account stands."""
        user, act = self._users.get(account), self._acts.get(said.action)
        if user is None or act is None:
            return nothing()
        try:
            self._open_to(request, user)
            password = act(self, user, said, seat(request, self._desk).clerk)
        except InputError as error:
            return self._one(request, user, wrong=str(error))
        if password:
            return self._one(request, user, password=password)
        return RedirectResponse(f"/users/{account}", SEE_OTHER)

    # --- what is done with an account ------------------------------------------------

    def _added(self, request: Request, said: Said) -> Response:
        if not self._entry.local_accounts:
            raise InputError(NO_LOCAL)
        if getattr(request.state, "user", None) is None:
            raise InputError(FIRST)
        name, fields = new_name(said.name), self._fields(said)
        if not fields.get("roles"):
            raise InputError("say what they may do: choose a role")
        if self._users.get(name):
            raise InputError(f"there is a user {name} already")
        password = one_time_password()
        until = self._entry.sessions.now() + ONE_TIME
        new = User(name, **fields, password=passwords.hashed(password), one_time=until)
        self._users.add(new, seat(request, self._desk).clerk)
        return self._one(request, new, password=password)

    def _changed(self, user: User, said: Said, by: str) -> str:
        if user.subject:
            raise InputError(ELSEWHERE)
        fields = self._fields(said)
        if not fields.get("roles"):
            raise InputError("an account has a role: disable it to close it")
        if "administrator" not in fields["roles"]:
            keep_one(self._users.all(), user)
        self._users.change(user.name, by, "changed user", **fields)
        return ""

    def _password(self, user: User, _: Said, by: str) -> str:
        if user.subject:
            raise InputError(ELSEWHERE)
        if not self._entry.local_accounts:
            raise InputError(NO_LOCAL)
        password = one_time_password()
        new = {
            "password": passwords.hashed(password),
            "one_time": self._entry.sessions.now() + ONE_TIME,
        }
        self._users.change(user.name, by, "made a one-time password", **new)
        self._users.sign_out(user.name, by)
        return password

    def _disabled(self, user: User, _: Said, by: str) -> str:
        keep_one(self._users.all(), user)
        self._users.disable(user.name, by)
        return ""

    def _enabled(self, user: User, _: Said, by: str) -> str:
        self._users.change(user.name, by, "enabled user", disabled=None)
        return ""

    def _signed_out(self, user: User, _: Said, by: str) -> str:
        self._users.sign_out(user.name, by)
        return ""

    _acts: dict[str, Callable[[UsersScreen, User, Said, str], str]] = {  # noqa: RUF012 - never changed
        "change": _changed,
        "password": _password,
        "disable": _disabled,
        "enable": _enabled,
        "sign out": _signed_out,
    }

    def _fields(self, said: Said) -> dict[str, Any]:
        return fields_of(said.given, self._classes())

    def _classes(self) -> set[str]:
        types = self._desk.type_facts.values()
        return {flag for facts in types for flag in facts.flags}

    def _open_to(self, request: Request, user: User) -> None:
        """Raises InputError where this account is not theirs to change."""
        if user.name == getattr(getattr(request.state, "user", None), "name", None):
            raise InputError(OWN)
        if user.emergency:
            raise InputError(SEALED)

    # --- what is shown ---------------------------------------------------------------

    def _listed(self, request: Request, said: Said, wrong: str = "") -> Response:
        return self._render.page(
            request,
            "users.html",
            status=UNPROCESSABLE if wrong else 200,
            everybody=self._users.all(),
            said=said,
            wrong=wrong,
            roles=ROLES,
            classes=sorted(self._classes()),
        )

    def _one(
        self, request: Request, user: User, *, wrong: str = "", password: str = ""
    ) -> Response:
        now = self._users.get(user.name) or user
        try:
            self._open_to(request, now)
            closed = ""
        except InputError as error:
            closed = str(error)
        return self._render.page(
            request,
            "user.html",
            status=UNPROCESSABLE if wrong else 200,
            account=now,
            closed=closed,
            wrong=wrong,
            password=password,
            roles=ROLES,
            classes=sorted(self._classes()),
        )
