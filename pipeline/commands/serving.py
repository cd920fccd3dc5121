"""``serve``: the desk on the network, and the jobs beside it."""

from __future__ import annotations

import datetime as dt
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from pipeline.access.groups import GroupRules
from pipeline.access.signing_in import Timing
from pipeline.commands.follow import TICK
from pipeline.commands.user import clerk_name
from pipeline.errors import SettingsError
from pipeline.index.numbers import check
from pipeline.overview import overview
from pipeline.sample import Sample
from pipeline.seeded.people import Numbers
from pipeline.seeding import Seeding
from pipeline.settings import DirectorySettings
from pipeline.site import Site
from pipeline.station import FirstLooks
from pipeline.web.app import make_app
from pipeline.web.desk import Desk
from pipeline.web.entry import Entry
from pipeline.web.pictures import Pictures, Remembered
from pipeline.web.reach import Reach
from pipeline.web.server import Server
from pipeline.wiring import dates_of, entering_of, index_rules, reader_of
from pipeline.work import Work

if TYPE_CHECKING:
    from pipeline.web.provider import Provider

PAINTERS = 2  # processes that draw pages for the desk and look at what comes in


def serve(
    site: Site,
    where: tuple[str, int | None],
    tls: tuple[Path | None, Path | None],
    out: Console,
) -> None:
    """Serve until stopped; the jobs are worked from this thread meanwhile."""
    reach = _reach(site, where, tls)
    reach.check(users=site.users.any())
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with (
        reader_of(site.settings, workers=PAINTERS) as painter,
        Work(site) as work,
        seeding_of(site) as seeds,
    ):
        rules = index_rules(site.data, site.people).clues
        looks = FirstLooks(site, painter, rules)
        looking = threading.Thread(target=looks.run, args=(stop,), name="looking")
        drawn = Pictures(site.catalogue, site.objects, painter)
        pictures = Remembered(drawn.page, lies=drawn.lies)
        desk, most = desk_of(site, pictures, seeds), site.settings.web.request_bytes
        server = Server(make_app(desk, entry_of(site, reach), most), reach)
        server.start()
        out.print(f"the clerk's page: {reach.url}  Ctrl-C stops", highlight=False)
        looking.start()
        try:
            while not stop.is_set() and server.alive:
                work.tick()
                stop.wait(TICK)
        finally:
            stop.set()
            looking.join()
            pictures.close()
            server.stop()


def desk_of(site: Site, pictures: Remembered, seeds: Seeding | None = None) -> Desk:
    """The desk of this machine's own clerk."""
    web = site.settings.web
    return Desk(
        catalogue=site.catalogue,
        people=site.people,
        holdings=site.holdings,
        objects=site.objects,
        type_facts=site.type_facts,
        picture=pictures.page,
        clerk=clerk_name(),
        in_hand=site.desk,
        worklist=site.worklist,
        arrivals=site.arrivals,
        overview=lambda: overview(site, dt.datetime.now(dt.UTC)),
        sample=Sample(site),
        rules=site.settings.queue,
        filing=site.settings.filing,
        alerts=site.alerts.of,
        recuts=site.recuts,
        relaid=site.relaid,
        siblings=site.siblings,
        keys=site.keys,
        entering=entering_of(site),
        warm=pictures.warm,
        grace=dt.timedelta(seconds=web.grace_seconds),
        dates=dates_of(site.data),
        idle_minutes=web.idle_minutes,
        seeds=seeds,
    )


@contextmanager
def seeding_of(site: Site) -> Iterator[Seeding | None]:
    """Made-up items among the rest, as many as [queue] seeded_share says."""
    share = site.settings.queue.seeded_share
    if not share:
        yield None
        return

    def numbers() -> Numbers:
        form = index_rules(site.data, site.people).clues.mrn

        def fits(mrn: str) -> bool:
            return check(mrn, form) and site.people.mrn_owner(mrn) is None

        return Numbers(fits, form.prefix.upper(), form.lengths[0])

    with closing(
        Seeding(share, site.settings.filing, numbers, site.vigilance)
    ) as seeds:
        yield seeds


def _reach(
    site: Site, where: tuple[str, int | None], tls: tuple[Path | None, Path | None]
) -> Reach:
    """What was said on the command line, else what [web] says."""
    web = site.settings.web
    cert, key = (str(one) if one else "" for one in tls)
    if not (cert or key):
        cert, key = web.tls_cert, web.tls_key
    return Reach(
        where[0],
        where[1] or web.port,
        cert,
        key,
        web.behind_proxy,
        web.trusted_proxies,
        web.names,
    )


def entry_of(site: Site, reach: Reach) -> Entry:
    """Accounts and sessions of this folder, by its settings."""
    settings = site.settings
    web = settings.web
    idle, most = dt.timedelta(minutes=web.idle_minutes), web.session_hours
    groups = GroupRules(
        settings.oidc_roles, settings.oidc_facilities, settings.oidc_restricted
    )
    if fault := groups.fault():
        raise SettingsError(f"pipeline.toml: [oidc_roles] {fault}")
    return Entry(
        site.users,
        site.sessions,
        site.glasses,
        site.trail,
        Timing(idle, dt.timedelta(hours=most)),
        dt.timedelta(minutes=web.glass_minutes),
        web.second_step == "demanded",
        settings.facilities,
        reach.front,
        _provider(settings.oidc),
        groups,
        settings.oidc.local_accounts,
    )


def _provider(said: DirectorySettings) -> Provider | None:
    if not said.issuer:
        return None
    from pipeline.web.provider import Directory, Provider  # 0.3 s: only who needs it

    secret = os.environ.get("CHARTFILER_OIDC_SECRET", "")
    return Provider(
        Directory(said.issuer, said.client_id, said.name, said.groups, secret)
    )
