"""The tables of speed: pages a second beside the peer, and CPU by part."""

from __future__ import annotations

from typing import Any

from benchmarks.reading.tables import Table, table

RECOGNITION = "recognition"
Figures = dict[str, Any]  # of one run, as the JSON has them


def beside(ours: Figures, theirs: Figures | None) -> Table:
    """Ours is the whole journey, filing included; theirs a searchable PDF."""
    rows = [_row("chartfiler process", ours)]
    if theirs:
        rows.append(_row(str(theirs["version"]), theirs))
        wall = ours["a_second"] / theirs["a_second"]
        cpu = theirs["cpu_a_page"] / ours["cpu_a_page"]
        rows.append(["ratio", "", "", f"**{wall:.2f}**", f"{cpu:.2f}"])
    return table(["", "pages", "s", "pages/s", "CPU s a page"], rows)


def _row(name: str, run: Figures) -> list[str]:
    return [
        name,
        str(run["pages"]),
        f"{run['wall']:.0f}",
        f"{run['a_second']:.2f}",
        f"{run['cpu_a_page']:.2f}",
    ]


def parts(ours: Figures) -> Table:
    """CPU ms a page by part, the largest first; recognition apart from the sum."""
    spent: dict[str, float] = ours["parts"]
    pages = ours["pages"]
    other = sum(seconds for name, seconds in spent.items() if name != RECOGNITION)
    rows = [[name, f"{1000 * s / pages:.0f}"] for name, s in spent.items()]
    rows.append(["**all but recognition**", f"**{1000 * other / pages:.0f}**"])
    return table(["part", "CPU ms a page"], rows)


def machine_use(ours: Figures) -> Table:
    first = ours["first"]
    rows = [
        ["all cores busy, share", f"{ours['busy']:.2f}"],
        ["other programs on them, share", f"{ours['others']:.2f}"],
        ["command to first recognition, s", f"{first:.1f}" if first else "-"],
        ["largest reading process, MB", f"{ours['reader_mb']:.0f}"],
    ]
    return table(["", ""], rows)
