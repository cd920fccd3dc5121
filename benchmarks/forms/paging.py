"""Where the pages of a written paper end, and what their edges say."""

from dataclasses import dataclass

from benchmarks.forms.facilities import Facility
from benchmarks.forms.paper import GAP, Identity, Row, Showing, line


@dataclass(frozen=True, slots=True)
class Edges:
    """What pages say at their edges; `capacity` is rows of body text on a sheet."""

    facility: Facility
    shows: Identity
    continuation: Showing
    form: str
    capacity: int


def cut_pages(
    head: tuple[Row, ...], body: list[Row], edges: Edges
) -> tuple[tuple[Row, ...], ...]:
    """Rows of each page: head on the first, a runner on the others, a foot on all."""
    sheets = _fill(list(head), body, edges.capacity)
    facility = edges.facility
    pages = []
    for i, sheet in enumerate(sheets, 1):
        runner = _runner(edges, (i, len(sheets)))
        top = [line("runner", runner), GAP] if i > 1 and runner else []
        foot = _foot(facility, edges.form, (i, len(sheets)))
        pages.append((*top, *sheet, GAP, line("footer", foot)))
    return tuple(pages)


def _fill(head: list[Row], body: list[Row], capacity: int) -> list[list[Row]]:
    sheets = [list(head)]
    used = sum(row.height for row in head)
    table_head: Row | None = None
    for row in body:
        table_head = _heads(row, table_head)
        if used + row.height > capacity:
            moved = _strays(sheets[-1])
            again = [table_head] if table_head and row.style == "row" else []
            sheets.append([*moved, *again])
            used = float(len(moved) + len(again))
        if row.style != "gap" or sheets[-1]:
            sheets[-1].append(row)
            used += row.height
    return [sheet for sheet in sheets if any(row.text for row in sheet)]


def _heads(row: Row, table_head: Row | None) -> Row | None:
    if row.style == "head":
        return row
    return table_head if row.style == "row" else None


def _strays(sheet: list[Row]) -> list[Row]:
    """Takes a heading off the sheet's end: it goes with the text that it heads."""
    moved: list[Row] = []
    while len(sheet) > 1 and sheet[-1].style in {"heading", "head", "gap"}:
        moved.insert(0, sheet.pop())
    return [row for row in moved if row.style != "gap"]


def _runner(edges: Edges, place: tuple[int, int]) -> str:
    shows = edges.shows
    page, pages = place
    match edges.continuation:
        case "full":
            return edges.facility.runner.format(
                name=shows.name, number=shows.number or "", born=shows.born or "",
                page=page, pages=pages,
            )  # fmt: skip
        case "name":
            return shows.name
        case "page":
            return f"Page {page} of {pages}"
        case "none":
            return ""


def _foot(facility: Facility, form: str, place: tuple[int, int]) -> str:
    if facility.headings == "title" or place[1] == 1:
        return f"Form {form}"
    return f"{form}   Page {place[0]} of {place[1]}"
