"""Lines of print: one network over all of them, or the library line by line.

`python -m benchmarks.line_engines CHARTS [--pages N]` reads N pages a level of a charts
folder by each engine, lies known from the truth, and prints the recall of printed words
and CPU seconds a page: of the first look, and of all looks. Pages are prepared
beforehand; engines take turns, so that a busy machine is unfair to none.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2

from benchmarks.charts.kinds import PageTruth
from benchmarks.reading.truths import Charts, charts_in
from benchmarks.reading.words import hits, recall, words_of
from pipeline.ingest.formats import page_image
from pipeline.ingest.limits import Limits
from pipeline.ocr.engine import OcrEngine
from pipeline.ocr.linewise import LinewiseEngine
from pipeline.ocr.looks import Print, print_on
from pipeline.ocr.resolution import believed_dpi
from pipeline.ocr.skew import skew_of
from pipeline.ocr.tesseract import TesseractEngine
from pipeline.ocr.upright import TURNS, turned
from pipeline.page import Word

LEVELS = ("clean", "typical", "poor")
Way = Callable[[Print], Iterable[Word]]


@dataclass
class Cost:
    """(read, wanted) words by level, and CPU seconds of all pages."""

    words: dict[str, list[tuple[int, int]]]
    cpu: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("charts", type=Path)
    parser.add_argument("--pages", type=int, default=16, help="of each level")
    given = parser.parse_args()
    os.environ["OMP_THREAD_LIMIT"] = "1"
    cv2.setNumThreads(1)
    ways = dict(_ways())
    costs = {name: Cost(defaultdict(list)) for name in ways}
    count = 0
    for truth, page in _pages(charts_in(given.charts), given.pages):
        count += 1
        for name, way in ways.items():
            began = time.process_time()
            said = " ".join(word.text for word in way(page))
            costs[name].cpu += time.process_time() - began
            pair = hits(said, truth.text), words_of(truth.text).total()
            costs[name].words[truth.level].append(pair)
    if not count:
        raise SystemExit("no page with print there")
    print(f"{count} pages;", *(f"{level:>8}" for level in LEVELS), "  CPU s a page")
    for name, cost in costs.items():
        shares = (f"{recall(cost.words[level]).share:8.4f}" for level in LEVELS)
        print(f"{name:40}", *shares, f"{cost.cpu / count:8.3f}")


def _ways() -> Iterator[tuple[str, Way]]:
    def first(engine: OcrEngine, page: Print) -> Iterator[Word]:
        return (word for line in page.first(engine) for word in line)

    def every(engine: OcrEngine, page: Print) -> Iterator[Word]:
        told = page.again(engine, page.first(engine))
        return (word for line in told for word in line)

    for engine in (TesseractEngine(), LinewiseEngine(weights=None), LinewiseEngine()):
        for name, look in (("first look", first), ("all looks", every)):
            yield (
                f"{engine.name}: {name}",
                lambda page, engine=engine, look=look: look(engine, page),  # type: ignore[misc]  # mypy cannot infer a lambda with a default
            )


def _pages(charts: Charts, each: int) -> Iterator[tuple[PageTruth, Print]]:
    """Straight, clean and with their lines; ``each`` of every level."""
    for level in LEVELS:
        of_level = [t for t in charts.truths if t.level == level and t.text.strip()]
        for truth in of_level[:: max(len(of_level) // each, 1)][:each]:
            image = page_image(charts.inbox / truth.source, truth.page, Limits())
            lie = TURNS[truth.rotation // 90]
            upright = turned(replace(image, dpi=believed_dpi(image)), lie)
            yield truth, print_on(upright, skew_of(upright))


if __name__ == "__main__":
    main()
