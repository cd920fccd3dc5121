"""How many labels are read: python -m benchmarks.labels [--pages N] [--level poor].

Pages of our own forms with a patient's label stuck on, or without one, scanned by
benchmarks.charts.scanner: the read rate by kind, false reads, what the finder missed
that a search of the whole page in every way finds, and CPU ms a page.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import cast

import cv2
import numpy as np
import zxingcpp
from PIL import Image, ImageDraw

from benchmarks.charts.kinds import Level, Mode, Pixels, Scan
from benchmarks.charts.scanner import scan
from benchmarks.forms.facilities import FACILITIES
from benchmarks.forms.people import make_person
from benchmarks.forms.writing import TEMPLATES, Order, make_case, write
from benchmarks.samples.drawing import draw_page
from benchmarks.samples.typecases import typeface
from pipeline.ocr.marks import barcodes
from pipeline.page import PageImage

KINDS = {"code128": "Code128", "code39": "Code39", "itf": "ITF", "codabar": "Codabar",
         "qr": "QRCode", "datamatrix": "DataMatrix", "pdf417": "PDF417",
         "aztec": "Aztec"}  # fmt: skip
FLAT = ("code128", "code39", "itf", "codabar")
MODULES = {True: (0.01, 0.0133, 0.015, 0.02), False: (0.015, 0.02, 0.03)}  # inches
MODES: tuple[Mode, ...] = ("bitonal", "grey", "colour")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A scanned page and the label on it, if there is one."""

    image: PageImage
    kind: str
    text: str
    mils: int = 0  # thousandths of an inch a module
    box: tuple[int, int, int, int] = (0, 0, 0, 0)  # before its quarter turn, px


def label(kind: str, text: str, module: float, dpi: int, rng: Random) -> Image.Image:
    """A patient label of usual size: three lines of print and the code."""
    bars = np.asarray(
        zxingcpp.create_barcode(
            text, zxingcpp.BarcodeFormat.__members__[KINDS[kind]]
        ).to_image(scale=1)
    )
    flat = kind in FLAT
    scale = max(round(module * dpi), 2)
    drawn = np.kron(bars[:1] if flat else bars, np.ones((scale, scale), np.uint8))
    if flat:
        drawn = np.repeat(drawn[:1], int(rng.uniform(0.25, 0.5) * dpi), axis=0)
    margin = int(0.12 * dpi)
    high = drawn.shape[0] + int(0.55 * dpi)
    paper = Image.new(
        "L", (max(drawn.shape[1], int(1.9 * dpi)) + 2 * margin, high), 250
    )
    pen = ImageDraw.Draw(paper)
    person = make_person(rng, 30)
    font = typeface("narrow", int(0.12 * dpi))
    for i, line in enumerate((person.full_name.upper(), f"MRN {text}")):
        pen.text((margin, int((0.06 + 0.16 * i) * dpi)), line, 15, font)
    paper.paste(Image.fromarray(drawn), (margin, int(0.42 * dpi)))
    return paper.rotate(
        rng.uniform(-3, 3), Image.Resampling.BICUBIC, expand=True, fillcolor=255
    )


def pages(count: int, level: Level, seed: int) -> Iterator[Labelled]:
    """Every other page has a label, in turn of each kind, in any quarter turn."""
    for i in range(count):
        rng = Random(f"labels/{seed}/{i}")
        case = make_case(rng, make_person(rng, 30), FACILITIES[i % len(FACILITIES)])
        rows = write(Order(rng.choice(sorted(TEMPLATES)), case), rng).pages[0]
        dpi = rng.choice((200, 300))
        page = draw_page(rows, case.facility, dpi, rng)
        module, box = 0.0, (0, 0, 0, 0)
        kind = tuple(KINDS)[i // 2 % len(KINDS)] if i % 2 else ""
        text = f"{rng.randrange(10**7, 10**8)}" if kind else ""
        if kind:
            if kind == "codabar":
                text = f"A{text}B"
            module = rng.choice(MODULES[kind in FLAT])
            stuck = label(kind, text, module, dpi, rng)
            stuck = stuck.rotate(rng.choice((0, 0, 0, 90, 270)), expand=True)
            free = page.width - stuck.width, (page.height - stuck.height) // 3
            at = rng.randrange(free[0]), rng.randrange(free[1])
            page.paste(stuck, at)
            box = (*at, at[0] + stuck.width, at[1] + stuck.height)
        how = Scan(level, rng.choice(MODES), dpi, f"labels/{seed}/{i}")
        pixels: Pixels = np.array(page)
        scanned = scan(pixels, how).pixels
        if scanned.ndim == 3:
            scanned = cast("Pixels", cv2.cvtColor(scanned, cv2.COLOR_RGB2GRAY))
        turned = np.ascontiguousarray(np.rot90(scanned, rng.randrange(4)))
        mils = round(module * 1000)
        yield Labelled(PageImage(turned, dpi), kind, text, mils, box)


@dataclass(slots=True)
class Tally:
    """What came of the pages so far."""

    read: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)  # the finder's fault
    sizes: Counter[tuple[str, int, bool]] = field(default_factory=Counter)
    false: list[tuple[str, str]] = field(default_factory=list)
    ms: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})

    def add(self, page: Labelled) -> None:
        start = time.process_time()
        marks = barcodes(page.image)
        self.ms[bool(page.kind)].append(1000 * (time.process_time() - start))
        self.false += [(m.kind, m.text) for m in marks if m.text != page.text]
        if not page.kind:
            return
        right = any((m.kind, m.text) == (page.kind, page.text) for m in marks)
        (self.read if right else self.unread)[page.kind] += 1
        shape = "bars" if page.kind in FLAT else "modules"
        self.sizes[shape, page.mils, right] += 1
        if not right:
            whole = zxingcpp.read_barcodes(page.image.pixels)
            self.missed[page.kind] += any(code.text == page.text for code in whole)

    def show(self) -> None:
        print("kind, labels, read, finder missed")
        for kind in KINDS:
            count = self.read[kind] + self.unread[kind]
            share = self.read[kind] / max(count, 1)
            print(f"{kind:12} {count:5} {share:.3f} {self.missed[kind]}")
        for shape, mils in sorted({key[:2] for key in self.sizes}):
            good, bad = (self.sizes[shape, mils, right] for right in (True, False))
            print(f"{shape} of {mils} mil: {good} of {good + bad}")
        count = self.read.total() + self.unread.total()
        print(f"all {count}: {self.read.total() / max(count, 1):.4f}")
        print(f"false reads: {len(self.false)} {self.false[:5]}")
        for labelled, name in ((True, "with"), (False, "without")):
            mean = sum(self.ms[labelled]) / max(len(self.ms[labelled]), 1)
            print(f"{name} a label: {mean:.0f} CPU ms a page")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--level", default="poor")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    tally = Tally()
    for page in pages(given.pages, given.level, given.seed):
        tally.add(page)
    print(f"level {given.level}, seed {given.seed}, {given.pages} pages")
    tally.show()


if __name__ == "__main__":
    main()
