"""The commands of ``chartfiler bench``: named and explained here, as in cli.py."""

from __future__ import annotations

from typing import Annotated

import typer

bench = typer.Typer(help="Measures, from a checkout.", no_args_is_help=True)


@bench.command(
    "reading",
    add_help_option=False,  # the benchmark explains itself
    context_settings={"ignore_unknown_options": True},
)
def bench_reading(
    words: Annotated[
        list[str] | None,
        typer.Argument(help="A charts folder and options; --help lists them."),
    ] = None,
) -> None:
    """Measure how well and how fast pages are read, beside OCRmyPDF.

    Over a folder that python -m benchmarks.charts made; prints what belongs into
    docs/measures.md and writes build/bench-reading.json.
    """
    from pipeline.commands import bench as benches

    benches.reading(words or ())


@bench.command(
    "documents",
    add_help_option=False,
    context_settings={"ignore_unknown_options": True},
)
def bench_documents(
    words: Annotated[
        list[str] | None,
        typer.Argument(help="Charts folders and options; --help lists them."),
    ] = None,
) -> None:
    """Measure types, document boundaries and service dates.

    Over folders that python -m benchmarks.charts made, or over data folders in which
    they were processed; prints what belongs into docs/measures.md.
    """
    from pipeline.commands import bench as benches

    benches.documents(words or ())


@bench.command(
    "patients",
    add_help_option=False,
    context_settings={"ignore_unknown_options": True},
)
def bench_patients(
    words: Annotated[
        list[str] | None,
        typer.Argument(help="Options; --help lists them."),
    ] = None,
) -> None:
    """Measure whose paper it is, on a trap set, beside exact rules and Splink.

    Makes a million people and pages that are easily misfiled; prints what belongs into
    docs/measures.md.
    """
    from pipeline.commands import bench as benches

    benches.patients(words or ())
