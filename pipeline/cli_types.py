"""The commands of ``chartfiler types``: named and explained here, as in cli.py."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.here import Csv, Here, Json, out

types = typer.Typer(help="The house's own types of paper.", no_args_is_help=True)
Key = Annotated[str, typer.Argument(help="The type's key.")]
Said = Annotated[list[str], typer.Argument(help="Name=value, as often as wanted.")]


@types.command("list")
def types_list(
    key: Annotated[str | None, typer.Argument(help="Tell this one's history.")] = None,
    json: Json = False,
    csv: Annotated[bool, typer.Option("--csv", help="As import takes it.")] = False,
) -> None:
    """List all types of paper, shipped and local; of one, who changed it and when."""
    from pipeline.commands import types as registry

    how = "json" if json else "csv" if csv else "table"
    registry.show_types(Here.site(), key, out, how=how)


@types.command("import")
def types_import(file: Csv) -> None:
    """Import or update types from a CSV; bad rows are reported and skipped.

    The header needs key; a new type needs title, and loinc and retention unless it is
    like a shipped one. It may have category, flags (PSY; …), priority (stat),
    original_required (yes), encounter (none, allowed, required), codes (target:code;
    …), synonyms (…; …), forms (HB-1042; …), like, retired (yes). A column that is not
    there changes nothing. Clerks have them at once.
    """
    from pipeline.commands import types as registry

    registry.import_types(Here.site(), file, out)


@types.command("add")
def types_add(key: Key, said: Said) -> None:
    """Add a type, or change what is said of one: cbc title='Blood count' like=letter.

    With the columns of chartfiler types import; retired=no brings a type back.
    """
    from pipeline.commands import types as registry

    registry.add_type(Here.site(), key, said, out)


@types.command("map")
def types_map(key: Key, said: Said) -> None:
    """Give a type its codes in other systems: KEY epic=4471; epic= takes one away."""
    from pipeline.commands import types as registry

    registry.map_type(Here.site(), key, said, out)


@types.command("retire")
def types_retire(key: Key) -> None:
    """Offer and give a type no more; what is filed as it stays."""
    from pipeline.commands import types as registry

    registry.retire_type(Here.site(), key, out)
