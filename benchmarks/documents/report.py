"""The section for docs/measures.md, made from a file of results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.documents import curve, scores, tables
from benchmarks.documents.papers import papers_of
from benchmarks.documents.rows import PageRow, loaded
from benchmarks.reading.machine import heading
from benchmarks.reading.tables import Table, share, table, titled

Results = dict[str, Any]


def section(results: Results) -> str:
    """Markdown: what was measured, on what, and every table that has rows."""
    rows = loaded(results["pages"])
    return "\n".join(_lines(results, rows)).rstrip() + "\n"


def _lines(results: Results, rows: list[PageRow]) -> Iterator[str]:
    splits = ", ".join(sorted({row.split for row in rows}))
    runs = ", ".join(results["runs"])
    levels = Counter(row.level for row in rows)
    told = ", ".join(f"{count} {level}" for level, count in sorted(levels.items()))
    yield from ("## Documents", "", heading(results["machine"]), "")
    yield f"Charts generator, {splits} split ({runs}): {len(rows)} pages, {told}; type"
    yield f"model {results['model']}."
    yield ""
    yield from titled("Types", tables.types(rows))
    if "unknown" in results:
        yield from titled("Unknown types", _unknown(results["unknown"]))
    yield from titled("Boundaries and whole documents", tables.cuts(rows))
    yield from titled("Whole streams", tables.streams(rows))
    yield from titled("Service dates", tables.dates(rows))
    yield from titled("Confusion pairs", tables.confusions(rows))
    yield from titled("By type", tables.by_type(rows))
    if results.get("worst"):
        yield from titled("Ten wrong documents", tables.worst(tables.ten_worst(rows)))


def _unknown(told: dict[str, Any]) -> Table:
    body = [
        [
            ", ".join(row["lacks"]),
            f"{row['unknown']} of {row['documents']}",
            f"{row['auroc']:.3f}",
            share(row["forced"], 3),
            share(row["known"], 3),
        ]
        for row in told["rows"]
    ]
    mean = float(np.mean([row["auroc"] for row in told["rows"]]))
    body.append(["mean", "", f"{mean:.3f}", "", ""])
    head = ["types held out", "documents of them", "AUROC"]
    return table([*head, "of them sure of a type", "of the known ones"], body)


def picture(rows: list[PageRow]) -> str:
    """The risk-coverage curve of the documents' types, a line a level."""
    curves = {}
    for name, some in tables.groups_of(rows):
        papers = papers_of(some)
        sure = np.array([paper.sure for paper in papers], np.float64)
        right = np.array([paper.type == paper.typed for paper in papers], bool)
        if len(papers):
            curves[name] = scores.risk_coverage(sure, right)
    return curve.svg(curves, "Wrong types among the documents accepted")
