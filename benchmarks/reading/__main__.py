"""Measure reading: python -m benchmarks.reading [CHARTS_FOLDER] [options].

The same as ``chartfiler bench reading``. Prints a section for docs/measures.md and
writes its figures to build/bench-reading.json, from which --again prints it anew.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal

from benchmarks.reading.choose import runs, units
from benchmarks.reading.figures import PageFigures, save
from benchmarks.reading.journey import Journey, journey
from benchmarks.reading.machine import CHECKOUT, machine
from benchmarks.reading.page_tables import worst
from benchmarks.reading.peer import PageKey, Peered, installed, peered, stacked
from benchmarks.reading.plain import plain_texts
from benchmarks.reading.pooled import pooled
from benchmarks.reading.real import real_figures
from benchmarks.reading.report import section
from benchmarks.reading.truths import Charts, charts_in
from benchmarks.reading.words import hits

BUILD = CHECKOUT / "build"
WORK = BUILD / "bench-reading"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("chartfiler bench reading", description=__doc__)
    add = parser.add_argument
    add("charts", type=Path, nargs="?", help="what benchmarks.charts made")
    add("--pages", type=int, help="about so many, in whole files; default all")
    add("--seed", type=int, default=1, help="of the choice of files")
    add("--beside", metavar="ocrmypdf=PATH", help="the peer's program")
    add("--with-ocrmypdf", action="store_true", help="install the peer in build/")
    add("--beside-pages", type=int, help="the peer gets about so many; default all")
    add("--plain", type=int, default=0, help="pages for plain tesseract, of the peer's")
    add("--real", type=Path, metavar="DATA_FOLDER", help="real scans as well")
    add("--out", type=Path, default=BUILD / "bench-reading.json")
    add("--work", type=Path, default=WORK, help="where it works; keep it with --again")
    again = "only print the tables of these runs again, as one"
    add("--again", type=Path, metavar="JSON", nargs="+", help=again)
    asked = parser.parse_args()
    if not (asked.charts or asked.real or asked.again):
        parser.error("name a charts folder, --real DATA_FOLDER or --again JSON")
    if asked.beside and not asked.beside.startswith("ocrmypdf="):
        parser.error("--beside is ocrmypdf=PATH of its program")
    return asked


def main() -> None:
    asked = arguments()
    if asked.again:
        runs = [json.loads(file.read_text()) for file in asked.again]
        print(section(pooled(runs)))
        return
    asked.work.mkdir(parents=True, exist_ok=True)
    program = _program(asked)
    results: dict[str, Any] = {"machine": machine()}
    pages: list[PageFigures] = []
    if asked.charts:
        results, pages = _charts(asked, program, results)
    if asked.real:
        results["real"] = real_figures(asked.real, program, asked.work / "real")
    save(asked.out, results, pages)
    print(section(json.loads(asked.out.read_text())))


def _program(asked: argparse.Namespace) -> Path | None:
    if asked.beside:
        return Path(asked.beside.partition("=")[2])
    return installed(BUILD / "ocrmypdf") if asked.with_ocrmypdf else None


def _charts(
    asked: argparse.Namespace, program: Path | None, results: dict[str, Any]
) -> tuple[dict[str, Any], list[PageFigures]]:
    charts = charts_in(asked.charts)
    ours = journey(charts, units(charts.truths, asked.pages, asked.seed), asked.work)
    results["ours"] = _run(ours)
    pages = list(ours.pages)
    save(asked.out, results, pages)  # what is known, should the peer fail
    if program:
        told = _beside(asked, charts, program, pages)
        results["theirs"] = {
            "pages": len(told.texts),
            "wall": told.wall,
            "a_second": told.a_second,
            "cpu_a_page": told.cpu / max(len(told.texts), 1),
            "refused": told.refused,
            "version": told.version,
        }
        pages = _with_texts(charts, pages, told.texts, "theirs")
    if asked.plain:
        pages = _with_plain(asked, charts, pages)
    if charts.of_tune:
        results["worst"] = _pictures(charts, worst(pages), asked.work / "worst")
    return results, pages


def _run(ours: Journey) -> dict[str, Any]:
    count = len(ours.pages)
    took = asdict(ours.took)
    return took | {
        "pages": count,
        "a_second": ours.a_second,
        "cpu_a_page": ours.took.cpu / max(count, 1),
        "busy": ours.took.busy,
        "parts": ours.spent.parts,
        "first": ours.spent.first,
    }


def _beside(
    asked: argparse.Namespace, charts: Charts, program: Path, pages: list[PageFigures]
) -> Peered:
    folder = asked.work / "stacks"
    shutil.rmtree(folder, ignore_errors=True)
    chosen = runs(pages, asked.beside_pages, asked.seed)
    stacks = stacked(charts.inbox, chosen, folder)
    return peered(program, stacks, asked.work)


def _with_texts(
    charts: Charts,
    pages: list[PageFigures],
    texts: Mapping[PageKey, str],
    column: Literal["theirs", "plain"],
) -> list[PageFigures]:
    truth = {(t.source, t.page): t.text for t in charts.truths}
    told = []
    for page in pages:
        right: Any = {}
        if page.key in texts:
            right = {column: hits(texts[page.key], truth[page.key])}
        told.append(replace(page, **right))
    return told


def _with_plain(
    asked: argparse.Namespace, charts: Charts, pages: list[PageFigures]
) -> list[PageFigures]:
    known = [page for page in pages if page.content and page.wanted]
    known = [page for page in known if page.theirs is not None] or known
    every = max(len(known) // asked.plain, 1)
    some = known[::every][: asked.plain]
    files = [(charts.inbox / page.source, page.page, page.turn) for page in some]
    texts = plain_texts(files, os.cpu_count() or 1)
    by_key = {page.key: text for page, text in zip(some, texts, strict=True)}
    return _with_texts(charts, pages, by_key, "plain")


def _pictures(
    charts: Charts, pages: list[PageFigures], folder: Path
) -> list[tuple[str, int, str]]:
    """Each page as it was received, as a PNG to be looked at."""
    from pipeline.ingest.formats import page_image
    from pipeline.ingest.limits import Limits
    from pipeline.store.views import page_png

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    told = []
    for number, page in enumerate(pages, 1):
        image = page_image(charts.inbox / page.source, page.page, Limits())
        file = folder / f"{number:02}.png"
        file.write_bytes(page_png(image.pixels, 0, 1000))
        told.append((page.source, page.page, os.path.relpath(file, CHECKOUT)))
    return told


if __name__ == "__main__":
    main()
