"""``audit``: whether the audit trail holds, and who saw a patient's paper."""

from __future__ import annotations

import json
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from typer import Exit

from pipeline.commands.user import clerk_name
from pipeline.errors import InputError
from pipeline.site import Site


def verify(site: Site, expect: str | None, out: Console, *, as_json: bool) -> None:
    """Exits 1 unless every line fits, and the expected one is there."""
    bad = site.trail.first_bad_line()
    seq, hash_ = site.trail.newest()
    lost = False
    if expect is not None:
        number, _, wanted = expect.partition(":")
        if not number.isdecimal() or not wanted:
            raise InputError("--expect is NUMBER:HASH, as audit verify printed it")
        lost = site.trail.hash_of(int(number)) != wanted
    if as_json:
        told = {"lines": seq, "hash": hash_, "bad_line": bad, "expected_lost": lost}
        out.file.write(json.dumps(told) + "\n")
    else:
        out.print(f"{seq} lines, the newest {seq}:{hash_}", highlight=False)
        if bad is not None:
            out.print(f"[red]broken[/red] at line {bad}", highlight=False)
        if lost:
            out.print("[red]cut off[/red] the expected line is not there")
        if bad is None and not lost:
            out.print("[green]the audit trail holds[/green]")
    if bad is not None or lost:
        raise Exit(1)


def show(site: Site, mrn: str, out: Console, *, as_json: bool) -> None:
    """Every line about one patient's paper; the look itself is one more."""
    owner = site.people.mrn_owner(mrn)
    if owner is None:
        raise InputError("no patient of the index has that MRN")
    table = Table("line", "at (UTC)", "who", "did", "what", "for")
    for line in site.trail.of_patient(owner):
        if as_json:
            out.file.write(json.dumps(asdict(line)) + "\n")
        else:
            at = line.at[:19].replace("T", " ")
            table.add_row(
                str(line.seq), at, line.who, line.did, line.what, line.purpose
            )
    site.catalogue.audit(clerk_name(), "read audit trail", owner, owner, "audit")
    if not as_json:
        out.print(table if table.row_count else "nobody has seen this patient's paper")
