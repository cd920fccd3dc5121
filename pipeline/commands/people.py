"""``patients`` and ``encounters``: the index comes in as CSV, and is looked up."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from pipeline.commands.user import clerk_name
from pipeline.index.people import (
    BadRow,
    EncounterRow,
    PatientRow,
    read_encounters,
    read_patients,
)
from pipeline.site import Site, keep_encounters, keep_patients

Row = TypeVar("Row", PatientRow, EncounterRow)
PORTION = 1000
BAD_ROWS_SHOWN = 20


def import_patients(site: Site, file: Path, out: Console) -> None:
    """Upsert every good row; name the bad ones by line."""
    _import(
        read_patients(file), lambda rows: keep_patients(site, rows), "patients", out
    )
    site.catalogue.audit(clerk_name(), "imported", "patients")


def import_encounters(site: Site, file: Path, out: Console) -> None:
    """Upsert every good row; name the bad ones by line."""
    rows = read_encounters(file)
    _import(rows, lambda good: keep_encounters(site, good), "encounters", out)
    site.catalogue.audit(clerk_name(), "imported", "encounters")


def find(site: Site, text: str, out: Console, *, as_json: bool) -> None:
    """At most 20 patients, the best first."""
    found = site.people.find(text, 20)
    site.catalogue.audit(clerk_name(), "searched", "patients")
    if as_json:
        for patient in found:
            names = [f"{n.family}, {n.given} {n.middle}".strip() for n in patient.names]
            born = patient.born.isoformat() if patient.born else None
            told = {"mrn": patient.mrn, "names": names, "birth_date": born}
            out.file.write(json.dumps(told | {"sex": patient.sex}) + "\n")
        return
    table = Table("MRN", "name", "born", "sex")
    for patient in found:
        name = patient.names[0]
        table.add_row(
            patient.mrn,
            escape(f"{name.family}, {name.given} {name.middle}".strip()),
            patient.born.isoformat() if patient.born else "",
            patient.sex,
        )
    out.print(table if found else "nobody found; try fewer letters, or the MRN")


def _import(
    rows: Iterable[Row | BadRow],
    keep: Callable[[list[Row]], tuple[int, ...]],
    what: str,
    out: Console,
) -> None:
    bad: list[BadRow] = []
    good = _good(rows, bad)
    count = 0
    portions = iter(lambda: list(islice(good, PORTION)), [])
    for portion in track(
        portions,
        f"importing {what}",
        console=out,
        transient=True,
        disable=not out.is_terminal,
    ):
        lost = keep(portion)
        bad += [BadRow(line, "nobody in the index has its MRN") for line in lost]
        count += len(portion) - len(lost)
    out.print(f"{count} {what} imported, {len(bad)} rows refused", highlight=False)
    for row in bad[:BAD_ROWS_SHOWN]:
        out.print(f"  line {row.line}: {row.reason}", highlight=False, markup=False)
    if len(bad) > BAD_ROWS_SHOWN:
        out.print(f"  and {len(bad) - BAD_ROWS_SHOWN} more: mend these first")


def _good(rows: Iterable[Row | BadRow], bad: list[BadRow]) -> Iterator[Row]:
    for row in rows:
        if isinstance(row, BadRow):
            bad.append(row)
        else:
            yield row
