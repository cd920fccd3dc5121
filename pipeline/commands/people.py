"""``patients`` and ``encounters``: the index comes in as CSV, and is looked up."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.commands.importing import import_rows
from pipeline.commands.preparing import prepared
from pipeline.commands.user import clerk_name
from pipeline.document import PatientId
from pipeline.errors import InputError
from pipeline.index.lookalikes import SHARE_AT_MOST
from pipeline.index.people import (
    EncounterRow,
    read_encounters,
)
from pipeline.lists import BadRow
from pipeline.site import (
    Site,
    find_alerts,
    keep_encounters,
    timezone_of,
)
from pipeline.store.alert_rows import AlertCounts
from pipeline.store.import_rows import PATIENTS, IndexChange
from pipeline.store.patient_rows import PEOPLE_AT_ONCE
from pipeline.store.patient_writing import Ready

FEW = 2000  # changed rows of which each has its neighbours looked up; more: all of them
SMALL_SHARE = 0.05  # of the index: the same
ENOUGH = 1000  # patients, before a share of them says that a rule is wrong


def import_patients(site: Site, file: Path, as_of: str | None, out: Console) -> None:
    """Upsert every good row; name the bad ones by line; then find name alerts.

    ``as_of``: when the list was true, ISO, in the site's time zone unless it says one.
    """
    moment = _moment(site, as_of)
    changed: list[PatientId] = []

    def keep(rows: list[Ready]) -> tuple[()]:
        if len(changed) <= FEW:
            changed.extend(row.said.id for row in rows)
        site.people.write(rows)
        return ()

    count = import_rows(prepared(file), keep, "patients", out, PEOPLE_AT_ONCE)
    with out.status("making them findable"):
        site.people.settle()
    with out.status("finding name alerts"):
        few = len(changed) <= min(FEW, site.people.count() * SMALL_SHARE)
        find_alerts(site, changed if few else None)
    change = IndexChange(PATIENTS, clerk_name(), moment, count, _hash(file))
    site.changes.keep(change)
    _say_as_of(site, file, moment, as_of, out)
    say_share(site.alerts.counts(), out)


def _hash(file: Path) -> str | None:
    """SHA-256 of the list; None of a pipe, which is read once."""
    if not file.is_file():
        return None
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _moment(site: Site, said: str | None) -> dt.datetime:
    """When the list was true, UTC; raises InputError."""
    now = dt.datetime.now(dt.UTC)
    if said is None:
        return now
    try:
        moment = dt.datetime.fromisoformat(said)
    except ValueError:
        raise InputError("--as-of is a moment like 2026-11-25T06:00") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone_of(site.data))
    if moment > now:
        raise InputError("--as-of lies in the future: say when the list was made")
    return moment.astimezone(dt.UTC)


def _say_as_of(
    site: Site, file: Path, moment: dt.datetime, said: str | None, out: Console
) -> None:
    zone = timezone_of(site.data)
    out.print(
        f"  true as of {moment.astimezone(zone):%Y-%m-%d %H:%M}"
        + ("" if said else ", the time of this import; --as-of says otherwise"),
        highlight=False,
    )
    written = dt.datetime.fromtimestamp(file.stat().st_mtime, dt.UTC)
    if said is None and (days := (moment - written).days):
        out.print(
            f"  the file was written {days} days ago: if the list is as old, import it"
            f" again with --as-of {written.astimezone(zone):%Y-%m-%dT%H:%M}",
            highlight=False,
        )


def say_share(counts: AlertCounts, out: Console) -> None:
    """How many patients may be taken for another; whether that is too many."""
    out.print(
        f"  {counts.alerted} of {counts.patients} patients ({counts.share:.2%}) have a"
        " name alert",
        highlight=False,
    )
    if too_wide := alerts_too_wide(counts):
        out.print(f"  {too_wide}", highlight=False)


def alerts_too_wide(counts: AlertCounts) -> str:
    """What is wrong with the rule at this site; "" while it serves."""
    if counts.share <= SHARE_AT_MOST or counts.patients < ENOUGH:
        return ""
    return (
        f"above {SHARE_AT_MOST:.0%} the rule is wrong for this site; the widest kind is"
        f" {counts.kinds[0][0]!r}"
    )


def show_alerts(site: Site, out: Console, *, as_json: bool) -> None:
    """Patients with an alert by kind, and their share of the index."""
    counts = site.alerts.counts()
    if as_json:
        told = {"kinds": dict(counts.kinds), "alerted": counts.alerted}
        told |= {"patients": counts.patients, "share": round(counts.share, 6)}
        out.file.write(json.dumps(told) + "\n")
        return
    table = Table("alert", "patients")
    for kind, number in counts.kinds:
        table.add_row(kind, str(number))
    if counts.kinds:
        out.print(table)
    say_share(counts, out)


def import_encounters(site: Site, file: Path, out: Console) -> None:
    """Upsert every good row; name the bad ones by line."""

    def keep(rows: list[EncounterRow]) -> list[BadRow]:
        lost = keep_encounters(site, rows)
        return [BadRow(line, "nobody in the index has its MRN") for line in lost]

    count = import_rows(read_encounters(file), keep, "encounters", out)
    site.changes.keep(IndexChange("imported encounters", clerk_name(), rows=count))


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
