"""Is a blank back removed, and is a side with a faint mark ever lost?

Sides of paper as scanners see them (yellow, folded, punched, dusty, copied, the other
side shining through; grey and bitonal), with one faint mark of a person or with none:
``python -m benchmarks.blanks --content 20000 --blanks 2000 --seed 1``. Only what the
decision does without recognition is counted: in doubt a side is recognised and kept.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import Pool

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.blankpaper import LEVELS, Paper, bitonal, papers
from benchmarks.faintmarks import MARKS, put
from pipeline.ocr.blank import is_empty
from pipeline.ocr.glance import glance_at
from pipeline.page import PageImage

DPI = 150
PAPERS = 120  # of a level; each serves many sides
_LEAST_LEFT = 0.35  # of a mark's ink after thresholding: else nobody could see it


@dataclass(frozen=True, slots=True)
class Tried:
    """One side: its level, what is on it ("" for nothing), what was decided."""

    level: str
    mark: str
    mode: str
    removed: bool


def sides(seed: int, level: str, count: int, *, marked: bool) -> Iterator[Tried]:
    """``count`` sides of one level, decided."""
    rng = np.random.default_rng([seed, LEVELS.index(level), marked])
    stock = papers(level, PAPERS, DPI, [seed, LEVELS.index(level), marked])
    kinds = list(MARKS) if marked else [""]
    for i in range(count):
        paper, mark = stock[i % len(stock)], kinds[int(rng.integers(len(kinds)))]
        seen = glance_at(PageImage(side(paper, mark, rng), DPI))
        mode = "bitonal" if paper.cut else "grey"
        yield Tried(level, mark, mode, is_empty(seen.ink, seen.traces, ()))


def side(
    paper: Paper, mark: str, rng: np.random.Generator
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Paper with the mark on it; drawn darker until a bitonal scanner sees it."""
    shift = rng.integers(-20, 21, 2)
    pixels = _moved(paper.pixels, shift) if not paper.cut else paper.pixels
    if not mark:
        return bitonal(pixels, paper) if paper.cut else pixels
    ink, at = MARKS[mark](DPI, rng), rng.random(2)
    strength = 1.0
    while True:
        marked, where = put(pixels, ink * strength, at)
        if not paper.cut:
            return marked
        seen = bitonal(marked, paper)
        black = (seen[where] == 0) & (ink > ink.max() / 2)
        if black.sum() >= _LEAST_LEFT * (ink > ink.max() / 2).sum():
            return seen
        strength *= 1.4
        if strength > 5:
            at = rng.random(2)
            strength = 1.0


def _moved(
    pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], by: NDArray[np.int64]
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """The sheet laid ``by`` px lower and farther right; its rim goes on as it was.

    What leaves at one edge must not come in at the other: no fold runs so.
    """
    down, right = (int(step) for step in by)
    rim = cv2.copyMakeBorder(
        pixels, max(down, 0), max(-down, 0), max(right, 0), max(-right, 0),
        cv2.BORDER_REPLICATE,
    )  # fmt: skip
    height, width = pixels.shape
    top, left = max(-down, 0), max(-right, 0)
    moved = rim[top : top + height, left : left + width]
    return np.ascontiguousarray(moved, dtype=np.uint8)


def _portion(asked: tuple[int, str, int, bool]) -> list[Tried]:
    cv2.setNumThreads(1)
    seed, level, count, marked = asked
    return list(sides(seed, level, count, marked=marked))


def main() -> None:
    """Print lost sides and removed backs by level, mode and mark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--content", type=int, default=3000)
    parser.add_argument("--blanks", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    asked = parser.parse_args()
    work = [
        (asked.seed, level, count // len(LEVELS), marked)
        for level in LEVELS
        for marked, count in ((True, asked.content), (False, asked.blanks))
    ]
    with Pool(asked.processes) as pool:
        tried = [one for some in pool.imap(_portion, work) for one in some]
    _tell(tried)


def _tell(tried: list[Tried]) -> None:
    content = [one for one in tried if one.mark]
    lost = [one for one in content if one.removed]
    print(f"content sides lost: {len(lost)} of {len(content)}")
    for (level, mode, mark), count in sorted(
        Counter((one.level, one.mode, one.mark) for one in lost).items()
    ):
        print(f"  {level} {mode} {mark}: {count}")
    for level in LEVELS:
        for mode in ("grey", "bitonal"):
            backs = [
                o for o in tried if not o.mark and (o.level, o.mode) == (level, mode)
            ]
            gone = sum(one.removed for one in backs)
            if backs:
                print(f"blank backs removed, {level} {mode}: {gone} of {len(backs)}")


if __name__ == "__main__":
    main()
