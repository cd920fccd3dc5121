"""The commands of ``chartfiler holding``: named and explained here, as in cli.py."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.here import Here, Json, out

holding = typer.Typer(
    help="People of the archive whom the index does not know.", no_args_is_help=True
)
Key = Annotated[str, typer.Argument(help="Of the record: h and 16 letters.")]


@holding.command("list")
def holding_list(json: Json = False) -> None:
    """List the holding records: what the paper says, how many pages, whether linked."""
    from pipeline.commands import holding as records

    records.show(Here.site(), out, as_json=json)


@holding.command("link")
def holding_link(
    key: Key,
    mrn: Annotated[str, typer.Argument(help="Of the registered patient.")],
    anyway: Annotated[
        bool, typer.Option(help="Although name or birth date differ.")
    ] = False,
) -> None:
    """Say that a holding record is this patient's: all its paper is, from now on."""
    from pipeline.commands import holding as records

    records.link(Here.site(), key, mrn, out, anyway=anyway)


@holding.command("unlink")
def holding_unlink(key: Key) -> None:
    """Take a link back: the paper is the holding record's own again."""
    from pipeline.commands import holding as records

    records.unlink(Here.site(), key, out)


@holding.command("export")
def holding_export(
    file: Annotated[Path, typer.Argument(help="CSV, made for your eyes only.")],
) -> None:
    """Write those to be registered, for the registration desk.

    With the columns of chartfiler patients import; mrn is left to be filled in.
    """
    from pipeline.commands import holding as records

    records.export(Here.site(), file, out)
