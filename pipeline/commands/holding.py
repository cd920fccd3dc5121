"""``holding``: people of the archive whom the index does not know."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.commands.private_list import write_private
from pipeline.commands.user import clerk_name
from pipeline.document import Holding, Patient, PatientId
from pipeline.errors import InputError
from pipeline.site import Site

COLUMNS = ("mrn", "last_name", "first_name", "birth_date")  # of patients import
MORE = ("holding", "box", "volume", "old_number", "pages")


def show(site: Site, out: Console, *, as_json: bool) -> None:
    """Every record, oldest first."""
    records = site.holdings.all()
    site.catalogue.audit(clerk_name(), "listed", "holding records")
    if as_json:
        for one in records:
            mrn = site.mrn_of(one.patient) if one.patient else None
            out.file.write(json.dumps(_row(site, one) | {"mrn": mrn}) + "\n")
        return
    names = ("key", "box", "volume", "old number", "name", "born", "pages", "linked to")
    table = Table(*names)
    for one in records:
        row = _row(site, one)
        said = [row[c] for c in ("holding", "box", "volume", "old_number")]
        name = ", ".join(part for part in (one.family, one.given) if part)
        linked = site.mrn_of(one.patient) if one.patient else ""
        cells = (*said, name, row["birth_date"], row["pages"], linked)
        table.add_row(*(escape(str(cell)) for cell in cells))
    out.print(table if records else "nobody is held: all paper has its patient")


def link(site: Site, key: str, mrn: str, out: Console, *, anyway: bool) -> None:
    """All paper of a record is this patient's from now on."""
    record = _record(site, key)
    owner = site.people.mrn_owner(mrn)
    patient = site.people.get(owner) if owner else None
    if patient is None:
        raise InputError("no patient of the index has that MRN; import first")
    if not anyway and (what := _differs(record, patient)):
        raise InputError(
            f"the {what} on the paper is not this patient's: look again, or say"
            " --anyway"
        )
    try:
        site.holdings.link(record.id, patient.id, clerk_name())
    except ValueError:
        raise InputError(
            f"{record.id} is linked to another patient; holding unlink comes first"
        ) from None
    out.print(f"linked: {_pages(site, record.id)} pages are this patient's")


def unlink(site: Site, key: str, out: Console) -> None:
    """The paper is the record's own again."""
    record = site.holdings.unlink(_record(site, key).id, clerk_name())
    out.print(f"unlinked: {_pages(site, record.id)} pages are held")


def export(site: Site, file: Path, out: Console) -> None:
    """Those without a link, for the registration desk; the file is 0600."""
    held = [one for one in site.holdings.all() if one.patient is None]
    rows = (_row(site, one) for one in held)
    write_private(file, (*COLUMNS, *MORE), rows)
    site.catalogue.audit(clerk_name(), "exported", "holding records")
    out.print(f"{len(held)} people to register")


def _record(site: Site, key: str) -> Holding:
    found = site.holdings.get(PatientId(key.strip()))
    if found is None:
        raise InputError("no holding record has that key; chartfiler holding list")
    return found


def _differs(record: Holding, patient: Patient) -> str:
    """What of the paper is not the patient's, "" for nothing that was said."""
    if record.born and patient.born and record.born != patient.born:
        return "birth date"
    families = {name.family.casefold() for name in patient.names}
    if record.family and record.family.casefold() not in families:
        return "last name"
    return ""


def _row(site: Site, one: Holding) -> dict[str, str | int]:
    return {
        "mrn": "",
        "last_name": one.family,
        "first_name": one.given,
        "birth_date": one.born.isoformat() if one.born else "",
        "holding": one.id,
        "box": one.box,
        "volume": one.volume,
        "old_number": one.old_number,
        "pages": _pages(site, one.id),
    }


def _pages(site: Site, id_: PatientId) -> int:
    """Filed under the record itself, linked or not."""
    filed = site.catalogue.of_patient(id_)
    return sum(len(site.catalogue.reading(f.document).document.pages) for f in filed)
