"""The commands of ``chartfiler patients``: named and explained here, as in cli.py."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.here import Csv, Here, Json, out

patients = typer.Typer(
    help="The patient index.", no_args_is_help=True, rich_markup_mode=None
)
Mrn = Annotated[str, typer.Argument(help="A record number of the index.")]
By = Annotated[str, typer.Option(help="Who answers for it; else this user.")]
Reason = Annotated[str, typer.Option(help="Why; kept beside the act.")]


@patients.command("import")
def patients_import(
    file: Csv,
    as_of: Annotated[
        str | None,
        typer.Option(help="When the list was true: 2026-11-25T06:00; default now."),
    ] = None,
) -> None:
    """Import or update patients from a CSV; bad rows are reported and skipped.

    The header needs mrn, last_name, first_name, birth_date (1961-03-04); it may have
    middle_name, suffix, sex, address, city, state, postal_code, phone, ssn_last4,
    aliases (LAST, FIRST; …), merged_into (the surviving MRN), facility,
    other_ids (authority:type:value; …), death_date, birth_order.
    """
    from pipeline.commands import people

    people.import_patients(Here.site(), file, as_of, out)


@patients.command("alerts")
def patients_alerts(json: Json = False) -> None:
    """Count the patients who may be taken for another: twins, Jr and Sr, like MRNs."""
    from pipeline.commands import people

    people.show_alerts(Here.site(), out, as_json=json)


@patients.command("find")
def patients_find(
    text: Annotated[str, typer.Argument(help="Name parts, MRN or birth date.")],
    json: Json = False,
) -> None:
    """Find patients by name, MRN or birth date."""
    from pipeline.commands import people

    people.find(Here.site(), text, out, as_json=json)


@patients.command("show")
def patients_show(mrn: Mrn, json: Json = False) -> None:
    """Show all that the index holds of one patient: names, numbers, stays, merges."""
    from pipeline.commands import steward

    steward.show(Here.site(), mrn, out, as_json=json)


@patients.command("merge")
def patients_merge(
    mrn: Mrn,
    into: Annotated[str, typer.Argument(help="The number that survives.")],
    reason: Reason,
    by: By = "",
) -> None:
    """Say that two records are one person: the first lives on in the second.

    Nothing is moved: its number and names lead to the survivor from now on, as do its
    documents, and unmerge takes it back. Open reviews are weighed again.
    """
    from pipeline.commands import steward

    steward.merge(Here.site(), (mrn, into), (by, reason), out)


@patients.command("unmerge")
def patients_unmerge(mrn: Mrn, reason: Reason, by: By = "") -> None:
    """Say that a merged record is a person of its own again.

    Names the documents that were filed for the survivor since the merge: whose they
    are must be looked at. Open reviews are weighed again.
    """
    from pipeline.commands import steward

    steward.unmerge(Here.site(), mrn, (by, reason), out)


@patients.command("duplicates")
def patients_duplicates(
    csv: Annotated[
        Path | None, typer.Option(help="Write them all there, for your eyes only.")
    ] = None,
    least: Annotated[
        float, typer.Option(help="Bits of evidence from which a pair is listed.")
    ] = 0.0,
    json: Json = False,
) -> None:
    """List people who may be one, and records that may hold two, the likeliest first.

    From the name alerts. What each agreement weighs is learned from the index itself,
    without labels; a score is in bits: 0 is as likely as not, 10 is a thousand to one.
    """
    from pipeline.commands import duplicates

    duplicates.show(Here.site(), (csv, least), out, as_json=json)


@patients.command("crosswalk")
def patients_crosswalk(file: Csv) -> None:
    """Import old record numbers from a CSV: old_number, authority, mrn.

    An old number on a page brings up its patient, and speaks neither for nor against
    anyone.
    """
    from pipeline.commands import steward

    steward.import_crosswalk(Here.site(), file, out)
