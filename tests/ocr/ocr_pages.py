"""Pages drawn for the tests of this room: words at known places, then spoilt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from pipeline.page import Box, PageImage

DPI = 300
SIZE = (2550, 3300)
PROSE = (
    "The patient was seen in the clinic this morning for a routine visit and reports "
    "no chest pain, no cough and no fever since the last examination. Blood pressure "
    "was normal on both arms, the lungs were clear and the heart sounds regular. She "
    "continues her tablets twice daily with meals and walks for an hour each evening. "
    "Laboratory results of last week were discussed and need no change of treatment. "
)


@dataclass(frozen=True)
class Drawn:
    """A page and the truth about it: words with their boxes."""

    pixels: np.ndarray
    words: tuple[tuple[str, Box], ...] = ()

    @property
    def image(self) -> PageImage:
        return PageImage(self.pixels, DPI)


def paper(size: tuple[int, int] = SIZE, grey: int = 255) -> np.ndarray:
    return np.full((size[1], size[0]), grey, np.uint8)


def prose(
    lines: int = 24, text: str = PROSE, top: int = 300, points: int = 11
) -> Drawn:
    """A page of running text with the box of every word's ink."""
    picture = Image.fromarray(paper())
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(points * DPI / 72)
    step, left = int(points * DPI / 72 * 1.5), 300
    words: list[tuple[str, Box]] = []
    tokens = (text * 20).split()
    x, y, line = left, top, 0
    while line < lines:
        token = tokens.pop(0)
        wide = draw.textlength(token + " ", font)
        if x + wide > SIZE[0] - 300:
            x, y, line = left, y + step, line + 1
            continue
        draw.text((x, y), token, 0, font)
        words.append((token, Box(*draw.textbbox((x, y), token, font))))
        x += wide
    return Drawn(np.asarray(picture).copy(), tuple(words))


def turned_page(page: Drawn, degrees: float) -> Drawn:
    """Content turned clockwise about the page's middle; boxes around the corners."""
    height, width = page.pixels.shape
    middle = (width / 2 - 0.5, height / 2 - 0.5)
    onto = cv2.getRotationMatrix2D(middle, -degrees, 1.0)
    pixels = cv2.warpAffine(page.pixels, onto, (width, height), borderValue=(255,))
    words = []
    for text, box in page.words:
        x = np.array([box.left, box.right, box.right, box.left]) - 0.5
        y = np.array([box.top, box.top, box.bottom, box.bottom]) - 0.5
        u, v = onto @ np.array([x, y, np.ones(4)]) + 0.5
        words.append((text, Box(u.min(), v.min(), u.max(), v.max())))
    return Drawn(pixels.astype(np.uint8), tuple(words))


def scanned(pixels: np.ndarray, seed: int = 1, noise: float = 6.0) -> np.ndarray:
    """Grey paper, blur and grain."""
    soft = cv2.GaussianBlur(pixels, (0, 0), 1.0).astype(np.float64)
    soft *= 0.9
    soft += 10
    soft += grain(pixels.shape, seed) * noise
    return np.clip(soft, 0, 255, out=soft).astype(np.uint8)


@lru_cache(maxsize=4)
def grain(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Of every page of this size the same: to draw it takes longer than most tests."""
    return np.random.default_rng(seed).standard_normal(shape)


def with_code(
    pixels: np.ndarray, kind: str, text: str, at: tuple[int, int], scale: int = 4
) -> np.ndarray:
    """A barcode drawn at (left, top), ``scale`` px a module."""
    code = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
    drawn = np.asarray(zxingcpp.write_barcode_to_image(code, scale=scale))
    out = pixels.copy()
    height, width = drawn.shape
    out[at[1] : at[1] + height, at[0] : at[0] + width] = drawn
    return out


def with_patch(
    pixels: np.ndarray, bars: str, top: int = 150, inches: float = 5.0
) -> np.ndarray:
    """Four bars, wide and narrow, across the page."""
    out = pixels.copy()
    width = out.shape[1]
    left = int(width / 2 - inches * DPI / 2)
    for bar in bars:
        high = int((0.20 if bar == "W" else 0.08) * DPI)
        out[top : top + high, left : left + int(inches * DPI)] = 0
        top += high + int(0.08 * DPI)
    return out
