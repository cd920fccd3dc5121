"""``review list``: what waits for a clerk, in a terminal."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from pipeline.document import ScannedDocument
from pipeline.review.queue import is_stat
from pipeline.site import Site


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
