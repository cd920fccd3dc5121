"""What printers, ribbons, copiers and fax machines do to print before it is scanned.

Every step takes the page, how much of it, and the sheet; none changes its input.
"""

from __future__ import annotations

import cv2
import numpy as np

from benchmarks.charts.grain import SPREAD, as_pixels, between, cloud, grain, like, ramp
from benchmarks.charts.kinds import Pixels
from benchmarks.charts.sheet import Sheet


def fade(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """Ribbon and toner run low: ink loses ``amount`` 0..1 of its darkness, patchily."""
    where = cloud(_size(page), int(sheet.rng.integers(4, 14)), sheet.rng, 40)
    swing = min(amount, 1 - amount) * 0.6  # the palest places keep ink
    middle = 255 * (1 - amount) - 128 * swing
    kept = as_pixels(cv2.convertScaleAbs(where, alpha=swing, beta=middle))
    ink = cv2.multiply(
        as_pixels(cv2.bitwise_not(page)), like(kept, page), scale=1 / 255
    )
    return as_pixels(cv2.bitwise_not(as_pixels(ink)))


def dropouts(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """Ink that never took: specks of paper within strokes, ``amount`` their share."""
    rng = sheet.rng
    noise = grain(_size(page), rng.uniform(0.6, 1.3) * sheet.scale, rng)
    where = cloud(_size(page), int(rng.integers(5, 12)), rng, 30)
    mixed = cv2.addWeighted(noise, 1.0, where, 0.6, -0.6 * 128)
    cut = 128 + _tail(amount) * SPREAD * 1.17
    holes = cv2.LUT(as_pixels(mixed), ramp(cut - 6, cut + 6))
    return as_pixels(cv2.max(page, like(as_pixels(holes), page)))


def weight(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """Strokes grow (above 0) or thin (below 0) by ``amount`` pixels of 300 dpi."""
    steps = abs(amount) * sheet.scale
    kernel = np.ones((3, 3), np.uint8)
    change = cv2.erode if amount > 0 else cv2.dilate
    whole = int(steps)
    if whole:
        page = as_pixels(change(page, kernel, iterations=whole))
    part = steps - whole
    if part < 0.05:
        return page
    return as_pixels(
        cv2.addWeighted(as_pixels(change(page, kernel)), part, page, 1 - part, 0)
    )


def copies(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """Generations of copying: each blurs, roughens and hardens what it gets."""
    for _ in range(round(amount)):
        page = _copy(page, sheet)
    return page


def _copy(page: Pixels, sheet: Sheet) -> Pixels:
    rng, scale = sheet.rng, sheet.scale
    soft = cv2.GaussianBlur(page, (0, 0), rng.uniform(0.8, 1.25) * scale)
    noise = grain(_size(page), rng.uniform(0.7, 1.2) * scale, rng)
    gain = rng.uniform(0.5, 0.9)
    rough = cv2.addWeighted(as_pixels(soft), 1.0, like(noise, page), gain, -128 * gain)
    middle, half = between(page, rng.uniform(0.42, 0.6)), rng.uniform(18, 45)
    return as_pixels(cv2.LUT(as_pixels(rough), ramp(middle - half, middle + half)))


def pepper(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """Toner specks of all sizes, thicker in places; ``amount`` is their share."""
    rng = sheet.rng
    for coarseness, part in ((0.5, 0.4), (1.1, 0.6)):
        noise = grain(_size(page), coarseness * sheet.scale, rng)
        where = cloud(_size(page), int(rng.integers(4, 9)), rng, 34)
        mixed = as_pixels(cv2.addWeighted(noise, 1.0, where, 0.5, -64))
        cut = 128 + _tail(amount * part) * SPREAD * 1.15
        specks = cv2.bitwise_not(as_pixels(cv2.LUT(mixed, ramp(cut - 4, cut + 8))))
        page = as_pixels(cv2.min(page, like(as_pixels(specks), page)))
    return page


def fax(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """Sent by fax: black and white at 204 dots across and ``amount`` lines an inch.

    Group 3 machines send 98 (standard) or 196 (fine) lines; some lines are lost.
    """
    rng = sheet.rng
    grey = as_pixels(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)) if page.ndim == 3 else page
    height, width = grey.shape
    wide, high = round(width * 204 / sheet.dpi), round(height * amount / sheet.dpi)
    angle = rng.uniform(-0.5, 0.5)
    turned = cv2.warpAffine(
        grey,
        cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0),
        (width, height),
        borderValue=(255,),
    )
    sent = as_pixels(cv2.resize(turned, (wide, high), interpolation=cv2.INTER_AREA))
    rough = cv2.addWeighted(sent, 1.0, grain((high, wide), 0, rng), 0.45, -58)
    cut = between(sent, rng.uniform(0.46, 0.6))
    black = as_pixels(cv2.LUT(as_pixels(rough), ramp(cut, cut + 1)))
    for y in rng.integers(0, high, int(rng.integers(0, 5))):  # a line is said twice
        black[y : y + 2] = black[max(y - 1, 0)]
    back = cv2.resize(black, (width, height), interpolation=cv2.INTER_LINEAR)
    received = as_pixels(back)
    return like(received, page)


def _size(page: Pixels) -> tuple[int, int]:
    return page.shape[0], page.shape[1]


def _tail(share: float) -> float:
    """How many deviations leave ``share`` (0.0001..0.5) of a bell curve above them."""
    share = min(max(share, 1e-4), 0.5)
    t = float(np.sqrt(-2 * np.log(share)))  # Abramowitz and Stegun 26.2.22
    return t - (2.30753 + 0.27061 * t) / (1 + 0.99229 * t + 0.04481 * t * t)
