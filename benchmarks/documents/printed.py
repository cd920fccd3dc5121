"""Charts to learn from: pages as printed, or as read, in the order of the feeder.

``python -m benchmarks.documents.printed OUT.jsonl --seed 1 --pages 3000`` prints the
train split's charts and writes their words, without scanning anything; each page is
misread a little, and handwriting garbled, as recognition does it. ``--read
CHARTS=DATA`` writes the pages that a worked data folder recognised instead. Either is
what `chartfiler train --charts` learns from.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.charts.kinds import PrintedWord, Side, Split
from benchmarks.charts.pile import lay
from benchmarks.charts.plan import Request, make_plan
from benchmarks.charts.press import Press
from benchmarks.charts.splits import DEFAULT_REPORTS
from benchmarks.charts.works import Piece, tasks_of
from benchmarks.documents.recut import copied
from benchmarks.reading.truths import charts_in
from pipeline.classify.features import Line, lines_of
from pipeline.classify.printing import misread
from pipeline.site import open_site

_POINTS = 792.0  # a page's height
_SEEN = 0.7  # of handwritten words: recognition finds something there
_GARBLED = 0.6  # of their letters
_MISREAD = (0.0, 0.01, 0.03, 0.08)  # of printed letters, as clean and poor pages are
_LETTERS = "aeioulrtnscmwf.,'~"
Row = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--read", metavar="CHARTS=DATA", nargs="+", default=[])
    given = parser.parse_args()
    pairs = [pair.partition("=")[::2] for pair in given.read]
    rows = (
        (row for charts, data in pairs for row in read(Path(charts), Path(data)))
        if pairs
        else printed(given.seed, given.pages)
    )
    with given.out.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


# --- as printed --------------------------------------------------------------------


def printed(seed: int, pages: int, split: Split = "train") -> Iterator[Row]:
    """The content pages of a plan; models learn from the train split only."""
    reports = DEFAULT_REPORTS if DEFAULT_REPORTS.exists() else None
    plan = make_plan(Request(split, seed, pages, reports=reports))
    with Press() as press:
        for task in tasks_of(plan.batches):
            orders = [item.order for piece in task for item in piece.items]
            sides = iter(press.print(orders))
            for piece in task:
                yield from _piece(piece, [next(sides) for _ in piece.items], seed)


def _piece(piece: Piece, sides: Sequence[Sequence[Side]], seed: int) -> Iterator[Row]:
    batch = piece.batch
    pile = lay(
        list(zip(piece.items, sides, strict=True)),
        batch,
        Random(f"{batch.seed}/lay/{piece.first}"),
    )
    for number, leaf in enumerate(pile):
        truth = leaf.truth
        if leaf.side is None or truth.removed_as:
            continue
        rng = Random(f"{batch.seed}/{piece.first}/{number}/words")
        lines = misread(seen_lines(leaf.side.words, rng), rng.choice(_MISREAD), rng)
        yield {
            "split": truth.split,
            "type": truth.type,
            "house": truth.house,
            "person": f"{truth.name} {truth.birth_date}",
            "batch": f"printed {seed} {batch.name}",
            "document": f"printed {seed} {truth.document}",
            "page": truth.document_page,
            "lines": _told(lines),
        }


def _told(lines: Sequence[Line]) -> list[list[object]]:
    return [[x.text, round(x.height, 2), round(x.place, 3)] for x in lines]


def seen_lines(words: Sequence[PrintedWord], rng: Random) -> list[Line]:
    """The words in lines from the top, as recognition would find them."""
    rows: list[list[PrintedWord]] = []
    for word in sorted(words, key=lambda word: (word.box[1] + word.box[3]) / 2):
        middle = (word.box[1] + word.box[3]) / 2
        if not rows or middle > _middle(rows[-1]) + 0.4 * (word.box[3] - word.box[1]):
            rows.append([])
        rows[-1].append(word)
    told = [
        (" ".join(text for word in row if (text := _seen(word, rng))), row)
        for row in (sorted(row, key=lambda word: word.box[0]) for row in rows)
    ]
    heights = sorted(_height(row) for text, row in told if text)
    usual = heights[len(heights) // 2] if heights else 1.0
    return [
        Line(text, _height(row) / (usual or 1.0), min(w.box[1] for w in row) / _POINTS)
        for text, row in told
        if text
    ]


def _middle(row: Sequence[PrintedWord]) -> float:
    return sum((w.box[1] + w.box[3]) / 2 for w in row) / len(row)


def _height(row: Sequence[PrintedWord]) -> float:
    return max(w.box[3] - w.box[1] for w in row)


def _seen(word: PrintedWord, rng: Random) -> str:
    if not word.hand:
        return word.text
    if rng.random() > _SEEN:
        return ""
    letters = (
        rng.choice(_LETTERS) if rng.random() < _GARBLED else c for c in word.text
    )
    return "".join(letters)


# --- as read -----------------------------------------------------------------------


def read(charts: Path, data: Path) -> Iterator[Row]:
    """The content pages of a worked data folder, with their words as recognised."""
    folder = charts_in(charts)
    truths = {(t.source, t.page): t for t in folder.truths}
    with tempfile.TemporaryDirectory() as work:
        site = open_site(copied(data, Path(work)))
        lines = [line for line in site.catalogue.ledger() if line.number]
        for line in sorted(lines, key=lambda line: (line.batch, line.number)):
            truth = truths.get((line.source, line.page))
            if truth is None or truth.removed_as or line.first_batch:
                continue
            (page,) = site.catalogue.pages(line.batch, (line.number,))
            yield {
                "split": truth.split,
                "type": truth.type,
                "house": truth.house,
                "person": f"{truth.name} {truth.birth_date}",
                "batch": f"{folder.folder.name} {line.batch}",
                "document": f"{folder.folder.name} {truth.document}",
                "page": truth.document_page,
                "lines": _told(lines_of(page)),
            }


if __name__ == "__main__":
    main()
