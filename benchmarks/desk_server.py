"""The desk over a made-up catalogue, for many clerks who say who they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvicorn
from fastapi import Request, Response

from pipeline.overview import overview
from pipeline.site import Site, open_site
from pipeline.web.app import make_app
from pipeline.web.desk import Desk

PORT = 8499
PNG = b"\x89PNG\r\n\x1a\n"


def desk_of(site: Site) -> Desk:
    """A desk whose pictures are none."""
    return Desk(
        catalogue=site.catalogue,
        people=site.people,
        holdings=site.holdings,
        objects=site.objects,
        type_facts=site.type_facts,
        picture=lambda _document, _n, _width: PNG,
        clerk="clerk nobody",
        worklist=site.worklist,
        arrivals=site.arrivals,
        overview=lambda: overview(site, dt.datetime.now(dt.UTC)),
        rules=site.settings.queue,
    )


def serve(data: Path) -> None:
    """Until the process is ended."""
    app = make_app(desk_of(open_site(data)))

    @app.middleware("http")
    async def seated(
        request: Request, answer: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        request.state.who = request.headers.get("x-clerk", "")
        return await answer(request)

    uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="warning", access_log=False)
