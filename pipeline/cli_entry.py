"""The commands of ``chartfiler entry``: named and explained here, as in cli.py."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from pipeline.here import Here, out

entry = typer.Typer(
    help="What was keyed from filed papers into fields.", no_args_is_help=True
)


@entry.command("export")
def entry_export(
    file: Annotated[Path, typer.Argument(help="CSV, made for your eyes only.")],
    since: Annotated[
        dt.datetime | None,
        typer.Option(
            help="A day or a moment, UTC; all without it.",
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"],
        ),
    ] = None,
    fhir: Annotated[
        Path | None, typer.Option(help="The same as a FHIR R4 Bundle (JSON), as well.")
    ] = None,
) -> None:
    """Write what data entry proposes for the patient index, which it never changes.

    A row for each field: what the index says, what was keyed, by whom and by whom
    the second time. What waits for its second key is not in it.
    """
    from pipeline.commands import entry as keyed

    moment = since.replace(tzinfo=dt.UTC) if since else None
    keyed.export(Here.site(), file, moment, out, fhir)
