"""Several runs of the bench as one: pages together, seconds and CPU added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

Results = dict[str, Any]


def pooled(runs: Sequence[Results]) -> Results:
    """The results of runs on one machine, over other charts each."""
    if len(runs) == 1:
        return runs[0]
    whole: Results = {"machine": runs[0]["machine"]}
    whole["pages"] = [page for run in runs for page in run["pages"]]
    for side in ("ours", "theirs"):
        told = [run[side] for run in runs if side in run]
        if told:
            whole[side] = _together(told)
    for part in ("real", "worst"):
        found = [run[part] for run in runs if run.get(part)]
        if found:
            whole[part] = found[0]
    return whole


def _together(sides: Sequence[Results]) -> Results:
    """Rates over the pages of all; the worst of what is no rate."""
    pages, wall = (sum(side[name] for side in sides) for name in ("pages", "wall"))
    one = dict(sides[0]) | {"pages": pages, "wall": wall, "a_second": pages / wall}
    cpu = sum(side["cpu_a_page"] * side["pages"] for side in sides)
    one["cpu_a_page"] = cpu / max(pages, 1)
    for name in ("busy", "others"):
        if name in one:
            one[name] = sum(side[name] * side["wall"] for side in sides) / wall
    for name in ("first", "reader_mb"):
        if name in one:
            one[name] = max(side[name] or 0.0 for side in sides)
    if "parts" in one:
        spent: Counter[str] = Counter()
        for side in sides:
            spent.update(side["parts"])
        one["parts"] = dict(spent.most_common())
    return one
