"""Measure documents: python -m benchmarks.documents CHARTS_FOLDER... [options].

The same as ``chartfiler bench documents``. Takes charts folders through the journey, or
with --data the data folders in which that was done, one for each charts folder in the
same order. Prints a section for docs/measures.md and writes its figures and the
risk-coverage curve beside --out, from which --again prints it anew.
"""

from __future__ import annotations

import argparse
import json
import shutil
from dataclasses import replace
from pathlib import Path

from benchmarks.documents.recut import Run, rows_of
from benchmarks.documents.report import picture, section
from benchmarks.documents.rows import PageRow, loaded, save
from benchmarks.documents.unknown import unknown_types
from benchmarks.reading.journey import prepare, run
from benchmarks.reading.machine import CHECKOUT, machine
from benchmarks.reading.truths import charts_in
from benchmarks.type_samples import SHIPPED
from pipeline.classify.text_model import load_model

BUILD = CHECKOUT / "build"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("chartfiler bench documents", description=__doc__)
    add = parser.add_argument
    add("charts", type=Path, nargs="*", help="what benchmarks.charts made")
    add("--data", type=Path, nargs="+", default=[], help="where they were processed")
    add("--recut", action="store_true", help="type and cut the recognised pages anew")
    add("--types", type=Path, help="another type model, with --recut")
    unseen = "models without some types, of benchmarks.documents.unknown"
    add("--unknown", type=Path, nargs="+", default=[], help=unseen)
    add("--worst", action="store_true", help="ten wrong documents; not of report")
    add("--out", type=Path, default=BUILD / "bench-documents.json")
    add("--again", type=Path, metavar="JSON", help="only print its tables again")
    asked = parser.parse_args()
    if not (asked.charts or asked.again):
        parser.error("name charts folders, or --again JSON")
    if asked.data and len(asked.data) != len(asked.charts):
        parser.error("--data names one data folder for each charts folder")
    if asked.types and not asked.recut:
        parser.error("--types goes with --recut")
    return asked


def main() -> None:
    asked = arguments()
    if asked.again:
        print(section(json.loads(asked.again.read_text())))
        return
    work = BUILD / "bench-documents"
    shutil.rmtree(work / "copies", ignore_errors=True)
    runs = [
        replace(one, fresh=asked.recut, types=asked.types) for one in _runs(asked, work)
    ]
    if asked.worst and not all(one.charts.of_tune for one in runs):
        raise SystemExit("nobody looks at single pages of the report split")
    rows: list[PageRow] = []
    for at, one in enumerate(runs):
        rows += rows_of(one, work / "copies" / str(at))
    results: dict[str, object] = {
        "machine": machine("chartfiler bench documents"),
        "runs": [one.charts.folder.name for one in runs],
        "model": load_model(asked.types or SHIPPED).name,
        "worst": asked.worst,
    }
    if asked.unknown:
        results["unknown"] = unknown_types(asked.unknown, runs, work / "copies")
    save(asked.out, results, rows)
    kept = json.loads(asked.out.read_text())
    asked.out.with_suffix(".svg").write_text(picture(loaded(kept["pages"])))
    print(section(kept))


def _runs(asked: argparse.Namespace, work: Path) -> list[Run]:
    """The data folders asked for, or those that the journey makes now."""
    charts = [charts_in(folder) for folder in asked.charts]
    if asked.data:
        return [Run(*pair) for pair in zip(charts, asked.data, strict=True)]
    runs = []
    for at, one in enumerate(charts):
        data, log = work / f"data-{at}", work / f"journey-{at}.log"
        shutil.rmtree(data, ignore_errors=True)
        work.mkdir(parents=True, exist_ok=True)
        log.unlink(missing_ok=True)
        prepare(one.folder, data, log)
        run(data, log, "process", str(one.inbox))
        runs.append(Run(one, data))
    return runs


if __name__ == "__main__":
    main()
