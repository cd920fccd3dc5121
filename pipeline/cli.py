"""The commands of ``chartfiler``: named and explained here, done in commands/.

Each command imports what it needs when it runs: ``--help`` and ``pages`` answer at
once, and only what files pays for spaCy and the models (measured: 0.3 s, not 3 s).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from pipeline.site import Site

app = typer.Typer(
    name="chartfiler",
    help="Paper medical charts become filed, findable records.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a traceback's locals would show patient text
    rich_markup_mode="rich",
)
patients = typer.Typer(help="The patient index.", no_args_is_help=True)
encounters = typer.Typer(help="Stays and visits.", no_args_is_help=True)
review = typer.Typer(help="The clerk's queue.", no_args_is_help=True)
app.add_typer(patients, name="patients")
app.add_typer(encounters, name="encounters")
app.add_typer(review, name="review")

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]
Paths = Annotated[list[Path], typer.Argument(help="Files or folders.", exists=True)]
WIDE = 130  # columns where nobody looks on: a pipe, a log
out = Console(width=None if sys.stdout.isatty() else WIDE)
err = Console(stderr=True)


class Here:
    """The data folder of this run; opened when a command first needs it."""

    data = Path("data")

    @classmethod
    def site(cls) -> Site:
        from pipeline.site import open_site

        return open_site(cls.data.resolve())


@app.callback()
def at(
    data: Annotated[
        Path,
        typer.Option(
            "--data", envvar="CHARTFILER_DATA", help="The site's data folder."
        ),
    ] = Path("data"),
) -> None:
    """Paper medical charts become filed, findable records."""
    Here.data = data


@app.command()
def process(paths: Paths) -> None:
    """File everything under the paths; the source files stay where they are.

    Returns when every page has its outcome: exit 0 although some pages wait for a
    clerk, 2 when a file had to be set aside, 4 when a service failed.
    """
    from pipeline.commands import intake

    intake.process(Here.site(), paths, out)


@app.command()
def watch(
    inbox: Annotated[
        Path | None, typer.Argument(help="The watched folder; default DATA/inbox.")
    ] = None,
    drain: Annotated[
        bool, typer.Option(help="Stop when the inbox is empty and all is settled.")
    ] = False,
) -> None:
    """Take what scanning stations drop into the inbox, and file it, until stopped."""
    from pipeline.commands import intake

    intake.watch(Here.site(), inbox, out, drain=drain)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="127.0.0.1 only.")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(help="Default: [web] port.")] = None,
) -> None:
    """Serve the clerk's page on this machine, and work the jobs if nobody does."""
    from pipeline.commands import clerk

    clerk.serve(Here.site(), host, port, out)


@app.command()
def pages(
    text: Annotated[
        Path | None,
        typer.Option("--text", help="Also write each page's text into this folder."),
    ] = None,
    format_: Annotated[str, typer.Option("--format", help="jsonl")] = "jsonl",
) -> None:
    """Print where every source page ended up, one JSON object a line."""
    from pipeline.commands import books

    books.pages(Here.site(), text, format_, out)


@app.command()
def status(json: Json = False) -> None:
    """Show what was received, filed, waits, was set aside, and what is parked."""
    from pipeline.commands import books

    books.status(Here.site(), out, as_json=json)


@app.command()
def outcomes() -> None:
    """Show every document: its type, patient, place and the evidence that decided."""
    from pipeline.commands import books

    books.outcomes(Here.site(), out)


@app.command()
def verify(json: Json = False) -> None:
    """Prove from the stores alone that every page is accounted for; else exit 1."""
    from pipeline.commands import books

    books.verify(Here.site(), out, as_json=json)


@app.command()
def refile(
    document: Annotated[str, typer.Argument(help="The document's id.")],
    mrn: Annotated[str | None, typer.Option(help="The right patient.")] = None,
    type_: Annotated[
        str | None,
        typer.Option("--type", help="A key of document_types.toml or LOINC."),
    ] = None,
    date: Annotated[str | None, typer.Option(help="Service date, ISO.")] = None,
) -> None:
    """Correct a filed document: a new version; the old one is kept, restricted."""
    from pipeline.commands import clerk

    clerk.refile(Here.site(), document, (mrn, type_, date), out)


@app.command()
def retry() -> None:
    """Try rejected files again from their stored originals, and parked batches too."""
    from pipeline.commands import intake

    intake.retry(Here.site(), out)


@app.command()
def train(
    reports: Annotated[
        Path | None, typer.Option(help="A CSV of report texts with labels.")
    ] = None,
    forms: Annotated[
        Path | None, typer.Option(help="JSONL of python -m benchmarks.forms.")
    ] = None,
    into: Annotated[Path, typer.Option("--out", help="Where the model goes.")] = Path(
        "models/types"
    ),
    seed: Annotated[int, typer.Option(help="Of every random choice.")] = 1,
) -> None:
    """Train the type model from report texts and forms; print how good it is."""
    from pipeline.commands import upkeep

    upkeep.train(reports, forms, into, seed, out)


@app.command()
def doctor(json: Json = False) -> None:
    """Check the machine: Tesseract, models, settings, the data folder's disk."""
    from pipeline.commands import upkeep

    upkeep.doctor(Here.data, out, as_json=json)


@patients.command("import")
def patients_import(file: Annotated[Path, typer.Argument(exists=True)]) -> None:
    """Import or update patients from a CSV; bad rows are reported and skipped."""
    from pipeline.commands import people

    people.import_patients(Here.site(), file, out)


@patients.command("find")
def patients_find(
    text: Annotated[str, typer.Argument(help="Name parts, MRN or birth date.")],
    json: Json = False,
) -> None:
    """Find patients by name, MRN or birth date."""
    from pipeline.commands import people

    people.find(Here.site(), text, out, as_json=json)


@encounters.command("import")
def encounters_import(file: Annotated[Path, typer.Argument(exists=True)]) -> None:
    """Import or update encounters from a CSV; bad rows are reported and skipped."""
    from pipeline.commands import people

    people.import_encounters(Here.site(), file, out)


@review.command("list")
def review_list(json: Json = False) -> None:
    """List the documents that wait for a clerk, oldest first, with the reasons."""
    from pipeline.commands import clerk

    clerk.show_queue(Here.site(), out, as_json=json)


def main() -> None:
    """Run one command; the exit code says who can mend it (see errors.py)."""
    try:
        app(standalone_mode=True)
    except PipelineError as error:
        err.print(f"[red]{type(error).__name__}[/red]: {error}", highlight=False)
        sys.exit(error.exit_code)
