"""The scanning station's page: is the stack that was just fed all there, and right?"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from pipeline.document import BatchId
from pipeline.ingest.stack import State, all_faults, state_of
from pipeline.page import SheetFault
from pipeline.store.arrivals import Arrival, Said
from pipeline.web.desk import Desk
from pipeline.web.rendering import NOT_FOUND, SEE_OTHER, Rendering, seat

UNPROCESSABLE = 422
DAY = dt.timedelta(days=1)
MOST_SHEETS = 20_000
UNKNOWN = "No batch with this number came in."
NO_COUNT = "Type how many sheets were fed, as a number."
NO_WORD = "Say what was done about what is red: scanned again, or why it stays so."
SAYS: dict[State, str] = {
    "looking": "Being looked at",
    "count": "How many sheets were fed?",
    "red": "Look at the paper",
    "green": "All there",
}


def station_routes(desk: Desk) -> APIRouter:
    """What came in, and the operator's word on it."""
    routes, screen = APIRouter(), StationScreen(desk)
    routes.get("/station", response_class=HTMLResponse)(screen.station)
    routes.get("/station/state")(screen.state)
    routes.post("/station/{batch}/count", response_model=None)(screen.count)
    routes.post("/station/{batch}/sign", response_model=None)(screen.sign)
    return routes


class StationScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._render = Rendering(desk)

    def station(self, request: Request, name: str = "") -> Response:
        """The newest batch large, what came in within a day, and what to scan again."""
        return self._show(request, name)

    def state(self, request: Request, name: str = "") -> dict[str, Any]:
        """For the page's script: what stands on it, so that it knows of a change."""
        found = self._lately(request, name)
        if not found:
            return {"key": "", "state": ""}
        state = _state(found[0])
        return {"key": f"{found[0].batch} {state}", "state": state}

    def count(
        self,
        request: Request,
        batch: str,
        sheets: Annotated[str, Form()] = "",
        name: Annotated[str, Form()] = "",
    ) -> Response:
        """Keep how many sheets were fed."""
        said = sheets.strip()
        if not (said.isascii() and said.isdigit() and 0 < int(said) <= MOST_SHEETS):
            return self._show(request, name, NO_COUNT)
        return self._say(request, batch, ("counted", int(said), ""), name)

    def sign(
        self,
        request: Request,
        batch: str,
        said: Annotated[str, Form()] = "",
        name: Annotated[str, Form()] = "",
    ) -> Response:
        """Keep that the operator closes the batch; of a red one with what was done."""
        arrival = self._desk.arrivals.of(BatchId(batch))
        if arrival is None:
            return self._render.message(request, UNKNOWN, NOT_FOUND)
        if _state(arrival) == "red" and not said.strip():
            return self._show(request, name, NO_WORD)
        return self._say(request, batch, ("signed", None, said.strip()), name)

    def _say(
        self,
        request: Request,
        batch: str,
        what: tuple[Any, int | None, str],
        name: str,
    ) -> Response:
        desk = seat(request, self._desk)
        did, sheets, said = what
        word = Said(did, sheets, said, desk.clerk, dt.datetime.now(dt.UTC))
        try:
            desk.arrivals.say(BatchId(batch), word)
        except KeyError:
            return self._render.message(request, UNKNOWN, NOT_FOUND)
        shown = f"?{urlencode({'name': name})}" if name else ""
        return RedirectResponse(f"/station{shown}", SEE_OTHER)

    def _lately(self, request: Request, name: str) -> list[Arrival]:
        """What came in within a day and is this person's to see, by its station."""
        eyes = seat(request, self._desk).eyes
        since = dt.datetime.now(dt.UTC) - DAY
        found = self._desk.arrivals.since(since, name)
        if eyes is None:
            return list(found)
        return [one for one in found if eyes.see(eyes.papers.of_batch(one.batch))]

    def _show(self, request: Request, name: str, wrong: str = "") -> Response:
        lately = self._lately(request, name)
        every = self._lately(request, "") if name else lately
        rows = [(one, _state(one), _faults(one)) for one in lately]
        return self._render.page(
            request,
            "station.html",
            status=UNPROCESSABLE if wrong else 200,
            name=name,
            stations=sorted({one.station for one in every}),
            rows=rows,
            says=SAYS,
            again=[
                (one, [fault for fault in faults if fault.again])
                for one, state, faults in rows
                if state == "red"
            ],
            poor=self._desk.worklist.poor(),
            wrong=wrong,
        )


def _state(one: Arrival) -> State:
    faults = None if one.look is None else one.look.faults
    return state_of(faults, one.look.sides if one.look else 0, one.fed)


def _faults(one: Arrival) -> tuple[SheetFault, ...]:
    if one.look is None:
        return ()
    return all_faults(one.look.faults, one.look.sides, one.fed)
