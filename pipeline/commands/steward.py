"""``patients show``, ``merge``, ``unmerge``, ``crosswalk``: an index steward's work."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.commands.importing import import_rows
from pipeline.commands.user import clerk_name
from pipeline.document import FiledDocument, Name, Patient, PatientId
from pipeline.errors import InputError
from pipeline.index.people import CrosswalkRow, read_crosswalk
from pipeline.lists import BadRow
from pipeline.site import Site, find_alerts, keep_crosswalk
from pipeline.store.import_rows import IndexChange
from pipeline.store.steward_rows import MERGED, UNMERGED, StewardAct

Signed = tuple[str, str]  # by, reason


def show(site: Site, mrn: str, out: Console, *, as_json: bool) -> None:
    """All that the index holds of whoever has this number; audited."""
    owner = site.people.mrn_owner(mrn)
    person = site.people.get(owner) if owner else None
    if person is None:
        raise InputError("no one patient of the index has that MRN")
    site.catalogue.audit(clerk_name(), "viewed", f"patient {person.id}", person.id)
    told = _told(site, person)
    if as_json:
        out.file.write(json.dumps(told) + "\n")
        return
    table = Table("what", "held", show_header=False)
    for what, held in told.items():
        lines = held if isinstance(held, list) else [held]
        for n, line in enumerate(lines):
            table.add_row("" if n else what, escape(_line(line)))
    out.print(table)


def _line(held: Any) -> str:  # noqa: ANN401 - of JSON
    if isinstance(held, dict):
        return "  ".join(str(value) for value in held.values() if value)
    return "" if held is None else str(held)


def _told(site: Site, person: Patient) -> dict[str, Any]:
    rows = site.people.rows_of(person.id)
    return {
        "mrn": person.mrn,
        "facility": person.facility,
        "names": [_name(name) for name in person.names],
        "birth_date": _iso(person.born),
        "death_date": _iso(person.died),
        "birth_order": person.birth_order,
        "sex": person.sex,
        "address": " ".join((person.address, person.city, person.postal_code)).strip(),
        "phone": person.phone,
        "identifiers": [
            {"value": i.value, "authority": i.authority, "type": i.type}
            for i in person.identifiers
        ],
        "encounters": [
            {
                "number": e.number,
                "facility": e.facility,
                "class": e.kind,
                "admit": _iso(e.admit),
                "discharge": _iso(e.discharge),
            }
            for e in site.people.encounters(person.id)
        ],
        "alerts": [
            {"kind": kind, "mrn": mrn} for kind, mrn in site.alerts.of(person.id) or ()
        ],
        "merges": [_act(site, act) for act in site.steward.acts(rows)],
        "documents": len(_documents(site, person.id)),
    }


def _name(name: Name) -> dict[str, str]:
    whole = f"{name.family}, {name.given} {name.middle}".strip(", ")
    return {"name": f"{whole} {name.suffix}".strip(), "as": "alias" * name.alias}


def _iso(day: Any) -> str | None:  # noqa: ANN401 - a date or None
    return day.isoformat() if day else None


def _act(site: Site, act: StewardAct) -> dict[str, str]:
    other = site.people.row(act.other) if act.other else None
    row = site.people.row(act.patient)
    return {
        "at": f"{act.at:%Y-%m-%d %H:%M}",
        "did": act.did,
        "mrn": row.mrn if row else "",
        "other": other.mrn if other else "",
        "by": act.by,
        "reason": act.reason,
    }


def _documents(site: Site, patient: PatientId) -> list[FiledDocument]:
    return list(site.catalogue.of_patient(patient))


# --- two records


def merge(site: Site, mrns: tuple[str, str], signed: Signed, out: Console) -> None:
    """The first number's record lives on in the second's."""
    by, reason = _signed(signed)
    one, into = (_row(site, mrn) for mrn in mrns)
    try:
        site.steward.merge(one, into, by, reason)
    except ValueError as why:
        raise InputError(f"not merged: {why}; chartfiler patients show MRN") from None
    _changed(site, (one, into), IndexChange(MERGED, by))
    survivor = site.people.get(into)
    count = len(_documents(site, survivor.id)) if survivor else 0
    out.print(
        f"merged: the survivor has {count} documents; open reviews are weighed again",
        highlight=False,
    )


def unmerge(site: Site, mrn: str, signed: Signed, out: Console) -> None:
    """The record is a person of its own; what was filed meanwhile is named."""
    by, reason = _signed(signed)
    one = _row(site, mrn)
    survivor = site.people.get(one)
    since = [a.at for a in site.steward.acts([one]) if a.did == MERGED][-1:]
    try:
        listed = site.steward.unmerge(one, by, reason)
    except ValueError:
        raise InputError("that record is not merged") from None
    both = (one, survivor.id) if survivor else (one,)
    _changed(site, both, IndexChange(UNMERGED, by))
    out.print("unmerged: it is a person of its own; open reviews are weighed again")
    if listed:
        out.print("  the list says merged: mend it there, or the next one merges again")
    filed = _documents(site, survivor.id) if survivor else []
    if look := [f.document for f in filed if not since or f.filed >= since[0]]:
        out.print(f"  {len(look)} documents were filed for the survivor meanwhile:")
        for document in look:
            out.print(f"    {document}", highlight=False)


def _signed(signed: Signed) -> Signed:
    by, reason = (text.strip() for text in signed)
    if not reason:
        raise InputError("say why: --reason 'registered twice in 2019'")
    return (f"clerk {by}" if by else clerk_name()), reason


def _row(site: Site, mrn: str) -> PatientId:
    found = site.steward.row_with(mrn.strip())
    if found is None:
        raise InputError("one of the numbers is no one record's of the index")
    return found


def _changed(site: Site, ids: tuple[PatientId, ...], change: IndexChange) -> None:
    find_alerts(site, ids)
    site.changes.keep(change)


# --- old numbers


def import_crosswalk(site: Site, file: Path, out: Console) -> None:
    """Upsert every good row; name the bad ones by line."""

    def keep(rows: list[CrosswalkRow]) -> list[BadRow]:
        lost = keep_crosswalk(site, rows)
        return [BadRow(line, "no one person has its MRN") for line in lost]

    count = import_rows(read_crosswalk(file), keep, "old numbers", out)
    change = IndexChange("imported old numbers", clerk_name(), rows=count)
    site.changes.keep(change)
