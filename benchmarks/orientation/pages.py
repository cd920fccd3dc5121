"""Pages with a known way up: of charts, of trials, of folders of upright pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2

from benchmarks.reading.truths import truth_of
from pipeline.ingest.formats import page_image
from pipeline.ingest.limits import Limits
from pipeline.ocr.grey import grey
from pipeline.ocr.resolution import believed_dpi
from pipeline.ocr.upright import turned
from pipeline.page import PageImage, QuarterTurn

_PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
_SMALLEST = 200  # px: less is a cutting of a page


@dataclass(frozen=True, slots=True)
class LyingPage:
    """One side as it lies, and the turn that makes it upright.

    ``group`` is what its figures are counted under: level, mode, folder.
    """

    where: str
    group: str
    image: PageImage
    turn: QuarterTurn
    removed: bool = False

    @property
    def upright(self) -> PageImage:
        return turned(self.image, self.turn)


def pages_of(folder: Path, split: str = "") -> Iterator[LyingPage]:
    """Every side with words of a charts or trial folder, else every picture.

    Raises SystemExit for a page of another split than asked for, or of report.
    """
    truths = folder / "truth.jsonl"
    if not truths.is_file():
        yield from _pictures(folder)
        return
    inbox = folder / "inbox" if (folder / "inbox").is_dir() else folder
    for row in truths.read_text("utf-8").splitlines():
        truth = truth_of(row)
        if truth.split == "report" or split not in ("", truth.split):
            raise SystemExit(f"{folder}: pages of the split {truth.split}")
        if truth.removed_as or not (truth.text.strip() or truth.handwritten.strip()):
            continue
        image = page_image(inbox / truth.source, truth.page, Limits())
        image = replace(image, dpi=believed_dpi(image))
        by_hand = len(truth.handwritten.split()) > len(truth.text.split())
        group = f"{truth.level} {truth.mode}{' by hand' if by_hand else ''}"
        turn: QuarterTurn = (0, 90, 180, 270)[truth.rotation // 90 % 4]
        yield LyingPage(f"{truth.source} {truth.page}", group, image, turn)


def _pictures(folder: Path) -> Iterator[LyingPage]:
    """Upright pictures of pages, those of a folder for its own sub-folders too."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in _PICTURES:
            continue
        pixels = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        if pixels is None or min(pixels.shape) < _SMALLEST:
            continue
        image = PageImage(grey(pixels), 72)
        yield LyingPage(
            path.name, folder.name, replace(image, dpi=believed_dpi(image)), 0
        )
