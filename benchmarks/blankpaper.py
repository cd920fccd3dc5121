"""Empty sides of paper as a scanner sees them, at three levels of wear.

Pixels are uint8 (h, w), 0 black. A paper is made once and serves many sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.samples.typecases import typeface

LEVELS = ("clean", "typical", "poor")
INCHES = (8.5, 11.0)
_FONTS = ("serif", "sans", "mono", "typewriter")
_PROSE = (
    "The patient was seen in the clinic this morning and reports no chest pain, no "
    "cough and no fever. Blood pressure was normal, the lungs were clear. Continue "
    "the tablets twice daily; laboratory results were discussed with the family. "
)

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Paper:
    """An empty side in grey; ``cut`` is a bitonal scanner's threshold, 0 for grey.

    ``rough`` is what makes that threshold waver, in grey levels.
    """

    pixels: Pixels = field(repr=False)
    cut: float = 0.0
    rough: Floats | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Wear:
    """What may befall a side at one level; ranges are drawn from evenly."""

    tone: tuple[float, float]  # of the paper, 0..1
    noise: tuple[float, float]  # grey levels
    through: tuple[float, float]  # share of the other side's darkness
    dust: int  # specks at most
    likely: float  # that it is punched, folded, bordered, shaded


WEAR = {
    "clean": Wear((0.92, 0.99), (1.0, 3.0), (0.0, 0.05), 6, 0.25),
    "typical": Wear((0.80, 0.97), (2.0, 6.0), (0.0, 0.11), 25, 0.4),
    "poor": Wear((0.62, 0.93), (4.0, 12.0), (0.0, 0.2), 90, 0.55),
}


def papers(level: str, count: int, dpi: int, seed: Sequence[int]) -> list[Paper]:
    """``count`` papers, a third of them for a bitonal scanner."""
    return [
        _paper(WEAR[level], dpi, np.random.default_rng([*seed, i]), cut=i % 3 == 2)
        for i in range(count)
    ]


def bitonal(pixels: Pixels, paper: Paper) -> Pixels:
    """0 or 255, as the scanner's own threshold has it."""
    level = pixels if paper.rough is None else pixels + paper.rough
    return np.where(level < paper.cut, np.uint8(0), np.uint8(255))


def _paper(wear: Wear, dpi: int, rng: np.random.Generator, *, cut: bool) -> Paper:
    shape = (int(INCHES[1] * dpi), int(INCHES[0] * dpi))
    light = np.full(shape, 255.0, np.float32)
    if rng.random() < 0.8:
        light -= _other_side(shape, dpi, rng) * np.float32(rng.uniform(*wear.through))
    for befalls in (_shade, _fold, _holes, _stain):
        if rng.random() < wear.likely:
            light = befalls(light, dpi, rng)
    light = _dust(light, int(rng.integers(wear.dust + 1)), dpi, rng)
    if rng.random() < wear.likely:
        light = _border(light, dpi, rng)
    light *= np.float32(rng.uniform(*wear.tone))
    light = cv2.GaussianBlur(light, (0, 0), 0.5 * dpi / 150).astype(np.float32)
    light += rng.normal(0, rng.uniform(*wear.noise), shape).astype(np.float32)
    pixels = np.clip(light, 0, 255).astype(np.uint8)
    if not cut:
        return Paper(pixels)
    grain = rng.normal(0, rng.uniform(0, 10), shape).astype(np.float32)
    threshold = float(np.median(pixels)) * rng.uniform(0.55, 0.75)
    return Paper(pixels, threshold, grain)


def _other_side(shape: tuple[int, int], dpi: int, rng: np.random.Generator) -> Floats:
    """A printed page's ink, 0..255, seen through paper: mirrored and soft."""
    lot = Random(int(rng.integers(1 << 30)))
    page = Image.new("L", (shape[1], shape[0]), 0)
    pen = ImageDraw.Draw(page)
    size = lot.choice((9, 10, 11, 12)) * dpi // 72
    font = typeface(lot.choice(_FONTS), size, bold=lot.random() < 0.2)
    words = _PROSE.split()
    y = int(0.8 * dpi)
    while y < shape[0] - dpi:
        start = lot.randrange(len(words))
        line = " ".join((words * 3)[start : start + lot.randint(2, 13)])
        pen.text((int(0.9 * dpi), y), line, 255, font)
        y += int(size * lot.choice((1.3, 1.3, 1.3, 2.6)))
    if lot.random() < 0.3:
        pen.rectangle((dpi, dpi, shape[1] - dpi, dpi * 2), outline=255, width=dpi // 75)
    ink = np.asarray(page, np.float32)[:, ::-1]
    soft = rng.uniform(0.15, 0.4) * dpi / 25.4  # paper scatters: tenths of a mm
    return cv2.GaussianBlur(ink, (0, 0), soft).astype(np.float32)


def _shade(light: Floats, dpi: int, rng: np.random.Generator) -> Floats:  # noqa: ARG001 - as its fellows
    """Uneven lamps."""
    cloud = cv2.resize(
        rng.normal(0, 1, (4, 4)).astype(np.float32), light.shape[::-1],
        interpolation=cv2.INTER_CUBIC,
    )  # fmt: skip
    return np.asarray(light * (1 - 0.05 * np.abs(cloud)), np.float32)


def _fold(light: Floats, dpi: int, rng: np.random.Generator) -> Floats:
    """A crease across the sheet: a soft shadow, sometimes with a hard line."""
    high, wide = light.shape
    across = rng.random() < 0.6
    length, span = (wide, high) if across else (high, wide)
    middle = (
        span * rng.uniform(0.2, 0.8)
        + np.linspace(-1, 1, length) * rng.uniform(-0.01, 0.01) * length
    )
    far = np.abs(np.arange(span)[:, None] - middle[None, :]) / dpi * 25.4  # mm
    shadow = rng.uniform(5, 30) * np.exp(-((far / rng.uniform(0.3, 2.5)) ** 2))
    if rng.random() < 0.4:
        shadow += rng.uniform(10, 60) * (far < 0.15)
    return np.asarray(light - (shadow if across else shadow.T), np.float32)


def _holes(light: Floats, dpi: int, rng: np.random.Generator) -> Floats:
    """Two or three punched holes near an edge, the dark lid behind."""
    light = light.copy()
    high = light.shape[0]
    count, x = int(rng.integers(2, 4)), rng.uniform(0.25, 0.5) * dpi
    grey = float(rng.uniform(20, 120))
    for i in range(count):
        y = high / 2 + (i - (count - 1) / 2) * 4.25 * dpi * (1 if count == 3 else 0.65)
        at = (int(x), int(y))
        cv2.circle(
            light, at, int(rng.uniform(0.115, 0.15) * dpi), (grey,), -1, cv2.LINE_AA
        )
    return light if rng.random() < 0.7 else light[:, ::-1].copy()


def _stain(light: Floats, dpi: int, rng: np.random.Generator) -> Floats:
    """Coffee, water: broad, soft and pale."""
    spot = np.zeros(light.shape, np.float32)
    at = tuple(int(rng.uniform(0.1, 0.9) * side) for side in light.shape[::-1])
    axes = (int(rng.uniform(0.3, 1.5) * dpi), int(rng.uniform(0.3, 1.2) * dpi))
    cv2.ellipse(spot, at, axes, rng.uniform(0, 180), 0, 360, (1.0,), -1)
    spot = cv2.GaussianBlur(spot, (0, 0), rng.uniform(0.08, 0.3) * dpi).astype(
        np.float32
    )
    return np.asarray(light - rng.uniform(5, 25) * spot, np.float32)


def _dust(light: Floats, count: int, dpi: int, rng: np.random.Generator) -> Floats:
    light = light.copy()
    for _ in range(count):
        x, y = (int(rng.integers(side)) * 8 for side in light.shape[::-1])
        radii = rng.uniform(0.05, 0.35, 2) * dpi / 25.4  # mm; cv2 takes eighths
        wide, high = (max(round(8 * radius), 4) for radius in radii)
        grey = float(rng.uniform(30, 200))
        cv2.ellipse(light, (x, y), (wide, high), 0, 0, 360, (grey,), -1, cv2.LINE_AA, 3)
    return light


def _border(light: Floats, dpi: int, rng: np.random.Generator) -> Floats:
    """The scanner's bed beside the sheet on one or two sides."""
    light = light.copy()
    grey = float(rng.uniform(10, 90))
    for _ in range(int(rng.integers(1, 3))):
        deep = rng.uniform(0.02, 0.3) * dpi
        slant = rng.uniform(-0.008, 0.008)
        turned = np.rot90(light, int(rng.integers(4)))
        edge = deep + slant * np.arange(turned.shape[1])
        turned[np.arange(turned.shape[0])[:, None] < edge[None, :]] = grey
    return light
