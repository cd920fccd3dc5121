"""``queue``: what orders the clerks' work list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from pipeline.commands.importing import import_rows
from pipeline.commands.user import clerk_name
from pipeline.document import PatientId
from pipeline.lists import BadRow, Unfit, needed_in, read_list, rows_of
from pipeline.ranking import A_TURN, rank_waiting
from pipeline.site import Site

COLUMNS = ("mrn", "date")


@dataclass(frozen=True, slots=True)
class Appointment:
    """One row of the list; ``line`` tells it without naming anybody."""

    line: int
    mrn: str = field(repr=False)
    day: dt.date


def appointments(site: Site, file: Path, out: Console) -> None:
    """Take a list of appointments instead of the last one: their paper goes first."""
    days: dict[PatientId, dt.date] = {}

    def keep(rows: list[Appointment]) -> Iterator[BadRow]:
        for row in rows:
            owner = site.people.mrn_owner(row.mrn)
            if owner is None:
                yield BadRow(row.line, "mrn: nobody in the index has it")
            else:
                days[owner] = min(row.day, days.get(owner, row.day))

    import_rows(read_list(file, _rows), keep, "appointments", out)
    site.worklist.appoint(days, clerk_name())
    rank_all(site)


def rebuild(site: Site, out: Console) -> None:
    """Make the work list anew from the questions, and rank each of them."""
    site.worklist.rebuild()
    ranked = rank_all(site)
    site.catalogue.audit(clerk_name(), "rebuilt", "work list")
    out.print(f"{ranked} documents on the work list")


def rank_all(site: Site) -> int:
    """Rank what nobody has ranked yet; how many there were."""
    done = 0
    while some := rank_waiting(
        site.worklist, site.type_facts, site.settings.queue, A_TURN
    ):
        done += some
    return done


def _rows(lines: Iterable[str]) -> Iterator[Appointment | BadRow]:
    for line, row in rows_of(lines, COLUMNS):
        try:
            mrn, said = (needed_in(row, column) for column in COLUMNS)
            yield Appointment(line, mrn, _day(said))
        except Unfit as unfit:
            yield BadRow(line, str(unfit))


def _day(said: str) -> dt.date:
    try:
        return dt.date.fromisoformat(said)
    except ValueError:
        raise Unfit("date: write it as 2026-11-27") from None
