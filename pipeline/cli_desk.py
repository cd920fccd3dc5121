"""The commands of ``chartfiler queue``: named and explained here, as in cli.py."""

from __future__ import annotations

import typer

from pipeline.here import Csv, Here, out

queue = typer.Typer(help="The order of the clerks' work.", no_args_is_help=True)


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
