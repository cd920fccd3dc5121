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
from benchmarks.charts.optics import Affine
from benchmarks.charts.scanner import scan
from benchmarks.forms.facilities import FACILITIES
from benchmarks.forms.people import make_person
from benchmarks.forms.writing import TEMPLATES, Order, make_case, write
from benchmarks.samples.drawing import draw_page
from benchmarks.samples.typecases import typeface
from pipeline.ocr.marks import barcodes
from pipeline.ocr.upright import TURNS, turned, turned_box
from pipeline.page import Box, PageImage, QuarterTurn

KINDS = {"code128": "Code128", "code39": "Code39", "itf": "ITF", "codabar": "Codabar",
         "qr": "QRCode", "datamatrix": "DataMatrix", "pdf417": "PDF417",
         "aztec": "Aztec"}  # fmt: skip
FLAT = ("code128", "code39", "itf", "codabar")
MODULES = {True: (0.01, 8 / 600, 0.015, 0.02), False: (0.015, 0.02, 0.03)}  # inches
PRINTER = 600  # dots an inch that all these modules are whole numbers of
MODES: tuple[Mode, ...] = ("bitonal", "grey", "colour")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A scanned page and the label on it, if there is one.

    ``mils`` are thousandths of an inch a module; ``wear`` is what the sheet went
    through, with its amounts (benchmarks.charts.recipes).
    """

    image: PageImage
    kind: str
    text: str
    mils: int = 0
    box: Box = Box(0, 0, 0, 0)  # about, px of the page
    lying: bool = False  # a quarter turned on its sheet
    wear: tuple[tuple[str, float], ...] = ()


def label(kind: str, text: str, module: float, dpi: int, rng: Random) -> tuple[Image.Image, Box]:
    """A patient label of usual size, three lines of print and the code; where that is.

    Drawn at the dots of a label printer, and only then brought to ``dpi``: the
    modules are as wide as they are, not whole pixels.
    """
    bars = np.asarray(
        zxingcpp.create_barcode(
            text, zxingcpp.BarcodeFormat.__members__[KINDS[kind]]
        ).to_image(scale=1)
    )
    flat = kind in FLAT
    scale = round(module * PRINTER)
    drawn = np.kron(bars[:1] if flat else bars, np.ones((scale, scale), np.uint8))
    if flat:
        drawn = np.repeat(drawn[:1], int(rng.uniform(0.25, 0.5) * PRINTER), axis=0)
    margin = int(0.12 * PRINTER)
    high = drawn.shape[0] + int(0.55 * PRINTER)
    paper = Image.new(
        "L", (max(drawn.shape[1], int(1.9 * PRINTER)) + 2 * margin, high), 250
    )
    pen = ImageDraw.Draw(paper)
    person = make_person(rng, 30)
    font = typeface("narrow", int(0.12 * PRINTER))
    for i, line in enumerate((person.full_name.upper(), f"MRN {text}")):
        pen.text((margin, int((0.06 + 0.16 * i) * PRINTER)), line, 15, font)
    paper.paste(Image.fromarray(drawn), (margin, int(0.42 * PRINTER)))
    stuck = paper.rotate(
        rng.uniform(-3, 3), Image.Resampling.BICUBIC, expand=True, fillcolor=255
    )
    size = round(stuck.width * dpi / PRINTER), round(stuck.height * dpi / PRINTER)
    left = margin + (stuck.width - paper.width) // 2
    top = int(0.42 * PRINTER) + (stuck.height - paper.height) // 2
    edges = (left, top, left + drawn.shape[1], top + drawn.shape[0])
    code = Box(*(edge * dpi / PRINTER for edge in edges))
    return stuck.resize(size, Image.Resampling.BOX), code


def labelled(i: int, level: Level, seed: int) -> Labelled:
    """Page ``i`` of a run: every other one has a label, each kind in turn."""
    rng = Random(f"labels/{seed}/{i}")
    case = make_case(rng, make_person(rng, 30), FACILITIES[i % len(FACILITIES)])
    rows = write(Order(rng.choice(sorted(TEMPLATES)), case), rng).pages[0]
    dpi = rng.choice((200, 300))
    page = draw_page(rows, case.facility, dpi, rng)
    module, lying, box = 0.0, False, Box(0, 0, 0, 0)
    kind = tuple(KINDS)[i // 2 % len(KINDS)] if i % 2 else ""
    text = f"{rng.randrange(10**7, 10**8)}" if kind else ""
    if kind:
        module = rng.choice(MODULES[kind in FLAT])
        said = f"A{text}B" if kind == "codabar" else text
        stuck, box = label(kind, said, module, dpi, rng)
        quarter: QuarterTurn = rng.choice((0, 0, 0, 90, 270))
        box = turned_box(box, quarter, stuck.size)
        stuck, lying = stuck.rotate(-quarter, expand=True), quarter != 0
        free = page.width - stuck.width, (page.height - stuck.height) // 3
        x, y = rng.randrange(free[0]), rng.randrange(free[1])
        page.paste(stuck, (x, y))
        box = Box(x + box.left, y + box.top, x + box.right, y + box.bottom)
    how = Scan(level, rng.choice(MODES), dpi, f"labels/{seed}/{i}")
    print_: Pixels = np.array(page)
    scanned = scan(print_, how)
    pixels = scanned.pixels
    if pixels.ndim == 3:
        pixels = cast("Pixels", cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))
    turn = rng.choice(TURNS)
    size = (pixels.shape[1], pixels.shape[0])
    box = turned_box(_laid(box, scanned.place), turn, size)
    image, mils = turned(PageImage(pixels, dpi), turn), round(module * 1000)
    return Labelled(image, kind, text, mils, box, lying, scanned.faults)


def _laid(box: Box, place: Affine) -> Box:
    """Where the scanner's feeder took it."""
    a, b, c, d, e, f = place
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    x, y = a * x + b * y + c, d * x + e * y + f
    wide, high = box.width / 2, box.height / 2
    return Box(x - wide, y - high, x + wide, y + high)


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
