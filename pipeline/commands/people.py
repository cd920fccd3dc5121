"""``patients`` and ``encounters``: the index comes in as CSV, and is looked up."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.commands.importing import import_rows
from pipeline.commands.user import clerk_name
from pipeline.index.people import EncounterRow, read_encounters, read_patients
from pipeline.lists import BadRow
from pipeline.site import Site, keep_encounters, keep_patients


def import_patients(site: Site, file: Path, out: Console) -> None:
    """Upsert every good row; name the bad ones by line."""
    keep = partial(keep_patients, site)
    import_rows(read_patients(file), keep, "patients", out)
    site.catalogue.audit(clerk_name(), "imported", "patients")


def import_encounters(site: Site, file: Path, out: Console) -> None:
    """Upsert every good row; name the bad ones by line."""

    def keep(rows: list[EncounterRow]) -> list[BadRow]:
        lost = keep_encounters(site, rows)
        return [BadRow(line, "nobody in the index has its MRN") for line in lost]

    import_rows(read_encounters(file), keep, "encounters", out)
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
