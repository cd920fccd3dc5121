"""``serve``, ``review list`` and ``refile``: what a clerk does."""

from __future__ import annotations

import datetime as dt
import json
import signal
import threading
import time
from dataclasses import replace

from rich.console import Console
from rich.table import Table

from pipeline.commands.follow import TICK
from pipeline.commands.user import clerk_name
from pipeline.document import Decision, DocumentId, DocumentType
from pipeline.errors import InputError
from pipeline.site import Site
from pipeline.web.app import make_app
from pipeline.web.desk import Desk
from pipeline.web.guard import check_host
from pipeline.web.pictures import Pictures
from pipeline.web.server import Server
from pipeline.wiring import reader_of
from pipeline.work import Work


def show_queue(site: Site, out: Console, *, as_json: bool) -> None:
    """Every document that waits, oldest first, with each reason."""
    if as_json:
        for waiting in site.catalogue.waiting():
            document = waiting.reading.document
            told = {
                "document": document.id,
                "batch": document.batch,
                "pages": list(document.pages),
                "asked": waiting.asked.isoformat(),
                "reasons": [doubt.reason for doubt in waiting.review.reasons],
            }
            out.file.write(json.dumps(told) + "\n")
        return
    table = Table("document", "pages", "since", "why")
    for waiting in site.catalogue.waiting():
        document = waiting.reading.document
        table.add_row(
            document.id,
            ", ".join(map(str, document.pages)),
            f"{waiting.asked:%Y-%m-%d %H:%M}",
            "\n".join(doubt.reason for doubt in waiting.review.reasons),
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
    for key, facts in site.type_facts.items():
        if said in (key, facts.loinc):
            return key
    raise InputError(
        "--type names no document type; config/document_types.toml lists key and LOINC"
    )


def serve(site: Site, host: str, port: int | None, out: Console) -> None:
    """Serve until stopped; the jobs are worked from this thread meanwhile."""
    check_host(host)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with reader_of(site.settings, workers=1) as painter, Work(site) as work:
        desk = Desk(
            catalogue=site.catalogue,
            people=site.people,
            objects=site.objects,
            type_facts=site.type_facts,
            picture=Pictures(site.catalogue, site.objects, painter).page,
            clerk=clerk_name(),
        )
        where = (host, port or site.settings.web.port)
        server = Server(make_app(desk), *where)
        server.start()
        url = f"http://{where[0]}:{where[1]}/"
        out.print(f"the clerk's page: {url}  Ctrl-C stops", highlight=False)
        try:
            while not stop.is_set() and server.alive:
                work.tick()
                stop.wait(TICK)
        finally:
            server.stop()
