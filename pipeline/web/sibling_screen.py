"""Siblings of what was set right: papers that may be wrong for the same reason.

They are listed and walked through; nothing is changed by looking.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from pipeline.document import BatchId, DocumentId, FiledDocument, Reading
from pipeline.review.siblings import (
    SET_RIGHT,
    SetRight,
    Sibling,
    as_suggested,
    siblings,
)
from pipeline.web.desk import Desk
from pipeline.web.origin import Origins
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
        waiting = desk.catalogue.asked(id_)
        if waiting is not None:
            wrong = desk.shown(waiting).reading  # of a blind question nothing is told
        fields = _fields(id_, desk)
        found = _listed(wrong, fields, desk)
        desk.audit("looked for siblings", document)
        return self._render.page(
            request,
            "siblings.html",
            document=document,
            fields=fields,
            count=len(found),
            found=[
                (one, Origins(desk.catalogue).of(one.reading.document))
                for one in found[:SHOWN]
            ],
        )


def _fields(document: DocumentId, desk: Desk) -> tuple[SetRight, ...]:
    """What was set right of it; where nobody knows, anything may have been wrong."""
    named = desk.siblings.fields_of(document) if desk.siblings else ()
    return tuple(one for one in SET_RIGHT if one in named) or SET_RIGHT


def _listed(wrong: Reading, fields: Sequence[SetRight], desk: Desk) -> list[Listed]:
    if desk.siblings is None:
        return []
    papers = {
        reading.document.id: (reading, filed)
        for reading, filed in desk.siblings.alike(wrong, fields)
        if _may_be_listed(reading, filed, fields, desk)
    }
    others = [reading for reading, _ in papers.values()]
    stations = _Stations(desk)
    found = [
        _as_listed(one, *papers[one.document], desk)
        for one in siblings(wrong, others, fields, stations.of)
    ]
    return sorted(found, key=lambda one: -len(one.shares))


def _as_listed(
    one: Sibling, reading: Reading, filed: FiledDocument | None, desk: Desk
) -> Listed:
    hold = None if filed else desk.worklist.hold(one.document)
    holder = hold.holder if hold and hold.holder != desk.clerk else ""
    return Listed(reading, one.shares, filed, holder)


def _may_be_listed(
    reading: Reading,
    filed: FiledDocument | None,
    fields: Sequence[SetRight],
    desk: Desk,
) -> bool:
    """It lies as it was suggested, and whoever looks may know what was."""
    if filed is not None:
        return as_suggested(reading, filed.decision, fields) and desk.sees_filed(filed)
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
