"""Siblings of what was set right: papers that may be wrong for the same reason.

They are listed and walked through; nothing is changed by looking.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from pipeline.document import BatchId, DocumentId, FiledDocument, Reading
from pipeline.review.siblings import (
    ANSWERED,
    SET_RIGHT,
    SetRight,
    Sibling,
    as_suggested,
    siblings,
)
from pipeline.web.desk import Desk
from pipeline.web.origin import Origins
from pipeline.web.own_work import with_types
from pipeline.web.rendering import NOT_FOUND, SHOWN, Rendering, seat

LATELY = dt.timedelta(hours=24)
UNKNOWN = "No document has this number."


@dataclass(frozen=True, slots=True)
class Listed:
    """One sibling as the list shows it; ``filed`` None for what waits."""

    reading: Reading
    shares: tuple[str, ...]
    filed: FiledDocument | None
    holder: str = ""


def sibling_routes(desk: Desk) -> APIRouter:
    """What a clerk set right lately, and the siblings of one document."""
    routes, screen = APIRouter(), SiblingScreen(desk)
    routes.get("/siblings", response_class=HTMLResponse)(screen.lately)
    routes.get("/siblings/{document}", response_class=HTMLResponse)(screen.siblings)
    return routes


class SiblingScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._render = Rendering(desk)

    def lately(self, request: Request) -> Response:
        """What the clerk set right since yesterday, the newest first."""
        desk = seat(request, self._desk)
        righted = desk.siblings.by(desk.clerk, LATELY) if desk.siblings else ()
        return self._render.page(request, "righted.html", righted=righted[:SHOWN])

    def siblings(self, request: Request, document: str) -> Response:
        """Papers that may be wrong as this one was, those that share most first."""
        desk, id_ = seat(request, self._desk), DocumentId(document)
        try:
            wrong = desk.catalogue.reading(id_)
        except KeyError:
            return self._render.message(request, UNKNOWN, NOT_FOUND)
        if desk.made_up:  # it has none, and is no real document
            return self._render.message(request, UNKNOWN, NOT_FOUND)
        fields = _fields(id_, desk)
        waiting = desk.catalogue.asked(id_)
        if waiting is not None:
            wrong = desk.shown(waiting).reading
            if desk.blind(waiting):  # nor what somebody else said of it
                fields = ANSWERED
        found = list(itertools.islice(_listed(wrong, fields, desk), SHOWN + 1))
        origins = Origins(desk.catalogue)
        desk.audit("looked for siblings", document)
        return self._render.page(
            request,
            "siblings.html",
            document=document,
            fields=fields,
            more=len(found) > SHOWN,
            found=[(one, origins.of(one.reading.document)) for one in found[:SHOWN]],
        )


def _fields(document: DocumentId, desk: Desk) -> tuple[SetRight, ...]:
    """What was set right of it; where nobody knows, anything may have been wrong."""
    named = desk.siblings.fields_of(document) if desk.siblings else ()
    return tuple(one for one in SET_RIGHT if one in named) or ANSWERED


def _listed(wrong: Reading, fields: Sequence[SetRight], desk: Desk) -> Iterator[Listed]:
    """Those that lie as they were suggested, most shared first; none closed to them."""
    if desk.siblings is None:
        return
    papers = {
        reading.document.id: (reading, filed)
        for reading, filed in desk.siblings.alike(wrong, fields)
        if filed is None or as_suggested(reading, filed.decision, fields)
    }
    others = [reading for reading, _ in papers.values()]
    found = siblings(wrong, others, fields, _Stations(desk).of)
    desk = with_types(desk)
    for one in sorted(found, key=lambda one: -len(one.shares)):
        reading, filed = papers[one.document]
        if _may_be_listed(reading, filed, desk):
            yield _as_listed(one, reading, filed, desk)


def _as_listed(
    one: Sibling, reading: Reading, filed: FiledDocument | None, desk: Desk
) -> Listed:
    hold = None if filed else desk.worklist.hold(one.document)
    holder = hold.holder if hold and hold.holder != desk.clerk else ""
    return Listed(reading, one.shares, filed, holder)


def _may_be_listed(reading: Reading, filed: FiledDocument | None, desk: Desk) -> bool:
    """Whether who looks may see it, and may know what was suggested for it."""
    if filed is not None:
        return desk.sees_filed(filed)
    waiting = desk.catalogue.asked(reading.document.id)
    return waiting is not None and not desk.blind(waiting) and desk.sees(reading)


class _Stations:
    """Where batches were scanned, each looked up once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: dict[BatchId, str] = {}

    def of(self, batch: BatchId) -> str:
        if batch not in self._known:
            self._known[batch] = self._desk.catalogue.batch(batch).station
        return self._known[batch]
