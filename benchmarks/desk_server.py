"""The desk over a made-up catalogue, for many clerks who have signed in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import uvicorn

from pipeline.commands.serving import seeding_of
from pipeline.overview import overview
from pipeline.seeding import Seeding
from pipeline.site import Site, open_site
from pipeline.users import EVERY, User
from pipeline.web.app import make_app
from pipeline.web.desk import Desk
from pipeline.web.entry import Entry

PORT = 8499
PNG = b"\x89PNG\r\n\x1a\n"


def desk_of(site: Site, seeds: Seeding | None) -> Desk:
    """A desk whose pictures are none."""
    return Desk(
        catalogue=site.catalogue,
        people=site.people,
        holdings=site.holdings,
        objects=site.objects,
        type_facts=site.type_facts,
        picture=lambda _document, _n, _width, _turn: PNG,
        clerk="clerk nobody",
        in_hand=site.desk,
        worklist=site.worklist,
        arrivals=site.arrivals,
        overview=lambda: overview(site, dt.datetime.now(dt.UTC)),
        rules=site.settings.queue,
        keys=site.keys,
        seeds=seeds,
    )


def signed_in(data: Path, count: int) -> list[tuple[str, str]]:
    """So many clerks with a session each: its cookie, and the token for forms."""
    site = open_site(data)
    found = []
    for number in range(count):
        name = f"clerk{number}"
        if site.users.get(name) is None:
            site.users.add(User(name, ("clerk",), restricted=(EVERY,)), "benchmark")
        cookie = site.sessions.begin(name, "127.0.0.1", passed=True)
        session = site.sessions.get(cookie)
        found.append((cookie, session.csrf if session else ""))
    site.catalogue.close()
    return found


def serve(data: Path) -> None:
    """Until the process is ended."""
    site = open_site(data)
    entry = Entry(site.users, site.sessions, site.glasses, site.trail)
    with seeding_of(site) as seeds:
        app = make_app(desk_of(site, seeds), entry)
        uvicorn.run(
            app, host="127.0.0.1", port=PORT, log_level="warning", access_log=False
        )
