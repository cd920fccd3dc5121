"""How a command takes in a list: a bar while it runs, then the bad rows by line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from rich.console import Console
from rich.progress import track

from pipeline.lists import BadRow

Row = TypeVar("Row")
PORTION = 50_000  # one transaction: a second or two
BAD_ROWS_SHOWN = 20


def import_rows(
    rows: Iterable[Row | BadRow],
    keep: Callable[[list[Row]], Iterable[BadRow]],
    what: str,
    out: Console,
    portion: int = PORTION,
) -> int:
    """Keep every good row, in portions; ``keep`` tells which of them it refuses.

    How many were kept.
    """
    bad: list[BadRow] = []
    good = _good(rows, bad)
    count = 0
    portions = iter(lambda: list(islice(good, portion)), [])
    for some in track(
        portions,
        f"importing {what}",
        console=out,
        transient=True,
        disable=not out.is_terminal,
    ):
        lost = list(keep(some))
        bad += lost
        count += len(some) - len(lost)
    out.print(f"{count} {what} imported, {len(bad)} rows refused", highlight=False)
    bad.sort(key=lambda row: row.line)
    for row in bad[:BAD_ROWS_SHOWN]:
        out.print(f"  line {row.line}: {row.reason}", highlight=False, markup=False)
    if len(bad) > BAD_ROWS_SHOWN:
        out.print(f"  and {len(bad) - BAD_ROWS_SHOWN} more: mend these first")
    return count


def _good(rows: Iterable[Row | BadRow], bad: list[BadRow]) -> Iterator[Row]:
    for row in rows:
        if isinstance(row, BadRow):
            bad.append(row)
        else:
            yield row
