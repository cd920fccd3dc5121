"""A made-up sheet: what stands where on it, its words, and its picture.

Drawn on the spot and never kept: the same sheet gives the same picture.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from pipeline.page import Box, Page, Quality, QuarterTurn, Word

SIZE, DPI = (1700, 2200), 200
_LEFT, _LINE = 190, 46  # px
# whatever of these the machine has; Pillow's own face stands in
FACES = ("DejaVuSerif.ttf", "LiberationSerif-Regular.ttf", "FreeSerif.ttf", "")
_QUALITY = Quality(
    ink=0.05, blank=False, dpi=DPI, sharpness=40.0, noise=2.0, skew=0.2,
    legibility=0.94, declared=DPI, contrast=170.0, readable=0.96,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """Printed words with their left upper corner and size in px.

    ``what`` names the field that they tell, "" for none. ``read`` is what the machine
    makes of them, where that is something else.
    """

    text: str = field(repr=False)
    at: tuple[int, int]
    size: int = 34
    what: str = ""
    read: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Lines from top to bottom, in one face, worn by the number ``wear``."""

    lines: tuple[Line, ...]
    face: str = ""
    wear: int = 0


def box_of(line: Line, face: str) -> Box:
    """Around its letters."""
    left, top, right, bottom = _font(face, line.size).getbbox(line.text)
    x, y = line.at
    return Box(x + left, y + top, x + right, y + bottom)


def where(sheet: Sheet, what: str) -> Box | None:
    """Where a field stands."""
    found = (line for line in sheet.lines if line.what == what)
    return next((box_of(line, sheet.face) for line in found), None)


def page_of(sheet: Sheet, number: int) -> Page:
    """What the machine has read of it, word by word."""
    words = []
    for nth, line in enumerate(sheet.lines):
        box, parts = box_of(line, sheet.face), (line.read or line.text).split()
        letters = sum(map(len, parts)) + len(parts) - 1
        left = box.left
        for part in parts:
            width = box.width * len(part) / letters
            place = Box(left, box.top, left + width, box.bottom)
            words.append(Word(part, place, 0.95, nth))
            left += box.width * (len(part) + 1) / letters
    return Page(number, SIZE, tuple(words), (), DPI, 0, _QUALITY, "seeded 1")


def drawn(sheet: Sheet, width: int, turn: QuarterTurn = 0) -> bytes:
    """PNG of the scanned sheet, turned clockwise and then ``width`` px wide."""
    image = Image.new("L", SIZE, 255)
    pen = ImageDraw.Draw(image)
    for line in sheet.lines:
        pen.text(line.at, line.text, fill=25, font=_font(sheet.face, line.size))
    worn = _worn(image, Random(sheet.wear))  # noqa: S311 - no secret
    stands = worn.rotate(-turn, expand=True)
    out = io.BytesIO()
    height = width * stands.height // stands.width
    stands.resize((width, height), Image.Resampling.HAMMING).save(
        out, "PNG", compress_level=3
    )
    return out.getvalue()


def _worn(image: Image.Image, chance: Random) -> Image.Image:
    """A little askew, soft and grainy, as scans are; boxes still hit their words."""
    askew = image.rotate(chance.uniform(-0.25, 0.25), fillcolor=255)
    soft = askew.filter(ImageFilter.GaussianBlur(chance.uniform(0.4, 1.1)))
    grain = np.random.default_rng(chance.randrange(1 << 32))
    pixels = np.asarray(soft, np.float32) * chance.uniform(0.92, 1.0)
    pixels += grain.normal(0.0, chance.uniform(2.0, 7.0), pixels.shape)
    specks = grain.random(pixels.shape) < chance.uniform(0.0, 0.0008)
    pixels[specks] = 60
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _font(face: str, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    if face:
        try:
            return ImageFont.truetype(face, size)
        except OSError:
            pass
    return ImageFont.load_default(size)


def below(lines: list[Line], step: int = _LINE) -> tuple[int, int]:
    """Where the next line begins."""
    last = max((line.at[1] for line in lines), default=150)
    return _LEFT, last + step
