"""How many labels are read: python -m benchmarks.labels [--pages N] [--level poor].

Pages of our own forms with a patient's label stuck on, or without one, scanned by
benchmarks.charts.scanner: the read rate by kind, size, wear and what the wear left of
the narrowest bar; false reads; what the finder missed; and CPU ms a page.
"""

from __future__ import annotations

import argparse
import time
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
from pipeline.ocr.barfinder import DPI, suspects
from pipeline.ocr.grey import reduced
from pipeline.ocr.marks import barcodes
from pipeline.ocr.upright import TURNS, turned, turned_box
from pipeline.page import Box, Mark, PageImage, QuarterTurn

KINDS = {"code128": "Code128", "code39": "Code39", "itf": "ITF", "codabar": "Codabar",
         "qr": "QRCode", "datamatrix": "DataMatrix", "pdf417": "PDF417",
         "aztec": "Aztec"}  # fmt: skip
FLAT = ("code128", "code39", "itf", "codabar")
MODULES = {True: (0.01, 8 / 600, 0.015, 0.02), False: (0.015, 0.02, 0.03)}  # inches
LOST = 1.5  # dots: what is narrower no scan holds
NEARLY = 0.85  # of the code's box
TROUBLES = ("weight", "fade", "dropouts", "copies", "pepper", "fax", "folds", "holes",
            "streaks", "contrast", "threshold", "dither")  # fmt: skip
PRINTER = 600  # dots an inch that all these modules are whole numbers of
MODES: tuple[Mode, ...] = ("bitonal", "grey", "colour")


@dataclass(frozen=True, slots=True)
class Label:
    """What was stuck on a page: ``mils`` are thousandths of an inch a module.

    ``box`` is where the code is, px of the print; ``lying`` a quarter turned.
    """

    kind: str
    text: str
    mils: int
    box: Box
    lying: bool


@dataclass(frozen=True, slots=True)
class Labelled:
    """A scanned page and the label on it, if there is one.

    ``wear`` is what the sheet went through, with its amounts
    (benchmarks.charts.recipes); ``box`` where about the code is, px of the page.
    """

    image: PageImage
    label: Label | None
    box: Box
    wear: tuple[tuple[str, float], ...]


def label(
    kind: str, text: str, module: float, dpi: int, rng: Random
) -> tuple[Image.Image, Box]:
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
    made = _stuck(page, tuple(KINDS)[i // 2 % len(KINDS)], dpi, rng) if i % 2 else None
    how = Scan(level, rng.choice(MODES), dpi, f"labels/{seed}/{i}")
    printed: Pixels = np.array(page)
    scanned = scan(printed, how)
    pixels = scanned.pixels
    if pixels.ndim == 3:
        pixels = cast("Pixels", cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))
    turn = rng.choice(TURNS)
    image = turned(PageImage(pixels, dpi), turn)
    size = (pixels.shape[1], pixels.shape[0])
    box = made.box if made else Box(0, 0, 0, 0)
    box = turned_box(_laid(box, scanned.place), turn, size)
    return Labelled(image, made, box, scanned.faults)


def _stuck(page: Image.Image, kind: str, dpi: int, rng: Random) -> Label:
    """A label put somewhere in the upper third of the page."""
    text = f"{rng.randrange(10**7, 10**8)}"
    module = rng.choice(MODULES[kind in FLAT])
    said = f"A{text}B" if kind == "codabar" else text
    drawn, box = label(kind, said, module, dpi, rng)
    quarter: QuarterTurn = rng.choice((0, 0, 0, 90, 270))
    box = turned_box(box, quarter, drawn.size)
    drawn = drawn.rotate(-quarter, expand=True)
    free = page.width - drawn.width, (page.height - drawn.height) // 3
    x, y = rng.randrange(free[0]), rng.randrange(free[1])
    page.paste(drawn, (x, y))
    box = Box(x + box.left, y + box.top, x + box.right, y + box.bottom)
    return Label(kind, text, round(module * 1000), box, lying=quarter != 0)


def _laid(box: Box, place: Affine) -> Box:
    """Where the scanner's feeder took it."""
    a, b, c, d, e, f = place
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    x, y = a * x + b * y + c, d * x + e * y + f
    wide, high = box.width / 2, box.height / 2
    return Box(x - wide, y - high, x + wide, y + high)


def narrowest(stuck: Label, page: Labelled) -> float:
    """Dots that the narrowest bar, space or module has left where it was scanned.

    Ink that ran takes from the spaces, thin ink from the bars; a fax machine has its
    own 204 dots across and 98 or 196 lines an inch, and the poorest raster counts.
    """
    wear = dict(page.wear)
    dots = [float(page.image.dpi)]
    if "fax" in wear:
        across = stuck.kind in FLAT and not stuck.lying
        dots.append(204.0 if across else wear["fax"])
    grown = 2 * abs(wear.get("weight", 0.0)) / 300
    return max(stuck.mils / 1000 - grown, 0.0) * min(dots)


@dataclass(slots=True)
class Tally:
    """What came of the pages so far; [read, labels] by kind, size, wear and rest."""

    by: dict[str, list[int]] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)  # by the finder
    false: list[tuple[str, str]] = field(default_factory=list)
    ms: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})

    def add(self, page: Labelled) -> None:
        stuck = page.label
        start = time.process_time()
        marks = barcodes(page.image)
        self.ms[bool(stuck)].append(1000 * (time.process_time() - start))
        said = {(m.kind, _bare(m)) for m in marks}
        true = {(stuck.kind, stuck.text)} if stuck else set()
        self.false += said - true
        if stuck is None:
            return
        for group in _groups(stuck, page):
            row = self.by.setdefault(group, [0, 0])
            row[0] += true <= said
            row[1] += 1
        if not true <= said and not _found(page):
            self.missed.append(stuck.kind)

    def show(self) -> None:
        for group, (good, count) in sorted(self.by.items()):
            print(f"{group:44} {good:5} of {count:5} {good / count:.3f}")
        print(f"not read, and no area of the finder holds it: {self.missed}")
        count = sum(map(len, self.ms.values()))
        print(f"false reads on {count} pages: {len(self.false)} {self.false[:5]}")
        for labelled, name in ((True, "with"), (False, "without")):
            if self.ms[labelled]:
                mean = sum(self.ms[labelled]) / len(self.ms[labelled])
                print(f"{name} a label: {mean:.0f} CPU ms a page")


def _groups(stuck: Label, page: Labelled) -> Iterator[str]:
    shape = "bars" if stuck.kind in FLAT else "modules"
    yield "all"
    yield f"kind {stuck.kind}"
    yield f"{shape} of {stuck.mils} mil at {page.image.dpi} dpi"
    rest = "more" if narrowest(stuck, page) >= LOST else "less"
    yield f"{LOST} dots or {rest} left of the narrowest {shape}"
    yield from (f"wear {name}" for name, _ in page.wear if name in TROUBLES)


def _bare(mark: Mark) -> str:
    return mark.text.strip("ABCD") if mark.kind == "codabar" else mark.text


def _found(page: Labelled) -> bool:
    """Whether an area that is looked at again has nearly all of the code."""
    small = reduced(page.image.pixels, page.image.dpi, DPI)
    scale, box = page.image.pixels.shape[1] / small.shape[1], page.box
    for area in suspects(small):
        wide = min(area.right * scale, box.right) - max(area.left * scale, box.left)
        high = min(area.bottom * scale, box.bottom) - max(area.top * scale, box.top)
        if min(wide, high) > 0 and wide * high > NEARLY * box.width * box.height:
            return True
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--level", choices=("clean", "typical", "poor"), default="poor")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--labels", choices=("half", "all", "none"), default="half")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    first, step = {"half": (0, 1), "all": (1, 2), "none": (0, 2)}[given.labels]
    tally = Tally()
    for i in range(first, first + given.pages * step, step):
        tally.add(labelled(i, given.level, given.seed))
    print(f"level {given.level}, seed {given.seed}, {given.pages} pages")
    tally.show()


if __name__ == "__main__":
    main()
