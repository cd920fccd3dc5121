"""The scanner itself: how the sheet lies, lamp, lens, glass, sensor, threshold."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from benchmarks.charts.grain import SPREAD, as_pixels, between, cloud, grain, like, ramp
from benchmarks.charts.kinds import Pixels
from benchmarks.charts.sheet import Sheet

Affine = tuple[float, float, float, float, float, float]  # x' = ax + by + c, then y'


@dataclass(frozen=True, slots=True)
class Lay:
    """How the sheet lies under the lamp; lengths in inches, turns in degrees clockwise.

    ``over`` is how far the scan reaches beyond the sheet at left, top, right, foot
    (below 0 cuts the sheet's edge); ``lid`` the grey level seen there.
    """

    skew: float
    turn: int
    over: tuple[float, float, float, float]
    lid: int


def lay(page: Pixels, how: Lay, sheet: Sheet) -> tuple[Pixels, Affine]:
    """The sheet as it lies, and where a point of the print lands."""
    height, width = page.shape[:2]
    left, top, right, foot = (round(inches * sheet.dpi) for inches in how.over)
    quarter = how.turn // 90 % 4
    wide, high = (width, height) if quarter % 2 == 0 else (height, width)
    size = (wide + left + right, high + top + foot)
    angle = np.deg2rad(how.turn + how.skew)
    c, s = float(np.cos(angle)), float(np.sin(angle))
    middle_x, middle_y = left + wide / 2, top + high / 2
    x = middle_x - c * width / 2 + s * height / 2
    y = middle_y - s * width / 2 - c * height / 2
    place = (c, -s, x, s, c, y)
    laid = cv2.warpAffine(
        page,
        np.array(place).reshape(2, 3),
        size,
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(how.lid,) * 3,
    )
    return as_pixels(laid), place


def rim(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """The thin shadow along the sheet's edges, ``amount`` 0..1 of black."""
    page = page.copy()
    thick = sheet.px(sheet.rng.uniform(0.006, 0.02))
    sides = sheet.rng.random(4) < 0.6
    for i, edge in enumerate(
        (page[:thick], page[-thick:], page[:, :thick], page[:, -thick:])
    ):
        if sides[i]:
            edge[:] = (edge * (1 - amount * sheet.rng.uniform(0.4, 1))).astype(np.uint8)
    return page


def buckle(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """The feeder pulls unevenly: points move by up to ``amount`` inches, smoothly."""
    height, width = page.shape[:2]
    rng = sheet.rng
    size = (width, height)
    maps = []
    for axis, (cells, share) in enumerate(((4, 0.7), (6, 1.0))):
        shifts = rng.uniform(-1, 1, (cells, cells)) * amount * sheet.dpi * share
        smooth = cv2.resize(
            shifts.astype(np.float32), size, interpolation=cv2.INTER_CUBIC
        )
        along = np.arange(size[axis], dtype=np.float32)
        maps.append(smooth + (along[None, :] if axis == 0 else along[:, None]))
    return as_pixels(
        cv2.remap(
            page, maps[0], maps[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
    )


def lamp(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """Slow shading, ``amount`` the share of light missing at its darkest."""
    size = (page.shape[0], page.shape[1])
    light = cloud(size, int(sheet.rng.integers(3, 6)), sheet.rng, 50).astype(np.uint8)
    floor = 255 * (1 - amount)
    light = as_pixels(cv2.convertScaleAbs(light, alpha=(255 - floor) / 255, beta=floor))
    return as_pixels(cv2.multiply(page, like(light, page), scale=1 / 255))


def gutter(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """A dark slope along one side, from a book's spine or a lid not closed."""
    height, width = page.shape[:2]
    reach = sheet.px(sheet.rng.uniform(0.4, 1.6))
    slope = 1 - amount * np.exp(-np.arange(width, dtype=np.float32) / reach * 2.2)
    if sheet.rng.random() < 0.5:
        slope = slope[::-1]
    row = np.clip(slope * 255, 0, 255).astype(np.uint8)
    field = np.ascontiguousarray(np.broadcast_to(row, (height, width)))
    return as_pixels(cv2.multiply(page, like(field, page), scale=1 / 255))


def blur(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """Lens and motion, ``amount`` the sigma in pixels of 300 dpi."""
    sigma = amount * sheet.scale
    odd = sheet.rng.uniform(0.8, 1.25)
    return as_pixels(cv2.GaussianBlur(page, (0, 0), sigma * odd, sigmaY=sigma / odd))


def noise(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """Sensor noise of ``amount`` grey levels: single pixels and coarser grain."""
    size = (page.shape[0], page.shape[1])
    gain = amount / SPREAD
    coarse = grain(size, 1.0, sheet.rng)
    fine = grain(size, 0, sheet.rng)
    mixed = as_pixels(cv2.addWeighted(coarse, 0.6, fine, 0.8, -0.4 * 128))
    return as_pixels(cv2.addWeighted(page, 1.0, like(mixed, page), gain, -128 * gain))


def streaks(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """``amount`` lines down the feeder where dirt lies on the glass, dark or light."""
    page, rng = page.copy(), sheet.rng
    height, width = page.shape[:2]
    for _ in range(max(1, round(amount))):
        x, wide = (
            int(rng.integers(width - 8)),
            int(rng.integers(1, 2 + round(3 * sheet.scale))),
        )
        start = int(rng.integers(height // 2)) if rng.random() < 0.3 else 0
        stop = height if rng.random() < 0.7 else start + int(rng.integers(height // 2))
        stop = max(stop, start + 1)
        strip = page[start:stop, x : x + wide].astype(np.int16)
        waver = cloud((strip.shape[0], 1), 40, rng, 40).astype(np.int16)
        dark = rng.random() < 0.75
        depth = rng.uniform(40, 170) * (-1 if dark else 0.6)
        change = (waver * depth / 128).astype(np.int16)
        change = change if strip.ndim == 2 else change[..., None]
        page[start:stop, x : x + wide] = np.clip(strip + change, 0, 255).astype(
            np.uint8
        )
    return page


def contrast(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """The operator's dial: ``amount`` above 1 hardens, below 1 flattens the greys."""
    middle = sheet.rng.uniform(120, 175)
    greys = (np.arange(256, dtype=np.float32) - middle) * amount + middle
    return as_pixels(cv2.LUT(page, np.clip(greys, 0, 255).astype(np.uint8)))


def threshold(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """Black (0) and white (255) as a scanner's own chip makes it.

    ``amount`` 0..1 is where the dial stands between ink and the paper around it;
    some chips look further round than others.
    """
    share = between(page, amount, 0.5) / max(between(page, 1.0), 1.0)
    around = int(sheet.rng.choice([5, 9, 15]))
    height, width = page.shape
    small = as_pixels(
        cv2.resize(page, (width // 16, height // 16), interpolation=cv2.INTER_AREA)
    )
    paper = cv2.blur(
        as_pixels(cv2.dilate(small, np.ones((3, 3), np.uint8))), (around, around)
    )
    cut = cv2.convertScaleAbs(
        cv2.resize(as_pixels(paper), (width, height)), alpha=share
    )
    cut = as_pixels(cv2.max(as_pixels(cut), np.full_like(page, 38)))
    return as_pixels(cv2.compare(page, cut, cv2.CMP_GE))


def dither(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """Error diffusion, as scanners set to photographs do; the scale's ends hardened."""
    white = float(np.percentile(page[::16, ::16], 60)) - 14 * (1 + sheet.rng.random())
    hard = as_pixels(cv2.LUT(page, ramp(white * amount, white)))
    return np.asarray(Image.fromarray(hard).convert("1"), np.uint8) * np.uint8(255)
