"""``pages``, ``status``, ``outcomes`` and ``verify``: what the books say."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from typer import Exit

from pipeline.commands.pages import page_rows, write_texts
from pipeline.commands.people import alerts_too_wide
from pipeline.commands.tables import count_dispositions, show_outcomes
from pipeline.commands.user import clerk_name
from pipeline.document import BatchId
from pipeline.errors import InputError, SettingsError
from pipeline.ingest.claims import open_claims
from pipeline.site import Site, timezone_of
from pipeline.store.alert_rows import AlertCounts
from pipeline.store.verify import Fault
from pipeline.store.verify import verify as faults_of

UNTAKEN = "unfinished in INBOX/.work: start watch, then look into its log"


def pages(site: Site, text: Path | None, format_: str, out: Console) -> None:
    """One JSON object a source page on standard output, nothing else."""
    if format_ != "jsonl":
        raise SettingsError(f"--format knows jsonl, not {format_!r}")
    for row in page_rows(site):
        out.file.write(json.dumps(row, ensure_ascii=False) + "\n")
    if text:
        try:
            write_texts(site, text)
        except OSError as error:
            raise InputError(
                f"--text cannot be written: {error.strerror}; choose another folder"
            ) from None
    site.catalogue.audit(clerk_name(), "exported", "pages")


def status(site: Site, out: Console, *, as_json: bool) -> None:
    """What came in, where it went, and what needs a hand."""
    lines = list(site.catalogue.ledger())
    progress = site.catalogue.progress()
    left = site.catalogue.unfinished()
    parked = _parked(site, left)
    waiting = sum(1 for _ in site.catalogue.waiting())
    claims = open_claims(site.inbox)
    poor = len(site.catalogue.poor_scans())
    from pipeline.commands.outlook import outlook  # half a second: only status pays

    as_of, alerts = site.changes.as_of(), site.alerts.counts()
    weigh = site.catalogue.left_to_weigh()
    if as_json:
        told = (
            asdict(progress)
            | {
                "unfinished": list(left),
                "parked": list(parked),
                "claims": list(claims),
                "waiting": waiting,
                "scan_again": poor,
                "index_as_of": as_of.isoformat() if as_of else None,
                "alert_share": round(alerts.share, 6),
                "to_weigh_again": weigh,
            }
            | outlook(site).row()
        )
        out.file.write(json.dumps(told) + "\n")
        return
    out.print(f"pages      {progress.received} received, {progress.read} read")
    out.print(f"outcomes   {count_dispositions(lines) or 'none yet'}")
    out.print(f"clerk      {waiting} documents wait")
    if poor:
        out.print(f"scans      {poor} pages are worth another scan: chartfiler serve")
    _say_index((as_of, timezone_of(site.data)), alerts, weigh, out)
    out.print(f"at work    {len(left)} batches unfinished")
    if parked:
        out.print(f"parked     {len(parked)} of them failed: chartfiler retry")
    if claims:
        out.print(f"intake     {len(claims)} claims are being taken in:")
        for claim in claims:
            out.print(f"           {claim}", highlight=False)
    out.print(f"objects    {site.objects.name}")
    for line in outlook(site).lines():
        out.print(line, highlight=False, markup=False, soft_wrap=True)


def _say_index(
    true: tuple[dt.datetime | None, dt.tzinfo],
    alerts: AlertCounts,
    weigh: int,
    out: Console,
) -> None:
    """Since when the patient index is true, who looks alike, what it looks at again."""
    as_of, zone = true
    if as_of is None:
        out.print("index      no patient list yet: chartfiler patients import")
        return
    days = (dt.datetime.now(dt.UTC) - as_of).days
    old = f", {days} days old" if days else ""
    moment = as_of.astimezone(zone)
    out.print(f"index      true as of {moment:%Y-%m-%d %H:%M}{old}", highlight=False)
    out.print(
        f"alerts     {alerts.alerted} of {alerts.patients} patients"
        f" ({alerts.share:.2%}) may be taken for another",
        highlight=False,
    )
    if too_wide := alerts_too_wide(alerts):
        out.print(f"           {too_wide}", highlight=False)
    if weigh:
        out.print(f"reviews    {weigh} wait to be weighed again by the new index")


def _parked(site: Site, left: tuple[BatchId, ...]) -> tuple[BatchId, ...]:
    if not left:
        return ()
    from pipeline.jobs import parked_in  # a second to load: only when work is left

    return parked_in(site.data / "jobs.sqlite", left)


def outcomes(site: Site, out: Console) -> None:
    """The tables of a demo: filed, waiting, set aside."""
    show_outcomes(site, out)
    lines = site.catalogue.ledger()
    out.print(count_dispositions(line for line in lines if not line.duplicate_of))
    site.catalogue.audit(clerk_name(), "listed", "outcomes")


def verify(site: Site, out: Console, *, as_json: bool) -> None:
    """Print what is missing, by id; exits 1 unless every page is accounted for."""
    faults = list(faults_of(site.catalogue, site.objects))
    faults += [Fault(f"claim {claim}: {UNTAKEN}") for claim in open_claims(site.inbox)]
    lines = list(site.catalogue.ledger())
    counted = sum(1 for line in lines if line.page)
    if as_json:
        told = {"pages": counted, "faults": [str(fault) for fault in faults]}
        out.file.write(json.dumps(told) + "\n")
    else:
        for fault in faults:
            out.print(f"[red]missing[/red] {fault}", highlight=False)
        out.print(
            f"{counted} pages: {count_dispositions(lines) or 'none received yet'}",
            highlight=False,
        )
        if not faults:
            out.print("[green]every page accounted for[/green]")
    if faults:
        raise Exit(1)
