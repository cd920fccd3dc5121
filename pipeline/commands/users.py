"""``users``: accounts are made here, at the machine, never by a default password.

A password is asked for on the terminal, twice, or comes through a pipe; it never stands
in an argument, where every process of the machine could read it.
"""

from __future__ import annotations

import getpass
import json
import sys
from typing import Any

from rich.console import Console
from rich.table import Table

from pipeline.access import codes, passwords
from pipeline.access.accounts import Given, fields_of, keep_one, new_name
from pipeline.access.permissions import may
from pipeline.commands.user import clerk_name
from pipeline.errors import InputError
from pipeline.keying import trial_left
from pipeline.review.second_key import Trial
from pipeline.site import Site
from pipeline.users import ROLES, Role, User


def add(
    site: Site, name: str, given: Given, out: Console, *, emergency: bool, piped: bool
) -> None:
    """Add a user; raises InputError for whatever is wrong with what was said."""
    name = new_name(name)
    if site.users.get(name):
        raise InputError(f"there is a user {name}; chartfiler users role changes one")
    said = _checked(site, given)
    roles: tuple[Role, ...] = said.get("roles", ())
    if not roles:
        raise InputError(f"say what they may do with --role: {', '.join(ROLES)}")
    if not site.users.any() and "administrator" not in roles:
        raise InputError("the first user is an administrator: --role administrator")
    if emergency and any(user.emergency for user in site.users.all()):
        raise InputError("there is an emergency account already: there is but one")
    hashed = passwords.hashed(_asked(name, piped=piped))
    new = User(name, **said, emergency=emergency, password=hashed)
    site.users.add(new, clerk_name())
    out.print(f"added {name}: {', '.join(roles)}", highlight=False)
    if not new.restricted and may(new, "chart"):
        flagged = sum(1 for facts in site.type_facts.values() if facts.flags)
        out.print(
            f"{name} sees none of the {flagged} restricted types (laboratory reports"
            f" are among them): chartfiler users role {name} --restricted '*'",
            highlight=False,
            soft_wrap=True,
        )
    if len(site.users.all()) == 1:
        out.print("from now on everybody who opens the desk signs in")


def give(site: Site, name: str, given: Given, out: Console) -> None:
    """Give other roles, facilities or restricted classes."""
    user, said = _known(site, name), _checked(site, given)
    if not said:
        raise InputError("say what changes: --role, --facility or --restricted")
    if "administrator" not in said.get("roles", user.roles):
        keep_one(site.users.all(), user)
    new = site.users.change(user.name, clerk_name(), "changed user", **said)
    out.print(f"{new.name} is {', '.join(new.roles)}", highlight=False)


def disable(site: Site, name: str, out: Console) -> None:
    """Close an account; never that of the last administrator."""
    user = _known(site, name)
    keep_one(site.users.all(), user)
    site.users.disable(user.name, clerk_name())
    out.print(f"{user.name} is disabled, all sessions are over", highlight=False)


def enable(site: Site, name: str, out: Console) -> None:
    """Open it again."""
    user = _known(site, name)
    site.users.change(user.name, clerk_name(), "enabled user", disabled=None)
    out.print(f"{user.name} may sign in", highlight=False)


def password(site: Site, name: str, out: Console, *, piped: bool) -> None:
    """Another password; sessions that the old one opened are over."""
    user = _known(site, name)
    hashed = passwords.hashed(_asked(user.name, piped=piped))
    site.users.change(
        user.name, clerk_name(), "changed password", password=hashed, one_time=None
    )
    site.users.sign_out(user.name, clerk_name())
    out.print(f"{user.name} has another password", highlight=False)


def totp(site: Site, name: str, out: Console, *, remove: bool) -> None:
    """A secret for one-time codes, shown this once; or none any more."""
    user, by = _known(site, name), clerk_name()
    if remove:
        site.users.change(user.name, by, "removed second step", second="")
        out.print(f"{user.name} is asked for no code", highlight=False)
        return
    secret = codes.new_secret()
    site.users.change(user.name, by, "set second step", second=secret)
    out.print(codes.for_terminal(codes.address(secret, user.name)), highlight=False)
    out.print(f"secret {secret}: into an authenticator, now", highlight=False)


def sign_out(site: Site, name: str, out: Console) -> None:
    """End every session of a user."""
    ended = site.users.sign_out(_known(site, name).name, clerk_name())
    out.print(f"{ended} sessions ended", highlight=False)


def show(site: Site, out: Console, *, as_json: bool) -> None:
    """Every account, without its secrets."""
    table = Table(
        "name", "roles", "facilities", "restricted", "second step", "answers", ""
    )
    for user in site.users.all():
        wanted = site.settings.queue.new_clerk_answers
        trial = trial_left(user.by, site.keys, wanted) if may(user, "answer") else None
        row = {
            "name": user.name,
            "roles": list(user.roles),
            "facilities": list(user.facilities),
            "restricted": list(user.restricted),
            "second_step": bool(user.second),
            "emergency": user.emergency,
            "directory": user.subject != "",
            "new": trial is not None,
            "right_in_a_row": trial.run if trial else None,
            "disabled": user.disabled.isoformat() if user.disabled else None,
        }
        if as_json:
            out.file.write(json.dumps(row) + "\n")
            continue
        table.add_row(
            user.name,
            ", ".join(user.roles),
            ", ".join(user.facilities),
            ", ".join(user.restricted) or "none",
            "code" if user.second else "",
            _trial(trial, wanted),
            _standing(user),
        )
    if not as_json:
        none = "no users: the desk answers to whoever sits at this machine"
        out.print(table if table.row_count else none)


def _trial(trial: Trial | None, wanted: int) -> str:
    return f"new: {trial.run} of {wanted} right in a row" if trial else ""


def _standing(user: User) -> str:
    if user.disabled:
        return "disabled"
    return "directory" if user.subject else "emergency" if user.emergency else ""


def _known(site: Site, name: str) -> User:
    user = site.users.get(name.strip().lower())
    if user is None:
        raise InputError(f"there is no user {name}; chartfiler users list")
    return user


def _checked(site: Site, given: Given) -> dict[str, Any]:
    known = {flag for facts in site.type_facts.values() for flag in facts.flags}
    return fields_of(given, known)


def _asked(name: str, *, piped: bool) -> str:
    if piped:
        said = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        said = getpass.getpass(f"password for {name}: ")
        if getpass.getpass("once more: ") != said:
            raise InputError("the two were not the same: nothing was changed")
    else:
        raise InputError("a password is asked for on a terminal: or --password-stdin")
    if fault := passwords.fault(said, name):
        raise InputError(fault)
    return said
