"""Risk over coverage as a small SVG, the risk by powers of ten, drawn by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from benchmarks.traps.figures import Numbers

WIDE, HIGH, EDGE = 640, 360, 56  # px
_LOW, _TOP = -5.0, -1.0  # powers of ten of the risk, at the foot and at the head
_FROM = 0.5  # coverage at the left edge
_INKS = ("#1b6ca8", "#c8553d", "#5b8c5a", "#7d5ba6", "#b08900", "#444444")
_POINTS = 300


def svg(curves: Mapping[str, tuple[Numbers, Numbers]], title: str) -> str:
    """Each named curve; 1 in 10,000 is marked. A risk of 0 lies on the foot."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDE}" height="{HIGH}" fill="white"/>',
        f'<text x="{EDGE}" y="16">{title}</text>',
        *_grid(),
    ]
    for at, (name, (share, risk)) in enumerate(curves.items()):
        ink = _INKS[at % len(_INKS)]
        some = np.unique(np.linspace(0, len(share) - 1, _POINTS).astype(int))
        points = " ".join(
            f"{x:.1f},{y:.1f}"
            for x, y in (_place(float(share[i]), float(risk[i])) for i in some)
            if x >= EDGE
        )
        lines.append(
            f'<polyline points="{points}" fill="none" stroke="{ink}" stroke-width="2"/>'
        )
        lines.append(
            f'<text x="{EDGE + 12}" y="{EDGE + 16 * at}" fill="{ink}">{name}</text>'
        )
    return "\n".join([*lines, "</svg>"]) + "\n"


def _grid() -> list[str]:
    lines = []
    for power in range(int(_LOW), int(_TOP) + 1):
        _, y = _place(_FROM, 10.0**power)
        dash = ' stroke-dasharray="5 3"' if power == -4 else ""
        lines.append(
            f'<path d="M{EDGE} {y:.1f}H{WIDE - 12}" stroke="#bbb"{dash}/>'
            f'<text x="6" y="{y + 4:.1f}">1e{power}</text>'
        )
    for share in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
        x, _ = _place(share, 1.0)
        lines.append(f'<text x="{x - 12:.1f}" y="{HIGH - 22}">{share:.0%}</text>')
    middle = WIDE / 2 - 80
    told = f'<text x="{middle:.0f}" y="{HIGH - 6}">pages filed, surest first</text>'
    return [*lines, told]


def _place(share: float, risk: float) -> tuple[float, float]:
    x = EDGE + (share - _FROM) / (1 - _FROM) * (WIDE - EDGE - 24)
    power = math.log10(max(risk, 10**_LOW))
    high = (min(power, _TOP) - _LOW) / (_TOP - _LOW)
    return x, HIGH - 38 - high * (HIGH - 38 - 28)
