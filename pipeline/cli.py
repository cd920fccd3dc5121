"""The commands of ``chartfiler``: named and explained here, done in commands/.

Each command imports what it needs when it runs: ``--help`` and ``pages`` answer at
once, and only what files pays for spaCy and the models (measured: 0.3 s, not 3 s).
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from pipeline import cli_access, cli_certify, cli_desk, cli_evidence
from pipeline.cli_bench import bench
from pipeline.cli_entry import entry
from pipeline.cli_holding import holding
from pipeline.cli_patients import patients
from pipeline.cli_types import types
from pipeline.errors import PipelineError
from pipeline.here import Csv, Here, Json, loading, out

if TYPE_CHECKING:
    from pipeline.process import Cradle

app = typer.Typer(
    name="chartfiler",
    help="Paper medical charts become filed, findable records.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a traceback's locals would show patient text
    rich_markup_mode=None,  # [web] in a help text is a section, not a colour
    context_settings={"help_option_names": ["-h", "--help"]},
)
encounters = typer.Typer(help="Stays and visits.", no_args_is_help=True)
review = typer.Typer(help="The clerk's queue.", no_args_is_help=True)
app.add_typer(patients, name="patients")
app.add_typer(encounters, name="encounters")
app.add_typer(review, name="review")
app.add_typer(types, name="types")
app.add_typer(holding, name="holding")
app.add_typer(entry, name="entry")
app.add_typer(cli_desk.queue, name="queue")
models = typer.Typer(help="This site's type models.", no_args_is_help=True)
app.add_typer(models, name="models")
app.add_typer(bench, name="bench")
app.add_typer(cli_certify.qa, name="qa")
app.add_typer(cli_access.users, name="users")
app.add_typer(cli_access.audit, name="audit")
app.add_typer(cli_certify.lanes, name="lanes")
app.add_typer(cli_certify.verified, name="verified")

Paths = Annotated[list[Path], typer.Argument(help="Files or folders.")]
err = Console(stderr=True)


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


def _cradle() -> Cradle:
    """It loads what reading needs while this process loads all the rest."""
    from pipeline.process import Cradle

    return Cradle()


@app.command()
def process(paths: Paths) -> None:
    """File everything under the paths; the source files stay where they are.

    Returns when every page has its outcome: exit 0 although some pages wait for a
    clerk or some files were set aside, 2 when nothing at all could be taken, 4 when
    a service failed. The same command again changes nothing.
    """
    with _cradle() as cradle:
        with loading():
            from pipeline.commands import intake

        intake.process(Here.site(), paths, out, cradle)


@app.command()
def watch(
    inbox: Annotated[
        Path | None, typer.Argument(help="The watched folder; default DATA/inbox.")
    ] = None,
    drain: Annotated[
        bool, typer.Option(help="Stop when the inbox is empty and all is settled.")
    ] = False,
) -> None:
    """Take what scanning stations drop into the inbox, and file it, until stopped.

    A file is taken when it has stood still for [intake] settle_seconds; it leaves the
    inbox when its original is stored. Ctrl-C stops; what is under way goes on when a
    command works this folder again.
    """
    with _cradle() as cradle:
        with loading():
            from pipeline.commands import intake

        intake.watch(Here.site(), inbox, out, cradle, drain=drain)


@app.command()
def pages(
    text: Annotated[
        Path | None,
        typer.Option("--text", help="Also write each page's text into this folder."),
    ] = None,
    format_: Annotated[str, typer.Option("--format", help="jsonl")] = "jsonl",
) -> None:
    """Print where every source page ended up, one JSON object a line.

    disposition: filed, review, removed (blank, separator, cover), rejected; null while
    the page is still at work. A file without readable pages is one line with page 0.
    """
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
    charts: Annotated[
        list[Path] | None,
        typer.Option(help="JSONL of python -m benchmarks.documents.printed."),
    ] = None,
    roles: Annotated[
        Path | None,
        typer.Option(help="JSONL of python -m benchmarks.roles: train roles instead."),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option("--out", help="Where it goes; models/types or models/roles."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of every random choice.")] = 1,
) -> None:
    """Learn from the clerks: propose a type model for this site, compared with its own.

    It is written into DATA/models with a report; chartfiler models promote makes it the
    live one. With --reports and --forms the shipped type model is trained instead, with
    --roles that of names and roles, in a checkout.
    """
    from pipeline.commands import models as site_models
    from pipeline.commands import upkeep

    if roles is not None:
        upkeep.train_roles(roles, into or Path("models/roles"), seed, out)
    elif reports is None and forms is None and not charts:
        site_models.propose(Here.site(), out)
    else:
        files = (reports, forms, *(charts or ()))
        upkeep.train(files, into or Path("models/types"), seed, out)


@app.command()
def doctor(json: Json = False) -> None:
    """Check the machine: Tesseract, models, settings, the data folder's disk."""
    from pipeline.commands import upkeep

    upkeep.doctor(Here.data, out, as_json=json)


@encounters.command("import")
def encounters_import(file: Csv) -> None:
    """Import or update encounters from a CSV; bad rows are reported and skipped.

    The header: encounter, facility, mrn, class, admit, discharge, service, attending.
    """
    from pipeline.commands import people

    people.import_encounters(Here.site(), file, out)


@review.command("list")
def review_list(json: Json = False) -> None:
    """List what waits for a clerk with the reasons: STAT first, then oldest first."""
    from pipeline.commands import clerk

    clerk.show_queue(Here.site(), out, as_json=json)


@models.command("list")
def models_list(json: Json = False) -> None:
    """List this site's type models: what they learned from, how good, which is live."""
    from pipeline.commands import models as site_models

    site_models.show(Here.site(), out, as_json=json)


@models.command("promote")
def models_promote(
    name: Annotated[str, typer.Argument(help="Of its folder: types-1.")],
) -> None:
    """Make a proposed type model the live one, from the next batch on."""
    from pipeline.commands import models as site_models

    site_models.promote(Here.site(), name, out)


@models.command("rollback")
def models_rollback() -> None:
    """Return to the type model before the live one, down to the shipped one."""
    from pipeline.commands import models as site_models

    site_models.take_back(Here.site(), out)


app.command("serve")(cli_access.serve)
for command in ("certify", "check", "report", "siblings"):
    app.command(command)(getattr(cli_certify, command))
for command in ("correct", "refile"):
    app.command(command)(getattr(cli_desk, command))
app.command()(cli_evidence.why)


def main() -> None:
    """Run one command; the exit code says who can mend it (see errors.py)."""
    threading.excepthook = lambda told: _last_words(
        told.exc_type, told.exc_value, told.exc_traceback
    )
    try:
        app(standalone_mode=True)
    except PipelineError as error:
        err.print(type(error).__name__, style="red", end="")
        err.print(f": {error}", markup=False, highlight=False, soft_wrap=True)
        sys.exit(error.exit_code)
    finally:
        sys.excepthook = _last_words  # Typer has put its own there, which tells all


def _last_words(
    kind: type[BaseException],
    error: BaseException | None,
    trace: TracebackType | None,
) -> None:
    """A fault of ours: where it happened, never what it says or what was in hand."""
    del error  # its message may quote a page
    places: list[str] = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{Path(code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    err.print(
        f"Chartfiler has a fault: {kind.__name__} at {' '.join(places[-6:])}. Nothing "
        "is lost; run again, and report this line if it comes back.",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
