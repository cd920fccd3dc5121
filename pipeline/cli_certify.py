"""The commands around the certificate: named and explained here, as in cli.py."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.here import Here, Json, out

if TYPE_CHECKING:
    from pipeline.commands.checking import Said

qa = typer.Typer(help="The sample that people check.", no_args_is_help=True)
verified = typer.Typer(help="A site's own audit.", no_args_is_help=True)
lanes = typer.Typer(help="Stations and forms held back.", no_args_is_help=True)
Document = Annotated[str, typer.Argument(help="The document's id.")]
By = Annotated[str | None, typer.Option("--by", help="Who says so; default: you.")]
Patient = Annotated[
    str | None, typer.Option("--patient", help="The MRN of whose it is.")
]
Nobody = Annotated[bool, typer.Option("--nobody", help="Nobody of the index.")]
Type = Annotated[
    str | None, typer.Option("--type", help="A key of chartfiler types list.")
]
Encounter = Annotated[str | None, typer.Option("--encounter", help="Its number.")]


def certify(
    to: Annotated[
        Path | None, typer.Option("--out", help="Also into FILE.md and FILE.json.")
    ] = None,
    replay: Annotated[
        bool, typer.Option("--replay", help="First let today's machine answer anew.")
    ] = False,
) -> None:
    """Show with 95 % how rarely this site files into a wrong record, and keep it.

    Counts checked pages that the machine answered before anybody looked. 1 in 1,000
    (2,995 clean pages) opens supervised filing, 1 in 10,000 (29,956) automatic filing.
    --replay: a new model or rule set answers stored certificate pages again.
    """
    from pipeline.commands import certify as certificates

    certificates.run(Here.site(), to, out, again=replay)


def check(
    document: Document,
    patient: Patient = None,
    nobody: Nobody = False,
    type_: Type = None,
    encounter: Encounter = None,
    by: By = None,
) -> None:
    """Keep one person's blind answer about a document: whose it is, and what.

    Two that agree verify it; where the machine and a person differ, a second person
    answers, and a third one if those differ.
    """
    from pipeline.commands import checking

    said = _said(patient, type_, encounter, by, nobody=nobody)
    checking.check(Here.site(), document, said, out)


def report(
    document: Document,
    reason: Annotated[str, typer.Option("--reason", help="What is wrong with it.")],
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="It does lie in a wrong record.")
    ] = False,
    by: By = None,
) -> None:
    """Report a filed document as wrong: its lane pauses, or closes if confirmed.

    After a confirmed misfile its siblings are listed.
    """
    from pipeline.commands import checking

    checking.report(Here.site(), document, (reason, by), out, sure=confirmed)


def siblings(document: Document, json: Json = False) -> None:
    """List filed documents that may lie wrong as this one does, and what they share."""
    from pipeline.commands import checking

    checking.show_siblings(Here.site(), document, out, as_json=json)


@qa.command("list")
def qa_list(json: Json = False) -> None:
    """List what was drawn from the filed documents and waits for a check."""
    from pipeline.commands import checking

    checking.show_sample(Here.site(), out, as_json=json)


@qa.command("next")
def qa_next(by: By = None) -> None:
    """Name the next document of the sample for you, without what the machine said."""
    from pipeline.commands import checking

    checking.next_of_sample(Here.site(), by, out)


@qa.command("answer")
def qa_answer(
    document: Document,
    patient: Patient = None,
    nobody: Nobody = False,
    type_: Type = None,
    encounter: Encounter = None,
    by: By = None,
) -> None:
    """Say whose a drawn document is, and what; not by whoever filed it."""
    from pipeline.commands import checking

    said = _said(patient, type_, encounter, by, nobody=nobody)
    checking.answer_sample(Here.site(), document, said, out)


@verified.command("import")
def verified_import(
    file: Annotated[Path, typer.Argument(help="CSV: document,mrn,by,type.")],
) -> None:
    """Take in what people of your own audit found, each blind; a repeat adds nothing.

    `mrn` is the patient's, or "nobody"; `by` the person's name; `type` may be empty.
    """
    from pipeline.commands.verified import import_verified

    import_verified(Here.site(), file, out)


@lanes.command("list")
def lanes_list(json: Json = False) -> None:
    """List lanes (STATION/TYPE) that were held back or opened, by whom and why."""
    from pipeline.commands import checking

    checking.show_lanes(Here.site(), out, as_json=json)


@lanes.command("open")
def lanes_open(
    lane: Annotated[str, typer.Argument(help="STATION/TYPE, or all.")], by: By = None
) -> None:
    """Let a lane file again."""
    from pipeline.commands import checking

    checking.open_lane(Here.site(), lane, by, out)


def _said(
    patient: str | None,
    type_: str | None,
    encounter: str | None,
    by: str | None,
    *,
    nobody: bool,
) -> Said:
    from pipeline.commands.checking import Said
    from pipeline.errors import InputError

    if nobody == (patient is not None):
        raise InputError("say whose it is: --patient MRN, or --nobody")
    return Said(patient, type_, encounter, by)
