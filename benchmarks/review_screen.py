"""How long a clerk waits for the review screen, over a data folder with open reviews.

``python -m benchmarks.review_screen DATA`` serves the folder on loopback, opens every
waiting document (50 at most) as a browser would, and prints p50 and p95 in ms: the
first page's picture drawn for the first time and again, the page of the screen, and a
patient search. The desk works nothing meanwhile.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import socket
import statistics
import time
import urllib.parse
import urllib.request
from collections import defaultdict
from pathlib import Path

from pipeline.overview import overview
from pipeline.site import Site, open_site
from pipeline.web.app import make_app
from pipeline.web.desk import Desk
from pipeline.web.pictures import PAGE, Pictures, Remembered
from pipeline.web.reach import Reach
from pipeline.web.server import Server
from pipeline.wiring import reader_of

MOST = 50


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("data", type=Path)
    site = open_site(asked.parse_args().data.resolve())
    with reader_of(site.settings, workers=1) as painter:
        pictures = Remembered(Pictures(site.catalogue, site.objects, painter).page)
        times = _measured(site, pictures)
        pictures.close()
    print(
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {os.cpu_count()} cores, load"
        f" {os.getloadavg()[0]:.1f}"
    )
    for what, taken in times.items():
        ranked = sorted(taken)
        p95 = ranked[min(len(ranked) - 1, int(0.95 * len(ranked)))]
        p50 = statistics.median(ranked)
        print(f"{what:24} n {len(taken):3}  p50 {p50:5.0f} ms  p95 {p95:5.0f} ms")


def _measured(site: Site, pictures: Remembered) -> dict[str, list[float]]:
    desk = Desk(
        catalogue=site.catalogue,
        people=site.people,
        holdings=site.holdings,
        objects=site.objects,
        type_facts=site.type_facts,
        picture=pictures.page,
        clerk="benchmark",
        in_hand=site.desk,
        worklist=site.worklist,
        arrivals=site.arrivals,
        overview=lambda: overview(site, dt.datetime.now(dt.UTC)),
        filing=site.settings.filing,
        alerts=site.alerts.of,
        recuts=site.recuts,
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Server(make_app(desk), Reach("127.0.0.1", port))
    server.start()
    times: defaultdict[str, list[float]] = defaultdict(list)

    def fetch(what: str, path: str, form: dict[str, str] | None = None) -> None:
        data = urllib.parse.urlencode(form).encode() if form else None
        begun = time.perf_counter()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", data) as told:
            told.read()
        times[what].append(1000 * (time.perf_counter() - begun))

    try:
        for _, waiting in zip(range(MOST), site.catalogue.waiting(), strict=False):
            page = f"/documents/{waiting.reading.document.id}"
            fetch("picture, first time", f"{page}/pages/1/{PAGE}.png")
            fetch("picture, drawn ahead", f"{page}/pages/1/{PAGE}.png")
            fetch("review screen", page)
            fetch("patient search", f"{page}/people", {"text": "sm j"})
    finally:
        server.stop()
    return times


if __name__ == "__main__":
    main()
