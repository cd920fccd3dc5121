"""``serve`` and ``review list``: what a clerk does."""

from __future__ import annotations

import datetime as dt
import json
import signal
import threading
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from pipeline.commands.follow import TICK
from pipeline.commands.user import clerk_name
from pipeline.document import ScannedDocument
from pipeline.overview import overview
from pipeline.reading import ReadingPool
from pipeline.review.queue import is_stat
from pipeline.site import Site
from pipeline.station import FirstLooks
from pipeline.web.app import make_app
from pipeline.web.desk import Desk
from pipeline.web.guard import check_host
from pipeline.web.pictures import Pictures
from pipeline.web.server import Server
from pipeline.wiring import index_rules, reader_of
from pipeline.work import Work

PAINTERS = 2  # processes that draw pages for the desk and look at what comes in


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


def serve(site: Site, host: str, port: int | None, out: Console) -> None:
    """Serve until stopped; the jobs are worked from this thread meanwhile."""
    check_host(host)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with reader_of(site.settings, workers=PAINTERS) as painter, Work(site) as work:
        rules = index_rules(site.data, site.people).clues
        looks = FirstLooks(site, painter, rules)
        looking = threading.Thread(target=looks.run, args=(stop,), name="looking")
        where = (host, port or site.settings.web.port)
        server = Server(make_app(desk_of(site, painter)), *where)
        server.start()
        url = f"http://{where[0]}:{where[1]}/"
        out.print(f"the clerk's page: {url}  Ctrl-C stops", highlight=False)
        looking.start()
        try:
            while not stop.is_set() and server.alive:
                work.tick()
                stop.wait(TICK)
        finally:
            stop.set()
            looking.join()
            server.stop()


def desk_of(site: Site, painter: ReadingPool) -> Desk:
    """The desk of this machine's own clerk."""
    return Desk(
        catalogue=site.catalogue,
        people=site.people,
        holdings=site.holdings,
        objects=site.objects,
        type_facts=site.type_facts,
        picture=Pictures(site.catalogue, site.objects, painter).page,
        clerk=clerk_name(),
        worklist=site.worklist,
        arrivals=site.arrivals,
        overview=lambda: overview(site, dt.datetime.now(dt.UTC)),
        rules=site.settings.queue,
    )
