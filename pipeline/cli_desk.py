"""``queue``, ``correct`` and ``refile``: named and explained here, as in cli.py."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.here import Csv, Here, out

queue = typer.Typer(help="The order of the clerks' work.", no_args_is_help=True)
Document = Annotated[str, typer.Argument(help="The document's id.")]
Mrn = Annotated[
    str | None, typer.Option("--patient", "--mrn", help="The right patient's MRN.")
]
Type = Annotated[
    str | None,
    typer.Option("--type", help="A key of chartfiler types list, or LOINC."),
]
Date = Annotated[str | None, typer.Option(help="Service date, ISO.")]


def correct(  # noqa: PLR0913, PLR0917 - one for each option
    document: Document,
    reason: Annotated[str, typer.Option(help="Why, for the history.")],
    patient: Mrn = None,
    type_: Type = None,
    date: Date = None,
    retract: Annotated[
        bool, typer.Option("--retract", help="It belongs in no record.")
    ] = False,
    misfiled: Annotated[
        bool, typer.Option("--misfiled", help="It lay in another person's record.")
    ] = False,
    split_before: Annotated[
        int | None, typer.Option(help="The page with which another document begins.")
    ] = None,
    page: Annotated[
        int | None, typer.Option(help="The page that --scan replaces.")
    ] = None,
    scan: Annotated[
        str, typer.Option(help="The better scan of --page: DOCUMENT:2 of what waits.")
    ] = "",
    pages_back: Annotated[
        bool, typer.Option("--pages-back", help="The pages that it had before.")
    ] = False,
) -> None:
    """Correct what is filed: another patient, type or date, other pages, or out of it.

    A new version is filed, with the reason; the old one is kept, restricted. What the
    machine filed into a wrong record closes its lane. A retracted document is filed
    again by saying whose it is. What is split off waits for a clerk.
    """
    from pipeline.commands import correct as correcting

    pages = correcting.PageChange(split_before, page, scan, pages_back)
    change = correcting.Change(patient, type_, date, reason, retract, misfiled, pages)
    correcting.correct(Here.site(), document, change, out)


def refile(
    document: Document, mrn: Mrn = None, type_: Type = None, date: Date = None
) -> None:
    """Correct a filed document, as correct does, without a reason of your own.

    chartfiler pages and chartfiler outcomes tell the ids of documents.
    """
    from pipeline.commands import correct as correcting

    change = correcting.Change(mrn, type_, date, "refiled")
    correcting.correct(Here.site(), document, change, out)


@queue.command("appointments")
def queue_appointments(file: Csv) -> None:
    """Take today's appointment list (mrn, date) instead of the last one.

    Paper of these patients goes before all other but STAT, the nearest day first.
    """
    from pipeline.commands import queue as work

    work.appointments(Here.site(), file, out)


@queue.command("rebuild")
def queue_rebuild() -> None:
    """Make the work list anew, as when [queue] has changed; leases stay."""
    from pipeline.commands import queue as work

    work.rebuild(Here.site(), out)
