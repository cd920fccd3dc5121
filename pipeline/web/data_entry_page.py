"""All that the data entry screen shows of one filed paper, for its template."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.entering import EntrySheet, Line
from pipeline.entries import EntryTable
from pipeline.page import Page, QuarterTurn
from pipeline.web.desk import Desk
from pipeline.web.origin import Origins
from pipeline.web.overlay import Crop, crop_of, stand


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a field was read, in px of its page; told by its title, not its words."""

    left: float
    top: float
    width: float
    height: float
    field: str
    says: str
    kind: str = "date"  # its colour


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line with its strip of the page."""

    line: Line
    crop: Crop | None


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that stand together: the fields, or one row of a table."""

    title: str
    lines: tuple[ShownLine, ...] = dataclasses.field(repr=False)
    row: int = 0


@dataclass(frozen=True, slots=True)
class MoreRows:
    """A table to which rows can be added, and the number of the next one."""

    table: EntryTable
    row: int


def sheet_shown(sheet: EntrySheet, desk: Desk) -> dict[str, Any]:
    """What the template shows."""
    reading = desk.catalogue.reading(sheet.filed.document)
    document = reading.document
    by_number = {page.number: page for page in sheet.pages}
    pages = [(n, by_number[number]) for n, number in enumerate(document.pages, 1)]
    turns = desk.catalogue.turns(document.batch)
    wanted = {line.standing.wants for line in sheet.open}
    return {
        "at": f"/entry/{sheet.filed.document}",
        "filed": sheet.filed,
        "only_shown": True,
        "reading": reading,
        "pages": [(n, page, _spots(sheet.lines, n)) for n, page in pages],
        "stands": [stand(page, turns.get(page.number, 0)) for _, page in pages],
        "origin": Origins(desk.catalogue).of(document),
        "groups": _groups(sheet, dict(pages), turns),
        "more": [] if "third" in wanted else _more(sheet),
        "left": len(sheet.open),
        "second": any(
            line.standing.wants in ("second", "third") for line in sheet.open
        ),
    }


def _spots(lines: Iterable[Line], n: int) -> list[Spot]:
    spots = []
    for line in lines:
        if line.page == n and line.proposal:
            box = line.proposal.box
            at = (box.left, box.top, box.width, box.height)
            spots.append(Spot(*at, line.name, line.field.title))
    return spots


def _groups(
    sheet: EntrySheet, pages: Mapping[int, Page], turns: Mapping[int, QuarterTurn]
) -> list[Group]:
    shown = [ShownLine(line, _crop(line, pages, turns)) for line in sheet.lines]
    own = {one.key for one in sheet.form.fields}
    groups = [Group("Fields", tuple(s for s in shown if s.line.field.key in own))]
    for table in sheet.form.tables:
        keys = {column.key for column in table.columns}
        inside = [s for s in shown if s.line.field.key in keys]
        for row in sorted({s.line.row for s in inside}):
            lines = tuple(s for s in inside if s.line.row == row)
            groups.append(Group(f"{table.title}, row {row}", lines, row))
    return [group for group in groups if group.lines]


def _crop(
    line: Line, pages: Mapping[int, Page], turns: Mapping[int, QuarterTurn]
) -> Crop | None:
    if line.proposal is None or line.page is None:
        return None
    page = pages[line.page]
    return crop_of(line.proposal.box, line.page, page, turns.get(page.number, 0))


def _more(sheet: EntrySheet) -> list[MoreRows]:
    found = []
    for table in sheet.form.tables:
        keys = {column.key for column in table.columns}
        rows = [line.row for line in sheet.lines if line.field.key in keys]
        found.append(MoreRows(table, max(rows, default=0) + 1))
    return found
