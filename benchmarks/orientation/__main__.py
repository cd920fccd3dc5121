"""How often pages are put upright: python -m benchmarks.orientation FOLDER [...].

Each page of the folders (charts, trials, or upright pictures) is shown in all four
turns to the shapes of words alone; with --read, pages on which these are not sure are
then read as a batch's would be, in the one turn that the folder has them in.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2

from benchmarks.orientation.pages import LyingPage, pages_of
from pipeline.ocr.engine import OcrEngine
from pipeline.ocr.linewise import LinewiseEngine
from pipeline.ocr.read import SURE, read_page
from pipeline.ocr.upright import TURNS, added, turned
from pipeline.ocr.wayup import shipped
from pipeline.page import QuarterTurn


@dataclass(frozen=True, slots=True)
class Told:
    """What was said of one page in one turn; ``wrong`` by how many degrees, or 0."""

    group: str
    laid: QuarterTurn
    wrong: int
    bits: float
    read_wrong: int | None = None
    oriented: bool = True

    @property
    def outcome(self) -> str:
        """By the shapes alone."""
        if self.bits < SURE:
            return "unsure"
        return "wrong" if self.wrong else "right"


def told_of(page: LyingPage, engine: OcrEngine | None) -> Iterator[Told]:
    """The page in four turns, counted from upright."""
    for laid in TURNS:
        back: QuarterTurn = TURNS[-laid // 90 % 4]
        image = turned(page.upright, laid)
        lie = shipped().lie(image)
        wrong = (lie.turn - back) % 360
        read_wrong, oriented = None, True
        if engine is not None and added(laid, page.turn) == 0 and lie.bits < SURE:
            read = read_page(image, 1, engine)
            read_wrong = (read.rotation - back) % 360
            oriented = read.quality.oriented
        yield Told(page.group, laid, wrong, lie.bits, read_wrong, oriented)


def tables(told: Iterable[Told]) -> Iterator[str]:
    """By group, then by turn: right, unsure and wrong, then what reading made of it."""
    told = list(told)
    for name, key in (("group", "group"), ("laid", "laid")):
        groups: dict[object, list[Told]] = defaultdict(list)
        for one in told:
            groups[getattr(one, key)].append(one)
        yield (
            f"{name:24} {'looks':>6} right unsure wrong best-guess-wrong | "
            "read right wrong not-told"
        )
        for group, some in sorted(groups.items(), key=str):
            count = Counter(one.outcome for one in some)
            guess = sum(one.wrong != 0 for one in some)
            read = [one for one in some if one.read_wrong is not None]
            sure = [one for one in read if one.oriented]
            yield (
                f"{group!s:24} {len(some):6} {count['right']:5} {count['unsure']:6} "
                f"{count['wrong']:5} {guess:16} | "
                f"{len(read):4} {sum(not o.read_wrong for o in sure):5} "
                f"{sum(bool(o.read_wrong) for o in sure):5} "
                f"{len(read) - len(sure):8}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--read", action="store_true")
    parser.add_argument("--most", type=int, default=10**6, help="pages of a folder")
    parser.add_argument("--each", action="store_true", help="name what is not right")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    engine = LinewiseEngine() if given.read else None
    told: list[Told] = []
    spent = 0.0
    for folder in given.folders:
        for page, _ in zip(pages_of(folder), range(given.most), strict=False):
            start = time.process_time()
            found = list(told_of(page, engine))
            spent += time.process_time() - start
            told += found
            for one in found:
                if given.each and (one.wrong or one.read_wrong or not one.oriented):
                    print(page.where, one)
    print("\n".join(tables(told)))
    print(f"{1000 * spent / max(len(told), 1):.0f} CPU ms a look, reading included")


if __name__ == "__main__":
    main()
