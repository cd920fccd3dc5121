"""``review list`` and ``refile``: what a clerk does in a terminal."""

from __future__ import annotations

import datetime as dt
import json
import time
from dataclasses import dataclass, replace

from rich.console import Console
from rich.table import Table

from pipeline.commands.follow import TICK
from pipeline.commands.user import clerk_name
from pipeline.document import (
    Decision,
    DocumentId,
    DocumentType,
    ScannedDocument,
)
from pipeline.errors import InputError
from pipeline.index.typecodes import type_codes
from pipeline.review.queue import is_stat
from pipeline.site import Site
from pipeline.work import Work


@dataclass(frozen=True, slots=True)
class _Wait:
    """What the list tells of a question: the readings of a long queue are not held."""

    stat: bool
    document: ScannedDocument
    asked: dt.datetime
    reasons: tuple[str, ...]


def show_queue(site: Site, out: Console, *, as_json: bool) -> None:
    """Every document that waits, stat ones first, then oldest first, with reasons."""
    types, rules = site.type_facts.now(), site.settings.queue
    waits = [
        _Wait(
            is_stat(waiting.reading, types, rules),
            waiting.reading.document,
            waiting.asked,
            tuple(doubt.reason for doubt in waiting.review.reasons),
        )
        for waiting in site.catalogue.waiting()
    ]
    waits.sort(key=lambda one: not one.stat)  # stable: oldest first within each
    if as_json:
        for one in waits:
            told = {
                "document": one.document.id,
                "batch": one.document.batch,
                "pages": list(one.document.pages),
                "asked": one.asked.isoformat(),
                "stat": one.stat,
                "reasons": list(one.reasons),
            }
            out.file.write(json.dumps(told) + "\n")
        return
    table = Table("", "document", "pages", "since", "why")
    for one in waits:
        table.add_row(
            "STAT" if one.stat else "",
            one.document.id,
            ", ".join(map(str, one.document.pages)),
            f"{one.asked:%Y-%m-%d %H:%M}",
            "\n".join(one.reasons),
        )
    out.print(table if table.row_count else "the queue is empty")


def refile(
    site: Site,
    document: str,
    change: tuple[str | None, str | None, str | None],
    out: Console,
) -> None:
    """File a new version of a filed document; the one it replaces is restricted."""
    filed = site.catalogue.filed(DocumentId(document))
    if filed is None:
        raise InputError(
            f"no filed document has the id {document}; chartfiler outcomes lists them"
        )
    if not any(change):
        raise InputError("say what changes: --mrn, --type or --date")
    decision = _changed(site, filed.decision, change)
    if replace(decision, by=filed.decision.by) == filed.decision:
        raise InputError("it is filed just so already; say what is wrong with it")
    site.catalogue.answer(filed.document, decision)
    site.catalogue.audit(clerk_name(), "refiled", filed.document)
    with Work(site) as work:
        while filed.document in dict(site.catalogue.answers()):
            work.tick()
            time.sleep(TICK)
    now = site.catalogue.filed(filed.document)
    if now is None or now.id == filed.id:
        raise InputError(
            f"{filed.id} stands as it was: {site.catalogue.failure(filed.document)}"
        )
    out.print(f"filed as {now.id}; {filed.id} is kept, restricted")


def _changed(
    site: Site, decision: Decision, change: tuple[str | None, str | None, str | None]
) -> Decision:
    mrn, kind, date = change
    if mrn is not None:
        owner = site.people.mrn_owner(mrn)
        if owner is None:
            raise InputError("no patient of the index has that MRN; import first")
        stay = decision.encounter if owner == decision.patient else None
        decision = replace(decision, patient=owner, encounter=stay)
    if kind is not None:
        decision = replace(decision, type=_type(site, kind))
    if date is not None:
        decision = replace(decision, date=_date(date))
    return replace(decision, by=clerk_name())


def _date(said: str) -> dt.date:
    try:
        date = dt.date.fromisoformat(said)
    except ValueError:
        raise InputError("--date must be an ISO date: 2013-04-03") from None
    if date > dt.datetime.now(dt.UTC).date():
        raise InputError("--date lies in the future: give the day of service")
    return date


def _type(site: Site, said: str) -> DocumentType:
    found = type_codes(site.type_facts.values()).get(said.strip().lower())
    if found is None:
        raise InputError(
            "--type names no document type, or a LOINC code that several share;"
            " chartfiler types list tells the keys"
        )
    return found
