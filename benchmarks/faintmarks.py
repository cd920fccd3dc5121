"""The least that a person leaves on paper and nobody may lose.

Each mark is its ink's darkness in grey levels, float (h, w), as it lies in the scan.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.samples.strokes import scribble
from benchmarks.samples.typecases import typeface

Ink = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Rng = np.random.Generator
_FONTS = ("serif", "sans", "mono", "typewriter")
_NOTES = (
    "Page 2 of 3", "continued", "(over)", "see back", "No change.", "cc: chart",
    "Seen and agreed", "4/12/09", "Rev. 03/98", "Copy", "end of report",
)  # fmt: skip


def put(
    pixels: Pixels, ink: Ink, at: NDArray[np.float64]
) -> tuple[Pixels, tuple[slice, slice]]:
    """The side with the mark; ``at`` (0..1, down and across) is where it goes."""
    free = np.array(pixels.shape) - ink.shape
    margin = np.minimum(0.06 * np.array(pixels.shape), free / 2)
    top, left = (margin + at * (free - 2 * margin)).astype(int)
    where = (slice(top, top + ink.shape[0]), slice(left, left + ink.shape[1]))
    marked = pixels.copy()
    marked[where] = np.clip(marked[where] - ink, 0, 255).astype(np.uint8)
    return marked, where


def _soft(image: Image.Image, dpi: int, darkness: float, blur: float = 0.5) -> Ink:
    ink = np.asarray(image, np.float32) / 255
    return np.asarray(
        cv2.GaussianBlur(ink, (0, 0), blur * dpi / 150) * darkness, np.float32
    )


def _typed(
    text: str, points: float, dpi: int, rng: Rng, dark: tuple[float, float]
) -> Ink:
    font = typeface(str(rng.choice(_FONTS)), max(round(points * dpi / 72), 6))
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("L", (int(right - left) + 12, int(bottom - top) + 12), 0)
    ImageDraw.Draw(image).text((6 - left, 6 - top), text, 255, font)
    return _soft(image, dpi, rng.uniform(*dark))


def _page_number(dpi: int, rng: Rng) -> Ink:
    number = str(rng.integers(2, 40))
    text = number if rng.random() < 0.5 else f"- {number} -"
    return _typed(text, rng.uniform(8, 11), dpi, rng, (110, 200))


def _short_line(dpi: int, rng: Rng) -> Ink:
    return _typed(str(rng.choice(_NOTES)), rng.uniform(7, 11), dpi, rng, (90, 200))


def _carbon(dpi: int, rng: Rng) -> Ink:
    """A few typed lines through carbon paper: pale and soft."""
    words = " ".join(str(rng.choice(_NOTES)) for _ in range(4))
    count = int(rng.integers(2, 6))
    lines = [_typed(words, 10, dpi, rng, (35, 70)) for _ in range(count)]
    wide = max(line.shape[1] for line in lines)
    copy = np.concatenate(
        [np.pad(line, ((0, dpi // 15), (0, wide - line.shape[1]))) for line in lines]
    )
    return np.asarray(cv2.GaussianBlur(copy, (0, 0), 0.75 * dpi / 150), np.float32)


def _strokes(dpi: int, rng: Rng, letters: int, height: float) -> Image.Image:
    """Joined loops like handwriting, ``height`` inches high."""
    width = rng.uniform(0.3, 0.6)  # mm
    wide, high = int(letters * height * dpi * 0.8) + 20, int(height * dpi * 2.2) + 20
    image = Image.new("L", (wide, high), 0)
    pen, lot = ImageDraw.Draw(image), Random(int(rng.integers(1 << 30)))
    base, points = high * 0.65, []
    lean = lot.uniform(-0.2, 0.6)
    for i in range(letters * 10):
        angle = i / 10 * math.tau * lot.uniform(0.97, 1.03)
        tall = height * dpi * (1.0 if (i // 10) % 3 else 1.7) * 0.5
        y = base - tall * (1 - math.cos(angle)) / 2 + lot.uniform(-1, 1)
        x = 10 + i / (letters * 10) * (wide - 30) + math.sin(angle) * height * dpi * 0.2
        points.append((x + (base - y) * lean * 0.4, y))
    pen.line(points, 255, max(round(width * dpi / 25.4), 1), joint="curve")
    return image


def _pencil(dpi: int, rng: Rng) -> Ink:
    image = _strokes(dpi, rng, int(rng.integers(2, 9)), rng.uniform(0.08, 0.14))
    return _soft(image, dpi, rng.uniform(38, 90), 0.6)


def _initials(dpi: int, rng: Rng) -> Ink:
    image = _strokes(dpi, rng, 2, rng.uniform(0.1, 0.16))
    return _soft(image, dpi, rng.uniform(70, 180))


def _signature(dpi: int, rng: Rng) -> Ink:
    image = Image.new("L", (int(2.2 * dpi), int(0.7 * dpi)), 255)
    lot = Random(int(rng.integers(1 << 30)))
    scribble(
        ImageDraw.Draw(image), (dpi // 8, dpi // 4, int(1.7 * dpi)), int(0.3 * dpi), lot
    )
    return _soft(Image.eval(image, lambda v: 255 - v), dpi, rng.uniform(70, 190))


def _tick(dpi: int, rng: Rng) -> Ink:
    size = int(rng.uniform(0.14, 0.3) * dpi)
    image = Image.new("L", (size + 12, size + 12), 0)
    path = [(6, 6 + size * 0.6), (6 + size * 0.35, 6 + size), (6 + size, 6)]
    ImageDraw.Draw(image).line(path, 255, max(round(0.5 * dpi / 25.4), 1))
    return _soft(image, dpi, rng.uniform(60, 180))


def _stamp(dpi: int, rng: Rng) -> Ink:
    """A rubber stamp of one word, turned a little and unevenly inked."""
    word = str(rng.choice(("RECEIVED", "COPY", "FILED", "SCANNED", "MAY 3 1998")))
    font = typeface("sans", int(rng.uniform(0.12, 0.2) * dpi), bold=True)
    wide, high = int(font.getlength(word)) + 40, int(font.size * 2.4)
    image = Image.new("L", (wide, high), 0)
    pen = ImageDraw.Draw(image)
    pen.text((20, high * 0.25), word, 255, font)
    pen.rectangle((5, 5, wide - 6, high - 6), outline=255, width=max(dpi // 75, 1))
    image = image.rotate(rng.uniform(-12, 12), expand=True)
    ink = _soft(image, dpi, rng.uniform(45, 130), 0.7)
    patchy = cv2.resize(
        rng.uniform(0.5, 1, (5, 9)).astype(np.float32), ink.shape[::-1],
        interpolation=cv2.INTER_LINEAR,
    )  # fmt: skip
    return np.asarray(ink * patchy, np.float32)


MARKS: Mapping[str, Callable[[int, Rng], Ink]] = {
    "page number": _page_number,
    "short line": _short_line,
    "carbon copy": _carbon,
    "pencil": _pencil,
    "initials": _initials,
    "signature": _signature,
    "tick": _tick,
    "stamp": _stamp,
}
