"""What happens to a sheet of paper in a chart: holes, folds, stains, pens, tears."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.charts.grain import as_pixels, cloud, grain, like
from benchmarks.charts.kinds import Pixels
from benchmarks.charts.sheet import Sheet

Colour = tuple[int, int, int]
_HIGHLIGHTERS: tuple[Colour, ...] = (
    (255, 244, 90), (170, 250, 120), (255, 170, 205), (255, 200, 110), (140, 225, 250),
)  # fmt: skip
_PAPERS: tuple[Colour, ...] = (
    (255, 246, 196), (255, 226, 228), (222, 246, 220), (220, 234, 255), (246, 238, 220),
)  # fmt: skip


def tone(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """Paper of ``amount`` (0..1) the white of the lamp, with fibres in it."""
    white = 255 * amount
    noise = grain((page.shape[0], page.shape[1]), 1.6 * sheet.scale, sheet.rng)
    gain = 0.05
    dim = cv2.addWeighted(
        page, amount, like(noise, page), gain, -128 * gain + (255 - white) * 0.06
    )
    return as_pixels(dim)


def tinted(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """Coloured or yellowed paper, ``amount`` 0..1 of a strong tint."""
    tint = _PAPERS[int(sheet.rng.integers(len(_PAPERS)))]
    return _wash(page, _blend(tint, amount))


def bleed(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """Print of the other side shines through mirrored, ``amount`` 0..1 of its ink."""
    if sheet.behind is None:
        return page
    height, width = page.shape[:2]
    other = sheet.behind
    grey = (
        as_pixels(cv2.cvtColor(other, cv2.COLOR_RGB2GRAY)) if other.ndim == 3 else other
    )
    half = as_pixels(cv2.resize(grey, (width // 2, height // 2)))
    soft = cv2.GaussianBlur(half, (0, 0), sheet.rng.uniform(0.7, 1.8) * sheet.scale)
    ghost = as_pixels(cv2.resize(as_pixels(soft), (width, height)))[:, ::-1]
    faint = 255 - (255 - np.arange(256)) * amount
    shine = as_pixels(cv2.LUT(np.ascontiguousarray(ghost), faint.astype(np.uint8)))
    return as_pixels(cv2.multiply(page, like(shine, page), scale=1 / 255))


def folds(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """``amount`` creases: a dark side, a light side and worn ink along each."""
    page = page.copy()
    height, width = page.shape[:2]
    for place in sheet.rng.permutation([0.33, 0.5, 0.67, 0.25])[
        : max(1, round(amount))
    ]:
        across = sheet.rng.random() < 0.8
        line = page if across else page.swapaxes(0, 1)
        at = int(
            (height if across else width) * (place + sheet.rng.uniform(-0.02, 0.02))
        )
        _crease(line, at, sheet)
    return page


def _crease(page: Pixels, at: int, sheet: Sheet) -> None:
    """Works in place on a band of rows; the crease runs a little aslant."""
    rng, depth = sheet.rng, sheet.px(0.05)
    length = page.shape[1]
    slant = rng.uniform(-0.01, 0.01)
    wave = cloud((1, length), 24, rng)[0].astype(np.float32) / 128 - 1
    course = at + (np.arange(length) - length / 2) * slant + wave * sheet.px(0.015)
    profile = np.concatenate(
        [np.linspace(0, -0.25, depth), np.linspace(0.08, 0, depth)]
    ) * rng.uniform(0.3, 1.0)
    top = int(np.clip(course.min() - depth, 0, page.shape[0] - 1))
    foot = int(np.clip(course.max() + depth, top + 1, page.shape[0]))
    rows = np.arange(top, foot)[:, None] - course[None, :] + depth
    gain = 1 + np.interp(rows, np.arange(2 * depth), profile, left=0, right=0)
    worn = np.abs(rows - depth) < sheet.px(0.006) * (1 + wave)[None, :]
    band = page[top:foot].astype(np.float32)
    gain, worn = (_as_deep(part, band) for part in (gain, worn))
    lost = np.where(worn, band + (255 - band) * 0.55, band)
    page[top:foot] = np.clip(lost * gain, 0, 255).astype(np.uint8)


def holes(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """``amount`` round holes at the left edge (or two at the top): the lid behind."""
    page, rng = page.copy(), sheet.rng
    count = max(2, round(amount))
    height, width = page.shape[:2]
    top = count == 2 and rng.random() < 0.6
    dark = int(rng.choice([20, 45, 90, 235]))
    inset = rng.uniform(0.27, 0.42)
    radius = rng.uniform(0.12, 0.155)
    gap = sheet.px(2.75) if top else height * (0.386 if count == 3 else 0.25)
    for i in range(count):
        along = int((width if top else height) / 2 + (i - (count - 1) / 2) * gap)
        along += int(rng.integers(-4, 5))
        centre = (along, sheet.px(inset)) if top else (sheet.px(inset), along)
        rim = min(dark + 90, 255)
        cv2.circle(page, centre, sheet.px(radius + 0.008), (rim,) * 3, -1, cv2.LINE_AA)
        cv2.circle(page, centre, sheet.px(radius), (dark,) * 3, -1, cv2.LINE_AA)
    return page


def stain(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """A cup's ring or a splash, ``amount`` 0..1 of a strong brown."""
    rng = sheet.rng
    side = sheet.px(rng.uniform(1.5, 3.4))
    mask = np.zeros((side, side), np.uint8)
    centre, radius = (side // 2, side // 2), int(side * 0.4)
    if rng.random() < 0.6:
        cv2.circle(mask, centre, radius, (255,), max(2, side // 26), cv2.LINE_AA)
        cv2.circle(mask, centre, radius, (60,), -1, cv2.LINE_AA)
        cv2.circle(mask, centre, radius, (230,), max(1, side // 50), cv2.LINE_AA)
    else:
        axes = (radius, int(radius * rng.uniform(0.4, 1)))
        cv2.ellipse(mask, centre, axes, float(rng.uniform(0, 180)), 0, 360, (150,), -1)
        cv2.ellipse(mask, centre, axes, float(rng.uniform(0, 180)), 0, 360, (210,), 2)
    soft = as_pixels(cv2.GaussianBlur(mask, (0, 0), max(side / 130, 1)))
    rough = as_pixels(
        cv2.multiply(soft, cloud((side, side), 9, rng, 45), scale=1 / 150)
    )
    y = int(rng.integers(-side // 3, page.shape[0] - side // 2))
    x = int(rng.integers(-side // 3, page.shape[1] - side // 2))
    return _stained(page, (x, y), rough, _blend((150, 100, 50), amount))


def highlighter(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """``amount`` strokes of a marker pen over lines of text."""
    rng = sheet.rng
    colour = _HIGHLIGHTERS[int(rng.integers(len(_HIGHLIGHTERS)))]
    for _ in range(max(1, round(amount))):
        wide, high = sheet.px(rng.uniform(1.0, 4.5)), sheet.px(rng.uniform(0.14, 0.2))
        mask = np.zeros((high * 2, wide), np.uint8)
        slope = int(rng.integers(-high // 3, high // 3 + 1))
        ends = ((high // 2, high + slope // 2), (wide - high // 2, high - slope // 2))
        cv2.line(mask, ends[0], ends[1], (235,), high)
        at = (int(rng.integers(sheet.px(0.5), page.shape[1] // 2)),
              int(rng.integers(sheet.px(1), page.shape[0] - sheet.px(1))))  # fmt: skip
        page = _stained(page, at, mask, colour)
    return page


def dust(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """``amount`` specks and hairs on paper or glass."""
    page, rng = page.copy(), sheet.rng
    height, width = page.shape[:2]
    for _ in range(round(amount)):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        grey = int(rng.integers(20, 190))
        if rng.random() < 0.04:
            size = sheet.px(rng.uniform(0.02, 0.12))
            turn = float(rng.uniform(0, 360))
            axes, sweep = (size, size // 2 + 1), float(rng.uniform(40, 200))
            cv2.ellipse(page, (x, y), axes, turn, 0, sweep, (grey,) * 3, 1, cv2.LINE_AA)
        else:
            a, b = (int(axis) for axis in rng.integers(0, 2 + int(2 * sheet.scale), 2))
            cv2.ellipse(page, (x, y), (a, b), 0, 0, 360, (grey,) * 3, -1)
    return page


def staple(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """A staple at the top left, or the two prints and shadow that it left."""
    page, rng = page.copy(), sheet.rng
    x, y = sheet.px(rng.uniform(0.2, 0.7)), sheet.px(rng.uniform(0.15, 0.5))
    angle = rng.uniform(-0.3, 1.2)
    reach = sheet.px(0.45)
    end = (x + int(reach * np.cos(angle)), y + int(reach * np.sin(angle)))
    if rng.random() < amount:
        thick = sheet.px(0.02)
        shade = (x + thick, y + thick), (end[0] + thick, end[1] + thick)
        cv2.line(page, shade[0], shade[1], (170,) * 3, thick * 2, cv2.LINE_AA)
        cv2.line(page, (x, y), end, (70,) * 3, thick, cv2.LINE_AA)
    for hole in ((x, y), end):
        cv2.circle(page, hole, sheet.px(0.013), (60,) * 3, -1, cv2.LINE_AA)
    return page


def torn(page: Pixels, amount: float, sheet: Sheet) -> Pixels:
    """A corner is gone or folded over, ``amount`` inches of it: the lid shows."""
    page, rng = page.copy(), sheet.rng
    height, width = page.shape[:2]
    across, down = sheet.px(amount), sheet.px(amount * rng.uniform(0.6, 1.6))
    x, y = (0, width)[int(rng.integers(2))], (0, height)[int(rng.integers(2))]
    side, up = (1 if x == 0 else -1), (1 if y == 0 else -1)
    corner = np.array([(x, y), (x + side * across, y), (x, y + up * down)], np.int32)
    lid = int(rng.choice([15, 60, 225]))
    if rng.random() < 0.5:  # folded over: a second triangle of paper back
        flap = corner.copy()
        flap[0] = (x + side * across * 0.75, y + up * down * 0.75)
        cv2.fillPoly(page, [flap], (238,) * 3)
        cv2.polylines(page, [flap], True, (185,) * 3, sheet.px(0.01), cv2.LINE_AA)  # noqa: FBT003 - OpenCV's own
    cv2.fillPoly(page, [corner], (lid,) * 3, cv2.LINE_AA)
    return page


def _wash(page: Pixels, colour: Colour) -> Pixels:
    if page.ndim == 2:
        return as_pixels(cv2.convertScaleAbs(page, alpha=_luma(colour) / 255))
    washed = [
        cv2.convertScaleAbs(np.ascontiguousarray(page[..., i]), alpha=part / 255)
        for i, part in enumerate(colour)
    ]
    return as_pixels(cv2.merge(washed))


def _stained(page: Pixels, at: tuple[int, int], mask: Pixels, colour: Colour) -> Pixels:
    """The page multiplied with a colour where the mask lies, cut at the page's edge."""
    x, y = at
    left, top = max(x, 0), max(y, 0)
    right = min(x + mask.shape[1], page.shape[1])
    foot = min(y + mask.shape[0], page.shape[0])
    if right <= left or foot <= top:
        return page
    page = page.copy()
    part = mask[top - y : foot - y, left - x : right - x].astype(np.float32) / 255
    there = page[top:foot, left:right]
    inks = (_luma(colour),) if page.ndim == 2 else colour
    gains = [1 - part * (1 - ink / 255) for ink in inks]
    gain = gains[0] if page.ndim == 2 else np.stack(gains, axis=2)
    page[top:foot, left:right] = (there * gain).astype(np.uint8)
    return page


def _blend(colour: Colour, amount: float) -> Colour:
    red, green, blue = (round(255 - (255 - part) * amount) for part in colour)
    return red, green, blue


def _luma(colour: Colour) -> float:
    red, green, blue = colour
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _as_deep(part: NDArray[Any], band: NDArray[Any]) -> NDArray[Any]:
    return part if band.ndim == 2 else part[..., None]
