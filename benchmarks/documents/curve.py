"""The risk-coverage curve as a small SVG, drawn by hand."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from benchmarks.documents.scores import Numbers

WIDE, HIGH, EDGE = 560, 320, 44  # px
_MOST_RISK = 0.2  # at the top of the picture
_INKS = ("#1b6ca8", "#c8553d", "#5b8c5a", "#7d5ba6")
_POINTS = 200


def svg(curves: Mapping[str, tuple[Numbers, Numbers]], title: str) -> str:
    """Each named curve: coverage to the right, risk upwards; 1 % is marked."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDE}" height="{HIGH}" fill="white"/>',
        f'<text x="{EDGE}" y="16">{title}</text>',
        *_grid(),
    ]
    for at, (name, (share, risk)) in enumerate(curves.items()):
        ink = _INKS[at % len(_INKS)]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in _drawn(share, risk))
        lines.append(
            f'<polyline points="{points}" fill="none" stroke="{ink}" stroke-width="2"/>'
        )
        lines.append(
            f'<text x="{EDGE + 12}" y="{EDGE + 16 * at}" fill="{ink}">{name}</text>'
        )
    return "\n".join([*lines, "</svg>"]) + "\n"


def _grid() -> list[str]:
    lines = []
    for risk in (0.0, 0.01, 0.05, 0.1, 0.15, 0.2):
        _, y = _place(0, risk)
        dash = ' stroke-dasharray="5 3"' if risk == 0.01 else ""
        lines.append(
            f'<path d="M{EDGE} {y:.1f}H{WIDE - 12}" stroke="#bbb"{dash}/>'
            f'<text x="4" y="{y + 4:.1f}">{risk:.0%}</text>'
        )
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, _ = _place(share, 0)
        lines.append(f'<text x="{x - 12:.1f}" y="{HIGH - 22}">{share:.0%}</text>')
    lines.append(
        f'<text x="{WIDE / 2 - 90:.0f}" y="{HIGH - 6}">documents accepted, surest first'
        "</text>"
    )
    return lines


def _drawn(share: Numbers, risk: Numbers) -> list[tuple[float, float]]:
    some = np.unique(np.linspace(0, len(share) - 1, _POINTS).astype(int))
    return [_place(float(share[i]), float(risk[i])) for i in some]


def _place(share: float, risk: float) -> tuple[float, float]:
    x = EDGE + share * (WIDE - EDGE - 24)
    y = HIGH - 38 - min(risk, _MOST_RISK) / _MOST_RISK * (HIGH - 38 - EDGE + 16)
    return x, y
