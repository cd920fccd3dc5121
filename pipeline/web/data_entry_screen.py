"""Data entry: filed papers whose fields are keyed, each field seen by a person.

Nothing here changes the patient index. Who keys an identity field sees neither the
machine's reading, nor the index's value, nor the other person's key.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from pydantic import BaseModel

from pipeline.document import DocumentId, DocumentType, FiledDocument
from pipeline.entering import COLUMNS, Entering, Wrong, differs
from pipeline.lists import write_list
from pipeline.store.entry_rows import EntryItem
from pipeline.web.data_entry_page import sheet_shown
from pipeline.web.desk import Desk
from pipeline.web.own_work import sees_all
from pipeline.web.picked import Asked, day_in, words_in
from pipeline.web.rendering import NOT_FOUND, SEE_OTHER, SHOWN, Rendering, nothing, seat
from pipeline.web.review_screen import picture_of

CONFLICT, UNPROCESSABLE = 409, 422
LOOKED_AT, AT_ONCE = 4000, 200  # of the list, for those that are theirs
FIRST = dt.date(1970, 1, 1)
GONE = "This paper does not wait to be keyed: it was keyed, corrected or taken back."
KEYED = "You keyed this paper: its second key is another person's, or yours in a day."
HELD = "Another person has this paper in hand; take the next one."


class KeyForm(BaseModel):
    """One person's word about one field."""

    field: str
    row: int = 0
    value: str = ""
    page: int | None = None


def data_entry_routes(desk: Desk) -> APIRouter:
    """The list, the sheet, its keys, and the proposal as a file; or nothing of it."""
    routes = APIRouter()
    if desk.entering is None:
        return routes
    screen = DataEntryScreen(desk, desk.entering)
    routes.get("/entry", response_class=HTMLResponse)(screen.listed)
    routes.get("/entry.csv")(screen.proposal)
    routes.get("/entry/next", response_model=None)(screen.next)
    routes.get("/entry/{document}", response_class=HTMLResponse)(screen.sheet)
    routes.get("/entry/{document}/pages/{n}/{width}.png")(screen.picture)
    routes.post("/entry/{document}/pages/{n}/words")(screen.words)
    routes.post("/entry/{document}/key", response_model=None)(screen.key)
    routes.post("/entry/{document}/finish", response_model=None)(screen.finish)
    routes.post("/entry/{document}/release", response_model=None)(screen.release)
    return routes


class DataEntryScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk, entering: Entering) -> None:
        self._desk, self._entering = desk, entering
        self._entries = entering.entries
        self._render = Rendering(desk)

    def listed(self, request: Request, type: str = "") -> Response:
        """What waits to be keyed, as far as it is theirs."""
        desk = seat(request, self._desk)
        kinds = self._entering.kinds()
        self._entries.gather(kinds)
        if sees_all(desk):
            items = list(itertools.islice(self._own(desk, type), SHOWN + 1))
            counts = self._entries.counts(kinds)
        else:  # what is closed to them is not counted: one walk for both
            own = list(self._own(desk, ""))
            items = [one for one in own if type in ("", one.filed.decision.type)]
            counts = Counter(one.filed.decision.type for one in own)
        return self._render.page(
            request,
            "data_entries.html",
            items=items[:SHOWN],
            more=len(items) > SHOWN,
            counts=counts,
            chosen=type,
        )

    def next(self, request: Request, type: str = "") -> Response:
        """The first that is free and theirs."""
        desk = seat(request, self._desk)
        self._entries.gather(self._entering.kinds())
        for item in self._own(desk, type):
            if item.holder in ("", desk.clerk) and self._take(item, desk):
                return RedirectResponse(f"/entry/{item.filed.document}", SEE_OTHER)
        return RedirectResponse(f"/entry?type={type}" if type else "/entry", SEE_OTHER)

    def sheet(self, request: Request, document: str) -> Response:
        """One paper: its pages, and a line for each field."""
        desk = seat(request, self._desk)
        item = self._item(document)
        if item is None:
            return self._render.message(request, GONE, NOT_FOUND)
        if why := self._barred(item, desk):
            return self._render.message(request, why, CONFLICT)
        desk.audit("viewed for data entry", document)
        return self._show(request, item.filed, desk)

    def picture(
        self, document: str, n: int, width: int, turn: int | None = None
    ) -> Response:
        """The n-th page of a filed paper as PNG."""
        filed = self._desk.catalogue.filed(DocumentId(document))
        if filed is None:
            return nothing()
        paper = self._desk.catalogue.reading(filed.document).document
        return picture_of(self._desk, paper, (n, width, turn))

    def words(
        self, request: Request, document: str, n: int, asked: Annotated[Asked, Form()]
    ) -> Response:
        """What stands in a box of a page; of an identity field nothing is taken."""
        item = self._item(document)
        form = self._entering.form_of(item.filed.decision.type) if item else None
        one = form.field(asked.field) if form else None
        if item is None or one is None:
            return nothing()
        desk = seat(request, self._desk)
        if why := self._barred(item, desk):
            return self._no(request, why, scripted=True)
        at = self._desk.catalogue.reading(item.filed.document).document
        if not 1 <= n <= len(at.pages):
            return nothing()
        desk.audit("read words", document)
        if one.identity:
            return JSONResponse({"text": ""})
        [page] = self._desk.catalogue.pages(at.batch, (at.pages[n - 1],))
        text = words_in(page, asked.box)
        if one.shape == "day":
            text = day_in(page, asked.box, self._desk.dates)
        return JSONResponse({"text": text})

    def key(
        self, request: Request, document: str, form: Annotated[KeyForm, Form()]
    ) -> Response:
        """Keep one field; a script gets the value in normal form."""
        desk = seat(request, self._desk)
        item = self._item(document)
        scripted = "application/json" in request.headers.get("accept", "")
        if item is None:
            return self._no(request, GONE, scripted=scripted)
        if why := self._barred(item, desk):
            return self._no(request, why, scripted=scripted)
        try:
            kept = self._entering.key(
                item.filed, (form.field, form.row), form.value, form.page, desk.clerk
            )
        except Wrong as wrong:
            return self._no(request, str(wrong), UNPROCESSABLE, scripted=scripted)
        if not scripted:
            return RedirectResponse(f"/entry/{document}", SEE_OTHER)
        told = {
            "value": kept.value,
            "differs": self._differs(item, form.field, kept.value),
        }
        return JSONResponse(told)

    def finish(self, request: Request, document: str) -> Response:
        """Hand it on, and take the next of this type; or show what is still open."""
        desk = seat(request, self._desk)
        item = self._item(document)
        if item is None:
            return self._render.message(request, GONE, CONFLICT)
        if why := self._barred(item, desk):
            return self._render.message(request, why, CONFLICT)
        if left := self._entering.finish(item.filed, desk.clerk):
            wrong = f"{len(left)} fields are open: Enter keeps each, also an empty one."
            return self._show(request, item.filed, desk, wrong)
        return RedirectResponse(
            f"/entry/next?type={item.filed.decision.type}", SEE_OTHER
        )

    def release(self, request: Request, document: str) -> Response:
        """Give it back to the others; what was keyed stays."""
        item = self._item(document)
        if item is not None:
            clerk = seat(request, self._desk).clerk
            self._entries.release(item.filed.id, clerk)
        return RedirectResponse("/entry", SEE_OTHER)

    def proposal(self, request: Request, since: str = "") -> Response:
        """The update proposal as CSV, of the papers that the person may see."""
        desk = seat(request, self._desk)
        try:
            day = dt.date.fromisoformat(since) if since else FIRST
        except ValueError:
            says = "Since which day? As 2026-11-26."
            return self._render.message(request, says, UNPROCESSABLE)
        moment = dt.datetime.combine(day, dt.time(), dt.UTC)
        text = io.StringIO()
        write_list(text, COLUMNS, self._entering.proposed(moment, desk.sees_filed))
        desk.audit("exported", "data entry")
        headers = {"Content-Disposition": 'attachment; filename="data-entry.csv"'}
        return Response(text.getvalue(), media_type="text/csv", headers=headers)

    # --- whose it is to key ------------------------------------------------------

    def _own(self, desk: Desk, kind: str) -> Iterator[EntryItem]:
        """What they may see and key, of people who are known, in the list's order."""
        kinds = self._entering.kinds()
        if kind:
            kinds = (DocumentType(kind),) if kind in kinds else ()
        now = self._entries.now()
        for after in range(0, LOOKED_AT, AT_ONCE):
            some = self._entries.waiting(kinds, AT_ONCE, after)
            for item in some:
                known = self._entering.person(item.filed.decision.patient) is not None
                if (
                    known
                    and item.is_for(desk.clerk, now)
                    and desk.sees_filed(item.filed)
                ):
                    yield item
            if len(some) < AT_ONCE:
                return

    def _item(self, document: str) -> EntryItem | None:
        """The live version of it that waits, if its patient is known."""
        filed = self._desk.catalogue.filed(DocumentId(document))
        if filed is None or self._entering.person(filed.decision.patient) is None:
            return None
        if self._entering.form_of(filed.decision.type) is None:
            return None
        self._entries.gather((filed.decision.type,))
        item = self._entries.item(filed.id)
        return item if item and item.wants != "nothing" else None

    def _take(self, item: EntryItem, desk: Desk) -> bool:
        held = self._entries.take(item.filed.id, desk.clerk, desk.lease())
        return held == desk.clerk

    def _barred(self, item: EntryItem, desk: Desk) -> str:
        """Why it is not theirs now; "": it is, and they have it in hand."""
        if not item.is_for(desk.clerk, self._entries.now()):
            return KEYED
        return "" if self._take(item, desk) else HELD

    def _no(
        self, request: Request, says: str, status: int = CONFLICT, *, scripted: bool
    ) -> Response:
        if scripted:
            return JSONResponse({"wrong": says}, status)
        return self._render.message(request, says, status)

    def _differs(self, item: EntryItem, field: str, value: str) -> bool:
        form = self._entering.form_of(item.filed.decision.type)
        one = form.field(field) if form else None
        if one is None or one.identity:
            return False
        return differs(one, value, self._entering.person(item.filed.decision.patient))

    def _show(
        self, request: Request, filed: FiledDocument, desk: Desk, wrong: str = ""
    ) -> Response:
        sheet = self._entering.sheet(filed, desk.clerk)
        return self._render.page(
            request,
            "data_entry.html",
            status=UNPROCESSABLE if wrong else 200,
            wrong=wrong,
            **sheet_shown(sheet, desk),
        )
