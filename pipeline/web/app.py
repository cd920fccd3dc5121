"""The desk as one application: its screens, its static files, its gate and guard.

No patient's text stands in a URL: documents go by id, charts by a name that tells
nothing, and searches come as forms. Every look at paper is in the audit trail. A screen
is a module with ``<noun>_routes(desk)``; its addresses stand in doors.py.
"""

from __future__ import annotations

from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.staticfiles import StaticFiles

from pipeline.web.account_screen import account_routes
from pipeline.web.audit_screen import audit_routes
from pipeline.web.cut_screen import cut_routes
from pipeline.web.dashboard_screen import dashboard_routes
from pipeline.web.data_entry_screen import data_entry_routes
from pipeline.web.desk import Desk
from pipeline.web.entry import Entry
from pipeline.web.gate import MOST_BYTES, Gate
from pipeline.web.glass_screen import glass_routes
from pipeline.web.group_screen import agree_routes, group_routes
from pipeline.web.guard import Front, guard_of
from pipeline.web.hand_screen import hand_routes
from pipeline.web.lease import HeldByAnother, lease_gate, refusal
from pipeline.web.people_screen import people_routes
from pipeline.web.provider_screen import provider_routes
from pipeline.web.queue_screen import queue_routes
from pipeline.web.record_screen import record_routes
from pipeline.web.referred_screen import referred_routes
from pipeline.web.rendering import HERE
from pipeline.web.review_screen import review_routes
from pipeline.web.sample_screen import sample_routes
from pipeline.web.seeded_screen import seeded_routes
from pipeline.web.sibling_screen import sibling_routes
from pipeline.web.sign_in_screen import sign_in_routes
from pipeline.web.station_screen import station_routes
from pipeline.web.users_screen import users_routes
from pipeline.web.work_screen import work_routes

_SCREENS = (
    queue_routes,
    work_routes,
    group_routes,
    sibling_routes,
    referred_routes,
    people_routes,
    record_routes,
    station_routes,
    dashboard_routes,
    sample_routes,
    data_entry_routes,
    seeded_routes,
)


def make_app(
    desk: Desk, entry: Entry | None = None, most_bytes: int = MOST_BYTES
) -> FastAPI:
    """The desk as an ASGI application.

    Without an ``entry``, or while it knows no user, whoever reaches it may do
    everything: serve that on 127.0.0.1 only.
    """
    app = FastAPI(title="Chartfiler", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Gate, desk=desk, entry=entry, most_bytes=most_bytes)
    app.middleware("http")(guard_of(entry.front if entry else Front()))  # outermost
    app.mount("/static", StaticFiles(directory=HERE / "static"))
    for screen in _SCREENS:
        app.include_router(screen(desk))
    gate = [Depends(lease_gate(desk))]
    for in_hand in (review_routes, hand_routes, cut_routes, agree_routes):
        app.include_router(in_hand(desk), dependencies=gate)
    app.add_exception_handler(HeldByAnother, refusal(desk))
    if entry is not None:
        for private in (
            sign_in_routes,
            provider_routes,
            account_routes,
            users_routes,
            glass_routes,
            audit_routes,
        ):
            app.include_router(private(desk, entry))

    @app.get("/healthz")
    def health(request: Request) -> dict[str, Any]:
        """For a monitor: what is received and read, in pages; to a stranger less."""
        if request.state.asks:
            return {"ok": True}
        now = desk.catalogue.progress()
        return {"ok": True, "received": now.received, "read": now.read}

    return app
