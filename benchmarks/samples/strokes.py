"""What is not type: signatures, ticks, heart beats. Boxes are left, top, width."""

import math
from random import Random

from PIL import ImageDraw


def scribble(
    pen: ImageDraw.ImageDraw, box: tuple[int, int, int], height: int, rng: Random
) -> None:
    """A signature of a few loops that nobody can read, from left to right."""
    left, top, width = box
    loops = rng.randint(5, 9)
    tilt = rng.uniform(-0.2, 0.05)
    points = []
    lift, angle = float(height), rng.uniform(0, 3)
    pace, drift = 1.0, 0.0
    for step in range(loops * 12):
        share = step / (loops * 12)
        pace += (rng.uniform(0.2, 1.9) - pace) * 0.25
        angle += pace * math.pi / 6
        drift = 0.9 * drift + rng.uniform(-0.03, 0.03) * height
        lift += (rng.uniform(0.25, 1.1) * height - lift) * 0.12
        x = left + share * width + math.cos(angle) * width * 0.034
        y = (
            top
            + height * 0.6
            - math.sin(angle) * lift * 0.5
            + drift
            + tilt * share * width * 0.2
        )
        points.append((x, y))
    pen.line(points, rng.randint(30, 80), max(2, height // 14), joint="curve")
    if rng.random() < 0.6:
        y = top + height * rng.uniform(0.75, 1.0)
        pen.line((left, y, left + width, y - height * 0.4), 60, max(1, height // 18))


def tick_box(
    pen: ImageDraw.ImageDraw,
    corner: tuple[int, int],
    size: int,
    rng: Random,
    *,
    on: bool,
) -> None:
    """A printed square, crossed by hand when on."""
    x, y = corner
    side = int(size * 0.8)
    top = y + size // 6
    pen.rectangle((x, top, x + side, top + side), outline=20, width=max(1, size // 16))
    if on:
        jog = rng.randint(-size // 8, size // 8)
        width = max(2, size // 9)
        pen.line((x - jog, top - jog, x + side + jog, top + side), 40, width)
        pen.line((x + side, top - jog, x + jog, top + side + jog), 40, width)


def ecg_trace(
    pen: ImageDraw.ImageDraw, box: tuple[int, int, int, int], dpi: int, rng: Random
) -> None:
    """One strip of beats on light millimetre paper."""
    left, top, width, height = box
    step = dpi / 25.4 * 5
    for i in range(int(width / step) + 1):
        pen.line((left + i * step, top, left + i * step, top + height), 205, 1)
    for i in range(int(height / step) + 1):
        pen.line((left, top + i * step, left + width, top + i * step), 205, 1)
    beat = dpi * rng.uniform(0.7, 1.0)
    middle, tall = top + height * 0.62, height * rng.uniform(0.3, 0.5)
    points = [
        (left + x, middle - tall * _beat((x % beat) / beat) + rng.uniform(-1, 1))
        for x in range(0, width, 2)
    ]
    pen.line(points, 30, max(1, dpi // 120))


def _beat(phase: float) -> float:
    """Voltage of one beat, phase 0..1; 1 is the top of the R wave."""
    bumps = ((0.2, 0.025, 0.14), (0.34, 0.008, -0.12), (0.37, 0.010, 1.0))
    rest = ((0.40, 0.010, -0.25), (0.62, 0.045, 0.25))
    return sum(
        high * math.exp(-(((phase - at) / wide) ** 2))
        for at, wide, high in (*bumps, *rest)
    )
