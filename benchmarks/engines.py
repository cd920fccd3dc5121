"""What recognition costs: python -m benchmarks.engines [PAGES].

CPU seconds a page (with child processes) of tesseract in this process and of the
program through pytesseract, on the same cleaned pages of the samples, and of every
step before it; the machine may be busy, wall time is not looked at.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from benchmarks.samplepages import sample_pages
from pipeline.ocr.blank import ink_of
from pipeline.ocr.clean import clean
from pipeline.ocr.engine import NullEngine, OcrEngine
from pipeline.ocr.glance import glance_at
from pipeline.ocr.marks import barcodes
from pipeline.ocr.patch import patch
from pipeline.ocr.pytess import PytesseractEngine
from pipeline.ocr.quality import quality
from pipeline.ocr.read import fingerprint, read_page
from pipeline.ocr.skew import skew_of
from pipeline.ocr.tesseract import TesseractEngine
from pipeline.page import PageImage

_ENOUGH = 1500  # letters of truth: pages worth reading


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of this process and its children."""
    before = sum(os.times()[:4])
    work()
    return sum(os.times()[:4]) - before


def main(pages: int) -> None:
    full = (s.image for s in sample_pages() if len(s.truth["text"]) > _ENOUGH)
    images = [image for image, _ in zip(full, range(pages), strict=False)]
    cleaned = [clean(image, skew_of(image), 200).image for image in images]
    engines: list[OcrEngine] = [TesseractEngine(), PytesseractEngine()]
    engines[0].read(cleaned[0])  # opens the library
    costs = []
    for engine in engines:
        costs.append(cpu(lambda e=engine: [e.read(c) for c in cleaned]) / len(images))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        print(f"{engine.name:28} {costs[-1]:.2f} CPU s a page")
    print(f"program / library: {costs[1] / costs[0]:.2f}")
    steps: dict[str, Callable[[PageImage], object]] = {
        "barcodes": barcodes,
        "ink": ink_of,
        "skew": skew_of,
        "clean": lambda image: clean(image, 1.0, 200),
        "patch": patch,
        "glance": glance_at,
        "quality": lambda i: quality(i, (), glance_at(i), blank=False, skew=0, turn=0),
        "fingerprint": fingerprint,
        "all but recognition": lambda image: read_page(image, 1, NullEngine()),
    }
    for name, step in steps.items():
        spent = cpu(lambda step=step: [step(image) for image in images])  # type: ignore[misc]  # as above
        print(f"{name:28} {1000 * spent / len(images):4.0f} CPU ms a page")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
