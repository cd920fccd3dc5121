"""``serve``, ``users`` and ``audit``: named and explained here, as in cli.py."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.here import Here, Json, out

users = typer.Typer(
    help="Who may do what on the desk.", no_args_is_help=True, rich_markup_mode=None
)
audit = typer.Typer(help="Who did what.", no_args_is_help=True, rich_markup_mode=None)
Name = Annotated[str, typer.Argument(help="The name that they sign in with.")]
Roles = Annotated[
    list[str] | None,
    typer.Option(
        "--role",
        help="station, clerk, senior_clerk, release, supervisor, auditor or"
        " administrator; may be given again.",
    ),
]
Facilities = Annotated[
    list[str] | None,
    typer.Option("--facility", help="Whose patients; again; default: every one."),
]
Restricted = Annotated[
    list[str] | None,
    typer.Option("--restricted", help="PSY, SUD...: classes they see; '*' for all."),
]
FromPipe = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from a pipe.")
]


def serve(
    host: Annotated[
        str, typer.Option(help="Beyond 127.0.0.1 once there is a user, with TLS.")
    ] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(help="Default: [web] port.")] = None,
    tls_cert: Annotated[
        Path | None, typer.Option(help="Certificate, PEM; default: [web] tls_cert.")
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option(help="Its key, PEM; default: [web] tls_key.")
    ] = None,
) -> None:
    """Serve the desk, and work the jobs if nobody does.

    Without a user it answers on 127.0.0.1 only, to whoever sits at this machine. With
    one (chartfiler users add) everybody signs in.
    """
    from pipeline.commands import serving

    serving.serve(Here.site(), (host, port), (tls_cert, tls_key), out)


@users.command("add")
def users_add(
    name: Name,
    role: Roles = None,
    facility: Facilities = None,
    restricted: Restricted = None,
    emergency: Annotated[
        bool, typer.Option(help="The account that opens when all other doors fail.")
    ] = False,
    password_stdin: FromPipe = False,
) -> None:
    """Add a user; the password is asked for. The first one is an administrator."""
    from pipeline.access.accounts import Given
    from pipeline.commands import users as people

    given = Given(role, facility, restricted)
    people.add(Here.site(), name, given, out, emergency=emergency, piped=password_stdin)


@users.command("role")
def users_role(
    name: Name,
    role: Roles = None,
    facility: Facilities = None,
    restricted: Restricted = None,
) -> None:
    """Give a user other roles, facilities or restricted classes; the rest stays."""
    from pipeline.access.accounts import Given
    from pipeline.commands import users as people

    people.give(Here.site(), name, Given(role, facility, restricted), out)


@users.command("disable")
def users_disable(name: Name) -> None:
    """Close an account and end its sessions; what its person did stays in the books."""
    from pipeline.commands import users as people

    people.disable(Here.site(), name, out)


@users.command("enable")
def users_enable(name: Name) -> None:
    """Open a disabled account again, with the password it had."""
    from pipeline.commands import users as people

    people.enable(Here.site(), name, out)


@users.command("list")
def users_list(json: Json = False) -> None:
    """List the users: roles, facilities, restricted classes, second step, disabled."""
    from pipeline.commands import users as people

    people.show(Here.site(), out, as_json=json)


@users.command("password")
def users_password(name: Name, password_stdin: FromPipe = False) -> None:
    """Give a user another password, and end the sessions of the old one."""
    from pipeline.commands import users as people

    people.password(Here.site(), name, out, piped=password_stdin)


@users.command("totp")
def users_totp(
    name: Name,
    remove: Annotated[
        bool, typer.Option("--remove", help="Ask for no code: the telephone is lost.")
    ] = False,
) -> None:
    """Ask this user for a one-time code at sign-in; shows the secret once, as QR."""
    from pipeline.commands import users as people

    people.totp(Here.site(), name, out, remove=remove)


@users.command("sign-out")
def users_sign_out(name: Name) -> None:
    """End every session of a user at once, on all machines."""
    from pipeline.commands import users as people

    people.sign_out(Here.site(), name, out)


@audit.command("verify")
def audit_verify(
    expect: Annotated[
        str | None,
        typer.Option(help="NUMBER:HASH of a line that was written down elsewhere."),
    ] = None,
    json: Json = False,
) -> None:
    """Prove that no line of the audit trail was changed; exit 1 if one was.

    Prints number and hash of the newest line. Kept elsewhere and given with --expect
    another time, they prove that no line was cut off at the end either.
    """
    from pipeline.commands import trail

    trail.verify(Here.site(), expect, out, as_json=json)


@audit.command("show")
def audit_show(
    patient: Annotated[str, typer.Option(help="The MRN of whose paper.")],
    json: Json = False,
) -> None:
    """List who did what with a patient's paper, oldest first, and what for."""
    from pipeline.commands import trail

    trail.show(Here.site(), patient, out, as_json=json)
