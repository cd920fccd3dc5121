"""Drawn records: heart beats on millimetre paper, charts of vital signs, as SVG."""

from __future__ import annotations

import math
import re
from html import escape
from random import Random

from benchmarks.charts.content import Part
from benchmarks.charts.setting import Setting

_MM = 96 / 25.4  # pixels
_BUMPS = ((0.2, 0.025, 0.14), (0.34, 0.008, -0.12), (0.37, 0.010, 1.0),
          (0.40, 0.010, -0.25), (0.62, 0.045, 0.25))  # fmt: skip


def tracing(part: Part, setting: Setting) -> str:
    """Twelve leads and a rhythm strip; the words of the part name them."""
    wide = int(
        96 * (8.5 - setting.house.look.margins[1] - setting.house.look.margins[3])
    )
    habits = setting.habits
    high, rng = habits.choice((86, 100, 118)), setting.pen.rng
    beat = rng.uniform(52, 88)
    rows = [row[0] for row in part.items]
    total = high * len(rows) + 12
    grid = _grid(wide, total, habits.choice(("mm", "mm", "five", "dots")))
    paths = "".join(
        _beats(i * high + high * 0.62, wide, beat, rng, len(_leads(row)))
        for i, row in enumerate(rows)
    )
    names = "".join(
        f'<span style="left:{1 + j * 99 // len(cells)}%;top:{i * high + 2}px">'
        f"{escape(cell)}</span>"
        for i, cells in enumerate(_leads(row) for row in rows)
        for j, cell in enumerate(cells)
    )
    ink = "#c33" if setting.house.look.colour and habits.random() < 0.6 else "#999"
    return (
        f'<div class="strip" style="height:{total}px">'
        f'<svg width="100%" height="{total}" viewBox="0 0 {wide} {total}" '
        f'preserveAspectRatio="none"><g stroke-opacity=".6" stroke="{ink}" '
        f'fill="none">{grid}</g>'
        f'<path d="{paths}" fill="none" stroke="#111" stroke-width="1.1"/></svg>'
        f"{names}</div>"
    )


def _leads(row: str) -> list[str]:
    words = row.split()
    return words if len(words) <= 4 else [row]


def _grid(wide: int, high: int, style: str) -> str:
    def lines(step: float) -> str:
        down = "".join(f"M{i * step:.1f} 0v{high}" for i in range(int(wide / step) + 1))
        along = "".join(
            f"M0 {i * step:.1f}h{wide}" for i in range(int(high / step) + 1)
        )
        return down + along

    coarse = f'<path d="{lines(5 * _MM)}" stroke-width=".8"/>'
    match style:
        case "mm":
            return f'<path d="{lines(_MM)}" stroke-width=".25"/>{coarse}'
        case "five":
            return coarse
        case _:
            dotted = f'stroke-dasharray=".6 {_MM - 0.6:.2f}"'
            return f'<path d="{lines(_MM)}" stroke-width=".5" {dotted}/>{coarse}'


def _beats(middle: float, wide: int, beat: float, rng: Random, leads: int) -> str:
    points = []
    per_lead = wide / max(leads, 1)
    sizes = [
        rng.uniform(14, 40) * rng.choice((1, 1, 1, -0.7)) for _ in range(leads + 1)
    ]
    for x in range(0, wide, 2):
        tall = sizes[int(x / per_lead)]
        y = middle - tall * _beat((x % beat) / beat) + rng.uniform(-0.5, 0.5)
        points.append(f"{x} {y:.1f}")
    return f"M{points[0]}L" + " ".join(points[1:])


def _beat(phase: float) -> float:
    """Voltage of one beat, phase 0..1; 1 is the top of the R wave."""
    return sum(
        high * math.exp(-(((phase - at) / wide) ** 2)) for at, wide, high in _BUMPS
    )


_LABELS = {
    "vital_signs": ("104", "103", "102", "101", "100", "99", "98", "97", "96"),
    "anesthesia_record": tuple(str(value) for value in range(220, 20, -20)),
}  # fmt: skip


def graph(part: Part, kind: str, setting: Setting) -> str:
    """A chart by hand of what the table says: temperature, or pressure and pulse."""
    labels, rng = _LABELS[kind], setting.pen.rng
    cell, step = setting.habits.choice((12, 14)), len(part.items)
    high, pitch = cell * (len(labels) - 1) * 2, 560 / max(step, 1)
    lines = "".join(f"M46 {y}h560" for y in range(0, high + 1, cell))
    lines += "".join(f"M{46 + i * pitch / 2:.1f} 0v{high}" for i in range(2 * step + 1))
    low, top = float(labels[-1]), float(labels[0])
    marks = ""
    for names, glyph in (
        ((("Temp",), "dot"),)
        if kind == "vital_signs"
        else ((("HR", "Pulse"), "dot"), (("BP",), "caret"))
    ):
        column = next((i for i, name in enumerate(part.columns) if name in names), None)
        if column is None:
            continue
        spots: list[tuple[float, float]] = []
        for i, row in enumerate(part.items):
            for value in re.findall(r"\d+(?:\.\d+)?", row[column]):
                share = (top - float(value)) / (top - low)
                if 0 <= share <= 1:
                    jog = rng.uniform(-1.5, 1.5)
                    spots.append((46 + (i + 0.5) * pitch + jog, share * high + jog))
        marks += _marks(spots, glyph)
    axis = "".join(
        f'<span style="left:14px;top:{i * cell * 2 - 7}px">{label}</span>'
        for i, label in enumerate(labels)
    )
    times = "".join(
        f'<span style="left:{48 + i * pitch:.0f}px;top:{high + 2}px">'
        f"{escape(row[0])}</span>"
        for i, row in enumerate(part.items)
        if step <= 12 or i % 2 == 0
    )
    return (
        f'<div class="strip graph" style="height:{high + 20}px">'
        f'<svg width="620" height="{high + 2}"><path d="{lines}" stroke="#888" '
        f'stroke-width=".5" fill="none"/><g stroke="{setting.pen.ink}" '
        f'fill="{setting.pen.ink}" stroke-width="1.4">{marks}</g></svg>'
        f"{axis}{times}</div>"
    )


def _marks(spots: list[tuple[float, float]], glyph: str) -> str:
    if glyph == "caret":
        return "".join(
            f'<path fill="none" d="M{x - 4:.1f} {y - s:.1f}L{x:.1f} {y:.1f}'
            f'L{x + 4:.1f} {y - s:.1f}"/>'
            for i, (x, y) in enumerate(spots)
            for s in ((7,) if i % 2 == 0 else (-7,))
        )
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.1"/>' for x, y in spots)
    path = " ".join(f"{x:.1f} {y:.1f}" for x, y in spots)
    return dots + (f'<path fill="none" d="M{path}"/>' if len(spots) > 1 else "")
