"""Lines of train charts as the network sees them, each with what is printed on it.

`python -m benchmarks.lines CHARTS OUT [--part K/N]` writes OUT.i8, the pixels of all
lines one after the other (36 px high, -127 ink .. 127 paper), and OUT.jsonl, a row for
each: text, level, house, dpi, width, place in OUT.i8. CHARTS are of the train split,
made with --boxes. Doubtful lines come again as the other looks see them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.charts.kinds import PageTruth
from benchmarks.lines.placed import onto_scan, texts_of
from benchmarks.reading.truths import charts_in
from pipeline.errors import InputError
from pipeline.ingest.formats import page_image
from pipeline.ingest.limits import Limits
from pipeline.ocr.linewise import LinewiseEngine
from pipeline.ocr.looks import AGAIN, FIRST, least, print_on
from pipeline.ocr.net.strips import strip
from pipeline.ocr.resolution import believed_dpi
from pipeline.ocr.skew import skew_of
from pipeline.ocr.upright import TURNS, turned
from pipeline.page import Word

Levels = NDArray[np.int8]
Sample = tuple[str, int, Levels]  # what is printed, dpi of the look, pixels


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("charts", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--part", default="1/1", help="this part of the pages")
    given = parser.parse_args()
    part, parts = map(int, given.part.split("/"))
    charts = charts_in(given.charts)
    if any(truth.split != "train" for truth in charts.truths):
        raise SystemExit("the network is taught with the train split only")
    truths = [t for t in charts.truths if t.words and not t.removed_as]
    if not truths:
        raise SystemExit("no words with boxes: make the charts with --boxes")
    cv2.setNumThreads(1)
    engine, at, count = LinewiseEngine(), 0, 0
    with (
        given.out.with_suffix(".i8").open("wb") as pixels,
        given.out.with_suffix(".jsonl").open("w", encoding="utf-8") as rows,
    ):
        for done, truth in enumerate(truths[part - 1 :: parts], 1):
            for text, dpi, line in samples(charts.inbox, truth, engine):
                row = [text, truth.level, truth.house, dpi, line.shape[1], at]
                pixels.write(line.tobytes())
                rows.write(json.dumps(row) + "\n")
                at, count = at + line.size, count + 1
            print(f"\r{done} pages, {count} lines", end="", file=sys.stderr)
    print(file=sys.stderr)


def samples(inbox: Path, truth: PageTruth, engine: LinewiseEngine) -> Iterator[Sample]:
    """The page's lines at the first look, and the doubtful ones at the second."""
    try:
        image = page_image(inbox / truth.source, truth.page, Limits())
    except InputError:
        return
    upright = turned(
        replace(image, dpi=believed_dpi(image)), TURNS[truth.rotation // 90]
    )
    page = print_on(upright, skew_of(upright))
    lines = page.lines
    read = engine.read(page.bare.image, lines) if lines else ()
    onto = onto_scan(read, truth.words)
    if onto is None:
        return
    texts = texts_of(lines, truth.words, onto)
    doubted = [at for at in texts if _doubtful(at, read)]
    for look in (FIRST, *AGAIN):
        which = list(texts) if look is FIRST else doubted
        on = page.bare if look.bare else page.sharp
        if look is not FIRST:
            on = on.parts_at(look.dpi, [lines[at] for at in which])
        for at in which:
            line = lines[at].scaled(look.dpi / FIRST.dpi)
            if (cut := strip(on.image.pixels, look.dpi, line)) is not None:
                yield texts[at], look.dpi, np.round(cut.pixels * 127).astype(np.int8)


def _doubtful(line: int, words: Sequence[Word]) -> bool:
    said = tuple(word for word in words if word.line == line)
    return least(said) < AGAIN[0].doubt


if __name__ == "__main__":
    main()
