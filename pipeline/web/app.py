"""The desk as one application: its screens, its static files, its guard.

No patient's text stands in a URL: documents go by id, charts by a name that tells
nothing, and searches come as forms. Every look at paper is in the audit trail.
"""

from __future__ import annotations

from typing import Any

from fastapi import Depends, FastAPI
from fastapi.staticfiles import StaticFiles

from pipeline.web.dashboard_screen import dashboard_routes
from pipeline.web.desk import Desk
from pipeline.web.guard import guard
from pipeline.web.lease import HeldByAnother, lease_gate, refusal
from pipeline.web.people_screen import people_routes
from pipeline.web.queue_screen import queue_routes
from pipeline.web.record_screen import record_routes
from pipeline.web.rendering import HERE
from pipeline.web.review_screen import review_routes
from pipeline.web.station_screen import station_routes
from pipeline.web.work_screen import work_routes

_SCREENS = (
    queue_routes,
    work_routes,
    people_routes,
    record_routes,
    station_routes,
    dashboard_routes,
)


def make_app(desk: Desk) -> FastAPI:
    """The clerk's desk as an ASGI application; serve it on 127.0.0.1 only."""
    app = FastAPI(title="Chartfiler", docs_url=None, redoc_url=None, openapi_url=None)
    app.middleware("http")(guard)
    app.mount("/static", StaticFiles(directory=HERE / "static"))
    for screen in _SCREENS:
        app.include_router(screen(desk))
    gate = [Depends(lease_gate(desk))]
    app.include_router(review_routes(desk), dependencies=gate)
    app.add_exception_handler(HeldByAnother, refusal(desk))

    @app.get("/healthz")
    def health() -> dict[str, Any]:
        """For a monitor: what is received and read, in pages."""
        now = desk.catalogue.progress()
        return {"ok": True, "received": now.received, "read": now.read}

    return app
