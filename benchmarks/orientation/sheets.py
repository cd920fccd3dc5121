"""Sheets of words in every typeface of the machine: which way up letters stand.

The charts have the typefaces of their houses; a page from outside has any other. So
the model for orientation also learns from these, capitals and figures among them.
"""

from __future__ import annotations

import functools
import re
import subprocess
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmarks.charts.kinds import Pixels

_TEXTS = Path(__file__).parent.parent / "forms" / "texts"
_POINTS = (7, 8, 9, 10, 10, 11, 11, 12, 12, 13, 15)
_WORD = re.compile(r"[\w.,;:'()/-]+")
_STRANGE = re.compile("Symbols|Math|D050000L")  # no letters in them


@functools.cache
def typefaces() -> tuple[str, ...]:
    """The font files for English that fontconfig knows, in the order of their names."""
    listed = subprocess.run(
        ["fc-list", ":lang=en", "file"], capture_output=True, text=True, check=True
    )
    names = {row.strip().rstrip(":") for row in listed.stdout.splitlines()}
    fit = (n for n in names if n.endswith((".ttf", ".otf")) and not _STRANGE.search(n))
    return tuple(sorted(fit, key=lambda name: (Path(name).name, name)))


@functools.cache
def _words() -> tuple[str, ...]:
    texts = (path.read_text("utf-8") for path in sorted(_TEXTS.glob("*.txt")))
    return tuple(filter(_WORD.fullmatch, " ".join(texts).split()))


def sheet(rng: Random, dpi: int) -> Pixels:
    """An upright letter sheet in grey: one to three blocks, each in its own type."""
    image = Image.new("L", (int(8.5 * dpi), 11 * dpi), 255)
    top = rng.uniform(0.4, 2.0) * dpi
    for _ in range(rng.choice((1, 2, 2, 3))):
        top = _block(image, rng, dpi, top)
    return np.asarray(image, np.uint8)


def _block(image: Image.Image, rng: Random, dpi: int, top: float) -> float:
    """Lines of words from ``top`` down; where the next block may begin."""
    pen = ImageDraw.Draw(image)
    size = int(rng.choice(_POINTS) * dpi / 72)
    font = ImageFont.truetype(rng.choice(typefaces()), size)
    left = rng.uniform(0.4, 1.4) * dpi
    right = rng.choice((4.2, 7.2, 7.8)) * dpi
    step, ink = size * rng.uniform(1.1, 2.0), rng.randint(0, 90)
    gap = pen.textlength(" ", font) * rng.choice((1, 1, 1, 3, 8))
    ruled = rng.random() < 0.25
    manner = rng.choice(("as is", "as is", "as is", "capitals", "figures"))
    for _ in range(rng.choice((1, 2, 4, 8, 16, 24))):
        if top > image.height - dpi:
            break
        x = left
        while x < right:
            word = _manner(rng.choice(_words()), manner, rng)
            pen.text((x, top), word, ink, font)
            x += pen.textlength(word, font) + gap
        if ruled:
            y = top + 1.2 * size
            pen.line((left, y, right, y), 0, max(dpi // 150, 1))
        top += step
    return top + rng.uniform(0.2, 0.8) * dpi


def _manner(word: str, manner: str, rng: Random) -> str:
    match manner:
        case "capitals":
            return word.upper()
        case "figures" if rng.random() < 0.6:
            digits = "".join(rng.choice("0123456789") for _ in range(rng.randint(1, 6)))
            return digits + rng.choice(("", "", ".0", "%", " mg", "/80", "-12"))
        case _:
            return word
