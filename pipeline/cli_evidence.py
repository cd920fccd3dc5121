"""The command that shows the evidence of a document: named and explained here."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.here import Here, Json, out


def why(
    document: Annotated[str, typer.Argument(help="The document's id.")],
    json: Json = False,
) -> None:
    """Show why a document went where it did: each identifier beside the index, in bits.

    What was read, what the index says, whether they agree, differ or nothing was read,
    and who may be taken for the patient: the list that the clerk sees.
    """
    from pipeline.commands import why as whys

    whys.show(Here.site(), document, out, as_json=json)
