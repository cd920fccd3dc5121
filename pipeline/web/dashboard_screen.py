"""The supervisor's dashboard: what waits, what was done, and how right it was."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from pipeline.lists import write_list
from pipeline.overview import Overview, Pace, Rate
from pipeline.web.desk import Desk
from pipeline.web.rendering import Rendering, seat

OLD = 120.0  # seconds that the figures may be old: they are counted from all the books
Row = tuple[str, str, str, object]
COLUMNS = ("what", "whose", "day", "value")


def dashboard_routes(desk: Desk) -> APIRouter:
    """The figures as charts, and as CSV."""
    routes, screen = APIRouter(), DashboardScreen(desk)
    routes.get("/dashboard", response_class=HTMLResponse)(screen.dashboard)
    routes.get("/dashboard.csv")(screen.numbers)
    return routes


class DashboardScreen:
    """Plain functions: FastAPI runs each in a thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._render = Rendering(desk)
        self._figures = FiguresNow(desk.overview)

    def dashboard(self, request: Request) -> Response:
        """Charts that are read at a glance, each with its numbers."""
        seat(request, self._desk).audit("viewed", "dashboard")
        now = self._figures.now()
        counts = self._desk.worklist.counts()
        return self._render.page(request, "dashboard.html", now=now, counts=counts)

    def numbers(self, request: Request) -> Response:
        """One number a line: what, whose, which day."""
        seat(request, self._desk).audit("exported", "dashboard")
        text = io.StringIO()
        told = lines(self._figures.now())
        write_list(
            text, COLUMNS, (dict(zip(COLUMNS, line, strict=True)) for line in told)
        )
        headers = {"Content-Disposition": 'attachment; filename="dashboard.csv"'}
        return Response(text.getvalue(), media_type="text/csv", headers=headers)


class FiguresNow:
    """The figures, counted again when they are old; one thread counts at a time."""

    def __init__(self, count: Callable[[], Overview]) -> None:
        self._count = count
        self._counting = threading.Lock()
        self._last: tuple[float, Overview] | None = None

    def now(self) -> Overview:
        with self._counting:
            if self._last is None or time.monotonic() - self._last[0] > OLD:
                self._last = (time.monotonic(), self._count())
            return self._last[1]


def lines(now: Overview) -> Iterator[Row]:
    """Every number of the dashboard, for a spreadsheet."""
    yield "counted at", "", "", now.at.isoformat(timespec="seconds")
    yield "mode", "", "", now.mode
    yield "certificate", "", "", now.certified
    yield "filed uncertified, ever", "", "", now.uncertified
    yield "waiting", "", "", now.waiting
    yield "oldest waits since", "", "", now.oldest.isoformat() if now.oldest else ""
    for age, count in now.ages:
        yield "waiting", age, "", count
    for lane in now.held:
        yield "held back", lane, "", 1
    for day in now.days:
        yield "filed by rules", "", str(day.day), day.by_rules
        yield "filed by clerks", "", str(day.day), day.by_clerks
        yield "asked a clerk", "", str(day.day), day.asked
    yield "automatic share", "", "", "" if now.share is None else round(now.share, 4)
    yield "corrected or retracted", "", "", now.corrected
    yield "sample due", "", "", now.due
    yield from _rate("sample", "", now.sample)
    yield "second keys for a risk", "", "", now.second.risky
    yield "second keys for a new clerk", "", "", now.second.new
    yield "of documents answered lately", "", "", now.second.documents
    days = [str(day.day) for day in now.days]
    yield from _pace("", days, now.pace)
    for person in now.people:
        yield from _pace(person.name, days, person.pace)
        if person.trial is not None:
            yield "right in a row, while new", person.name, "", person.trial.run
        yield from _rate("clerk", person.name, person.rate)
    for source in now.sources:
        yield from _series("pages", source.name, days, source.days)
        yield from _rate("source", source.name, source.rate)


def _pace(whose: str, days: list[str], pace: Pace) -> Iterator[Row]:
    """How much was done, never without how many wrong suggestions were caught."""
    caught = pace.caught
    yield from _series("answers", whose, days, pace.days)
    yield "seeded wrong suggestions", whose, "", caught.tried
    yield "seeded wrong suggestions caught", whose, "", caught.caught
    least = round(pace.least, 6) if caught.tried else ""
    yield "seeded wrong suggestions caught at least (95 %)", whose, "", least
    yield "seeded right suggestions changed", whose, "", caught.spoiled
    yield "seeded items passed on", whose, "", caught.passed_on


def _series(
    what: str, whose: str, days: list[str], counts: tuple[int, ...]
) -> Iterator[Row]:
    for day, count in zip(days, counts, strict=True):
        yield what, whose, day, count


def _rate(what: str, whose: str, rate: Rate) -> Iterator[Row]:
    yield f"{what} checked", whose, "", rate.checked
    yield f"{what} wrong patient", whose, "", rate.wrong
    yield f"{what} wrong patient at most (95 %)", whose, "", round(rate.most, 6)
