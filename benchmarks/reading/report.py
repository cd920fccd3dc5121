"""The section for docs/measures.md, made from a file of results."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.reading import page_tables, speed, tables
from benchmarks.reading.figures import PageFigures, loaded
from benchmarks.reading.machine import heading
from benchmarks.reading.real import real_section

Results = dict[str, Any]


def section(results: Results) -> str:
    """Markdown: what was measured, on what, and every table that has rows."""
    lines = ["## Reading", "", heading(results["machine"]), ""]
    pages = loaded(results["pages"])
    if pages:
        lines += _charts(results, pages)
    if "real" in results:
        lines += real_section(results["real"])
    return "\n".join(lines).rstrip() + "\n"


def _charts(results: Results, pages: list[PageFigures]) -> Iterator[str]:
    splits = ", ".join(sorted({page.split for page in pages}))
    yield f"Charts generator, {splits} split: {len(pages)} pages, {_by_level(pages)}."
    yield ""
    if any(page.theirs is not None for page in pages):
        yield from tables.titled(
            "Word recall beside OCRmyPDF, the same pages",
            tables.recall_beside(pages, what="level")
            + tables.recall_beside(pages, what="mode and dpi"),
        )
    yield from tables.titled("Word recall, every page", tables.recall_of_all(pages))
    yield from tables.titled(
        "Speed", speed.beside(results["ours"], results.get("theirs"))
    )
    yield from tables.titled("CPU by part", speed.parts(results["ours"]))
    yield from tables.titled("The machine", speed.machine_use(results["ours"]))
    yield from tables.titled("Orientation", page_tables.orientation(pages))
    yield from tables.titled("Skew, error in degrees", page_tables.skew(pages))
    yield from tables.titled("Blank sides", page_tables.blanks(pages))
    yield from tables.titled("Barcodes and patches", page_tables.codes(pages))
    yield from tables.titled("Readability of pages", tables.readability(pages))
    yield from tables.titled("Confidence of words", tables.confidence(pages))
    yield from tables.titled("Handwriting", tables.handwriting(pages))
    if results.get("worst"):
        by_key = {page.key: page for page in pages}
        worst = [by_key[source, number] for source, number, _ in results["worst"]]
        pictures = [Path(picture) for *_, picture in results["worst"]]
        yield from tables.titled(
            "The ten worst pages", page_tables.worst_table(worst, pictures)
        )


def _by_level(pages: list[PageFigures]) -> str:
    groups = tables.grouped(pages, lambda page: page.level)
    return ", ".join(f"{len(some)} {level}" for level, some in groups)
